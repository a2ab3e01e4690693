"""Triggers that fire themselves: an automation sees its own events unless its trigger excludes them.

Firing emits ``automation.triggered`` and, for each action, ``automation.action.triggered`` and ``.executed`` or
``.failed``. An enabled automation on ``prefect.*`` or on everything therefore never stops: one event made 411 firings
in 12 seconds (Prefect 3.8). A run that an automation starts emits events as any run does, and may start the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from re import compile as pattern
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.events.matching import ANY, Event, expects, opens
from prefect_provider.rules.event_catalogue import AUTOMATION_RUN_EVENTS, CLOUD, OSS
from prefect_provider.rules.triggers import KINDS, infer_kind
from prefect_provider.rules.values import IsUnknown, is_series, nothing_unknown, number_of
from prefect_provider.text.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_provider.text.path import Path

__all__ = ["loop_problems", "run_deployment_loops"]

_ANY_ID: Final = "00000000-0000-4000-8000-000000000000"

_BEGINNINGS: Final = ("Scheduled", "Pending", "Running")
_ENDS: Final = ("Completed", "Failed", "Crashed", "Cancelled")
_LITERAL: Final = pattern(r"[^!*?\[]*")
"""What stands for itself at the beginning of the name of an event."""

_REFUSED: Final = frozenset(f"prefect.flow-run.{state}" for state in (*_BEGINNINGS, "*"))


def loop_problems(
    trigger: Mapping[str, Any],
    *,
    name: str | None = None,
    cloud: bool | None = None,
    is_unknown: IsUnknown = nothing_unknown,
    path: Path = (),
) -> list[Problem]:
    """Warnings about a trigger, tagged or keyed, that the automation's own events fire again.

    Only an enabled automation loops; the caller knows. ``name`` is the automation's name, for triggers that
    match on it. ``cloud`` says whether the server is Prefect Cloud, where these events have other names; with ``None``
    both are looked at. A part that is not yet known is given the benefit of the doubt.
    """

    def own_event(fields: Mapping[str, Any]) -> str | None:
        for space in [OSS] * (cloud is not True) + [CLOUD] * (cloud is not False):
            events = [_own_event(space, event, name, fields) for event in AUTOMATION_RUN_EVENTS]
            found = _fires_again(fields, events, is_unknown)
            if found is not None:
                return found
        return None

    return [
        Problem(
            place,
            f"this trigger matches {event}, which the automation emits itself when it fires: it never stops",
            'Name the events to expect, or exclude automations: match = {"prefect.resource.id": '
            '"!prefect.automation.*"}.',
            "warning",
            "loop",
        )
        for place, event in _places(trigger, own_event, is_unknown, path)
    ]


def run_deployment_loops(
    trigger: Mapping[str, Any],
    actions: Sequence[Mapping[str, Any]],
    *,
    refused: bool = True,
    is_unknown: IsUnknown = nothing_unknown,
    path: Path = (),
) -> list[Problem]:
    """Actions that run a deployment on events of runs, among them those of the run that they start.

    One shape the server refuses, among an enabled automation's ``actions`` and no others (``refused``): a Reactive
    event trigger on the start of any flow run. That is an error. The other shapes are warnings: a run that finishes,
    or fails again, starts the next one. ``path`` is where the actions are.
    """
    problems: list[Problem] = []
    for index, action in enumerate(actions):
        if is_unknown(action) or action.get("type") != "run-deployment" or is_unknown(action.get("source")):
            continue
        here = (*path, index)
        inferred = (action.get("source") or "selected") == "inferred"
        found = _refusal(trigger, here, is_unknown, inferred=inferred) if refused else None
        found = found or _repetition(trigger, action, here, is_unknown, inferred=inferred)
        if found is not None:
            problems.append(found)
    return problems


def _refusal(
    trigger: Mapping[str, Any], path: Path, is_unknown: IsUnknown, *, inferred: bool
) -> Problem | None:
    """What the server refuses: by the literal names of events, not by what they match."""
    kind, fields = _kind_and_fields(trigger, is_unknown)
    expect = fields.get("expect")
    if kind != "event" or fields.get("posture") not in (None, "Reactive") or not is_series(expect):
        return None
    if not any(isinstance(event, str) and event in _REFUSED for event in expect if not is_unknown(event)):
        return None
    if inferred:
        return Problem(
            path,
            "running the inferred deployment on the start of its own flow runs never ends",
            "Select a deployment, and narrow `match` or `match_related` to exclude its own runs.",
            rule="loop",
        )
    if not _matches_every_run(fields, is_unknown):
        return None
    return Problem(
        path,
        "running a deployment on the start of every flow run includes the run that this starts",
        "Narrow `match` or `match_related` so that runs of this deployment do not match.",
        rule="loop",
    )


def _repetition(
    trigger: Mapping[str, Any],
    action: Mapping[str, Any],
    path: Path,
    is_unknown: IsUnknown,
    *,
    inferred: bool,
) -> Problem | None:
    """The warning about a run that starts the next one."""
    deployment = action.get("deployment_id")
    events = [_run_event(state, deployment) for state in (*_BEGINNINGS, *_ENDS)]
    waits = _waits(trigger, is_unknown)

    def next_run(fields: Mapping[str, Any]) -> str | None:
        if is_unknown(fields.get("threshold")) or (number_of(fields.get("threshold")) or 1) > 1:
            return None  # one run makes one event
        known = _with_own_deployment(fields, deployment, is_unknown)
        # The run that is started is of the same deployment: what was related to the first is to the next.
        return _fires_again({**known, "match_related": None} if inferred else known, events, is_unknown)

    found = _places(trigger, next_run, is_unknown, ())
    if not found:
        return None
    state = found[0][1].rpartition(".")[2]
    which = "the same deployment" if inferred else "this deployment"
    if waits:
        message = "a run that this starts, and after which what is expected does not come either, starts the next one"
    elif state in ("Failed", "Crashed", "Cancelled"):
        message = f"a run that this starts and that becomes {state} as well starts the next one, for ever"
    else:
        message = f"the run that this starts becomes {state} as well and starts the next one: it never stops"
    remedy = (
        "Let the flow retry (`retries` of @flow), or select another deployment."
        if inferred
        else f"Narrow `match_related` to other flows, so that runs of {which} do not match."
    )
    return Problem(path, message, remedy, "warning", "loop")


def _waits(trigger: Mapping[str, Any], is_unknown: IsUnknown) -> bool:
    """Whether some part of a trigger fires when nothing comes."""
    _, fields = _kind_and_fields(trigger, is_unknown)
    children = fields.get("triggers")
    if is_series(children) and not is_unknown(children):
        return any(_waits(child, is_unknown) for child in children if isinstance(child, Mapping))
    return fields.get("posture") == "Proactive"


def _run_event(state: str, deployment: object) -> Event:
    """The event of a run of a deployment; what is not known of the run is any value."""
    id_ = deployment if isinstance(deployment, str) and deployment else _ANY_ID
    return Event(
        f"prefect.flow-run.{state}",
        {
            "prefect.resource.id": f"prefect.flow-run.{_ANY_ID}",
            "prefect.resource.name": ANY,
            "prefect.run-count": ANY,
            "prefect.state-message": ANY,
            "prefect.state-name": state,
            "prefect.state-timestamp": ANY,
            "prefect.state-type": state.upper(),
        },
        [
            _related("deployment", f"prefect.deployment.{id_}"),
            _related("flow", f"prefect.flow.{_ANY_ID}"),
            _related("creator", f"prefect.automation.{_ANY_ID}"),
        ],
    )


def _related(role: str, id_: str) -> dict[str, Any]:
    return {"prefect.resource.id": id_, "prefect.resource.role": role, "prefect.resource.name": ANY}


def _with_own_deployment(
    fields: Mapping[str, Any], deployment: object, is_unknown: IsUnknown
) -> Mapping[str, Any]:
    """The trigger with a stand-in for the deployment's own id where both are the same text, worked out later."""
    if not isinstance(deployment, str) or not is_unknown(deployment):
        return fields
    own = f"prefect.deployment.{deployment}"
    related = fields.get("match_related")
    wanted = related if isinstance(related, (list, tuple)) else [related]
    kept = [
        {label: value for label, value in labels.items() if value not in (own, [own])}
        if isinstance(labels, Mapping) and not is_unknown(labels)
        else labels
        for labels in wanted
    ]
    return {**fields, "match_related": kept}


