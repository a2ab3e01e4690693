"""What Prefect refuses in an action, or quietly misreads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from prefect_provider.rules.actions.forms import payload_text
from prefect_provider.rules.actions.table import ACTION_FIELDS, ACTIONS, SOURCES, ActionSpec
from prefect_provider.rules.documents import document_problems
from prefect_provider.rules.findings import Findings
from prefect_provider.rules.parameters import parameter_problems, template_problems
from prefect_provider.rules.values import IsUnknown, nothing_unknown
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = ["problems"]


def problems(
    action: Mapping[str, Any],
    *,
    is_unknown: IsUnknown = nothing_unknown,
    cloud: bool | None = None,
    path: Path = (),
) -> list[Problem]:
    """What is wrong with an action.

    ``cloud`` says whether the server is Prefect Cloud; with ``None`` that is not checked.
    """
    findings = Findings(is_unknown)
    type_ = action.get("type")
    if is_unknown(type_):
        return []
    if type_ is None:
        findings.error((*path, "type"), "an action needs a `type`", f"It is one of {', '.join(ACTIONS)}.")
        return findings.problems
    if not findings.choice(type_, tuple(ACTIONS), (*path, "type")):
        return findings.problems
    spec = ACTIONS[type_]
    _place(findings, spec, action, cloud, path)
    findings.unknown_keys(
        {key: value for key, value in action.items() if key != "type"},
        spec.fields,
        path,
        f"the action {type_}",
        elsewhere=ACTION_FIELDS,
    )
    for name in sorted(spec.required):
        if action.get(name) is None:
            findings.error((*path, name), f"the action {type_} needs `{name}`")
    if spec.target is not None:
        _target(findings, spec, action, path)
    for name in sorted(spec.fields):
        _field(findings, name, action.get(name), (*path, name))
    _templates(findings, spec, action, path)
    findings.problems += parameter_problems(
        action.get("parameters") if "parameters" in spec.fields else None,
        is_unknown=is_unknown,
        path=(*path, "parameters"),
    )
    return findings.problems


def _templates(findings: Findings, spec: ActionSpec, action: Mapping[str, Any], path: Path) -> None:
    for name in spec.templates:
        value = action.get(name)
        if name == "payload":
            unkept = document_problems(value, is_unknown=findings.is_unknown, path=(*path, name))
            findings.problems += unkept
            value = None if unkept or _is_open(value, findings.is_unknown) else payload_text(value)
        if isinstance(value, str):
            findings.problems += template_problems(value, path=(*path, name))


def _is_open(value: object, is_unknown: IsUnknown) -> bool:
    """Whether a part of a document is not known yet, or is nothing that JSON has."""
    if isinstance(value, Mapping):
        return any(
            _is_open(key, is_unknown) or _is_open(element, is_unknown) for key, element in value.items()
        )
    if isinstance(value, (list, tuple)):
        return any(_is_open(element, is_unknown) for element in value)
    return is_unknown(value) or not isinstance(value, (str, int, float, type(None)))


def _place(
    findings: Findings, spec: ActionSpec, action: Mapping[str, Any], cloud: bool | None, path: Path
) -> None:
    if spec.cloud_only and cloud is False:
        findings.error((*path, "type"), f"the action {spec.type} exists on Prefect Cloud only")
    if spec.oss_only and cloud is True:
        findings.error((*path, "type"), f"Prefect Cloud does not have the action {spec.type}")
    for name in sorted(spec.cloud_fields):
        if cloud is False and findings.is_checkable(action.get(name)):
            findings.error(
                (*path, name), f"`{name}` of {spec.type} exists on Prefect Cloud only", "Leave it out."
            )


def _target(findings: Findings, spec: ActionSpec, action: Mapping[str, Any], path: Path) -> None:
    source, target = action.get("source"), spec.target or ""
    here = (*path, target)
    if findings.is_unknown(source) or source not in (None, *SOURCES):
        return
    if source == "inferred" and findings.is_checkable(action.get(target)):
        findings.error(
            here,
            f"`{target}` is not allowed when the source is inferred",
            f'Leave `{target}` out, or set `source` to "selected".',
        )
    elif source != "inferred" and action.get(target) is None:
        findings.error(
            here,
            f"the action {spec.type} needs `{target}` when the source is selected, which is the default",
            f'Set `{target}`, or set `source` to "inferred" to take it from the event.',
        )


def _field(findings: Findings, name: str, value: object, path: Path) -> None:
    if not findings.is_checkable(value):
        return
    field = ACTION_FIELDS[name]
    match field.kind:
        case "identifier":
            findings.identifier(value, path)
        case "text" | "template":
            findings.text(value, path)
        case "choice":
            findings.choice(value, field.choices, path)
        case "flag":
            findings.flag(value, path)
        case "seconds":
            findings.duration(value, path)
        case "object" if not isinstance(value, Mapping) and name != "parameters":
            what = name.replace("_", " ")
            findings.error(path, f"expected an object of {what}, got {show(value)}")
        case "payload" if not isinstance(value, (str, Mapping, list)):
            findings.error(path, f"expected text or an object, got {show(value)}")
        case "addresses":
            _emails(findings, value, path)


def _emails(findings: Findings, value: object, path: Path) -> None:
    if not isinstance(value, (list, tuple)) or not value:
        findings.error(path, f"expected a list of addresses, got {show(value)}")
        return
    for index, element in enumerate(value):
        if findings.is_unknown(element):
            continue
        if not isinstance(element, str) or not element.partition("@")[0] or not element.partition("@")[2]:
            findings.error((*path, index), f"expected an email address, got {show(element)}")
