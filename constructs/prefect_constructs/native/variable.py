"""Variables of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_constructs.native.element import TerraformElement, check_given
from prefect_constructs.native.expressions import Reference
from prefect_constructs.native.merging import merge, snake_keys, without_none
from prefect_constructs.native.tokens import Resolvable, Token

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_constructs.native.construct import Construct

__all__ = ["TerraformVariable"]


class TerraformVariable(TerraformElement):
    """A variable of a stack, which whoever runs Terraform sets."""

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - the CDK's name for it
        *,
        default: Any = None,
        description: str | None = None,
        nullable: bool | None = None,
        sensitive: bool | None = None,
        type: str | None = None,  # noqa: A002 - the CDK's name for it
        validation: Sequence[Mapping[str, Any]] | None = None,
    ) -> None:
        """``type`` is one of Terraform's, such as ``list(string)``."""
        super().__init__(scope, id, "var")
        given = {"description": description, "nullable": nullable, "sensitive": sensitive, "type": type}
        texts, flags = (str,), (bool,)
        check_given(self, given, {"description": texts, "type": texts, "nullable": flags, "sensitive": flags})
        self.default = default
        self.description = description
        self.nullable = nullable
        self.sensitive = sensitive
        self.type = type
        self.validation: list[Mapping[str, Any]] | None = None if validation is None else list(validation)

    def add_validation(self, validation: Mapping[str, Any]) -> None:
        """Add a condition, a mapping with ``condition`` and ``error_message``."""
        self.validation = [*(self.validation or []), validation]

    @property
    def _reference(self) -> Reference:
        return Reference(f"var.{self.friendly_unique_id}", self.cdktf_stack)

    @property
    def string_value(self) -> str:
        """The variable as text."""
        return Token.as_string(self._reference)

    @property
    def number_value(self) -> float:
        """The variable as number."""
        return Token.as_number(self._reference)

    @property
    def list_value(self) -> list[str]:
        """The variable as list."""
        return Token.as_list(self._reference)

    @property
    def boolean_value(self) -> Resolvable:
        """The variable as true or false."""
        return self._reference

    @property
    def value(self) -> Any:
        """The variable, whatever it is."""
        return self._reference

    def to_string(self) -> str:
        """The variable as text."""
        return self.string_value

    def to_terraform(self) -> dict[str, Any]:
        """What it adds to the configuration, tokens included."""
        block = {
            "default": self.default,
            "description": self.description,
            "type": self.type,
            "sensitive": self.sensitive,
            "nullable": self.nullable,
            "validation": self.validation,
        }
        written = merge(snake_keys(without_none(block)), self._raw_overrides)
        return {"variable": {self.friendly_unique_id: written}}
