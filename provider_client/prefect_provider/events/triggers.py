"""Triggers of automations, made ready to be evaluated many times: names as predicates, labels as closures.

What a trigger covers is said in :mod:`~prefect_provider.events.matching`; this is the same, made fast, and a test holds
both against each other. Durations are microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from prefect_provider.events.behaviour import NEWEST, Behaviour
from prefect_provider.events.event import SECOND
from prefect_provider.events.patterns import NamePatterns, Resources, resources_of
from prefect_provider.rules.trigger_forms import tagged, to_api
from prefect_provider.rules.triggers import KINDS, LEAST_PROACTIVE_SECONDS, infer_kind
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from prefect_provider.events.event import Event

__all__ = [
    "Automation",
    "CompositeTrigger",
    "EventTrigger",
    "MetricTrigger",
    "Trigger",
    "TriggerError",
    "TriggerPath",
    "compile_automation",
    "phase_matters",
]

TriggerPath: TypeAlias = tuple[int, ...]
"""Where a trigger is in its automation: the places in ``triggers`` that lead to it; empty for the automation's own."""

Key: TypeAlias = tuple[str, ...]
"""The values of the labels that a trigger counts separately by."""


class TriggerError(ValueError):
    """A trigger that the server would not take; the message says why."""


class EventTrigger:
    """Fires when events are seen (Reactive) or are not seen in time (Proactive); is never changed."""

    __slots__ = (
        "behaviour",
        "fields",
        "for_each",
        "has_after",
        "immediate",
        "key",
        "names",
        "path",
        "proactive",
        "resources",
        "threshold",
        "within",
    )

    path: TriggerPath
    fields: Mapping[str, Any]
    """As the API wants them."""
    behaviour: Behaviour
    names: NamePatterns
    resources: Resources
    for_each: Key
    """Labels, sorted."""
    key: Callable[[Event], Key]
    """The values of ``for_each`` for an event; what is missing is empty text."""
    proactive: bool
    threshold: int
    within: int
    """Microseconds."""
    has_after: bool
    immediate: bool
    """Whether every event is a window of its own."""

    def __init__(self, path: TriggerPath, fields: Mapping[str, Any], behaviour: Behaviour) -> None:
        """Take the fields as the API wants them, all of them.

        Raises:
            TriggerError: no server would have taken them.
        """
        posture = fields["posture"]
        if posture not in ("Reactive", "Proactive"):
            expected = "`Reactive` or `Proactive`"
            raise TriggerError(say("The posture is unknown", expected=expected, got=show(posture)))
        self.proactive = posture == "Proactive"
        self.within = _duration(fields["within"])
        least = LEAST_PROACTIVE_SECONDS if self.proactive else 0
        if self.within < least * SECOND:
            what = f"`within` of a {posture} trigger is too short"
            raise TriggerError(say(what, expected=f"{least:g} or more", got=show(fields["within"])))
        self.path = path
        self.fields = fields
        self.behaviour = behaviour
        self.names = NamePatterns(fields["expect"], fields["after"], behaviour)
        self.resources = resources_of(fields["match"], fields["match_related"], behaviour)
        self.for_each = tuple(sorted(fields["for_each"]))
        self.key = _key(self.for_each)
        self.threshold = fields["threshold"]
        self.has_after = bool(fields["after"])
        self.immediate = not self.proactive and self.within == 0

    def __reduce__(self) -> tuple[type[EventTrigger], tuple[TriggerPath, Mapping[str, Any], Behaviour]]:
        # Closures do not go to other processes; what they are made of does.
        return EventTrigger, (self.path, self.fields, self.behaviour)

    def is_met(self, count: int) -> bool:
        """Whether this count makes it fire, as soon as it may."""
        return count < self.threshold if self.proactive else count >= self.threshold


class CompositeTrigger(NamedTuple):
    """Fires when its children have fired: so many of them, or all in order."""

    path: TriggerPath
    kind: Literal["compound", "sequence"]
    needed: int
    within: int | None
    """``None`` remembers for ever."""
    children: tuple[Trigger, ...]


class MetricTrigger(NamedTuple):
    """Fires on a number that Prefect Cloud computes. How is not documented, so that it is not modelled: never here."""

    path: TriggerPath


Trigger: TypeAlias = EventTrigger | CompositeTrigger | MetricTrigger


class Automation(NamedTuple):
    """An automation, as far as it decides when it fires."""

    id: str
    name: str
    enabled: bool
    trigger: Trigger
    behaviour: Behaviour = NEWEST

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """All of its triggers, each before its children."""
        return tuple(_all(self.trigger))

    @property
    def event_triggers(self) -> tuple[EventTrigger, ...]:
        """Those that look at events."""
        return tuple(one for one in _all(self.trigger) if isinstance(one, EventTrigger))

    @property
    def is_modelled(self) -> bool:
        """Whether all that decides is known: not so with a metric trigger."""
        return not any(isinstance(one, MetricTrigger) for one in _all(self.trigger))

    @property
    def partition_labels(self) -> Key | None:
        """The labels by whose values its events may be told apart and evaluated separately, with the same firings.

        ``None`` where all have to be evaluated together: composites remember across keys, and the runs of a Proactive
        trigger are timed by all of its windows.
        """
        trigger = self.trigger
        if isinstance(trigger, EventTrigger) and not trigger.proactive and trigger.for_each:
            return trigger.for_each
        return None

    def partition(self, event: Event) -> Key:
        """Which of the parts that :attr:`partition_labels` makes an event belongs to."""
        trigger = self.trigger
        return trigger.key(event) if isinstance(trigger, EventTrigger) else ()


