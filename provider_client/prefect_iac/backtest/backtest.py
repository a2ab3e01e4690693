"""What automations would have done on a history: as they are, and as they will be when a plan has been applied.

It evaluates the very JSON that an apply would send, and reads nothing but events.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.backtest.firings import NEVER, Span, evaluated, read_events, spread_out
from prefect_iac.backtest.listening import TRIGGERED, names_heard
from prefect_iac.backtest.recording import Records, compared
from prefect_iac.backtest.subjects import subjects_of
from prefect_iac.history.query import ALL
from prefect_iac.history.tables import TableHistory
from prefect_provider.events.behaviour import NEWEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from prefect_iac.backtest.firings import Fired, Firings
    from prefect_iac.backtest.recording import Check
    from prefect_iac.backtest.subjects import Contender, Skipped, Subject, Subjects
    from prefect_iac.history.history import Coverage, History
    from prefect_iac.history.query import Query
    from prefect_iac.workspace.outlook import Outlook
    from prefect_provider.events.behaviour import Behaviour
    from prefect_provider.events.event import Event

__all__ = ["Backtest", "Selection", "Tested", "backtest", "names_wanted"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Selection(NamedTuple):
    """Which automations are looked at, and how the server evaluates."""

    automations: tuple[str, ...] = ()
    """Names, ids or addresses; without any, those that a plan changes, or without a plan all."""
    everything: bool = False
    """Whether those are looked at, too, that a plan leaves alone."""
    behaviour: Behaviour = NEWEST


@dataclass(frozen=True, slots=True)
class Tested:
    """What one automation did, and will do."""

    subject: Subject
    now: Firings | None
    """``None``: there is none yet."""
    planned: Firings | None
    """``None``: it will be gone. The same object as ``now`` if what decides about firing does not change."""
    check: Check | None
    """``None`` where nothing can be compared: it is new, disabled, or not modelled, or nothing is recorded at all."""

    @property
    def differs(self) -> bool:
        """Whether it will fire otherwise than it does."""
        return bool(self.gained or self.lost) or self._counts(self.now) != self._counts(self.planned)

    @property
    def gained(self) -> tuple[Fired, ...]:
        """Firings that there would be, and are not now; those of the first phase of the ticks."""
        return _beyond(self.planned, self.now)

    @property
    def lost(self) -> tuple[Fired, ...]:
        """Firings that there are, and would not be."""
        return _beyond(self.now, self.planned)

    @staticmethod
    def _counts(firings: Firings | None) -> tuple[int, int]:
        return (firings.least, firings.most) if firings else (0, 0)


@dataclass(frozen=True, slots=True)
class Backtest:
    """All of it."""

    tested: tuple[Tested, ...]
    skipped: tuple[Skipped, ...]
    left_alone: int
    """Automations that were not looked at, because the plan does not change them."""
    since: datetime
    """The time that was evaluated, with ``until``; in UTC."""
    until: datetime
    asked: datetime | None
    """Since when events were asked for; ``None``: as far back as there are any."""
    coverage: Coverage
    events: int
    """How many were read."""
    has_plan: bool

    @property
    def differs(self) -> bool:
        """Whether any automation will fire otherwise than it does."""
        return any(one.differs for one in self.tested)

    @property
    def days(self) -> tuple[date, ...]:
        """Each day in UTC of which a part was evaluated."""
        first, last = self.since.date(), self.until.date()
        return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))

    def too_many(self, most_per_day: int) -> Iterator[tuple[Tested, date, int]]:
        """The automations that would fire more often on some day, each with the worst one."""
        for one in self.tested:
            days = one.planned.per_day() if one.planned else {}
            worst = max(days, key=lambda day: (days[day], -day.toordinal()), default=None)
            if worst is not None and days[worst] > most_per_day:
                yield one, worst, days[worst]


def names_wanted(outlook: Outlook, selection: Selection = Selection()) -> tuple[str, ...]:  # noqa: B008 - it is a tuple
    """The names of the events that a backtest reads, for the query with which a history is opened.

    Raises BacktestError.
    """
    return _names(_subjects(outlook, selection))


def backtest(
    outlook: Outlook,
    history: History,
    query: Query = ALL,
    selection: Selection = Selection(),  # noqa: B008 - it is a tuple
    *,
    cluster: str | None = None,
    distributed: bool = False,
) -> Backtest:
    """Evaluate automations, now and planned, over a history.

    Args:
        outlook: the objects, now and planned.
        history: what happened.
        query: of what time; names that it has are replaced by those that the automations look for.
        selection: which automations.
        cluster: where, as :func:`~prefect_iac.history.spreading.spread` takes it.
        distributed: evaluate automations and keys apart also without a cluster, instead of in one pass.

    Raises:
        BacktestError: there is no automation of a name that is selected.
        HistoryError: events cannot be read.
    """
    distributed = distributed or cluster is not None
    found = _subjects(outlook, selection)
    query = query._replace(names=_names(found))
    coverage = history.coverage(query)
    span = _span(query, coverage)
    contenders = [one for subject in found.subjects for one in subject.contenders]
    records = Records()
    if distributed and _is_readable_anywhere(history):
        events: list[Event] | None = None
        number = sum(history.count(query).values())
        deque(records.noting(history.events(query._replace(names=TRIGGERED))), maxlen=0)
        firings = spread_out(contenders, (history, query), span, cluster)
    else:
        events = read_events(records.noting(history.events(query)), span)
        number = len(events)
        if distributed:
            firings = spread_out(contenders, events, span, cluster)
        else:
            firings = evaluated(contenders, events, span)
    checking = _Checking(history, query, span, events, records)
    return Backtest(
        tuple(_tested(one, firings, checking) for one in found.subjects),
        found.skipped,
        found.left_alone,
        _moment(span.since),
        _moment(span.until),
        query.since,
        coverage,
        number,
        outlook.plan is not None,
    )


def _subjects(outlook: Outlook, selection: Selection) -> Subjects:
    return subjects_of(outlook, selection.behaviour, selection.automations, everything=selection.everything)


def _names(found: Subjects) -> tuple[str, ...]:
    automations = [one.automation for subject in found.subjects for one in subject.contenders]
    return names_heard(automations, TRIGGERED)


class _Checking(NamedTuple):
    """What replays are held against."""

    history: History
    query: Query
    span: Span
    events: list[Event] | None
    """``None``: they are to be read."""
    records: Records

    def check(self, subject: Subject, firings: Firings) -> Check | None:
        """How an automation as it is agrees with what it did since it was saved."""
        now = subject.now
        if now is None or not now.automation.enabled or not now.automation.is_modelled:
            return None
        if not self.records:
            return None
        begin = max(self.span.since, subject.saved or 0)
        if begin > self.span.until:
            return None
        if begin > self.span.since:
            # The server loaded it then, and had forgotten what it had counted before.
            firings = self._since(now, begin)
        recorded = [one for one in self.records.of(subject.id) if begin <= one.at <= self.span.until]
        return compared(now.automation, firings, recorded, _moment(begin))

    def _since(self, contender: Contender, begin: int) -> Firings:
        span = Span(begin, self.span.until)
        names = names_heard([contender.automation])
        if self.events is None:
            query = self.query._replace(names=names, since=_moment(begin))
            events = read_events(self.history.events(query) if names else (), span)
        else:
            heard = self.query._replace(names=names, since=None, until=None)
            heard_names = {name: heard.takes({"event": name}) for name in {one.name for one in self.events}}
            events = [one for one in self.events if one.arrived >= begin and heard_names[one.name]]
        return evaluated([contender], events, span)[contender.automation.id]


def _tested(subject: Subject, firings: Mapping[str, Firings], checking: _Checking) -> Tested:
    now = None if subject.now is None else firings[subject.now.automation.id]
    planned = None if subject.planned is None else firings[subject.planned.automation.id]
    return Tested(subject, now, planned, None if now is None else checking.check(subject, now))


def _beyond(these: Firings | None, those: Firings | None) -> tuple[Fired, ...]:
    """What these have and those have not."""
    if these is None or these is those:
        return ()
    left: Counter[Any] = Counter(one.identity for one in (those or NEVER).usual)
    found = []
    for one in these.usual:
        if left[one.identity]:
            left[one.identity] -= 1
        else:
            found.append(one)
    return tuple(found)


def _span(query: Query, coverage: Coverage) -> Span:
    """The time to evaluate: what was asked for, as far as the history has it."""
    ends = [one for one in (query.until, coverage.until) if one is not None]
    begins = [one for one in (query.since, coverage.since) if one is not None]
    until = min(ends, default=datetime.now(UTC) if begins else _EPOCH)
    since = max(begins, default=until)
    return Span(_microseconds(min(since, until)), _microseconds(until))


def _is_readable_anywhere(history: History) -> bool:
    """Whether a worker on another machine can read it itself."""
    return isinstance(history, TableHistory) and all("://" in url for url in history.urls)


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _moment(time: int) -> datetime:
    return _EPOCH + time * _MICROSECOND
