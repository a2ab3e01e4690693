"""Why an event made an automation fire, or did not: condition by condition, and what became of the window.

All of it is data; who shows it finds the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from prefect_provider.events.evaluation import Evaluation, drive
from prefect_provider.events.ordering import Sighting, arrivals
from prefect_provider.events.patterns import text_test
from prefect_provider.events.ticks import Lag, Ticks
from prefect_provider.rules.values import is_series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from prefect_provider.events.behaviour import Behaviour
    from prefect_provider.events.event import Event, Labels
    from prefect_provider.events.firing import Firing, Step
    from prefect_provider.events.triggers import Automation, CompositeTrigger, EventTrigger, TriggerPath

__all__ = [
    "Child",
    "CompositeExplanation",
    "Condition",
    "EventExplanation",
    "Explanation",
    "Note",
    "Verdict",
    "explain",
]

Note: TypeAlias = Literal["negated name", "no label", "negations", "some other", "no resources"]
"""What surprises about a condition:

- ``negated name``: names are not negated; a ``!`` in front makes the name cover no event;
- ``no label``: a resource without the label never passes, not even a negation;
- ``negations``: of two negations in one list one always holds;
- ``some other``: a negation of a related resource means that some other one is there;
- ``no resources``: no related resource has all of these labels, though each may be had by some.
"""

Verdict: TypeAlias = Literal[
    "disabled",
    "not evaluated",
    "not matched",
    "fired",
    "remembered",
    "opened",
    "counted",
    "late",
    "over",
    "unopened",
    "left",
    "nothing",
]
"""What an event did: to an event trigger's window, or to the automation.

``not evaluated`` is an event that was seen before, or that came before all; ``remembered`` made a child fire, and the
composite waits for others; ``nothing`` changed nothing. The others are as in
:data:`~prefect_provider.events.firing.StepKind`.
"""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a trigger asks of an event."""

    field: Literal["expect", "after", "match", "match_related"]
    index: int | None
    """Of ``match_related``, which of its objects."""
    label: str | None
    """Of ``match`` and ``match_related``; ``None`` for all of an object."""
    wanted: tuple[str, ...]
    got: tuple[str, ...]
    """The event's name, or the values of the label, of all resources that it might be."""
    holds: bool
    by: str | None = None
    """Of ``match_related``: the id of the resource that has all labels of the object."""
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class EventExplanation:
    """One event trigger and the event."""

    path: TriggerPath
    conditions: tuple[Condition, ...]
    """Names are alternatives: the event has to be in ``expect`` or ``after``. All others have to hold."""
    expected: bool
    opening: bool
    key: tuple[tuple[str, str], ...]
    """Labels of ``for_each`` and their values for this event."""
    threshold: int
    within: int
    """Microseconds."""
    proactive: bool
    verdict: Verdict
    story: tuple[Step, ...]
    """What was done with the windows of this key since the one that the event found was opened, and by the event.

    Empty if the trigger is not about the event.
    """
    later: tuple[Step, ...]
    """What was done with them after the event, until the end of what was asked for."""


@dataclass(frozen=True, slots=True)
class Child:
    """A child of a composite."""

    path: TriggerPath
    fired: Firing | None
    """Its firing that was remembered when the event had been seen."""


