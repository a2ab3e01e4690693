"""Evaluates automations over events that happened, as the server would have.

Time comes from the events: the wall clock has no part in it, and equal events give equal firings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_provider.events.evaluation import Evaluation, drive
from prefect_provider.events.event import SECOND
from prefect_provider.events.ordering import Sighting, arrivals
from prefect_provider.events.ticks import Lag, Ticks
from prefect_provider.events.triggers import phase_matters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from prefect_provider.events.event import Event
    from prefect_provider.events.firing import Firing, Step
    from prefect_provider.events.ordering import Arrival
    from prefect_provider.events.triggers import Automation

__all__ = ["PHASES", "Phases", "by_phase", "evaluate", "lag_of", "replay"]

PHASES: Final = tuple(second * SECOND for second in range(5))
"""Phases of the ticks that stand for all: one for each second between two of them."""


def replay(
    automations: Iterable[Automation],
    events: Iterable[Event],
    *,
    since: int | None = None,
    until: int | None = None,
    phase: int = 0,
    lag: Lag | None = None,
    tell: Callable[[Automation, Step], None] | None = None,
) -> Iterator[Firing]:
    """The firings of automations, in the order of time.

    Disabled automations never fire, and neither do triggers that need a metric trigger. What the automations do, and
    the events of that, has no part in it.

    Args:
        automations: Those to evaluate, as :func:`~prefect_provider.events.triggers.compile_automation` makes them.
        events: What happened, in any order; a list is not copied if it is in the order of arrival.
        since: When the server loaded the automations, in microseconds since 1970; what arrived before is not
            seen. Default: the first event's arrival.
        until: When to stop; what arrives at this time is still seen. Default: the last event's arrival.
        phase: Microseconds after ``since`` at which the first of the server's ticks comes; they come every 5
            seconds. See :func:`~prefect_provider.events.triggers.phase_matters`.
        lag: What :func:`lag_of` says of all events that the server saw, where ``events`` are a part of them.
            Default: that of ``events``.
        tell: Is called with each step, at the price of some speed.
    """
    seen = _between(events, since, until)
    if since is None:
        since = min((one.arrived for one in seen), default=0)
    if until is None:
        until = max((one.arrived for one in seen), default=since)
    ticks = Ticks(since + phase)
    order: Iterable[Arrival] = arrivals(seen, ticks)
    if lag is None:
        # The lag decides what ticks between events remove, so that it has to be known before.
        order, lag = _ordered(seen, ticks)
    fired: list[Firing] = []
    evaluations = [
        Evaluation(one, ticks, lag, fired.append, None if tell is None else _teller(tell, one))
        for one in automations
        if one.enabled
    ]
    return drive(evaluations, order, fired, until)


def evaluate(
    automation: Automation,
    events: Iterable[Event],
    *,
    since: int | None = None,
    until: int | None = None,
    phase: int = 0,
    lag: Lag | None = None,
) -> list[Firing]:
    """The firings of one automation, as :func:`replay` gives them: a pure function of what is given.

    Events may be spread by :attr:`~prefect_provider.events.triggers.Automation.partition_labels` and evaluated apart:
    with equal ``since``, ``until``, ``phase`` and ``lag`` the firings of all parts are those of the whole.
    """
    return list(replay([automation], events, since=since, until=until, phase=phase, lag=lag))


def lag_of(events: Iterable[Event], *, since: int, phase: int = 0) -> Lag:
    """How far behind the server's clock is, from all events that it saw, whatever automations look at."""
    return _ordered(_between(events, since, None), Ticks(since + phase))[1]


class Phases(NamedTuple):
    """What an automation does whatever the phase of the ticks is, which nobody knows."""

    firings: Mapping[int, Sequence[Firing]]
    """By phase, in microseconds."""

    @property
    def least(self) -> int:
        """The number of firings at the least."""
        return min(map(len, self.firings.values()))

    @property
    def most(self) -> int:
        """The number of firings at the most."""
        return max(map(len, self.firings.values()))


def by_phase(
    automation: Automation,
    events: Iterable[Event],
    *,
    since: int | None = None,
    until: int | None = None,
    phases: Sequence[int] = PHASES,
) -> Phases:
    """The firings for each phase of the ticks; for one only where the phase does not matter."""
    seen = events if isinstance(events, (list, tuple)) else list(events)
    tried = phases if phase_matters(automation) else phases[:1]
    return Phases({one: evaluate(automation, seen, since=since, until=until, phase=one) for one in tried})


def _between(events: Iterable[Event], since: int | None, until: int | None) -> Sequence[Event]:
    found = events if isinstance(events, (list, tuple)) else list(events)
    if since is None and until is None:
        return found
    return [
        one
        for one in found
        if (since is None or one.arrived >= since) and (until is None or one.arrived <= until)
    ]


def _ordered(events: Sequence[Event], ticks: Ticks) -> tuple[list[Arrival], Lag]:
    sightings: list[Sighting] = []
    return list(arrivals(events, ticks, sightings)), Lag(sightings)


def _teller(tell: Callable[[Automation, Step], None], automation: Automation) -> Callable[[Step], None]:
    return lambda step: tell(automation, step)
