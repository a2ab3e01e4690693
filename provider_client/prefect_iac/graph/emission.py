"""Which events come of what an automation does: those of the run that it starts, its own, those of what it changes.

What is not known of a run before there is one, such as its name, is any value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_iac.workspace.content import name_of
from prefect_provider.events.event import ANY, Event
from prefect_provider.rules.event_catalogue import AUTOMATION_RUN_EVENTS, CLOUD, OSS, RUN_STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from prefect_iac.workspace.content import Json, Target, Workspace
    from prefect_provider.events.event import Labels

__all__ = ["ALWAYS", "effects_of", "own_events", "related_of_run", "run_events"]

_ANY_ID: Final = "00000000-0000-4000-8000-000000000000"
_ID: Final = "prefect.resource.id"
_NAME: Final = "prefect.resource.name"
_ROLE: Final = "prefect.resource.role"

ALWAYS: Final = frozenset({"Scheduled", "Pending", "Running", "Completed"})
"""The states that each run that does well goes through."""

_FORCED: Final[Mapping[str, tuple[str, ...]]] = {
    "cancel-flow-run": ("Cancelling", "Cancelled"),
    "suspend-flow-run": ("Suspended",),
    "resume-flow-run": ("Resuming",),
}
"""The states into which an action brings the run that its event is about."""

_STATE_NAMES: Final[Mapping[str, str]] = {
    state.upper(): state
    for state in ("Scheduled", "Pending", "Running", "Completed", "Failed", "Cancelled", "Crashed", "Paused")
} | {"CANCELLING": "Cancelling"}


def run_events() -> tuple[Event, ...]:
    """The events of a run and of its tasks, without related resources."""
    return tuple(_run_event(kind, state) for kind in ("flow-run", "task-run") for state in RUN_STATES)


def _run_event(kind: str, state: str) -> Event:
    labels: Labels = {
        _ID: f"prefect.{kind}.{_ANY_ID}",
        _NAME: ANY,
        "prefect.run-count": ANY,
        "prefect.state-message": ANY,
        "prefect.state-name": state,
        "prefect.state-timestamp": ANY,
        "prefect.state-type": _state_type(state),
    }
    return Event(f"prefect.{kind}.{state}", labels)


def _state_type(state: str) -> str:
    named = state.upper()
    if named in _STATE_NAMES:
        return named
    return _TYPES.get(state, named)


_TYPES: Final[Mapping[str, str]] = {
    "Late": "SCHEDULED",
    "Resuming": "SCHEDULED",
    "AwaitingRetry": "SCHEDULED",
    "AwaitingConcurrencySlot": "SCHEDULED",
    "Submitting": "PENDING",
    "InfrastructurePending": "PENDING",
    "NotReady": "PENDING",
    "Retrying": "RUNNING",
    "Rerunning": "RUNNING",
    "Suspended": "PAUSED",
    "Cached": "COMPLETED",
    "RolledBack": "COMPLETED",
    "TimedOut": "FAILED",
}


def related_of_run(deployment: Json, workspace: Workspace, creators: Sequence[Json]) -> list[Labels]:
    """The related resources of the events of a deployment's runs; ``creators`` are automations that start some."""
    related = [_labels("deployment", "deployment", deployment)]
    flow = workspace.flow_of(deployment)
    flow_id = deployment.get("flow_id") or _ANY_ID
    related.append(_labels("flow", "flow", {"id": flow_id, "name": name_of(flow) if flow else ANY}))
    for kind, found in (
        ("work-queue", workspace.queue_of(deployment)),
        ("work-pool", workspace.pool_of(deployment)),
    ):
        if found is not None:
            related.append(_labels(kind, kind, found))
    tags = deployment.get("tags")
    related += [{_ID: f"prefect.tag.{tag}", _ROLE: "tag"} for tag in (tags if isinstance(tags, list) else ())]
    related.append({_ID: f"prefect.flow-run.{_ANY_ID}", _ROLE: "flow-run", _NAME: ANY})
    related += [_labels("creator", "automation", automation) for automation in creators]
    return related


def _labels(role: str, kind: str, document: Mapping[str, Any]) -> Labels:
    name = document.get("name")
    return {
        _ID: f"prefect.{kind}.{document.get('id') or _ANY_ID}",
        _ROLE: role,
        _NAME: name if isinstance(name, str) else ANY,
    }


def own_events(automation: Json, posture: str) -> list[Event]:
    """What an automation emits when it fires, on an open-source server and on Prefect Cloud."""
    found = []
    for space in (OSS, CLOUD):
        for name in AUTOMATION_RUN_EVENTS:
            acts = ".action." in name
            labels: dict[str, Any] = {
                _ID: f"prefect.automation.{automation.get('id')}",
                _NAME: automation.get("name"),
                "prefect.posture": posture,
            }
            if acts:
                labels["prefect.trigger-type"] = "event"
            roles = ("triggering-event", "automation-triggered-event") if acts else ("triggering-event",)
            related = [{_ID: f"prefect.event.{_ANY_ID}", _ROLE: role} for role in roles]
            found.append(Event(f"{space}.{name}", labels, related))
    return found


def effects_of(target: Target, document: Json | None, workspace: Workspace) -> Iterator[Event]:
    """The events of what an action changes, but for the runs that it starts."""
    type_ = str(target.action.get("type"))
    states = _FORCED.get(type_, ())
    if type_ == "change-flow-run-state":
        state = target.action.get("name") or _STATE_NAMES.get(str(target.action.get("state")))
        states = (str(state),) if state else ()
    for state in states:
        yield _run_event("flow-run", state)
    verb, _, noun = type_.partition("-")
    if document is None or verb not in ("pause", "resume"):
        return
    labels = {
        _ID: f"prefect.{noun}.{document.get('id')}",
        _NAME: document.get("name"),
    }
    names = {
        "deployment": ("prefect.deployment.updated",),
        "automation": ("prefect.automation.updated",),
        "work-queue": ("prefect.work-queue.paused" if verb == "pause" else "prefect.work-queue.ready",),
        "work-pool": ("prefect.work-pool.paused" if verb == "pause" else "prefect.work-pool.ready",),
    }
    related: list[Labels] = []
    if noun == "deployment":
        flow = workspace.flow_of(document)
        related = [_labels("flow", "flow", flow)] if flow else []
    for name in names.get(noun, ()):
        yield Event(name, labels, related)
