"""What the server answered, held against what is declared, before it becomes state.

A gateway, a proxy or a newer server may answer with something else than an object of the kind that was asked for. Taken
as one, it would put a null id or another object's id into state. Values are never part of the message: they may be
secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn

from prefect_provider.api import UnexpectedAnswer
from prefect_provider.plugin.language.declaration import UNSET
from prefect_provider.plugin.language.kinds import (
    AnyValue,
    Bool,
    Integer,
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

    from prefect_provider.plugin.language.declaration import Attribute, Declaration

__all__ = ["ScalarText", "answer_problems", "object_of", "objects_of", "part_problems", "refuse_answer"]


class ScalarText(String):
    """Text for Terraform where an answer may have a number, or true or false, as well: the value of a label."""


_SHAPES: Final[tuple[tuple[type[Kind], Any, str], ...]] = (
    (Bool, bool, "true or false"),
    (Integer, (int, float, Decimal), "a whole number"),
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
    nullable: Collection[str] = (),
    unchecked: Collection[str] = (),
    whole: bool = False,
    path: Path = (),
) -> list[str]:
    """What keeps an answer from being an object of that declaration, each with its place.

    ``needed`` are fields that must be there and not null; fields behind a dot are fields of an object inside. In a
    ``whole`` answer everything that the configuration must set is there. That, like what has a default, is never null,
    unless it is among ``nullable``. ``unchecked`` are attributes that read themselves what is inside their own answer.
    """
    if not isinstance(data, Mapping):
        return [_wrong(path, "an object", data)]
    missing = [name for name in needed if _lacks(data, name)]
    if whole:
        missing += [
            attribute.source
            for attribute in declaration.attributes.values()
            if attribute.required and attribute.source and attribute.source not in {*data, *needed}
        ]
    return [
        *(f"`{show_path((*path, *name.split('.')))}` is missing" for name in missing),
        *_field_problems(declaration, data, {*needed}, nullable, unchecked, path),
    ]


def objects_of(what: str, noun: str, data: Any, **fields: Kind) -> list[dict[str, Any]]:
    """The objects of an answer that lists them, each of which has to have these fields; ``what`` names the request.

    Raises UnexpectedAnswer.
    """
    if not isinstance(data, list):
        refuse_answer(what, f"list of {noun}s", [_wrong((), "a list", data)])
    problems = [
        problem for index, item in enumerate(data) for problem in part_problems(item, fields, (index,))
    ]
    if problems:
        refuse_answer(what, f"list of {noun}s", problems)
    return data


def object_of(what: str, noun: str, data: Any, **fields: Kind) -> dict[str, Any]:
    """The object of an answer, which has to have these fields; ``what`` names the request. Raises UnexpectedAnswer."""
    problems = part_problems(data, fields, ())
    if problems:
        refuse_answer(what, noun, problems)
    found: dict[str, Any] = data
    return found


def part_problems(data: Any, fields: Mapping[str, Kind], path: Path) -> list[str]:
    """What keeps a part of an answer from being an object with these fields, each with its place."""
    if not isinstance(data, Mapping):
        return [_wrong(path, "an object", data)]
    problems = []
    for name, kind in fields.items():
        if data.get(name) is None:
            problems.append(f"`{show_path((*path, name))}` is missing")
        else:
            problems += _kind_problems(kind, data[name], (*path, name))
    return problems


def _lacks(data: Any, name: str) -> bool:
    for step in name.split("."):
        data = data.get(step) if isinstance(data, Mapping) else None
    return data is None


def _field_problems(
    declaration: type[Declaration],
    data: Mapping[str, Any],
    told: Collection[str],
    nullable: Collection[str],
    unchecked: Collection[str],
    path: Path,
) -> Iterator[str]:
    for name, attribute in declaration.attributes.items():
        source = attribute.source
        if source is None or attribute.write_only:
            continue
        at, value = (*path, source), data.get(source)
        if value is not None:
            if name not in unchecked:
                yield from _kind_problems(attribute.kind, value, at)
            elif isinstance(attribute.kind, NestedKind):
                yield from _shape_problems(attribute.kind, value, at)
        elif source in data and source not in told and name not in nullable and not _may_be_null(attribute):
            yield _wrong(at, "a value", value)


def _may_be_null(attribute: Attribute) -> bool:
    """Whether null says something of an attribute: that it is not set, or that it is what means the same."""
    if attribute.null_is is not UNSET or isinstance(attribute.kind, AnyValue):
        return True
    return not attribute.required and (attribute.default is UNSET or attribute.default is None)


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
    elif isinstance(kind, MapOf):
        for key, item in value.items():
            yield from _kind_problems(kind.element, item, (*path, key))


def _expected(kind: Kind, value: Any) -> str:
    """What was expected instead of a value; empty if it is of its kind."""
    if isinstance(kind, Uuid):
        return "" if isinstance(value, str) and is_uuid(value) else UUID_FORM
    if isinstance(kind, Json):
        shapes = {"any": "", "object": "an object", "array": "a list"}
        return "" if kind.shape in ("any", json.kind_of(value)) else shapes[kind.shape]
    if isinstance(kind, ScalarText):
        return (
            "" if isinstance(value, (str, bool, int, float, Decimal)) else "text, a number, or true or false"
        )
    for known, shape, expected in _SHAPES:
        if isinstance(kind, known):
            # To Python a truth value is a number.
            fits = isinstance(value, shape) and isinstance(value, bool) == (shape is bool)
            return "" if fits and _is_of_form(kind, value) else expected
    return ""


def _is_of_form(kind: Kind, value: Any) -> bool:
    """Whether a value of the right shape is also a whole number, or a moment, where that is wanted."""
    if isinstance(kind, Integer):
        return bool(value == int(value))
    if isinstance(kind, Timestamp):
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return False
    return True


def _shape_problems(kind: NestedKind, value: Any, path: Path) -> Iterator[str]:
    shape, expected = (Mapping, "an object") if kind.mode in ("single", "map") else (list, "a list")
    if not isinstance(value, shape):
        yield _wrong(path, expected, value)


def _nested_problems(kind: NestedKind, value: Any, path: Path) -> Iterator[str]:
    wrong = [*_shape_problems(kind, value, path)]
    if wrong:
        yield from wrong
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
