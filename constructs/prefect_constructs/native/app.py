"""An app: all stacks of a program, and the directory that they are written to."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs.errors import refuse
from prefect_constructs.native.annotations import ERROR, INFO, WARNING, invoke_aspects
from prefect_constructs.native.construct import Construct, Node
from prefect_constructs.native.failure import SynthesisError
from prefect_constructs.native.writing import json_lines
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_constructs.native.stack import TerraformStack

__all__ = ["App", "written_stack"]

_OUTPUT: Final = "cdktf.out"
_LEVELS: Final = (INFO, WARNING, ERROR)


class App(Construct):
    """All stacks of a program.

    ``outdir`` is the directory that :meth:`synth` writes to: by default that in ``CDKTF_OUTDIR``, or ``cdktf.out``.
    """

    def __init__(
        self,
        *,
        context: Mapping[str, Any] | None = None,
        hcl_output: bool | None = None,
        outdir: str | None = None,
        skip_backend_validation: bool | None = None,
        skip_validation: bool | None = None,
        stack_traces: bool | None = None,
    ) -> None:
        """What is not of Node means what it means to the CDK; ``stack_traces`` are never written.

        :raises PrefectConstructError: HCL is asked for, which only the CDK writes.
        """
        self.node = Node(self, None, "")
        self.outdir: Final = outdir or os.environ.get("CDKTF_OUTDIR") or _OUTPUT
        self.hcl_output: Final = False
        if hcl_output or (hcl_output is None and os.environ.get("SYNTH_HCL_OUTPUT") in {"true", "1"}):
            what = "HCL is written by the CDK alone: `cdktn synth --hcl`"
            raise refuse(
                lambda: "App(...)", ("hcl_output",), what, remedy="Terraform takes the JSON as it is."
            )
        self.skip_validation: Final = bool(skip_validation)
        self.skip_backend_validation: Final = bool(skip_backend_validation)
        from_environment = json.loads(os.environ.get("CDKTF_CONTEXT_JSON") or "{}")
        for key, value in {**(context or {}), **from_environment}.items():
            self.node.set_context(key, value)
        self.node.set_context("cdktfVersion", VERSION)

    @staticmethod
    def is_app(x: object) -> bool:
        """Whether it is an app."""
        return isinstance(x, App)

    @staticmethod
    def of(construct: Construct) -> App:
        """The app that a construct is in.

        :raises PrefectConstructError: it is in none.
        """
        root = construct.node.root
        if not isinstance(root, App):
            raise refuse(lambda: construct.node.path, ("scope",), "there is no `App` around it")
        return root

    def synth(self) -> None:
        """Write all stacks, each with its checks.

        :raises SynthesisError: a check or an annotation says that something is wrong.
        """
        from prefect_constructs.native.stack import TerraformStack

        found = [one for one in self.node.find_all() if isinstance(one, TerraformStack)]
        for stack in found:
            stack.prepare_stack()
        manifest: dict[str, Any] = {}
        directory = Path(self.outdir)
        (directory / "stacks").mkdir(parents=True, exist_ok=True)
        for stack in found:
            manifest[stack.node.id] = written_stack(stack, directory, skip_validation=self.skip_validation)
        problems = [] if self.skip_validation else self.node.validate()
        if problems:
            lines = "\n  ".join(problems)
            msg = f"App-level validation failed with the following errors:\n  {lines}"
            raise SynthesisError(msg)
        text = json_lines({"stacks": manifest, "version": self.node.try_get_context("cdktfVersion")})
        (directory / "manifest.json").write_text(text, encoding="utf-8")


def written_stack(stack: TerraformStack, directory: Path, *, skip_validation: bool) -> dict[str, Any]:
    """Write a stack below a directory; the result is what the manifest says of it.

    :raises SynthesisError: a check or an annotation says that something is wrong.
    """
    invoke_aspects(stack)
    if not skip_validation:
        stack.run_all_validations()
    annotations = [
        {"constructPath": one.node.path, "level": entry.type, "message": entry.data}
        for one in stack.node.find_all()
        for entry in one.node.metadata
        if entry.type in _LEVELS
    ]
    errors = [f"[{one['constructPath']}] {one['message']}" for one in annotations if one["level"] == ERROR]
    if errors and "CDKTF_CONTINUE_SYNTH_ON_ERROR_ANNOTATIONS" not in os.environ:
        lines = "\n".join(errors)
        msg = f'Encountered Annotations with level "ERROR":\n{lines}'
        raise SynthesisError(msg)
    working = f"stacks/{stack.node.id}"
    text = json_lines(stack.to_terraform())
    (directory / working).mkdir(parents=True, exist_ok=True)
    (directory / working / "cdk.tf.json").write_text(text, encoding="utf-8")
    return {
        "annotations": annotations,
        "constructPath": stack.node.path,
        "dependencies": [one.node.path for one in stack.dependencies],
        "name": stack.node.id,
        "stackMetadataPath": f"{working}/metadata.json",
        "synthesizedStackPath": f"{working}/cdk.tf.json",
        "workingDirectory": working,
    }
