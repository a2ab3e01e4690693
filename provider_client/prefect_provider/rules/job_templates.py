"""Base job templates of work pools: what the server checks of one when a pool is written (Prefect 3.8).

A template has ``job_configuration``, with placeholders such as ``{{ image }}``, and ``variables``, a JSON schema whose
properties are the names that may be used there. Defaults must be what the schema says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.json_schema import schema_problems
from prefect_provider.text.problem import Problem, expectation
from prefect_provider.text.spelling import closest, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.text.path import Path

__all__ = ["template_problems"]

_PARTS: Final = ("job_configuration", "variables")
_PLACEHOLDER: Final = re.compile(r"\{\{\s*([\w.\-\[\]$]+)\s*\}\}")
"""As the server finds them; other texts in braces are left as they are."""

_WHOLE: Final = "`prefect work-pool get-default-base-job-template --type <type>` prints a complete one."


def template_problems(template: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with a template; an empty one is none, and right."""
    if not template:
        return []
    # The server takes an empty part for one that is missing.
    missing = [part for part in _PARTS if not template.get(part)]
    if missing:
        message = expectation(
            f"a JSON object with {names(_PARTS, last='and')}", f"one with this missing: {names(missing)}"
        )
        return [Problem((), message, _WHOLE)]
    odd = [part for part in _PARTS if not isinstance(template[part], Mapping)]
    if odd:
        return [Problem((part,), expectation("an object", "something else"), _WHOLE) for part in odd]
    return [*_undeclared(template), *_variables(template["variables"])]


def _undeclared(template: Mapping[str, Any]) -> Iterator[Problem]:
    properties = template["variables"].get("properties")
    declared = properties if isinstance(properties, Mapping) else {}
    for key, value in template["job_configuration"].items():
        for path, name in _used(value, ("job_configuration", str(key))):
            if name not in declared:
                near = closest(name, declared)
                add = f"Add `{name}` to the `properties` of `variables`."
                message = f"`{{{{ {name} }}}}` is used, and `variables` has no `{name}`"
                yield Problem(path, message, f"Did you mean `{near}`?" if near else add)


def _used(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Each placeholder with its place; those in keys count as well, but not in the outermost ones."""
    if isinstance(value, str):
        for found in _PLACEHOLDER.finditer(value):
            yield path, found[1]
    elif isinstance(value, Mapping):
        for key, item in value.items():
            for found in _PLACEHOLDER.finditer(str(key)):
                yield path, found[1]
            yield from _used(item, (*path, str(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _used(item, (*path, index))


def _variables(schema: Mapping[str, Any]) -> Iterator[Problem]:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        # The message repeats a value of the schema, and the longer ones say no more.
        where = ("variables", *error.absolute_path)
        yield Problem(where, f"not a JSON schema: {error.message[:200]}")
        return
    properties = schema.get("properties")
    for name, one in properties.items() if isinstance(properties, Mapping) else ():
        # A default of null stands for "none", whatever the type.
        if isinstance(one, Mapping) and one.get("default") is not None:
            at = ("variables", "properties", name, "default")
            found = schema_problems(
                {name: one["default"]}, schema, ignore_required=True, is_open=_is_reference
            )
            for problem in found:
                yield problem._replace(path=(*at, *problem.path[1:]))


def _is_reference(value: object) -> bool:
    """Whether a value stands for a block, which only the server can look up."""
    return isinstance(value, Mapping) and "$ref" in value
