"""A stack: what Terraform applies as one, with a state of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs.errors import refuse
from prefect_constructs.native.backend import LocalBackend, TerraformBackend
from prefect_constructs.native.construct import Construct
from prefect_constructs.native.element import TerraformElement, stack_around
from prefect_constructs.native.expressions import Reference
from prefect_constructs.native.failure import SynthesisError
from prefect_constructs.native.merging import merge, set_at
from prefect_constructs.native.names import name_of_path
from prefect_constructs.native.output import TerraformOutput
from prefect_constructs.native.provider import TerraformProvider
from prefect_constructs.native.resolution import Context, resolve
from prefect_constructs.native.resource import TerraformDataSource, TerraformResource
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_constructs.native.remote_state import TerraformRemoteState

__all__ = ["TerraformStack"]

_NOT_IN_IDS: Final = re.compile(r"[*?\[\]{}!\s]")


class TerraformStack(Construct):
    """What Terraform applies as one, with a state of its own."""

    def __init__(self, scope: Construct, id: str) -> None:  # noqa: A002 - the CDK's name for it
        """``id`` is the stack's name, also in commands.

        :raises PrefectConstructError: there is a space in it, or a character that has a meaning in patterns.
        """
        super().__init__(scope, id)
        found = _NOT_IN_IDS.search(id)
        if found is not None:
            expected = "a name without spaces and without * ? [ ] { } !"
            raise refuse(lambda: self.node.path, ("id",), expected=expected, got=show(id))
        self.__overrides: dict[str, Any] = {}
        self.__outputs: dict[str, TerraformOutput] = {}
        self.__states: dict[str, TerraformRemoteState] = {}
        self.dependencies: list[TerraformStack] = []
        self.node.add_validation(_Providers(self))

    @staticmethod
    def is_stack(x: object) -> bool:
        """Whether it is a stack."""
        return isinstance(x, TerraformStack)

    @staticmethod
    def of(construct: Construct) -> TerraformStack:
        """The stack that a construct is in, or is.

        :raises PrefectConstructError: it is in none.
        """
        return stack_around(construct)

    # ------------------------------------------------------------------ what is in it

    def all_providers(self) -> list[TerraformProvider]:
        """The configurations of providers."""
        return [one for one in self.node.find_all() if isinstance(one, TerraformProvider)]

    def get_logical_id(self, tf_element: Construct) -> str:
        """The name of a construct in the stack's state; classes of one's own may give others."""
        ids: list[str] = []
        one: Construct | None = tf_element
        while one is not None and one is not self:
            ids.append(one.node.id)
            one = one.node.scope
        name = name_of_path(ids[::-1]) if ids else ""
        if ids and not name:
            what = f"it has no name in Terraform's state: {show(ids[0])} is no part of one"
            raise refuse(lambda: tf_element.node.path, ("id",), what, remedy="Give it another id.")
        return name

    def ensure_backend_exists(self) -> TerraformBackend:
        """The stack's backend, which is a file in the working directory if there is none."""
        found = next((one for one in self.node.find_all() if isinstance(one, TerraformBackend)), None)
        return found or LocalBackend(self)

    def add_override(self, path: str, value: Any) -> None:
        """Lay a value over the whole configuration: ``add_override("terraform.required_version", ">= 1.11")``."""
        set_at(self.__overrides, path, value)

    # ------------------------------------------------------------------ other stacks

    def depends_on(self, stack: TerraformStack) -> bool:
        """Whether this stack comes after another one."""
        return any(one is stack or one.depends_on(stack) for one in self.dependencies)

    def add_dependency(self, dependency: TerraformStack) -> None:
        """Say that this stack comes after another one.

        :raises PrefectConstructError: that one comes after this one already.
        """
        if dependency.depends_on(self):
            what = f"it cannot come after {dependency.node.path}, which comes after it"
            raise refuse(lambda: self.node.path, (), what)
        if dependency not in self.dependencies:
            self.dependencies.append(dependency)

    def hand_over(self, address: str, to: TerraformStack) -> str:
        """Make another stack able to see an address of this one; the result is the reference that it has there."""
        to.add_dependency(self)
        if address not in self.__outputs:
            id_ = f"cross-stack-output-{address}"
            self.__outputs[address] = TerraformOutput(
                self, id_, value=Reference(address, self), sensitive=True
            )
        own = self.node.path
        state = to.__states.get(own)
        if state is None:
            backend = self.ensure_backend_exists()
            state = backend.get_remote_state_data_source(to, f"cross-stack-reference-input-{own}", own)
            to.__states[own] = state
        return state.get_string(self.__outputs[address].friendly_unique_id)

    # ------------------------------------------------------------------ what is written

    def prepare_stack(self) -> None:
        """Make what is there only for writing: a backend, and what other stacks see."""
        self.ensure_backend_exists()
        self.resolve_references()

    def resolve_references(self) -> None:
        """Have other stacks hand over what this one refers to."""
        if not _has_others(self):
            return
        context = Context(self, preparing=True)
        for element in _elements(self):
            resolve(element.to_terraform(), context)

    def run_all_validations(self) -> None:
        """Check the stack and all that is in it.

        :raises SynthesisError: something is wrong; all of it is said.
        """
        found = [f"[{one.node.path}] {text}" for one in self.node.find_all() for text in one.node.validate()]
        if found:
            lines = "\n  ".join(found)
            msg = f"Validation failed with the following errors:\n  {lines}"
            raise SynthesisError(msg)

    def to_terraform(self) -> dict[str, Any]:
        """The configuration, as Terraform's JSON has it."""
        context = Context(self)
        elements = _elements(self)
        metadata: dict[str, Any] = {
            "version": self.node.try_get_context("cdktfVersion"),
            "stackName": self.node.id,
            "backend": "local",
        }
        outputs: dict[str, Any] = {}
        document: dict[str, Any] = {"//": {"metadata": metadata, "outputs": outputs}}
        for element in elements:
            metadata |= element.to_metadata()
            if isinstance(element, TerraformOutput):
                _nest(outputs, element)
            _add(document, resolve(element.to_terraform(), context))
        found: dict[str, Any] = (
            resolve(merge(document, self.__overrides), context) if self.__overrides else document
        )
        return found


