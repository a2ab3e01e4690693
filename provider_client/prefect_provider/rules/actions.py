"""The actions of an automation: which fields each type has, and what the server refuses or quietly misreads.

An action is a mapping with a ``type`` and that type's fields. It may also hold every field of every type, as
one object in Terraform does, with ``None`` in those that are not set. Facts about Prefect Cloud come from
its documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from json import dumps
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.rules.findings import Findings, IsUnknown, nothing_unknown, seconds_of
from prefect_provider.rules.parameters import parameter_problems, template_problems
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = ["ACTIONS", "FIELDS", "SOURCES", "STATES", "ActionSpec", "canonical", "problems", "to_api"]

SOURCES: Final = ("selected", "inferred")
STATES: Final = (
    *("SCHEDULED", "PENDING", "RUNNING", "COMPLETED", "FAILED"),
    *("CANCELLED", "CRASHED", "PAUSED", "CANCELLING"),
)

_IDENTIFIERS: Final = frozenset(
    {"deployment_id", "work_pool_id", "work_queue_id", "automation_id", "block_document_id", "schedule_id"}
)
_OBJECTS: Final = frozenset({"parameters", "job_variables"})
_TEXTS: Final = frozenset({"name", "message", "subject", "body"})


class ActionSpec(NamedTuple):
    """One type of action.

    ``defaults`` holds the optional fields, each with what the API makes of it when it is left out.
    ``target`` is the id that ``source`` selected requires and inferred forbids. ``cloud_fields`` are
    optional fields that only Prefect Cloud knows. ``computed`` are fields that the server fills in.
    """

    type: str
    summary: str
    required: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = MappingProxyType({})
    target: str | None = None
    templates: tuple[str, ...] = ()
    cloud_only: bool = False
    oss_only: bool = False
    cloud_fields: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()

    @property
    def fields(self) -> frozenset[str]:
        """Every field that this type may have, without ``type``."""
        return self.required | self.defaults.keys() | self.cloud_fields | self.computed


def _spec(type_: str, summary: str, *required: str, **rest: Any) -> ActionSpec:
    return ActionSpec(type_, summary, frozenset(required), **rest)


def _on(type_: str, summary: str, target: str, **defaults: Any) -> ActionSpec:
    return ActionSpec(
        type_, summary, defaults={"source": "selected", target: None, **defaults}, target=target
    )


ACTIONS: Final[Mapping[str, ActionSpec]] = MappingProxyType(
    {
        spec.type: spec
        for spec in (
            _spec("do-nothing", "Does nothing; the automation's firing is still recorded."),
            _on(
                "run-deployment",
                "Starts a flow run of a deployment.",
                "deployment_id",
                parameters=None,
                job_variables=None,
                schedule_after=0.0,
            ),
            _on("pause-deployment", "Pauses a deployment.", "deployment_id"),
            _on("resume-deployment", "Resumes a deployment.", "deployment_id"),
            _on("pause-work-queue", "Pauses a work queue.", "work_queue_id"),
            _on("resume-work-queue", "Resumes a work queue.", "work_queue_id"),
            _on("pause-work-pool", "Pauses a work pool.", "work_pool_id"),
            _on("resume-work-pool", "Resumes a work pool.", "work_pool_id"),
            _on("pause-automation", "Pauses an automation.", "automation_id"),
            _on("resume-automation", "Resumes an automation.", "automation_id"),
            _spec("cancel-flow-run", "Cancels the flow run of the event.", cloud_fields=frozenset({"force"})),
            _spec(
                "suspend-flow-run", "Suspends the flow run of the event.", cloud_fields=frozenset({"force"})
            ),
            _spec("resume-flow-run", "Resumes the flow run of the event."),
            _spec("delete-flow-run", "Deletes the flow run of the event.", oss_only=True),
            _spec(
                "change-flow-run-state",
                "Moves the flow run of the event to another state.",
                "state",
                defaults={"name": None, "message": None, "force": False},
            ),
            _spec(
                "send-notification",
                "Sends a message through a notification block.",
                *("block_document_id", "body"),
                defaults={"subject": "Prefect automated notification"},
                templates=("subject", "body"),
            ),
            _spec(
                "call-webhook",
                "Calls the URL of a webhook block.",
                "block_document_id",
                defaults={"payload": ""},
                templates=("payload",),
            ),
            _spec("declare-incident", "Declares an incident.", cloud_only=True),
            _spec(
                "pause-schedule-for-flow-run",
                "Pauses the schedule that the flow run of the event came from.",
                defaults={"deployment_id": None, "schedule_id": None},
                cloud_only=True,
            ),
            _spec(
                "resume-schedule-for-flow-run",
                "Resumes a schedule of a deployment.",
                *("deployment_id", "schedule_id"),
                cloud_only=True,
            ),
            _spec(
                "send-email-notification",
                "Sends an email.",
                *("emails", "subject", "body"),
                templates=("subject", "body"),
                cloud_only=True,
                computed=frozenset({"block_document_id"}),
            ),
        )
    }
)
"""Every type of action that a user can write, by its ``type``."""

FIELDS: Final = frozenset[str]().union(*(spec.fields for spec in ACTIONS.values()))
"""Every field of any type, without ``type``."""


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
    )
    for name in sorted(spec.required):
        if action.get(name) is None:
            findings.error((*path, name), f"the action {type_} needs `{name}`")
    if spec.target is not None:
        _target(findings, spec, action, path)
    for name in sorted(spec.fields):
        _field(findings, name, action.get(name), (*path, name))
    for name in spec.templates:
        value = _payload(action.get(name)) if name == "payload" else action.get(name)
        if isinstance(value, str):
            findings.problems += template_problems(value, path=(*path, name))
    findings.problems += parameter_problems(
        action.get("parameters") if "parameters" in spec.fields else None,
        is_unknown=is_unknown,
        path=(*path, "parameters"),
    )
    return findings.problems


def to_api(action: Mapping[str, Any]) -> dict[str, Any]:
    """The complete JSON body of an action: its type's fields only, each optional one explicit.

    It does not check. Given the server's own answer it drops what a newer server added. The payload of a
    webhook may be an object; it becomes indented JSON, as the server would store it.

    :raises KeyError: the type is not one of :data:`ACTIONS`.
    """
    spec = ACTIONS[action["type"]]
    body: dict[str, Any] = {"type": spec.type}
    for name in sorted(spec.fields):
        value = action.get(name)
        if value is None:
            if name in spec.defaults:
                body[name] = spec.defaults[name]
            continue
        if name == "payload":
            value = _payload(value)
        elif name == "schedule_after":
            value = seconds_of(value)
        elif name in _IDENTIFIERS:
            value = str(value)
        elif name in _OBJECTS:
            value = dict(value)
        elif name == "emails":
            value = list(value)
        elif isinstance(value, str):
            value = str(value)  # a member of an enumeration becomes plain text
        body[name] = value
    return body


def canonical(action: Mapping[str, Any]) -> dict[str, Any]:
    """A form in which two actions are equal exactly when the server treats them alike.

    Fields that the server computes are left out, and of a run's parameters and job variables an empty object
    is the same as none. An action of a type that is not in :data:`ACTIONS` is returned as it is, without
    ``None``.
    """
    if action.get("type") not in ACTIONS:
        return {name: value for name, value in action.items() if value is not None}
    body = to_api(action)
    for name in ACTIONS[body["type"]].computed:
        body.pop(name, None)
    for name in _IDENTIFIERS & body.keys():
        body[name] = body[name] and body[name].lower()
    for name in _OBJECTS & body.keys():
        body[name] = body[name] or None
    return body


def _place(
    findings: Findings, spec: ActionSpec, action: Mapping[str, Any], cloud: bool | None, path: Path
) -> None:
    if spec.cloud_only and cloud is False:
        findings.error((*path, "type"), f"the action {spec.type} exists on Prefect Cloud only")
    if spec.oss_only and cloud is True:
        findings.error((*path, "type"), f"Prefect Cloud does not have the action {spec.type}")
    for name in sorted(spec.cloud_fields):
        if cloud is False and action.get(name) is not None:
            findings.error(
                (*path, name), f"`{name}` of {spec.type} exists on Prefect Cloud only", "Leave it out."
            )


def _target(findings: Findings, spec: ActionSpec, action: Mapping[str, Any], path: Path) -> None:
    source, target = action.get("source"), spec.target or ""
    here = (*path, target)
    if findings.is_unknown(source) or not findings.choice(source, SOURCES, (*path, "source")):
        return
    is_set = action.get(target) is not None
    if source == "inferred" and is_set:
        findings.error(
            here,
            f"`{target}` is not allowed when the source is inferred",
            f'Leave `{target}` out, or write source = "selected".',
        )
    elif source != "inferred" and not is_set:
        findings.error(
            here,
            f"the action {spec.type} needs `{target}` when the source is selected, which is the default",
            f'Set `{target}`, or write source = "inferred" to take it from the event.',
        )


def _field(findings: Findings, name: str, value: object, path: Path) -> None:
    if not findings.is_checkable(value):
        return
    if name in _IDENTIFIERS:
        findings.identifier(value, path)
    elif name in _TEXTS:
        findings.text(value, path)
    elif name == "state":
        findings.choice(value, STATES, path)
    elif name == "force":
        findings.flag(value, path)
    elif name == "schedule_after":
        findings.duration(value, path)
    elif name == "job_variables" and not isinstance(value, Mapping):
        findings.error(path, f"expected an object of job variables, got {show(value)}")
    elif name == "payload" and not isinstance(value, (str, Mapping, list)):
        findings.error(path, f"expected text or an object, got {show(value)}")
    elif name == "emails":
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


def _payload(value: object) -> object:
    return dumps(value, indent=2, ensure_ascii=False) if isinstance(value, (Mapping, list)) else value
