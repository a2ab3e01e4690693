"""The parameters of a deployment and of its schedules, held against the schema of the flow's parameters.

Prefect (3.8) checks the deployment's parameters when it stores them, and not the schedules'. A name that the flow
does not have is accepted in both, and then no run starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from prefect_provider.objects.mapping import plain
from prefect_provider.objects.reporting import report
from prefect_provider.plugin.language.kinds import Json, freeze
from prefect_provider.plugin.language.values import Unknown
from prefect_provider.rules.parameters import MARK

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from prefect_provider.plugin.language.values import Values
    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = ["ParameterSchema", "check_parameters", "holds_marks"]


class ParameterSchema(Json):
    """A parameter schema; the one that Prefect stores for "no parameters" is the same as an empty one."""

    def canonical_document(self, document: Any) -> Hashable:
        """Without the two keys that say nothing."""
        if isinstance(document, dict):
            document = {
                key: value
                for key, value in document.items()
                if (key, value) not in (("type", "object"), ("properties", {}))
            }
        return freeze(document)


def holds_marks(parameters: Any) -> bool:
    """Whether some of the parameters, as JSON text, are for Prefect to work out when a run starts."""
    return isinstance(parameters, str) and MARK in parameters


def check_parameters(values: Values, diagnostics: Diagnostics, *, errors_only: bool = False) -> None:
    """Report parameters that are not of the schema, and a schema that is none.

    Types are checked unless `enforce_parameter_schema` is off or not known; the flow itself is more lenient. Names
    that the flow does not have are then a warning.
    """
    schema = _document(values.get("parameter_openapi_schema"))
    if not schema or not schema.get("properties"):
        return
    enforce = values.get("enforce_parameter_schema")
    enforced = enforce is None or enforce is True
    problems = _schema_faults(schema) if enforced and not errors_only else []
    for path, document in _documents(values):
        problems += _problems(document, schema, path, enforced=enforced)
    report(
        (one for one in problems if one.severity == "error" or not errors_only),
        diagnostics,
    )


def _documents(values: Values) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Each set of parameters that is known and not empty, with its place."""
    found = _document(values.get("parameters"))
    if found:
        yield ("parameters",), found
    schedules = values.get("schedules")
    for slug, schedule in schedules.items() if isinstance(schedules, Mapping) else ():
        found = _document(schedule.get("parameters")) if isinstance(schedule, Mapping) else None
        if found:
            yield ("schedules", slug, "parameters"), found


def _problems(
    document: Mapping[str, Any], schema: Mapping[str, Any], path: Path, *, enforced: bool
) -> list[Problem]:
    from prefect_provider.rules.json_schema import schema_problems, unknown_names

    unknown = unknown_names(document, schema, path=path)
    if not enforced:
        return [one._replace(severity="warning") for one in unknown]
    seen = {one.path for one in unknown}
    return unknown + [
        one
        for one in schema_problems(
            document, schema, path=path, ignore_required=True, is_open=_is_marked, secret=True
        )
        if one.path not in seen
    ]


def _is_marked(value: object) -> bool:
    """Whether a value is worked out by Prefect when a run starts."""
    return isinstance(value, Mapping) and MARK in value


def _schema_faults(schema: Mapping[str, Any]) -> list[Problem]:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    from prefect_provider.text.problem import Problem

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        where = ("parameter_openapi_schema", *error.absolute_path)
        return [Problem(where, f"this is no JSON schema: {error.message}")]
    return []


def _document(text: Any) -> Mapping[str, Any] | None:
    """The object in a JSON text; ``None`` for what is not known, or none."""
    if text is None or isinstance(text, Unknown):
        return None
    found = plain(Json.load(text))
    return found if isinstance(found, Mapping) else None
