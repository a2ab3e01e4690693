"""The data of a block, held against the fields of its type: what the block's class could not load (Prefect 3.8).

The server stores whatever it is given; a wrong field shows only when a flow or an automation loads the block. The
fields are a JSON schema that Prefect made of the class, so a value counts as right where the class would turn it into
what is wanted: the text "443" for a number. No message repeats a value: most of them are secrets.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.rules.json_schema import schema_problems
from prefect_provider.text.identifier import UUID_FORM, is_uuid
from prefect_provider.text.problem import Problem, expectation
from prefect_provider.text.spelling import closest, names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Reference", "data_problems", "references", "wanted_types"]

_ID: Final = "block_document_id"
_WRITE: Final = 'Write `{"$ref" = {block_document_id = <id of the block>}}`.'
_TRUE: Final = frozenset({"true", "t", "yes", "y", "on", "1"})
_FALSE: Final = frozenset({"false", "f", "no", "n", "off", "0"})
_DURATIONS: Final = frozenset({"duration", "time-delta"})


class Reference(NamedTuple):
    """A field that stands for another block."""

    field: str
    block_id: str


def references(data: Mapping[str, Any]) -> list[Reference]:
    """The references of a block that are of the right form."""
    return [
        Reference(field, value["$ref"][_ID])
        for field, value in data.items()
        if _is_reference(value) and not list(_reference_problems(field, value))
    ]


def wanted_types(field: str, fields: Mapping[str, Any]) -> list[str]:
    """The slugs of the block types that a field may refer to; none if it is no such field."""
    declared = fields.get("block_schema_references")
    found = declared.get(field) if isinstance(declared, Mapping) else None
    listed: Sequence[Any] = found if isinstance(found, list) else [found]
    return [
        one["block_type_slug"] for one in listed if isinstance(one, Mapping) and one.get("block_type_slug")
    ]


def data_problems(data: Mapping[str, Any], fields: Mapping[str, Any], slug: str) -> list[Problem]:
    """What is wrong with the data of a block of the type ``slug``, whose schema has these ``fields``."""
    properties = fields.get("properties")
    if not isinstance(properties, Mapping):
        return []
    found = [*_unknown_fields(data, fields, properties, slug)]
    needed = fields.get("required")
    found += [
        Problem((), f"`{name}` is missing: the type `{slug}` needs it")
        for name in (needed if isinstance(needed, list) else ())
        if isinstance(name, str) and name not in data
    ]
    for field, value in data.items():
        if _is_reference(value):
            found += _reference_problems(field, value)
        elif wanted_types(field, fields) and isinstance(value, str):
            given = "the id of a block as text" if is_uuid(value) else "text"
            found.append(Problem((field,), expectation("a reference to a block", given), _WRITE))
        else:
            found += _nested_references(value, field)
            found += _mistyped(field, value, fields, properties)
    return found


def _unknown_fields(
    data: Mapping[str, Any], fields: Mapping[str, Any], properties: Mapping[str, Any], slug: str
) -> Iterator[Problem]:
    if fields.get("additionalProperties"):
        return
    for name in data:
        # The class itself writes its type beside its fields.
        if name in properties or name == "block_type_slug":
            continue
        near = closest(name, [known for known in properties if known not in data])
        message = f"the type `{slug}` has no field `{name}`"
        if near:
            yield Problem((), message, f"Did you mean `{near}`?")
        else:
            has = f"It has {names(properties)}." if properties else "It has no fields."
            yield Problem((), message, f"{has} Prefect stores what it does not know.", "warning")


def _is_reference(value: Any) -> bool:
    return isinstance(value, Mapping) and "$ref" in value


def _reference_problems(field: str, value: Mapping[str, Any]) -> Iterator[Problem]:
    target = value["$ref"]
    if not isinstance(target, Mapping):
        given = "the id itself" if isinstance(target, str) else "something else"
        yield Problem((field, "$ref"), expectation(f"an object with `{_ID}`", given), _WRITE)
    elif _ID not in target:
        yield Problem((field, "$ref"), f"`{_ID}` is missing", _WRITE)
    elif not isinstance(target[_ID], str) or not is_uuid(target[_ID]):
        yield Problem((field, "$ref", _ID), expectation(UUID_FORM, "something else"), _WRITE)
    elif len(value) > 1 or len(target) > 1:
        yield Problem((field,), "Prefect drops what stands beside a reference", _WRITE)


def _nested_references(value: Any, *at: str | int) -> Iterator[Problem]:
    """References that the server does not see, because they are not a field of their own."""
    inside = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, item in inside:
        if _is_reference(item) and isinstance(item["$ref"], Mapping) and _ID in item["$ref"]:
            message = "Prefect resolves a reference only where it is a field of the block, not inside one"
            yield Problem((*at, step), message)
        else:
            yield from _nested_references(item, *at, step)


def _mistyped(
    field: str, value: Any, fields: Mapping[str, Any], properties: Mapping[str, Any]
) -> list[Problem]:
    schema = properties.get(field)
    if not isinstance(schema, Mapping):
        return []
    loaded = _loaded(value, schema, fields, set())
    needed = fields.get("required")
    required = [field] if isinstance(needed, list) and field in needed else []
    of_the_field = {**fields, "properties": {field: schema}, "required": required}
    return schema_problems({field: loaded}, of_the_field, is_open=_is_reference, secret=True)


def _loaded(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], seen: set[str]) -> Any:
    """The value as the block's class would take it: texts that say a number or a truth value are those."""
    branches = [*_branches(schema, root, seen)]
    types = {type_ for branch in branches for type_ in _types(branch)}
    if isinstance(value, str):
        return value if "string" in types else _scalar(value, types)
    if isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        return {key: _loaded_member(key, item, branches, root, seen) for key, item in value.items()}
    if isinstance(value, list):
        items = [branch["items"] for branch in branches if isinstance(branch.get("items"), Mapping)]
        return [_loaded(item, items[0], root, seen) for item in value] if len(items) == 1 else value
    if value is not None and not types & {"integer", "number"}:
        if "boolean" in types and value in (0, 1):
            return bool(value)
        if any(branch.get("format") in _DURATIONS for branch in branches):
            return str(value)
    return value