class _Providers:
    """Every block needs the configuration of its provider."""

    def __init__(self, stack: TerraformStack) -> None:
        self._stack = stack

    def validate(self) -> list[str]:
        """The providers that are missing."""
        found = self._stack.node.find_all()
        blocks = (TerraformResource, TerraformDataSource)
        needed = {one.provider_name: None for one in found if isinstance(one, blocks)}
        there = {one.provider_name for one in found if isinstance(one, TerraformProvider)}
        missing = [name for name in needed if name and name != "terraform" and name not in there]
        if not missing:
            return []
        hint = ' Make one: `PrefectProvider(stack, "prefect")`.' if "prefect" in missing else ""
        found_no = "Found resources without a matching provider construct."
        return [f"{found_no} The stack {show(self._stack.node.id)} has none of: {', '.join(missing)}.{hint}"]


def _elements(stack: TerraformStack) -> list[TerraformElement]:
    """Its blocks, without those of stacks inside of it."""
    return [one for one in _own(stack) if isinstance(one, TerraformElement)]


def _own(scope: Construct) -> Iterator[Construct]:
    for child in scope.node.children:
        if not isinstance(child, TerraformStack):
            yield child
            yield from _own(child)


def _has_others(stack: TerraformStack) -> bool:
    """Whether there are other stacks in the app."""
    root = stack.node.root
    return any(one is not stack for one in root.node.find_all() if isinstance(one, TerraformStack))


def _add(document: dict[str, Any], fragment: dict[str, Any]) -> None:
    """Lay what one block comes to over the whole; what is new at the depth of names is taken as it is."""
    for section, kinds in fragment.items():
        there = document.get(section)
        if section in {"resource", "data"} and isinstance(there, dict):
            for kind, blocks in kinds.items():
                known = there.setdefault(kind, {})
                for name, block in blocks.items():
                    known[name] = merge(known[name], block) if name in known else block
        elif there is None:
            document[section] = kinds
        else:
            merge(document, {section: kinds})


def _nest(outputs: dict[str, Any], output: TerraformOutput) -> None:
    here = outputs
    *outer, last = output.node.path.split("/")
    for part in outer:
        here = here.setdefault(part, {})
    here[last] = output.friendly_unique_id
