"""What automations really did, as the server's own events tell, held against what the replay says."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.backtest.listening import TRIGGERED
from prefect_iac.history.event import occurred_of, resource_id_of
from prefect_provider.events.event import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prefect_iac.backtest.firings import Fired, Firings
    from prefect_iac.history.event import Event
    from prefect_provider.events.triggers import Automation

__all__ = ["Check", "Recorded", "Records", "compared"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

_LEAST_APART: Final = 10 * SECOND
"""How far apart in time a firing may be replayed and recorded: a tick, and what a busy server takes."""


class Recorded(NamedTuple):
    """A firing that the server recorded. Its time is in microseconds since 1970."""

    at: int
    event_id: str
    """That of the event that completed it; empty if there was none."""


class Check(NamedTuple):
    """The replay of an automation as it is now against what it did since it is as it is now."""

    since: datetime
    replayed: int
    recorded: int
    alike: int

    @property
    def only_replayed(self) -> int:
        """Firings that the server did not record."""
        return self.replayed - self.alike

    @property
    def only_recorded(self) -> int:
        """Firings that the replay does not have."""
        return self.recorded - self.alike

    @property
    def percent(self) -> int | None:
        """How many of all are alike, rounded down; ``None`` if there are none."""
        total = self.alike + self.only_replayed + self.only_recorded
        return 100 * self.alike // total if total else None


class Records:
    """The recorded firings of all automations."""

    def __init__(self) -> None:
        self._found: dict[str, list[Recorded]] = defaultdict(list)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._found)

    def of(self, id_: str) -> Sequence[Recorded]:
        """Those of the automation with this id."""
        return self._found.get(id_, ())

    def noting(self, documents: Iterable[Event]) -> Iterator[Event]:
        """The same events, one by one; those that say that an automation fired are noted when they pass."""
        for document in documents:
            if document["event"] in TRIGGERED:
                id_ = resource_id_of(document).rpartition(".")[2]
                at = (occurred_of(document) - _EPOCH) // _MICROSECOND
                self._found[id_].append(Recorded(at, _triggering(document)))
            yield document


def compared(
    automation: Automation, firings: Firings, recorded: Sequence[Recorded], since: datetime
) -> Check:
    """Hold the two against each other, with the phase of the ticks with which they are most alike.

    Firings are alike if the same event completed them; with Proactive triggers, if they are near in time, one to one.
    Where nothing happens these fire again and again, at ticks that move as time passes.
    """
    apart = _apart(automation)
    checks = [
        Check(since, len(replayed), len(recorded), _alike(replayed, recorded, apart))
        for replayed in firings.by_phase.values()
    ]
    return max(checks, key=lambda one: (one.alike, -one.replayed))


def _alike(replayed: Sequence[Fired], recorded: Sequence[Recorded], apart: int | None) -> int:
    if apart is None:
        ids = Counter(one.event_id for one in replayed if one.event_id)
        return (ids & Counter(one.event_id for one in recorded if one.event_id)).total()
    there = sorted(one.at for one in recorded)
    alike = place = 0
    for at in sorted(one.at for one in replayed):
        while place < len(there) and there[place] < at - apart:
            place += 1
        if place < len(there) and there[place] <= at + apart:
            alike += 1
            place += 1
    return alike


def _apart(automation: Automation) -> int | None:
    """How far apart in time firings may be that are alike; ``None``: an event tells it."""
    proactive = [one for one in automation.event_triggers if one.proactive]
    if not proactive:
        return None
    return max(_LEAST_APART, *(one.within // 2 for one in proactive))


def _triggering(document: Event) -> str:
    related: Any = document.get("related")
    for one in related if isinstance(related, list) else ():
        if isinstance(one, dict) and one.get("prefect.resource.role") == "triggering-event":
            return str(one.get("prefect.resource.id") or "").removeprefix("prefect.event.")
    return ""
