"""The windows of one event trigger: at most one for each key, opened, counted and fired as the server does."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_provider.events.firing import Firing, Step
from prefect_provider.events.ticks import LOOK_BACK

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_provider.events.behaviour import Behaviour
    from prefect_provider.events.event import Event
    from prefect_provider.events.firing import StepKind
    from prefect_provider.events.ticks import Lag, Ticks
    from prefect_provider.events.triggers import EventTrigger, Key

__all__ = ["Windows"]

_HELD_FOR: Final = 2 * LOOK_BACK
_TIDY_FROM: Final = 1024
"""With fewer windows than this nobody looks for those that are long over."""


class _Moment(NamedTuple):
    """When and why windows are looked at."""

    at: int
    swept: int
    """Ticks up to this one have swept before."""
    event: Event | None = None
    """None at a tick."""


class _Window:
    """A half-open span of time and what was counted in it."""

    __slots__ = ("count", "end", "event", "start", "swept")

    def __init__(self, start: int, end: int, count: int, event: Event | None, swept: int) -> None:
        self.start = start
        self.end = end
        self.count = count
        self.event = event
        self.swept = swept


class Windows:
    """The state of one event trigger of one automation."""

    __slots__ = (
        "_automation",
        "_behaviour",
        "_fire",
        "_held",
        "_lag",
        "_ticks",
        "_tidy_at",
        "_windows",
        "next_run",
        "tell",
        "trigger",
    )

    trigger: EventTrigger
    next_run: int
    """The tick at which a Proactive trigger is evaluated next."""
    tell: Callable[[Step], None] | None
    """Is told each step, if there is someone to tell."""

    def __init__(
        self,
        automation: str,
        trigger: EventTrigger,
        behaviour: Behaviour,
        ticks: Ticks,
        lag: Lag,
        fire: Callable[[Firing], None],
    ) -> None:
        self.trigger = trigger
        self.next_run = ticks.first
        self.tell = None
        self._automation = automation
        self._behaviour = behaviour
        self._ticks = ticks
        self._lag = lag
        self._fire = fire
        self._windows: dict[Key, _Window] = {}
        self._tidy_at = _TIDY_FROM
        self._held: dict[Key, list[tuple[int, int]]] | None = None
        if behaviour.holds_expected and trigger.proactive and trigger.has_after:
            self._held = {}

    def see(self, event: Event, at: int, swept: int, *, expected: bool, opening: bool) -> None:
        """Evaluate an event that the trigger covers.

        ``at`` is when the server evaluates it; ticks up to ``swept`` have swept before that.
        """
        trigger = self.trigger
        key = trigger.key(event)
        occurred = event.occurred
        moment = _Moment(at, swept, event)
        window = self._windows.get(key)
        if window is not None and window.swept <= swept:
            self._sweep(key, window)
            window = None
        if opening or not trigger.has_after:
            if window is None:
                start = occurred if opening else occurred - LOOK_BACK
                counted = -1 if opening and expected else 0
                window = self._open(moment, key, start, occurred + trigger.within, counted, event)
            else:
                if not self._behaviour.holds_expected:
                    window.event = event
                if opening:
                    self._tell("left", moment, key, window)
        elif self._held is not None:
            self._hold(moment, key, event, window)
        if not expected:
            return
        if window is None:
            self._tell("unopened", moment, key, None)
        else:
            self._evaluate(moment, key, window, occurred, opening=opening)

    def run(self, tick: int) -> None:
        """Evaluate the windows of a Proactive trigger at a tick, and settle when to do so again."""
        trigger = self.trigger
        windows = self._windows
        moment = _Moment(tick, tick - 1)
        now = tick + self._lag.at(tick)
        for key, window in [one for one in windows.items() if one[1].swept < tick]:
            self._sweep(key, window)
        if not trigger.for_each and () not in windows:
            self._open(moment, (), now, now + trigger.within, 0, None)
        for key, window in [one for one in windows.items() if one[1].count >= trigger.threshold]:
            del windows[key]
            self._tell("satisfied", moment, key, window)
        again = now + trigger.within
        for key, window in sorted(windows.items(), key=lambda one: one[1].start):
            left = self._evaluate(moment, key, window, now, opening=False)
            if left is not None and now < left.end < again:
                again = left.end
        self.next_run = self._ticks.not_before(max(again, tick + 1))

    def _evaluate(
        self, moment: _Moment, key: Key, window: _Window, now: int, *, opening: bool
    ) -> _Window | None:
        """Count the event, if there is one, fire or not, and say which window is there then."""
        if now < window.start:
            self._tell("late", moment, key, window)
            return window
        trigger = self.trigger
        event = moment.event
        spent = event is None
        before = window.event
        if event is not None and (trigger.immediate or now < window.end):
            window.count += 1
            window.event = event
            spent = True
            self._tell("counted", moment, key, window)
        met = trigger.is_met(window.count)
        if met and (not trigger.proactive or window.end <= now):
            del self._windows[key]
            self._tell("fired", moment, key, window)
            cause = window.event if event is None else event
            self._fire(
                Firing(
                    self._automation,
                    trigger.path,
                    moment.at,
                    cause,
                    key,
                    window.count,
                    window.start,
                    window.end,
                )
            )
        elif now < window.end:
            if event is None or not opening or met or not self._behaviour.restarts or not trigger.proactive:
                return window
            last = self._remembered(before, event)
            return self._open(moment, key, now, now + trigger.within, 0, last, kind="restarted")
        elif trigger.has_after:
            del self._windows[key]
            self._tell("over", moment, key, window)
        if trigger.has_after or trigger.within == 0:
            return None
        start = max(window.end, now)
        carried = 0 if spent or not trigger.proactive else 1
        following = self._open(moment, key, start, start + trigger.within, carried, None, kind="next")
        if spent or trigger.proactive:
            return following
        return self._evaluate(moment, key, following, now, opening=opening)

    def _open(
        self,
        moment: _Moment,
        key: Key,
        start: int,
        end: int,
        count: int,
        last: Event | None,
        *,
        kind: StepKind = "opened",
    ) -> _Window:
        """Put a window in place, with the held events that it counts."""
        if self._held is not None:
            count += self._held_in(key, start, end, moment.swept, is_open=kind == "restarted")
        window = _Window(start, end, count, last, self._lag.sweep(end, moment.swept, self._ticks))
        self._windows[key] = window
        if len(self._windows) >= self._tidy_at:
            self._tidy(moment.swept)
        self._tell(kind, moment, key, window)
        return window

    def _sweep(self, key: Key, window: _Window) -> None:
        del self._windows[key]
        self._tell("swept", _Moment(window.swept, window.swept), key, window)

    def _tidy(self, now: int) -> None:
        """Forget the windows that ticks have removed, of keys that were not heard of since."""
        for key, window in [one for one in self._windows.items() if one[1].swept < now]:
            self._sweep(key, window)
        self._tidy_at = max(_TIDY_FROM, 2 * len(self._windows))

    def _remembered(self, before: Event | None, event: Event) -> Event:
        """The event that a window which begins anew remembers: a later one that is only expected is not forgotten."""
        if self._held is not None and before is not None and before.occurred >= event.occurred:
            expected, opening = self.trigger.names.roles(before.name)
            if expected and not opening:
                return before
        return event

    def _hold(self, moment: _Moment, key: Key, event: Event, window: _Window | None) -> None:
        """Keep an event that is only expected, for windows that open later, over it."""
        held = self._held_of(key)
        insort(held, (event.occurred, moment.at))
        oldest = held[-1][0] - max(_HELD_FOR, self.trigger.within)
        del held[: bisect_left(held, (oldest,))]
        self._tell("held", moment, key, window)

    def _held_of(self, key: Key) -> list[tuple[int, int]]:
        return [] if self._held is None else self._held.setdefault(key, [])

    def _held_in(self, key: Key, start: int, end: int, swept: int, *, is_open: bool) -> int:
        """How many of the held events occurred in a window.

        Half an hour after it was held, an event is removed by a tick, unless the window of its key is open.
        """
        held = self._held_of(key)
        found = held[bisect_left(held, (start,)) : bisect_left(held, (end,))]
        if is_open:
            return len(found)
        return sum(self._ticks.not_before(at + _HELD_FOR + 1) > swept for _, at in found)

    def _tell(self, kind: StepKind, moment: _Moment, key: Key, window: _Window | None) -> None:
        if self.tell is None:
            return
        start, end, count = (0, 0, 0) if window is None else (window.start, window.end, window.count)
        self.tell(Step(kind, moment.at, self.trigger.path, key, moment.event, start, end, count))
