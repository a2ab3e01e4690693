"""Triggers that fire themselves: an automation sees its own events unless its trigger excludes them.

Firing emits ``prefect.automation.triggered`` and, for each action, ``prefect.automation.action.triggered``
and ``.executed`` or ``.failed``. An enabled automation on ``prefect.*`` or on everything therefore never
stops: one event made 411 firings in 12 seconds (Prefect 3.8). The server refuses only one special case at
create time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from re import escape, match
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.findings import IsUnknown, is_series, nothing_unknown, number_of
from prefect_provider.rules.triggers import KINDS, infer_kind
from prefect_provider.text.problem import Problem

if TYPE_CHECKING:
    from prefect_provider.text.path import Path

__all__ = ["OWN_EVENTS", "loop_problems", "run_deployment_loops"]

OWN_EVENTS: Final = (
    "prefect.automation.triggered",
    "prefect.automation.action.triggered",
    "prefect.automation.action.executed",
    "prefect.automation.action.failed",
)
"""What every automation emits when it fires."""

_ANY_ID: Final = "00000000-0000-4000-8000-000000000000"
_RUN_STATES: Final = frozenset(
    f"prefect.flow-run.{state}" for state in ("Scheduled", "Pending", "Running", "*")
)


def loop_problems(
    trigger: Mapping[str, Any],
    *,
    name: str | None = None,
    is_unknown: IsUnknown = nothing_unknown,
    path: Path = (),
) -> list[Problem]:
    """Warnings about a trigger, tagged or keyed, that the automation's own events fire again.

    Only an enabled automation loops; the caller knows. ``name`` is the automation's name, for triggers that
    match on it. A part that is not yet known is given the benefit of the doubt.
    """
    found = _self_firing(trigger, name, is_unknown, path)
    if not found:
        return []
    return [
        Problem(
            place,
            f"this trigger matches {event}, which the automation emits itself when it fires: it never stops",
            'Name the events to expect, or exclude automations: match = {"prefect.resource.id": '
            '"!prefect.automation.*"}.',
            "warning",
        )
        for place, event in found
    ]


def run_deployment_loops(
    trigger: Mapping[str, Any],
    actions: Sequence[Mapping[str, Any]],
    *,
    is_unknown: IsUnknown = nothing_unknown,
    path: Path = (),
) -> list[Problem]:
    """Errors for the loop that the server refuses: running a deployment on the start of any flow run.

    It looks at an enabled automation with a Reactive event trigger on a flow run's Scheduled, Pending or
    Running events, and at its ``actions`` (not at those on trigger or resolve). ``path`` is where the
    actions are.
    """
    kind, fields = _kind_and_fields(trigger, is_unknown)
    expect = fields.get("expect")
    if kind != "event" or fields.get("posture") not in (None, "Reactive") or not is_series(expect):
        return []
    if not any(isinstance(event, str) and event in _RUN_STATES for event in _known(expect, is_unknown)):
        return []
    problems: list[Problem] = []
    for index, action in enumerate(actions):
        if is_unknown(action) or action.get("type") != "run-deployment":
            continue
        source = action.get("source") or "selected"
        if source == "inferred":
            message = "running the inferred deployment on the start of its own flow runs never ends"
            remedy = "Select a deployment, and narrow `match` or `match_related` to exclude its own runs."
        elif source == "selected" and _matches_every_run(fields, is_unknown):
            message = "running a deployment on the start of every flow run includes the run that this starts"
            remedy = "Narrow `match` or `match_related` so that runs of this deployment do not match."
        else:
            continue
        problems.append(Problem((*path, index), message, remedy))
    return problems


def _matches_every_run(fields: Mapping[str, Any], is_unknown: IsUnknown) -> bool:
    related = fields.get("match_related")
    specifications = related if isinstance(related, (list, tuple)) else [related]
    return _is_every_run(fields.get("match"), is_unknown) and any(
        _is_every_run(labels, is_unknown) for labels in specifications
    )


def _is_every_run(labels: object, is_unknown: IsUnknown) -> bool:
    if labels is None:
        return True
    if is_unknown(labels) or not isinstance(labels, Mapping):
        return False
    if not labels:
        return True
    value = labels.get("prefect.resource.id")
    values = value if isinstance(value, (list, tuple)) else [value]
    return len(labels) == 1 and any(one == "prefect.flow-run.*" for one in values)


def _self_firing(
    trigger: Mapping[str, Any], name: str | None, is_unknown: IsUnknown, path: Path
) -> list[tuple[Path, str]]:
    """The places of the event triggers that keep this one firing, with the event that does it."""
    kind, fields = _kind_and_fields(trigger, is_unknown)
    here = path if trigger.get(kind) is not fields else (*path, kind)
    if kind == "event":
        event = _own_event(fields, name, is_unknown)
        return [] if event is None else [(here, event)]
    children = fields.get("triggers")
    if kind not in ("compound", "sequence") or not isinstance(children, Sequence) or not children:
        return []
    found: list[tuple[Path, str]] = []
    looping = 0
    for index, child in enumerate(children):
        mine = (
            _self_firing(child, name, is_unknown, (*here, "triggers", index))
            if isinstance(child, Mapping)
            else []
        )
        looping += bool(mine)
        found += mine
    return found if looping >= _expected(kind, fields.get("require"), len(children)) else []


def _expected(kind: str, require: object, count: int) -> int:
    if kind == "sequence":
        return count
    if require == "any":
        return 1
    number = number_of(require)
    return count if number is None else int(number)


def _own_event(fields: Mapping[str, Any], name: str | None, is_unknown: IsUnknown) -> str | None:
    """The automation's own event that makes this event trigger fire again, if one does."""
    expect, after = fields.get("expect"), fields.get("after")
    if any(is_unknown(part) for part in (expect, after, fields.get("posture"))):
        return None
    for event in OWN_EVENTS:
        if not _covers_resources(fields, event, name, is_unknown):
            continue
        expected = not expect or _names(expect, event, is_unknown)
        opened = bool(after) and _names(after or (), event, is_unknown)
        if fields.get("posture") == "Proactive":
            # Only an opening event makes it fire; one that is also expected closes what it opens.
            if opened and not expected:
                return event
        elif expected and (opened or not after):
            return event
    return None


