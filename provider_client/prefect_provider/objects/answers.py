"""What the server answered, held against what is declared, before it becomes state.

A gateway, a proxy or a newer server may answer with something else than an object of the kind that was asked for. Taken
as one, it would put a null id or another object's id into state. Values are never part of the message: they may be
secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn

from prefect_provider.api import UnexpectedAnswer
from prefect_provider.plugin.language.kinds import (
    Bool,
    Json,
    Kind,
    ListOf,
    MapOf,
    Number,
    SetOf,
    String,
    Timestamp,
    Uuid,
)
from prefect_provider.plugin.language.nested import NestedKind, nested_items
from prefect_provider.text import json
from prefect_provider.text.identifier import UUID_FORM, is_uuid
from prefect_provider.text.path import Path, show_path
from prefect_provider.text.problem import expectation

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from prefect_provider.plugin.language.declaration import Declaration

__all__ = ["answer_problems", "refuse_answer"]

_SHAPES: Final[tuple[tuple[type[Kind], Any, str], ...]] = (
    (Bool, bool, "true or false"),
    (Number, (int, float, Decimal), "a number"),
    (String, str, "text"),
    (Timestamp, str, "a timestamp"),
    (ListOf, list, "a list"),
    (SetOf, list, "a list"),
    (MapOf, Mapping, "an object"),
)


def answer_problems(
    declaration: type[Declaration],
    data: Any,
    *,
    needed: Collection[str] = (),
    unchecked: Collection[str] = (),
    path: Path = (),
) -> list[str]:
    """What keeps an answer from being an object of that declaration, each with its place.

    ``needed`` are fields that must be there and not null; fields behind a dot are fields of an object inside.
    ``unchecked`` are attributes that read their own answer.
    """
    if not isinstance(data, Mapping):
        return [_wrong(path, "an object", data)]
    missing = [
        f"`{show_path((*path, *name.split('.')))}` is missing" for name in needed if _lacks(data, name)
    ]
    return [*missing, *_field_problems(declaration, data, unchecked, path)]


def _lacks(data: Any, name: str) -> bool:
    for step in name.split("."):
        data = data.get(step) if isinstance(data, Mapping) else None
    return data is None


def _field_problems(
    declaration: type[Declaration], data: Mapping[str, Any], unchecked: Collection[str], path: Path
) -> Iterator[str]:
    for name, attribute in declaration.attributes.items():
        if attribute.source is None or attribute.write_only or name in unchecked:
            continue
        value = data.get(attribute.source)
        if value is not None:
            yield from _kind_problems(attribute.kind, value, (*path, attribute.source))


def _kind_problems(kind: Kind, value: Any, path: Path) -> Iterator[str]:
    if isinstance(kind, NestedKind):
        yield from _nested_problems(kind, value, path)
        return
    expected = _expected(kind, value)
    if expected:
        yield _wrong(path, expected, value)
    elif isinstance(kind, ListOf | SetOf):
        for index, item in enumerate(value):
            yield from _kind_problems(kind.element, item, (*path, index))


def _expected(kind: Kind, value: Any) -> str:
    """What was expected instead of a value; empty if it is of its kind."""
    if isinstance(kind, Uuid):
        return "" if isinstance(value, str) and is_uuid(value) else UUID_FORM
    if isinstance(kind, Json):
        shapes = {"any": "", "object": "an object", "array": "a list"}
        return "" if kind.shape in ("any", json.kind_of(value)) else shapes[kind.shape]
    for known, shape, expected in _SHAPES:
        if isinstance(kind, known):
            # To Python a truth value is a number.
            fits = isinstance(value, shape) and isinstance(value, bool) == (shape is bool)
            return "" if fits else expected
    return ""


def _nested_problems(kind: NestedKind, value: Any, path: Path) -> Iterator[str]:
    shape, expected = (Mapping, "an object") if kind.mode in ("single", "map") else (list, "a list")
    if not isinstance(value, shape):
        yield _wrong(path, expected, value)
        return
    for step, item in nested_items(kind, value):
        yield from answer_problems(kind.nested, item, path=(*path, *step))


def _wrong(path: Path, expected: str, value: Any) -> str:
    fact = expectation(expected, _KINDS.get(json.kind_of(value), "a number"))
    return f"`{show_path(path)}`: {fact}" if path else fact


_KINDS: Final = {
    "array": "a list",
    "boolean": "true or false",
    "null": "null",
    "object": "an object",
    "string": "text of another form",
}


def refuse_answer(what: str, noun: str, problems: list[str], *, remedy: str = "") -> NoReturn:
    """Raise UnexpectedAnswer for an answer that cannot be used; ``what`` says to which question."""
    shown = "; ".join(problems[:3]) + (f"; and {len(problems) - 3} more" if len(problems) > 3 else "")
    msg = f"The answer to {what} is not the {noun} that was asked for"
    otherwise = "Nothing of it was stored. Check what stands between Terraform and Prefect, such as a proxy"
    raise UnexpectedAnswer(msg, reason=shown, remedy=remedy or otherwise)
