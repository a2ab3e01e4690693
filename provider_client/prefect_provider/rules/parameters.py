"""The rules of ``parameters`` in a run-deployment action: templates, and marked values.

The server looks at each text that contains ``{{`` or ``{%`` as a template, and at objects such as
``{"__prefect_kind": "jinja", "template": "..."}``. It checks neither inside lists nor for kinds that it does
not know; the flow run then gets something else than was meant, or none is started (Prefect 3.8). Here both
are checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from json import JSONDecodeError, loads
from re import compile as pattern
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.documents import document_problems
from prefect_provider.rules.findings import Findings
from prefect_provider.rules.json_schema import schema_problems, unknown_names
from prefect_provider.rules.templates import faults, is_template
from prefect_provider.rules.values import IsUnknown, nothing_unknown
from prefect_provider.text.problem import Problem
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from prefect_provider.text.path import Path

__all__ = ["MARK", "MARKED_FIELDS", "parameter_problems", "run_parameter_problems", "template_problems"]

MARK: Final = "__prefect_kind"
"""The key that marks an object as a value to be worked out when the automation fires."""

MARKED_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {"jinja": "template", "json": "value", "none": "value", "workspace_variable": "variable_name"}
)
"""The kinds of marked objects, with the one other field that each needs."""

_VARIABLE_NAME = pattern(r"[a-z0-9_-]{1,255}")


def parameter_problems(
    parameters: object, *, is_unknown: IsUnknown = nothing_unknown, path: Path = ()
) -> list[Problem]:
    """What is wrong with the parameters of a run-deployment action, lists included."""
    findings = Findings(is_unknown)
    if not findings.is_checkable(parameters):
        return []
    if not isinstance(parameters, Mapping):
        findings.error(path, f"expected an object of parameters, got {show(parameters)}")
    elif MARK in parameters:
        findings.error(
            path,
            f"parameters as a whole cannot be one `{MARK}` object",
            "Give an object of parameter names, and mark single values.",
        )
    else:
        findings.problems = document_problems(parameters, is_unknown=is_unknown, path=path)
        if not findings.problems:
            _object(findings, parameters, path)
    return findings.problems


def run_parameter_problems(
    parameters: Mapping[str, Any],
    schema: Mapping[str, Any],
    *,
    defaults: Mapping[str, Any] | None = None,
    is_unknown: IsUnknown = nothing_unknown,
    path: Path = (),
    secret: bool = False,
) -> list[Problem]:
    """What the parameters of a run-deployment action are not, by the deployment's parameter schema.

    ``defaults`` are the deployment's own parameters, which those of the action go before; with ``None`` they are not
    known, and any parameter may be missing. What is worked out when the automation fires is not checked: templates,
    marked objects, and what is not known yet. Run :func:`parameter_problems` first.
    ``secret``: no message repeats a value.
    """

    def is_open(value: object) -> bool:
        return (
            is_unknown(value)
            or (isinstance(value, str) and is_template(value))
            or (isinstance(value, Mapping) and MARK in value)
        )

    known = isinstance(defaults, Mapping) and not is_unknown(defaults)
    others = dict(defaults or {}) if known else {}
    found = schema_problems(
        {**others, **parameters}, schema, path=path, ignore_required=not known, is_open=is_open, secret=secret
    )
    return [
        *unknown_names(parameters, schema, path=path),
        # What is wrong with the deployment's own parameters is said there.
        *(
            one
            for one in found
            if not _names_one_of(one.path[len(path) :], others.keys() - parameters.keys())
        ),
    ]


def _names_one_of(path: Path, names: AbstractSet[object]) -> bool:
    return bool(path) and path[0] in names


def template_problems(
    template: object, *, is_unknown: IsUnknown = nothing_unknown, path: Path = ()
) -> list[Problem]:
    """What is wrong with a text that the server renders as a template; ``None`` and unknown values pass."""
    findings = Findings(is_unknown)
    if findings.text(template, path):
        _template(findings, str(template), path)
    return findings.problems


def _template(findings: Findings, template: str, path: Path) -> None:
    several_lines = "\n" in template
    for fault in faults(template):
        line = f"line {fault.line}: " if several_lines else ""
        findings.problems.append(Problem(path, f"{line}{fault.message}", fault.remedy, fault.severity))


def _object(findings: Findings, value: Mapping[Any, Any], path: Path) -> None:
    for key, element in value.items():
        _value(findings, element, (*path, str(key)), in_list=False)


def _value(findings: Findings, value: object, path: Path, *, in_list: bool) -> None:
    if not findings.is_checkable(value):
        return
    if isinstance(value, Mapping):
        if MARK in value:
            _marked(findings, value, path)
        else:
            _object(findings, value, path)
    elif isinstance(value, (list, tuple)):
        for index, element in enumerate(value):
            here = (*path, index)
            if in_list and isinstance(element, str) and is_template(element):
                findings.warning(
                    here,
                    "no template is rendered in a list inside a list, so the flow gets the text as it is",
                    f'Mark it: {{"{MARK}": "jinja", "template": ...}}.',
                )
            else:
                _value(findings, element, here, in_list=True)
    elif isinstance(value, str) and is_template(value):
        _template(findings, value, path)


def _marked(findings: Findings, value: Mapping[str, Any], path: Path) -> None:
    kind = value[MARK]
    if findings.is_unknown(kind):
        return
    if kind is None or not findings.choice(kind, tuple(MARKED_FIELDS), (*path, MARK)):
        if kind is None:
            findings.error((*path, MARK), f"expected one of {', '.join(MARKED_FIELDS)}, got null")
        return
    name = MARKED_FIELDS[kind]
    if name not in value:
        dropped = kind in ("json", "workspace_variable")
        findings.error(
            (*path, name),
            f"a {kind} object needs `{name}`"
            + ("; without it the server drops the parameter" if dropped else ""),
        )
        return
    for key in value:
        if key not in (MARK, name):
            findings.warning((*path, key), f"the server ignores `{key}` in a {kind} object")
    _marked_field(findings, kind, value[name], (*path, name))


def _marked_field(findings: Findings, kind: str, value: object, path: Path) -> None:  # noqa: C901 - one branch for each kind
    if findings.is_unknown(value):
        return
    if isinstance(value, Mapping) and MARK in value:
        _marked(findings, value, path)
    elif kind == "jinja":
        if isinstance(value, str):
            _template(findings, value, path)
        else:
            findings.error(path, f"expected a template as text, got {show(value)}")
    elif kind == "json":
        if isinstance(value, str):
            _json(findings, value, path)
        elif isinstance(value, Mapping):
            _nested(findings, value, path)
    elif kind == "workspace_variable":
        if not isinstance(value, str):
            findings.error(path, f"expected the name of a variable, got {show(value)}")
        elif not _VARIABLE_NAME.fullmatch(value):
            findings.error(
                path,
                f"no variable can be called {show(value)}",
                "Names have 1 to 255 of the characters a-z, 0-9, _ and -.",
            )
    else:
        _nested(findings, value, path)


def _nested(findings: Findings, value: object, path: Path) -> None:
    """Look for marked objects only: inside a json or none object plain text is not a template."""
    if not findings.is_checkable(value):
        return
    if isinstance(value, Mapping):
        if MARK in value:
            _marked(findings, value, path)
        else:
            for key, element in value.items():
                _nested(findings, element, (*path, str(key)))
    elif isinstance(value, (list, tuple)):
        for index, element in enumerate(value):
            _nested(findings, element, (*path, index))


def _json(findings: Findings, text: str, path: Path) -> None:
    try:
        loads(text)
    except JSONDecodeError as error:
        remedy = f'For a template, write {{"{MARK}": "jinja", "template": ...}} as the value.'
        findings.error(
            path,
            f"not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}",
            remedy if is_template(text) else "",
        )