def _names(patterns: Iterable[object], event: str, is_unknown: IsUnknown) -> bool:
    """Whether some pattern covers the event: as a glob, and as a prefix whose ``*`` stands for something."""
    return any(
        isinstance(pattern, str)
        and fnmatchcase(event, pattern)
        and match(escape(pattern).replace(r"\*", ".+"), event) is not None
        for pattern in _known(patterns, is_unknown)
    )


def _covers_resources(fields: Mapping[str, Any], event: str, name: str | None, is_unknown: IsUnknown) -> bool:
    resource = {"prefect.resource.id": f"prefect.automation.{_ANY_ID}", "prefect.resource.name": name}
    resource["prefect.posture"] = str(fields.get("posture") or "Reactive")
    if "action" in event:
        resource["prefect.trigger-type"] = "event"
    roles = ("triggering-event", "automation-triggered-event") if "action" in event else ("triggering-event",)
    related = [
        {"prefect.resource.id": f"prefect.event.{_ANY_ID}", "prefect.resource.role": role} for role in roles
    ]
    specification = fields.get("match_related")
    wanted = specification if isinstance(specification, (list, tuple)) else [specification]
    return _includes(fields.get("match"), [resource], is_unknown) and all(
        _includes(labels, related, is_unknown) for labels in wanted
    )


def _includes(labels: object, resources: Iterable[Mapping[str, str | None]], is_unknown: IsUnknown) -> bool:
    if labels is None:
        return True
    if is_unknown(labels) or not isinstance(labels, Mapping):
        return False
    return not labels or any(
        all(_has(resource.get(label), expected, is_unknown) for label, expected in labels.items())
        for resource in resources
    )


def _has(value: str | None, expected: object, is_unknown: IsUnknown) -> bool:
    if value is None:
        return False
    patterns = expected if isinstance(expected, (list, tuple)) else [expected]
    for pattern in _known(patterns, is_unknown):
        if isinstance(pattern, str) and fnmatchcase(value, pattern.removeprefix("!")) != pattern.startswith(
            "!"
        ):
            return True
    return False


def _known(values: Iterable[object], is_unknown: IsUnknown) -> list[object]:
    return [value for value in values if not is_unknown(value)]


def _kind_and_fields(trigger: Mapping[str, Any], is_unknown: IsUnknown) -> tuple[str, Mapping[str, Any]]:
    """A trigger's kind and fields, whichever of the two forms it has; no kind while it is not known."""
    if "type" not in trigger:
        for kind in KINDS:
            fields = trigger.get(kind)
            if is_unknown(fields):
                return "", {}
            # A tagged metric trigger has a field that is called like its kind.
            if isinstance(fields, Mapping) and not (kind == "metric" and "operator" in fields):
                return kind, fields
    if is_unknown(trigger.get("type")):
        return "", {}
    return infer_kind(trigger) or "", trigger
