"""What automations do on a history, whatever the phase of the server's ticks is: here, or spread over a cluster."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias
from zlib import crc32

from prefect_iac.backtest.listening import names_heard
from prefect_iac.history.history import HistoryError
from prefect_iac.history.query import Share
from prefect_iac.history.spreading import Partition, Reading, spread
from prefect_iac.secrecy.people import first_name
from prefect_provider.events.event import EventError, read_event
from prefect_provider.events.ordering import arrivals
from prefect_provider.events.replay import PHASES, replay
from prefect_provider.events.ticks import Lag, Ticks
from prefect_provider.events.triggers import phase_matters
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from prefect_iac.backtest.subjects import Contender, Own
    from prefect_iac.history.event import Event as Document
    from prefect_iac.history.history import History
    from prefect_iac.history.query import Query
    from prefect_provider.events.event import Event
    from prefect_provider.events.firing import Firing

__all__ = ["NEVER", "Cause", "Fired", "Firings", "Span", "evaluated", "event_of", "read_events", "spread_out"]

_ROLE: Final = "prefect.resource.role"
_ID: Final = "prefect.resource.id"
_NAME: Final = "prefect.resource.name"

_BUNDLES: Final = 64
"""Parts that the keys of one automation are put into: of more, sending them would take longer than the work."""
_SHARES: Final = 16
"""Parts of a table that workers read themselves; each passes over the whole table."""

Cause: TypeAlias = Literal["", "own run", "own deployment"]
"""How an event comes of the automation that it makes fire.

``own run``: of a run that the automation has started, as the event says. ``own deployment``: of a run, whoever started
it, of a deployment that the automation starts, so that each firing makes another run like it.
"""


class Span(NamedTuple):
    """The time that is looked at, in microseconds since 1970; the automations are loaded at its beginning."""

    since: int
    until: int


class Fired(NamedTuple):
    """One firing, without anything that an event might hold. Times are microseconds since 1970."""

    at: int
    event_id: str
    """Empty at a tick without an event."""
    event: str
    """Its name."""
    occurred: int
    resource: str
    """What the event is about: the name if it has one, else the id; of a run with the deployment before it."""
    counted: int
    start: int
    """The begin of the window that was counted; 0 for a composite."""
    key: tuple[str, ...]
    cause: Cause

    @property
    def identity(self) -> tuple[object, ...]:
        """What tells whether two automations fired for the same reason."""
        return (self.event_id or self.at, self.key)


@dataclass(frozen=True, slots=True)
class Firings:
    """When an automation fires, for each phase of the server's ticks that was tried; one if it does not matter."""

    by_phase: Mapping[int, tuple[Fired, ...]]

    @property
    def usual(self) -> tuple[Fired, ...]:
        """Those of the first phase."""
        return next(iter(self.by_phase.values()), ())

    @property
    def least(self) -> int:
        """The number of them at the least."""
        return min(map(len, self.by_phase.values()), default=0)

    @property
    def most(self) -> int:
        """The number of them at the most."""
        return max(map(len, self.by_phase.values()), default=0)

    @property
    def causes(self) -> Counter[Cause]:
        """How many come of the automation itself, by how; of the first phase."""
        return Counter(one.cause for one in self.usual if one.cause)

    def per_day(self) -> Mapping[date, int]:
        """How many on each day in UTC that has any; where the phase matters, as many as there may be."""
        found: dict[date, int] = {}
        for firings in self.by_phase.values():
            for day, number in Counter(_day(one.at) for one in firings).items():
                found[day] = max(number, found.get(day, 0))
        return found


NEVER: Final = Firings({0: ()})
"""Those of an automation that is not there."""


def read_events(documents: Iterable[Document], span: Span) -> list[Event]:
    """Events in the order in which a server evaluates them, each with the time at which it does; without payload.

    What was seen before or after the time that is looked at is seen at its edge. Raises HistoryError.
    """
    return _settled([event_of(one, span) for one in documents], span)


def evaluated(contenders: Sequence[Contender], events: Sequence[Event], span: Span) -> dict[str, Firings]:
    """The firings of automations on events of :func:`read_events`, by the id of each.

    All automations see each event in one pass, for each phase that matters.
    """
    fired: dict[str, dict[int, list[Fired]]] = {one.automation.id: {} for one in contenders}
    owns = {one.automation.id: one.own for one in contenders}
    for phase in PHASES:
        tried = [one for one in contenders if phase == PHASES[0] or phase_matters(one.automation)]
        if not tried:
            continue
        for one in tried:
            fired[one.automation.id][phase] = []
        automations = [one.automation for one in tried]
        # Without any lag: how far behind a server was is not in a history, and no part of it could tell.
        firings = replay(automations, events, since=span.since, until=span.until, phase=phase, lag=Lag())
        for firing in firings:
            if not firing.trigger:
                fired[firing.automation][phase].append(_fired(firing, owns[firing.automation]))
    return {id_: _firings(phases) for id_, phases in fired.items()}


