"""Why one event made an automation fire, or did not: what has to be read for that, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_iac.backtest.firings import Span, event_of
from prefect_iac.backtest.listening import TRIGGERED, names_heard
from prefect_iac.backtest.recording import Records
from prefect_iac.backtest.subjects import BacktestError, Subject, subjects_of
from prefect_iac.history.event import occurred_of
from prefect_iac.history.query import Query
from prefect_provider.events.event import SECOND
from prefect_provider.events.explanation import explain
from prefect_provider.events.replay import PHASES
from prefect_provider.events.ticks import EVERY, LOOK_BACK, SWEPT_AFTER
from prefect_provider.events.triggers import CompositeTrigger, phase_matters
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.history.event import Event
    from prefect_iac.history.history import Coverage, History
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.events.behaviour import Behaviour
    from prefect_provider.events.explanation import Explanation, Verdict
    from prefect_provider.events.triggers import Automation

__all__ = ["Answer", "Asked", "answer", "asked_about", "query_around"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_WINDOWS: Final = 3
"""How many windows before the event are looked at: each begins where the one before it ended."""
_LEAST: Final = 3600 * SECOND
_FOR_EVER: Final = 7 * 86_400 * SECOND
"""How far back is looked where a composite forgets nothing."""


class Asked(NamedTuple):
    """The automation that is asked about."""

    automation: Automation
    id: str
    """The server's; empty for one that a plan has, which has recorded nothing."""
    saved: int | None
    """When it was saved last, in microseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An explanation, and how sure it is."""

    explanation: Explanation
    """With the first phase of the server's ticks, or the first with which it fires if the server says that it did."""
    verdicts: Mapping[int, Verdict]
    """By phase, in microseconds; of one phase where it does not matter."""
    recorded: datetime | None
    """When the server recorded that it fired by this event."""
    is_recorded: bool
    """Whether what the server recorded is known: not for a planned automation, and not in a history without it."""
    saved: datetime | None
    """When the automation was saved last, if that was after the event: it may have been another then."""
    since: datetime
    """From when on the story is told."""
    coverage: Coverage

    @property
    def fired(self) -> bool:
        """Whether the event made it fire."""
        return bool(self.explanation.firings)


def asked_about(outlook: Outlook, wanted: str, behaviour: Behaviour) -> Asked:
    """The automation of a name, an id or an address: as a plan has it if there is one, else as it is.

    Raises:
        BacktestError: there is none, or several, or it cannot be evaluated.
    """
    found = subjects_of(outlook, behaviour, (wanted,))
    for skipped in found.skipped:
        raise BacktestError(say(f"the automation {show(skipped.name)} cannot be evaluated: {skipped.reason}"))
    if len(found.subjects) > 1:
        ids = names(one.address or one.id for one in found.subjects)
        raise BacktestError(
            say(
                f"there are {len(found.subjects)} automations {show(wanted)}",
                remedy=f"Name one of {ids}",
            )
        )
    (subject,) = found.subjects
    return _asked(subject, outlook)


def _asked(subject: Subject, outlook: Outlook) -> Asked:
    if outlook.plan is None:
        chosen = subject.now
    else:
        chosen = subject.planned
        if chosen is None:
            raise BacktestError(say(f"the plan deletes {subject.name}", remedy="Ask without --plan"))
    if chosen is None:
        raise BacktestError(say(f"there is no automation {show(subject.name)}"))
    automation = chosen.automation._replace(name=subject.name)
    is_the_servers = chosen is subject.now and outlook.is_live
    return Asked(automation, subject.id if is_the_servers else "", subject.saved if is_the_servers else None)


def query_around(asked: Asked, event: Event, since: datetime | None, until: datetime | None) -> Query:
    """What has to be read to explain an event: before it as far as the windows reach, and after it until they end."""
    occurred = occurred_of(event)
    return Query(
        names_heard([asked.automation], TRIGGERED),
        since or occurred - _reach(asked.automation) * _MICROSECOND,
        until or occurred + _longest(asked.automation) * _MICROSECOND,
    )


def answer(asked: Asked, event: Event, history: History, query: Query) -> Answer:
    """Explain what an event did to an automation, by the events of a history. Raises HistoryError."""
    coverage = history.coverage(query)
    begins = [one for one in (query.since, coverage.since) if one is not None]
    since = min(max(begins, default=occurred_of(event)), occurred_of(event))
    until = max(query.until or occurred_of(event), occurred_of(event))
    span = Span((since - _EPOCH) // _MICROSECOND, (until - _EPOCH) // _MICROSECOND)
    records = Records()
    others = [event_of(one, span) for one in records.noting(history.events(query))]
    subject = event_of(event, span)
    phases = PHASES if phase_matters(asked.automation) else PHASES[:1]
    found = {
        phase: explain(asked.automation, subject, others, since=span.since, until=span.until, phase=phase)
        for phase in phases
    }
    saved = asked.saved
    recorded = [one.at for one in records.of(asked.id) if one.event_id == subject.id]
    chosen = found[phases[0]]
    if recorded:
        chosen = next((one for one in found.values() if one.firings), chosen)
    return Answer(
        chosen,
        {phase: one.verdict for phase, one in found.items()},
        _EPOCH + recorded[0] * _MICROSECOND if recorded else None,
        bool(asked.id) and bool(records),
        None if saved is None or saved <= subject.arrived else _EPOCH + saved * _MICROSECOND,
        since,
        coverage,
    )


def _longest(automation: Automation) -> int:
    """How long after an event what it began may end: its windows, and then what waits for these."""
    windows = max((one.within for one in automation.event_triggers), default=0)
    return windows + _remembered(automation) + SWEPT_AFTER + EVERY


def _reach(automation: Automation) -> int:
    windows = max((one.within for one in automation.event_triggers), default=0)
    return max(_LEAST, _WINDOWS * windows + LOOK_BACK + SWEPT_AFTER + _remembered(automation))


def _remembered(automation: Automation) -> int:
    composites = [one for one in automation.triggers if isinstance(one, CompositeTrigger) and one.needed > 1]
    return sum(_FOR_EVER if one.within is None else one.within for one in composites)