@dataclass(frozen=True, slots=True)
class CompositeExplanation:
    """One composite trigger, when the event had been seen."""

    path: TriggerPath
    kind: Literal["compound", "sequence"]
    needed: int
    within: int | None
    """Microseconds; ``None`` remembers for ever."""
    children: tuple[Child, ...]
    fired: Firing | None
    """What the event made it do; then its children are those that it combined."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """All about an automation and an event."""

    automation: str
    """Its name."""
    event: Event
    at: int | None
    """When the server evaluated the event; ``None`` if it did not."""
    phase: int
    verdict: Verdict
    triggers: tuple[EventExplanation, ...]
    composites: tuple[CompositeExplanation, ...]
    firings: tuple[Firing, ...]
    """Those of the automation at the event."""
    later: tuple[Firing, ...]
    """Those of the automation afterwards, until the end of what was asked for."""
    is_modelled: bool


def explain(
    automation: Automation,
    event: Event,
    others: Iterable[Event] = (),
    *,
    since: int | None = None,
    until: int | None = None,
    phase: int = 0,
) -> Explanation:
    """Explain what an event did to an automation, among others before and after it.

    ``since`` and ``phase`` are as for :func:`~prefect_provider.events.replay.replay`; what happens ``until`` then, by
    other events and ticks, is told as what came later.
    """
    events = sorted([event, *(one for one in others if one.id != event.id)], key=_arrived)
    begin = events[0].arrived if since is None else since
    ticks = Ticks(begin + phase)
    sightings: list[Sighting] = []
    order = list(arrivals([one for one in events if one.arrived >= begin], ticks, sightings))
    place = next((place for place, one in enumerate(order) if one.event is event), None)
    if place is None or not automation.enabled:
        return _unevaluated(automation, event, phase)
    at = order[place].at
    steps: list[Step] = []
    fired: list[Firing] = []
    evaluation = Evaluation(automation, ticks, Lag(sightings), fired.append, steps.append)
    list(drive([evaluation], order[:place], fired, at))
    known = len(steps)
    firings = tuple(drive([evaluation], [order[place]], fired, at))
    done = len(steps)
    composites = tuple(_composite(one, evaluation, firings, event) for one in evaluation.memories)
    later = tuple(drive([evaluation], order[place + 1 :], fired, at if until is None else max(until, at)))
    triggers = tuple(
        _event_trigger(one, event, automation.behaviour, steps[:known], steps[known:done], steps[done:])
        for one in automation.event_triggers
    )
    return Explanation(
        automation.name,
        event,
        at,
        phase,
        _verdict(triggers, firings),
        triggers,
        composites,
        firings,
        later,
        automation.is_modelled,
    )


def _arrived(event: Event) -> int:
    return event.arrived


def _unevaluated(automation: Automation, event: Event, phase: int) -> Explanation:
    """What the automation asks of an event that it does not see."""
    triggers = tuple(
        _event_trigger(one, event, automation.behaviour, [], [], []) for one in automation.event_triggers
    )
    verdict: Verdict = "not evaluated" if automation.enabled else "disabled"
    return Explanation(
        automation.name, event, None, phase, verdict, triggers, (), (), (), automation.is_modelled
    )


_WEIGHT: Final[tuple[Verdict, ...]] = (
    *("fired", "counted", "opened", "left", "late", "over", "unopened", "nothing", "not matched"),
)
"""What an event did, the most telling first."""


def _verdict(triggers: Sequence[EventExplanation], firings: Sequence[Firing]) -> Verdict:
    """What it did to the automation: of several triggers the most telling."""
    if firings:
        return "fired"
    verdicts: list[Verdict] = [one.verdict for one in triggers]
    found: Verdict = min(verdicts, key=_WEIGHT.index, default="not matched")
    return "remembered" if found == "fired" else found


def _event_trigger(
    trigger: EventTrigger,
    event: Event,
    behaviour: Behaviour,
    before: Sequence[Step],
    during: Sequence[Step],
    after: Sequence[Step],
) -> EventExplanation:
    key = trigger.key(event)
    expected, opening = trigger.names.roles(event.name)
    met = trigger.resources.test is None or trigger.resources.test(event)
    matched = met and (expected or opening)
    own = [
        [step for step in steps if matched and step.trigger == trigger.path and step.key == key]
        for steps in (before, during, after)
    ]
    return EventExplanation(
        trigger.path,
        tuple(_conditions(trigger, event, behaviour, expected=expected, opening=opening)),
        expected,
        opening,
        tuple(zip(trigger.for_each, key, strict=True)),
        trigger.threshold,
        trigger.within,
        trigger.proactive,
        _done(own[1]) if matched else "not matched",
        (*_since_opening(own[0]), *own[1]),
        tuple(own[2]),
    )


def _done(steps: Sequence[Step]) -> Verdict:
    kinds = {step.kind for step in steps}
    found: Verdict
    for found in ("fired", "late", "over", "counted", "unopened", "opened", "left"):
        if found in kinds:
            return found
    return "nothing"


def _since_opening(steps: Sequence[Step]) -> Sequence[Step]:
    for place in range(len(steps) - 1, -1, -1):
        if steps[place].kind in ("opened", "restarted", "next"):
            return steps[place:]
    return ()


def _composite(
    path: TriggerPath, evaluation: Evaluation, firings: Sequence[Firing], event: Event
) -> CompositeExplanation:
    memory = evaluation.memories[path]
    trigger: CompositeTrigger = memory.trigger
    remembered = [one for other in evaluation.memories.values() for one in other.firings.values()]
    fired = next(
        (
            one
            for one in _with_children([*firings, *remembered])
            if one.trigger == path and one.event is event
        ),
        None,
    )
    combined = {one.trigger: one for one in fired.firings} if fired else memory.firings
    children = tuple(Child(one.path, combined.get(one.path)) for one in trigger.children)
    return CompositeExplanation(path, trigger.kind, trigger.needed, trigger.within, children, fired)


def _with_children(firings: Iterable[Firing]) -> Iterator[Firing]:
    for one in firings:
        yield one
        yield from _with_children(one.firings)


def _conditions(
    trigger: EventTrigger, event: Event, behaviour: Behaviour, *, expected: bool, opening: bool
) -> Iterator[Condition]:
    fields = trigger.fields
    negated = any(name.startswith("!") for name in (*fields["expect"], *fields["after"]))
    notes: tuple[Note, ...] = ("negated name",) if negated else ()
    yield Condition("expect", None, None, tuple(fields["expect"]), (event.name,), expected, notes=notes)
    if trigger.has_after:
        yield Condition("after", None, None, tuple(fields["after"]), (event.name,), opening, notes=notes)
    for label, listed in fields["match"].items():
        yield _label("match", None, label, _texts(listed), [event.resource], behaviour)
    related = fields["match_related"]
    for index, labels in enumerate(related if isinstance(related, list) else [related]):
        if labels:
            yield from _related(index, labels, event, behaviour)


def _related(
    index: int, labels: Mapping[str, Any], event: Event, behaviour: Behaviour
) -> Iterator[Condition]:
    """An object of ``match_related``: all of it, and each of its labels."""
    each = [
        _label("match_related", index, label, _texts(listed), event.related, behaviour)
        for label, listed in labels.items()
    ]
    by = next(
        (
            resource
            for resource in event.related
            if all(
                _label("match_related", index, label, _texts(listed), [resource], behaviour).holds
                for label, listed in labels.items()
            )
        ),
        None,
    )
    notes: tuple[Note, ...] = ()
    if by is None and all(one.holds for one in each):
        notes = ("no resources",)
    id_ = None if by is None else str(by.get("prefect.resource.id") or "")
    yield Condition("match_related", index, None, (), (), by is not None, id_, notes)
    yield from each


def _label(
    field: Literal["match", "match_related"],
    index: int | None,
    label: str,
    wanted: tuple[str, ...],
    resources: Sequence[Labels],
    behaviour: Behaviour,
) -> Condition:
    got = tuple(str(value) for value in (one.get(label) for one in resources) if value is not None)
    tests = [text_test(one, behaviour) for one in wanted]
    notes: list[Note] = []
    negations = sum(one.startswith("!") for one in wanted)
    if negations and not got:
        notes.append("no label")
    if negations > 1:
        notes.append("negations")
    if negations and field == "match_related":
        notes.append("some other")
    holds = any(test(value) for value in got for test in tests)
    return Condition(field, index, label, wanted, got, holds, notes=tuple(notes))


def _texts(listed: Any) -> tuple[str, ...]:
    values = listed if is_series(listed) else [listed]
    return tuple(one for one in values if isinstance(one, str))
