"""Stacks for tests: an app in a temporary directory, and what a stack comes to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from prefect_constructs.native.annotations import invoke_aspects
from prefect_constructs.native.app import App, written_stack
from prefect_constructs.native.failure import SynthesisError
from prefect_constructs.native.writing import json_lines, without_notes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prefect_constructs.native.stack import TerraformStack

__all__ = ["Testing"]


class Testing:
    """Stacks for tests; :class:`prefect_constructs.testing.Template` checks what they come to."""

    @staticmethod
    def app(
        *,
        context: Mapping[str, Any] | None = None,
        outdir: str | None = None,
        stack_traces: bool | None = None,
    ) -> App:
        """An app that is written to a temporary directory."""
        app = App(context=context, outdir=outdir or _temporary(), stack_traces=stack_traces)
        app.node.set_context("cdktfVersion", "stubbed")
        return app

    @staticmethod
    def synth(stack: TerraformStack, run_validations: bool = False) -> str:
        """The JSON of a stack without what is noted of its constructs.

        :raises SynthesisError: the checks, if they are asked for, say that something is wrong.
        """
        invoke_aspects(stack)
        if run_validations:
            stack.resolve_references()
            stack.run_all_validations()
        return json_lines(without_notes(stack.to_terraform()))

    @staticmethod
    def synth_scope(fn: Callable[[TerraformStack], None]) -> str:
        """The JSON of a stack that a function fills."""
        from prefect_constructs.native.stack import TerraformStack

        stack = TerraformStack(Testing.app(), "stack")
        fn(stack)
        return Testing.synth(stack)

    @staticmethod
    def full_synth(stack: TerraformStack) -> str:
        """The directory that a stack is written to, with its backend."""
        directory = Path(_temporary())
        stack.prepare_stack()
        written = written_stack(stack, directory, skip_validation=False)
        text = json_lines({"stacks": {stack.node.id: written}, "version": "stubbed"})
        (directory / "manifest.json").write_text(text, encoding="utf-8")
        return str(directory)

    @staticmethod
    def synth_hcl(stack: TerraformStack, *_: Any) -> NoReturn:  # noqa: ARG004 - the CDK's
        """HCL is written by the CDK alone.

        :raises SynthesisError: always.
        """
        msg = (
            "HCL is written by the CDK alone; on prefect_constructs.native there is `Testing.synth`, for JSON"
        )
        raise SynthesisError(msg)


def _temporary() -> str:
    import tempfile

    return tempfile.mkdtemp(prefix="cdktf.outdir.")