def _loaded_member(
    key: str, item: Any, branches: Sequence[Mapping[str, Any]], root: Mapping[str, Any], seen: set[str]
) -> Any:
    for branch in branches:
        properties, others = branch.get("properties"), branch.get("additionalProperties")
        if isinstance(properties, Mapping) and isinstance(properties.get(key), Mapping):
            return _loaded(item, properties[key], root, seen)
        if isinstance(others, Mapping):
            return _loaded(item, others, root, seen)
    return item


def _branches(
    schema: Mapping[str, Any], root: Mapping[str, Any], seen: set[str]
) -> Iterator[Mapping[str, Any]]:
    """The schema with all that it combines, and what it refers to."""
    yield schema
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/") and reference not in seen:
        target: Any = root
        for step in reference.removeprefix("#/").split("/"):
            target = target.get(step) if isinstance(target, Mapping) else None
        if isinstance(target, Mapping):
            yield from _branches(target, root, seen | {reference})
    for key in ("anyOf", "oneOf", "allOf"):
        combined = schema.get(key)
        for one in combined if isinstance(combined, list) else ():
            if isinstance(one, Mapping):
                yield from _branches(one, root, seen)


def _types(schema: Mapping[str, Any]) -> list[str]:
    types = schema.get("type")
    return [types] if isinstance(types, str) else list(types) if isinstance(types, list) else []


def _scalar(text: str, types: set[str]) -> Any:
    if "boolean" in types and text.strip().lower() in _TRUE | _FALSE:
        return text.strip().lower() in _TRUE
    if types & {"integer", "number"}:
        with contextlib.suppress(ValueError):
            number = float(text)
            return int(number) if number.is_integer() else number
    return text
