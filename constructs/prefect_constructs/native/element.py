"""What all blocks of a stack have in common: a name, an address, overrides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_constructs.errors import refuse
from prefect_constructs.native.construct import Construct
from prefect_constructs.native.expressions import Reference
from prefect_constructs.native.merging import set_at
from prefect_constructs.native.tokens import Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_constructs.native.stack import TerraformStack

__all__ = ["TerraformElement", "check_given", "stack_around"]


def stack_around(construct: Construct) -> TerraformStack:
    """The stack that a construct is in, or is.

    :raises PrefectConstructError: it is in none.
    """
    from prefect_constructs.native.stack import TerraformStack

    scope: Construct | None = construct
    while scope is not None:
        if isinstance(scope, TerraformStack):
            return scope
        scope = scope.node.scope
    what = "there is no stack around it"
    remedy = "Make it in a `TerraformStack`, or in a construct that is in one."
    raise refuse(lambda: construct.node.path, ("scope",), what, remedy=remedy)


class TerraformElement(Construct):
    """A block of a stack's configuration."""

    def __init__(self, scope: Construct, id: str, element_type: str | None = None) -> None:  # noqa: A002 - the CDK's
        """``element_type`` is what its address begins with: ``var``, ``prefect_flow``."""
        super().__init__(scope, id)
        self.cdktf_stack: TerraformStack = stack_around(self)
        self._element_type = element_type
        self._raw_overrides: dict[str, Any] = {}
        self.__logical_id: str | None = None
        self.__logical_id_override: str | None = None
        self.__fqn: str | None = None

    @staticmethod
    def is_terraform_element(x: object) -> bool:
        """Whether it is a block of a stack."""
        return isinstance(x, TerraformElement)

    @property
    def friendly_unique_id(self) -> str:
        """Its name in Terraform's state."""
        if self.__logical_id is None:
            self.__logical_id = self.__logical_id_override or self.cdktf_stack.get_logical_id(self)
        return self.__logical_id

    @property
    def fqn(self) -> str:
        """Its address in Terraform, such as ``prefect_flow.f``, as a token."""
        if self.__fqn is None:
            if not self._element_type:
                raise refuse(lambda: self.node.path, (), "Terraform has no address of it")
            address = f"{self._element_type}.{self.friendly_unique_id}"
            self.__fqn = Token.as_string(Reference(address, self.cdktf_stack))
        return self.__fqn

    def override_logical_id(self, new_logical_id: str) -> None:
        """Give it another name in Terraform's state, before anything refers to it.

        :raises PrefectConstructError: something refers to it already.
        """
        self._check_unused()
        self.__logical_id_override = new_logical_id
        self.__logical_id = None

    def reset_override_logical_id(self) -> None:
        """Let it have the name of its own again, before anything refers to it."""
        self._check_unused()
        self.__logical_id_override = None
        self.__logical_id = None

    def _check_unused(self) -> None:
        if self.__fqn is not None:
            what = "its name in Terraform's state can no longer be changed, because something refers to it"
            raise refuse(lambda: self.node.path, (), what, remedy="Override the name first.")

    def add_override(self, path: str, value: Any) -> None:
        """Lay a value over what is written: ``add_override("lifecycle.prevent_destroy", True)``.

        Mappings become one, lists are joined; a number in the path is that of an element; ``None`` removes.
        """
        set_at(self._raw_overrides, path, value)

    def to_terraform(self) -> dict[str, Any]:
        """What it adds to the configuration, tokens included."""
        return {}

    def to_metadata(self) -> dict[str, Any]:
        """What it adds to the notes at the top of the configuration."""
        return {}

    def _note(self) -> dict[str, Any]:
        return {"metadata": {"path": self.node.path, "uniqueId": self.friendly_unique_id}}


def check_given(
    element: Construct, given: Mapping[str, Any], expected: Mapping[str, tuple[type, ...]]
) -> None:
    """Make sure that arguments are of their types; tokens are of the type that they stand for.

    :raises PrefectConstructError: one is not.
    """
    from prefect_constructs.native.tokens import IResolvable
    from prefect_provider.text.spelling import show

    for name, types in expected.items():
        value = given.get(name)
        if value is None or (
            isinstance(value, types) and not (isinstance(value, bool) and bool not in types)
        ):
            continue
        if isinstance(value, IResolvable) and str not in types:
            continue
        words = {str: "text", bool: "True or False", list: "a list", tuple: "a list", dict: "a mapping"}
        options = " or ".join(dict.fromkeys(words.get(one, one.__name__) for one in types))
        got = f"{show(value)} ({type(value).__name__})"
        raise refuse(lambda: element.node.path, (name,), expected=options, got=got)
