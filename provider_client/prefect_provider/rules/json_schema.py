"""Documents held against a JSON schema, as the server does it: parameters, job variables, fields of a block.

The server checks with the library jsonschema (Prefect 3.8, ``prefect.utilities.schema_tools``), after two repairs of
schemas that older pydantic made: an optional property may be null, and a list under ``items`` is a tuple. So does
this, and it says what is wrong in our own words. What the server does not check and a run would stumble over, a
name that the schema does not have, is found by :func:`unknown_names`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.documents import plain
from prefect_provider.rules.values import IsUnknown, nothing_unknown
from prefect_provider.text.json import kind_of
from prefect_provider.text.problem import Problem, expectation
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

    from prefect_provider.text.path import Path

__all__ = ["schema_problems", "unknown_names"]

_TYPES: Final[Mapping[str, str]] = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "text",
}

_GOT: Final[Mapping[str, str]] = {
    "array": "a list",
    "boolean": "true or false",
    "null": "null",
    "object": "an object",
    "string": "text",
}


def schema_problems(
    document: Any,
    schema: Mapping[str, Any],
    *,
    path: Path = (),
    ignore_required: bool = False,
    is_open: IsUnknown = nothing_unknown,
    secret: bool = False,
) -> list[Problem]:
    """What the schema does not accept, each at its place.

    ``secret``: no message repeats a value of the document.

    ``ignore_required``: properties may be missing, as those of a deployment, which a run may give. ``is_open`` tells
    values that stand for others (a template, a reference), which are not checked. A schema that is none itself is
    not the document's fault and gives no problems.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError
    from referencing.exceptions import Unresolvable

    document = plain(document)
    try:
        repaired = _repaired(schema)
        Draft202012Validator.check_schema(repaired)
        validator = Draft202012Validator(repaired, format_checker=Draft202012Validator.FORMAT_CHECKER)
        errors = sorted(
            validator.iter_errors(document), key=lambda error: list(map(str, error.absolute_path))
        )
    except (SchemaError, Unresolvable, RecursionError):
        return []
    return [
        problem
        for error in errors
        if not (ignore_required and error.validator == "required")
        and not _inside_open(document, error, is_open)
        for problem in _problems(error, path, secret=secret)
    ]


def unknown_names(
    document: Mapping[str, Any], schema: Mapping[str, Any], *, path: Path = (), what: str = "parameter"
) -> list[Problem]:
    """Names that the schema does not have, with the one that was probably meant.

    A schema without properties says nothing about names, and one that allows more properties allows all.
    """
    known = schema.get("properties")
    if not isinstance(known, Mapping) or not known or schema.get("additionalProperties"):
        return []
    problems = []
    for name in document:
        if name in known:
            continue
        near = closest(name, known)
        remedy = f"Did you mean `{near}`?" if near else f"There are {names(known)}."
        problems.append(Problem((*path, name), f"there is no {what} `{name}`", remedy))
    return problems


def _problems(error: ValidationError, path: Path, *, secret: bool) -> list[Problem]:
    here = (*path, *error.absolute_path)
    instance: Any = error.instance
    wanted: Any = error.validator_value
    if error.validator == "required":
        missing = [name for name in wanted if name not in instance]
        return [Problem((*here, name), f"`{name}` is missing") for name in missing]
    if error.validator == "additionalProperties":
        allowed = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
        return unknown_names(instance, {"properties": allowed}, path=here, what="property") or [
            Problem(here, _told(error, secret=secret))
        ]
    expected = _expected(error)
    if expected:
        return [Problem(here, expectation(expected, _got(error) if secret else show(instance)))]
    return [Problem(here, _told(error, secret=secret))]


def _got(error: ValidationError) -> str:
    """What was found, without the value."""
    if error.validator in ("type", "anyOf", "oneOf"):
        return _GOT.get(kind_of(error.instance), "a number")
    return "another value"


def _told(error: ValidationError, *, secret: bool) -> str:
    """The library's own words, which repeat the value."""
    return f"not what the schema accepts by its `{error.validator}`" if secret else error.message


def _expected(error: ValidationError) -> str:
    value = error.validator_value
    match error.validator:
        case "type":
            return _of_types(value)
        case "enum" if isinstance(value, list):
            return f"one of {', '.join(show(one) for one in value)}"
        case "const":
            return show(value)
        case "minimum" | "exclusiveMinimum":
            return f"{value} or more" if error.validator == "minimum" else f"more than {value}"
        case "maximum" | "exclusiveMaximum":
            return f"{value} or less" if error.validator == "maximum" else f"less than {value}"
        case "format":
            return f"text of the format {value}"
        case "pattern":
            return f"text matching {value}"
        case "anyOf" | "oneOf" if isinstance(value, list):
            types = [one.get("type") for one in value if isinstance(one, Mapping)]
            if len(types) == len(value) and all(isinstance(one, str) for one in types):
                return _of_types(types)
    return ""


def _of_types(types: Any) -> str:
    several = types if isinstance(types, list) else [types]
    return " or ".join(_TYPES.get(one, str(one)) for one in several)


def _inside_open(document: Any, error: ValidationError, is_open: IsUnknown) -> bool:
    """Whether the error is about a value that stands for another, or about a part of one."""
    value = document
    if is_open(value):
        return True
    for step in error.absolute_path:
        value = value[step]
        if is_open(value):
            return True
    return False


def _repaired(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the schema with the server's own repairs, at every level that it repairs."""
    from copy import deepcopy

    copy: dict[str, Any] = deepcopy(dict(schema))
    _repair_properties(copy)
    definitions = copy.get("definitions")
    for definition in definitions.values() if isinstance(definitions, dict) else ():
        if isinstance(definition, dict):
            _repair_properties(definition)
    return copy


def _repair_properties(schema: dict[str, Any]) -> None:
    properties = schema.get("properties")
    needed = schema.get("required") or ()
    for name, one in properties.items() if isinstance(properties, dict) else ():
        if not isinstance(one, dict):
            continue
        if name not in needed and "type" in one and one["type"] != "null" and "default" not in one:
            one["anyOf"] = [{"type": one.pop("type")}, {"type": "null"}]
        if isinstance(one.get("items"), list) and "prefixItems" not in one:
            one["prefixItems"] = one.pop("items")
        _repair_properties(one)
