"""``prefect_variable``."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import join_path
from prefect_provider.objects.mapping import plain
from prefect_provider.objects.remote import RemoteObject, get_or_none
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.kinds import AnyValue, SetOf, String
from prefect_provider.plugin.language.values import Dynamic, Value, Values, has_unknown

if TYPE_CHECKING:
    from prefect_provider.api import Scope
    from prefect_provider.text.path import Path

__all__ = ["Variable"]

_MAX_LENGTH: Final = 5000
_INT64: Final = range(-(2**63), 2**63)


class Variable(RemoteObject):
    """A variable: a named JSON value that flows read when they run."""

    type_name = "prefect_variable"
    collection = "/variables"
    schema_version = 1
    import_form = "`<id>` or `name/<name>`, followed by `,<workspace id>` for another workspace"

    name = required(
        String(
            pattern="[a-z0-9_-]{1,255}", form="1 to 255 lowercase letters, digits, underscores and hyphens"
        ),
        "Name of the variable.",
    )
    value = required(
        AnyValue(),
        "The value: a string, number, bool, list or object, at most 5,000 characters as JSON. Prefect stores "
        "whole numbers of up to 64 bits and other numbers as 64-bit floats.",
    )
    tags = optional(SetOf(String()), "Tags of the variable.", default=[])

    @classmethod
    def upgrade(cls, version: int, state: dict[str, Any]) -> dict[str, Any]:
        """Version 0 held the value as a string."""
        if version == 0:
            return state | {"value": {"type": "string", "value": state.get("value")}}
        return state

    async def validate(self, config: Values) -> None:
        """The value fits into what Prefect stores."""
        value = config.get("value")
        if value is None or has_unknown(value):
            return
        document = plain(value)
        length = len(json.dumps(document))
        if length > _MAX_LENGTH:
            self.diagnostics.error(
                "Variable too long",
                f"Expected at most {_MAX_LENGTH} characters as JSON, got {length}. Keep large data in a block, or in "
                "storage whose address is the variable.",
                ("value",),
            )
        self._check_numbers(value, ("value",))

    def _check_numbers(self, value: Value, path: Path) -> None:
        match value:
            case Dynamic():
                self._check_numbers(value.value, path)
            case list():
                for index, item in enumerate(value):
                    self._check_numbers(item, (*path, index))
            case dict():
                for key, item in value.items():
                    self._check_numbers(item, (*path, key))
            case bool():
                return
            case int() if value not in _INT64:
                self._refuse_number(value, "a whole number of at most 64 bits", path)
            case Decimal() if Decimal(repr(float(value))) != value:
                self._refuse_number(
                    value, f"a number that a 64-bit float holds, such as {float(value)!r}", path
                )

    def _refuse_number(self, value: Value, expected: str, path: Path) -> None:
        self.diagnostics.error(
            "Number too large or too precise",
            f"Expected {expected}, got {value}. Write it as a string to keep every digit.",
            path,
        )

    async def find(self, scope: Scope, text: str) -> dict[str, Any] | None:
        """``name/<name>``, an id, or a bare name."""
        if text.startswith("name/"):
            return await self.find_by_name(scope, text.removeprefix("name/"))
        return await super().find(scope, text)

    async def find_by_name(self, scope: Scope, name: str) -> dict[str, Any] | None:
        """GET by name."""
        return await get_or_none(scope, join_path("variables", "name", name))