def _own_event(space: str, event: str, name: str | None, fields: Mapping[str, Any]) -> Event:
    """What the automation emits when a trigger fires."""
    acts = ".action." in event
    resource: dict[str, Any] = {
        "prefect.resource.id": f"prefect.automation.{_ANY_ID}",
        "prefect.resource.name": name,
        "prefect.posture": str(fields.get("posture") or "Reactive"),
    }
    if acts:
        resource["prefect.trigger-type"] = "event"
    roles = ("triggering-event", "automation-triggered-event") if acts else ("triggering-event",)
    related = [
        {"prefect.resource.id": f"prefect.event.{_ANY_ID}", "prefect.resource.role": role} for role in roles
    ]
    return Event(f"{space}.{event}", resource, related)


def _fires_again(fields: Mapping[str, Any], events: Sequence[Event], is_unknown: IsUnknown) -> str | None:
    """The name of the first of these events that keeps an event trigger firing, if one does."""
    after = fields.get("after")
    if any(is_unknown(part) for part in (fields.get("expect"), after, fields.get("posture"))):
        return None
    opened = [event for event in events if opens(fields, event, is_unknown=is_unknown)]
    expected = [event for event in events if expects(fields, event, is_unknown=is_unknown)]
    if fields.get("posture") == "Proactive":
        # Only an opening event makes it fire; one that is also expected closes what it opens.
        return next((event.name for event in opened if event not in expected), None)
    if after and not opened:
        return None
    return expected[0].name if expected else None


