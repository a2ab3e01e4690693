"""Local values of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_constructs.native.element import TerraformElement
from prefect_constructs.native.expressions import Reference
from prefect_constructs.native.merging import without_none
from prefect_constructs.native.tokens import Resolvable, Token

if TYPE_CHECKING:
    from prefect_constructs.native.construct import Construct

__all__ = ["TerraformLocal"]


class TerraformLocal(TerraformElement):
    """A value of a stack that has a name."""

    def __init__(self, scope: Construct, id: str, expression: Any) -> None:  # noqa: A002 - the CDK's name for it
        """``expression`` is any value, tokens included."""
        super().__init__(scope, id, "local")
        self._expression = expression

    @property
    def _reference(self) -> Reference:
        return Reference(f"local.{self.friendly_unique_id}", self.cdktf_stack)

    @property
    def expression(self) -> Any:
        """The value, whatever it is, as a token."""
        return self._reference

    @expression.setter
    def expression(self, value: Any) -> None:
        self._expression = value

    @property
    def as_string(self) -> str:
        """The value as text."""
        return Token.as_string(self._reference)

    @property
    def as_number(self) -> float:
        """The value as number."""
        return Token.as_number(self._reference)

    @property
    def as_list(self) -> list[str]:
        """The value as list."""
        return Token.as_list(self._reference)

    @property
    def as_boolean(self) -> Resolvable:
        """The value as true or false."""
        return self._reference

    @property
    def as_any_map(self) -> dict[str, Any]:
        """The value as mapping."""
        return Token.as_any_map(self._reference)

    @property
    def as_string_map(self) -> dict[str, str]:
        """The value as mapping of texts."""
        return Token.as_string_map(self._reference)

    @property
    def as_number_map(self) -> dict[str, float]:
        """The value as mapping of numbers."""
        return Token.as_number_map(self._reference)

    @property
    def as_boolean_map(self) -> dict[str, bool]:
        """The value as mapping of truth values."""
        return Token.as_boolean_map(self._reference)

    def to_string(self) -> str:
        """The value as text."""
        return self.as_string

    def to_terraform(self) -> dict[str, Any]:
        """What it adds to the configuration, tokens included."""
        return {"locals": {self.friendly_unique_id: without_none(self._expression)}}
