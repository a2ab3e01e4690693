"""What an automation would do on made-up events: their times are offsets from the moment at which it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.events.event import SECOND, Event
from prefect_provider.events.replay import PHASES, evaluate
from prefect_provider.events.ticks import EVERY
from prefect_provider.events.triggers import CompositeTrigger, EventTrigger, phase_matters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.events.firing import Firing
    from prefect_provider.events.triggers import Automation

__all__ = ["ANY_RESOURCE", "Outcome", "Rehearsal", "offset", "offset_text"]

ANY_RESOURCE: Final = "resource.1"
"""The id of the resource of an event that says nothing of it."""

_UNITS: Final = ((86_400 * SECOND, "d"), (3600 * SECOND, "h"), (60 * SECOND, "m"))


def offset(written: object) -> int | None:
    """The microseconds of an offset: a number of seconds, a ``timedelta``, or words such as ``1h30m``.

    ``None`` for what is none, and for a negative one.
    """
    from prefect_provider.rules.durations import worded_seconds
    from prefect_provider.rules.values import seconds_of

    seconds = worded_seconds(written) if isinstance(written, str) else seconds_of(written)
    if seconds is None or seconds < 0:
        return None
    return round(seconds * SECOND)


def offset_text(time: int) -> str:
    """An offset in words: ``1h30m``, ``12.5s``, ``0s``."""
    parts = []
    for size, unit in _UNITS:
        whole, time = divmod(time, size)
        if whole:
            parts.append(f"{whole}{unit}")
    if time or not parts:
        parts.append(f"{time / SECOND:g}s" if time % SECOND else f"{time // SECOND}s")
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was expected of an automation, and what it did, with one phase of the server's ticks."""

    phase: int
    expected: tuple[int, ...]
    fired: tuple[Firing, ...]
    missing: tuple[int, ...]
    """Of what was expected, that at which it did not fire."""
    unexpected: tuple[Firing, ...]

    @property
    def passed(self) -> bool:
        """Whether it did just what was expected."""
        return not self.missing and not self.unexpected


class Rehearsal:
    """Made-up events, in any order, and what automations do on them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._numbers = count(1)

    def add(
        self,
        at: int,
        name: str,
        *,
        resource: str | Mapping[str, str] | None = None,
        related: Mapping[str, str | Sequence[str]] | Sequence[Mapping[str, str]] = (),
        arrives: int | None = None,
        id_: str | None = None,
        follows: str | None = None,
    ) -> Event:
        """Have an event happen at an offset, in microseconds.

        ``resource`` is the id of its resource, or labels of it; without an id it is that of no resource in particular.
        ``related`` are ids by role, or the labels of each related resource. ``arrives`` is when the server sees it,
        if later.
        """
        number = next(self._numbers)
        event = Event(
            name,
            _resource(resource),
            _related(related),
            id_ or f"event-{number}",
            at,
            arrives,
            follows,
        )
        self.events.append(event)
        return event

    def outcome(
        self,
        automation: Automation,
        expected: Sequence[int],
        *,
        until: int | None = None,
        phase: int | None = 0,
    ) -> Outcome:
        """What the automation does, against the offsets at which it is expected to fire.

        ``phase`` is when the first of the server's ticks is after the automation is loaded, in microseconds. With
        ``None`` it may be any, and a firing may be up to a tick, 5 seconds, later than expected; the outcome is that of
        the first phase with which there is a difference. It ends ``until`` then; by default when the longest window
        after the last event is over, or at the last firing that is expected if that is later.
        """
        end = self._end(automation, expected) if until is None else until
        if phase is not None or not phase_matters(automation):
            return self._with_phase(automation, expected, end, phase or 0, 0)
        outcomes = [self._with_phase(automation, expected, end + EVERY, one, EVERY) for one in PHASES]
        return next((one for one in outcomes if not one.passed), outcomes[0])

    def _with_phase(
        self, automation: Automation, expected: Sequence[int], end: int, phase: int, slack: int
    ) -> Outcome:
        fired = evaluate(automation, self.events, since=0, until=end, phase=phase)
        missing = sorted(expected)
        unexpected = []
        for one in fired:
            found = next((time for time in missing if time <= one.at <= time + slack), None)
            if found is None:
                unexpected.append(one)
            else:
                missing.remove(found)
        return Outcome(phase, tuple(sorted(expected)), tuple(fired), tuple(missing), tuple(unexpected))

    def _end(self, automation: Automation, expected: Sequence[int]) -> int:
        last = max((event.arrived for event in self.events), default=0)
        return max([last + _longest(automation) + EVERY, *expected])


def _longest(automation: Automation) -> int:
    return max(
        (one.within or 0 for one in automation.triggers if isinstance(one, (EventTrigger, CompositeTrigger))),
        default=0,
    )


def _resource(written: str | Mapping[str, str] | None) -> dict[str, str]:
    if written is None or isinstance(written, str):
        return {"prefect.resource.id": written or ANY_RESOURCE}
    return {"prefect.resource.id": ANY_RESOURCE, **written}


def _related(written: Mapping[str, Any] | Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    if not hasattr(written, "items"):
        return [dict(one) for one in written]
    return [
        {"prefect.resource.id": id_, "prefect.resource.role": role}
        for role, ids in written.items()
        for id_ in ([ids] if isinstance(ids, str) else ids)
    ]