def compile_automation(document: Mapping[str, Any], behaviour: Behaviour = NEWEST) -> Automation:
    """The automation of a document as the API gives or takes it; of a trigger both forms are read.

    Raises:
        TriggerError: the trigger is none that a server would have taken.
    """
    trigger = document.get("trigger")
    if not isinstance(trigger, Mapping):
        raise TriggerError(say("The automation has no trigger", expected="an object", got=show(trigger)))
    id_ = document.get("id")
    name = document.get("name")
    return Automation(
        "" if id_ is None else str(id_),
        "" if name is None else str(name),
        document.get("enabled") is not False,
        _compiled(_api_form(trigger), (), behaviour),
        behaviour,
    )


def phase_matters(automation: Automation) -> bool:
    """Whether firings may depend on when the server's ticks are, which nobody knows afterwards.

    Proactive triggers are evaluated at ticks, and ticks also remove windows that are over: those of ``after``, and
    unfinished counts without ``within``. Of other triggers only events that arrive late could tell the difference.
    """
    return any(
        one.proactive or one.has_after or (one.immediate and one.threshold > 1)
        for one in automation.event_triggers
    )


def _all(trigger: Trigger) -> list[Trigger]:
    found = [trigger]
    if isinstance(trigger, CompositeTrigger):
        for child in trigger.children:
            found += _all(child)
    return found


def _api_form(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """The trigger with all fields, as the API has it."""
    kinds = [kind for kind in KINDS if isinstance(trigger.get(kind), Mapping)]
    # A tagged metric trigger has a field that is called like its kind.
    if "type" not in trigger and kinds and "operator" not in trigger[kinds[0]]:
        try:
            trigger = tagged(trigger)
        except ValueError as error:
            raise TriggerError(say(str(error))) from error
    _refuse_unknown(trigger)
    return to_api(trigger)


def _refuse_unknown(trigger: object) -> None:
    if not isinstance(trigger, Mapping):
        raise TriggerError(say("The trigger is none", expected="an object", got=show(trigger)))
    if infer_kind(trigger) is None:
        got = show(trigger.get("type"))
        raise TriggerError(say("The trigger is of no known type", expected=names(KINDS, last="or"), got=got))
    children = trigger.get("triggers")
    for child in children if isinstance(children, (list, tuple)) else ():
        _refuse_unknown(child)


def _compiled(fields: Mapping[str, Any], path: TriggerPath, behaviour: Behaviour) -> Trigger:
    match fields.get("type"):
        case "event":
            return EventTrigger(path, fields, behaviour)
        case "compound" | "sequence" as kind:
            children = tuple(
                _compiled(child, (*path, index), behaviour) for index, child in enumerate(fields["triggers"])
            )
            within = fields.get("within")
            return CompositeTrigger(
                path,
                kind,
                _needed(kind, fields.get("require"), len(children)),
                None if within is None else _duration(within),
                children,
            )
    return MetricTrigger(path)


def _needed(kind: str, require: object, count: int) -> int:
    if kind == "sequence" or require == "all":
        return count
    if require == "any":
        return 1
    # Where Terraform allows one type only, a number is text.
    number = int(require) if isinstance(require, str) and require.isdecimal() else require
    if isinstance(number, int) and 1 <= number <= count:
        return number
    raise TriggerError(
        say(
            "`require` of a compound trigger is none",
            expected=f"`any`, `all`, or a number from 1 to {count}",
            got=show(require),
        )
    )


def _duration(seconds: float) -> int:
    return round(seconds * SECOND)


_RELATED: Final = "related"


def _key(labels: Sequence[str]) -> Callable[[Event], Key]:
    if not labels:
        return _no_key
    readers = tuple(_reader(label) for label in labels)
    if len(readers) == 1:
        (read,) = readers
        return lambda event: (read(event),)
    return lambda event: tuple([read(event) for read in readers])


def _no_key(event: Event) -> Key:  # noqa: ARG001 - it is a key
    return ()


def _reader(label: str) -> Callable[[Event], str]:
    """What finds a label of an event: of its resource, or of the first related one in a role."""
    front, _, related_label = label.rpartition(":")
    directive, _, role = front.partition(":")

    def read(event: Event) -> str:
        return str(event.resource.get(label) or "")

    def read_related(event: Event) -> str:
        for one in event.related:
            if one.get("prefect.resource.role") == role:
                return str(one.get(related_label) or "")
        return read(event)

    return read_related if directive == _RELATED else read