def _may_see_prefect(fields: Mapping[str, Any], is_unknown: IsUnknown) -> bool:
    """Whether an event trigger may see any event of Prefect's own, judged by how the names that it has begin.

    Most look out for events of others, and need no closer look.
    """
    expect = fields.get("expect")
    if not expect:
        return True
    for names in (expect, fields.get("after") or ()):
        if is_unknown(names) or not is_series(names):
            return True
        for name in names:
            begin = "" if is_unknown(name) or not isinstance(name, str) else _LITERAL.match(name)[0]  # type: ignore[index]  # it always matches
            if begin[: len(OSS)] == OSS[: len(begin)]:
                return True
    return False


def _places(
    trigger: Mapping[str, Any],
    fires_again: Callable[[Mapping[str, Any]], str | None],
    is_unknown: IsUnknown,
    path: Path,
) -> list[tuple[Path, str]]:
    """The places of the event triggers that keep a trigger firing, with the event that does it.

    Of a composite trigger as many children have to be kept firing as it requires.
    """
    kind, fields = _kind_and_fields(trigger, is_unknown)
    here = path if trigger.get(kind) is not fields else (*path, kind)
    if kind == "event":
        event = fires_again(fields) if _may_see_prefect(fields, is_unknown) else None
        return [] if event is None else [(here, event)]
    children = fields.get("triggers")
    if kind not in ("compound", "sequence") or not isinstance(children, Sequence) or not children:
        return []
    found: list[tuple[Path, str]] = []
    looping = 0
    for index, child in enumerate(children):
        mine = (
            _places(child, fires_again, is_unknown, (*here, "triggers", index))
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