def spread_out(
    contenders: Sequence[Contender],
    source: Sequence[Event] | tuple[History, Query],
    span: Span,
    cluster: str | None,
) -> dict[str, Firings]:
    """The same, automation by automation and key by key, each part wherever :func:`spread` has it worked out.

    ``source`` is events of :func:`read_events`, which are sent; or what each worker is to read itself.
    """
    partitions: list[Partition] = []
    for one in contenders:
        work = _Work(one, span)
        if isinstance(source, tuple):
            partitions += _read_apart(work, *source)
        else:
            partitions += _sent_apart(work, source)
    parts: dict[str, list[Firings]] = {one.automation.id: [] for one in contenders}
    for partition, firings in zip(partitions, spread(_worked_out, partitions, cluster), strict=True):
        parts[partition.automation.contender.automation.id].append(firings)
    return {id_: _joined(firings) for id_, firings in parts.items()}


class _Work(NamedTuple):
    """What a worker evaluates."""

    contender: Contender
    span: Span


def _worked_out(work: _Work, key: Hashable, events: Iterable[Event | Document]) -> Firings:  # noqa: ARG001 - the
    # key has chosen the events
    found = list(events)
    if found and isinstance(found[0], dict):
        ready = read_events(found, work.span)  # type: ignore[arg-type]  # all are of one kind
    else:
        ready = found  # type: ignore[assignment]  # the same
    return evaluated([work.contender], ready, work.span)[work.contender.automation.id]


def _sent_apart(work: _Work, events: Sequence[Event]) -> Iterator[Partition]:
    automation = work.contender.automation
    interesting = {
        name: any(any(one.names.roles(name)) for one in automation.event_triggers)
        for name in {event.name for event in events}
    }
    wanted = [event for event in events if interesting[event.name]]
    if automation.partition_labels is None:
        yield Partition(work, (), wanted)
        return
    (trigger,) = automation.event_triggers
    bundles: dict[int, list[Event]] = defaultdict(list)
    for event in wanted:
        if trigger.resources.test is None or trigger.resources.test(event):
            bundles[crc32(repr(automation.partition(event)).encode()) % _BUNDLES].append(event)
    for bundle in sorted(bundles):
        yield Partition(work, bundle, bundles[bundle])


def _read_apart(work: _Work, history: History, query: Query) -> Iterator[Partition]:
    automation = work.contender.automation
    names = names_heard([automation])
    if not names:
        yield Partition(work, (), [])
        return
    query = query._replace(names=names)
    if automation.partition_labels != (_ID,):
        yield Partition(work, (), Reading(history, query))
        return
    for number in range(_SHARES):
        yield Partition(work, number, Reading(history, query._replace(share=Share(number, _SHARES))))


def _joined(parts: Sequence[Firings]) -> Firings:
    joined: dict[int, list[Fired]] = defaultdict(list)
    for part in parts:
        for phase, firings in part.by_phase.items():
            joined[phase] += firings
    return _firings(joined) if joined else NEVER


def _firings(by_phase: Mapping[int, Iterable[Fired]]) -> Firings:
    """In an order that does not depend on who worked them out."""
    return Firings({phase: tuple(sorted(firings)) for phase, firings in sorted(by_phase.items())})


def event_of(document: Document, span: Span) -> Event:
    """The event of a document, seen within a time; without payload. Raises HistoryError."""
    try:
        event = read_event(document)
    except EventError as error:
        # What the message shows of it may be anything.
        msg = say(f"the event {document.get('id')} of {document['occurred']} has not the form of one")
        raise HistoryError(msg) from error
    return event._replace(received=min(max(event.arrived, span.since), span.until))


def _settled(events: Sequence[Event], span: Span) -> list[Event]:
    """The events with their order decided, so that any part of them is in the same."""
    order = arrivals(events, Ticks(span.since))
    return [event._replace(received=at, follows=None) for at, event, _ in order]


def _fired(firing: Firing, own: Own) -> Fired:
    event = firing.event
    if event is None:
        return Fired(firing.at, "", "", firing.at, "", firing.counted, firing.start, firing.key, "")
    return Fired(
        firing.at,
        event.id,
        event.name,
        event.occurred,
        _resource(event),
        firing.counted,
        firing.start,
        firing.key,
        _cause(event, own),
    )


def _resource(event: Event) -> str:
    name = first_name(event.resource.get(_NAME), event.resource.get(_ID))
    deployment = next((one.get(_NAME) for one in event.related if one.get(_ROLE) == "deployment"), None)
    return f"{deployment}/{name}" if deployment and deployment != name else name


def _cause(event: Event, own: Own) -> Cause:
    deployment = ""
    for one in event.related:
        role, id_ = one.get(_ROLE), str(one.get(_ID) or "")
        if own.creator and role == "creator" and id_ == own.creator:
            return "own run"
        if role == "deployment":
            deployment = id_
    is_of_a_run = event.name.startswith(("prefect.flow-run.", "prefect.task-run.")) and deployment
    return "own deployment" if is_of_a_run and (own.infers or deployment in own.deployments) else ""


def _day(time: int) -> date:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(time // 1_000_000, UTC).date()
