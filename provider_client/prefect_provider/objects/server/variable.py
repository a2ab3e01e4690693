"""``prefect_variable``."""

from __future__ import annotations

import json
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.filters import filter_by_id, filter_by_name, filter_by_name_like, filter_by_tags
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.mapping import plain
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.kinds import AnyValue, SetOf, String
from prefect_provider.plugin.language.values import Dynamic, Value, Values, has_unknown
from prefect_provider.text.json import text_problem
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path

__all__ = ["Variable", "VariableLookup", "Variables"]

_MAX_LENGTH: Final = 5000
_LEAST: Final = -(2**63)
_MOST: Final = 2**63 - 1
_DEEPEST: Final = 100


class Variable(WorkspaceObject):
    """A variable: a named JSON value that flows read when they run."""

    type_name = "prefect_variable"
    collection = "/variables"
    newest_first = "CREATED_DESC"
    schema_version = 1
    key = Key("name/{name}", "{name}", path="/variables/name/{name}")
    only_inserts = True
    needed = ("id", "name")
    filters = (
        filter_by_id("variables"),
        filter_by_name("variables"),
        filter_by_name_like("variables"),
        filter_by_tags("variables"),
    )

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
        before = len(self.diagnostics)
        self._check_parts(value, ("value",), depth=0)
        if len(self.diagnostics) > before:
            return
        length = len(json.dumps(plain(value)))
        if length > _MAX_LENGTH:
            self._refuse(
                "Variable too long",
                f"at most {_MAX_LENGTH} characters as JSON",
                str(length),
                "Keep large data in a block, or in storage whose address is the variable",
                ("value",),
            )

    def _check_parts(self, value: Value, path: Path, *, depth: int) -> None:
        if depth > _DEEPEST:
            self._refuse(
                "Variable nested too deeply",
                f"at most {_DEEPEST} levels of lists and objects",
                "more",
                "Use fewer levels, or keep it as text",
                path[:1],
            )
            return
        match value:
            case Dynamic():
                self._check_parts(value.value, path, depth=depth)
            case list():
                for index, item in enumerate(value):
                    self._check_parts(item, (*path, index), depth=depth + 1)
            case dict():
                for key, item in value.items():
                    self._check_text(key, path)
                    self._check_parts(item, (*path, key), depth=depth + 1)
            case str():
                self._check_text(value, path)
            case int() | Decimal() if not isinstance(value, bool):
                self._check_number(value, path)

    def _check_number(self, value: int | Decimal, path: Path) -> None:
        expected = ""
        # Not as a range: Python looks for a subclass of int in it one by one.
        if isinstance(value, int):
            if not _LEAST <= value <= _MOST:
                expected = "a whole number of at most 64 bits"
        elif Decimal(repr(nearest := float(value))) != value:
            held = f", such as {nearest!r}" if nearest and isfinite(nearest) else ""
            expected = f"a number that a 64-bit float holds{held}"
        if expected:
            remedy = "Write it as a string to keep every digit"
            self._refuse("Number too large or too precise", expected, show(value), remedy, path)

    def _check_text(self, text: str, path: Path) -> None:
        problem = text_problem(text)
        if problem:
            self._refuse("Invalid text", *problem, "Remove it", path)

    def _refuse(self, summary: str, expected: str, got: str, remedy: str, path: Path) -> None:
        self.diagnostics.error(summary, say(expected=expected, got=got, remedy=remedy), path)


class VariableLookup(Lookup, of=Variable):
    """Looks up a variable, by its id or its name."""


class Variables(ObjectList, of=Variable):
    """Lists variables, all of them or those that meet every condition, ordered by name."""
