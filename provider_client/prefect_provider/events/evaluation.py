"""The state of automations while events pass, and what drives it: events as they arrive, ticks between them."""

from __future__ import annotations

from heapq import heapify, heapreplace
from typing import TYPE_CHECKING

from prefect_provider.events.composites import Memory
from prefect_provider.events.interest import Interest
from prefect_provider.events.triggers import CompositeTrigger, EventTrigger
from prefect_provider.events.windows import Windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from prefect_provider.events.firing import Firing, Step
    from prefect_provider.events.ordering import Arrival
    from prefect_provider.events.ticks import Lag, Ticks
    from prefect_provider.events.triggers import Automation, Trigger, TriggerPath

__all__ = ["Evaluation", "drive"]


class Evaluation:
    """One automation, as a server has loaded it: its windows and what its composites remember."""

    def __init__(
        self,
        automation: Automation,
        ticks: Ticks,
        lag: Lag,
        fire: Callable[[Firing], None],
        tell: Callable[[Step], None] | None = None,
    ) -> None:
        self.automation = automation
        self.windows: list[Windows] = []
        """Those of its event triggers, each before those further down."""
        self.memories: dict[TriggerPath, Memory] = {}
        self._ticks = ticks
        self._lag = lag
        self._tell = tell
        self._load(automation.trigger, fire)

    def _load(self, trigger: Trigger, fire: Callable[[Firing], None]) -> None:
        if isinstance(trigger, EventTrigger):
            automation = self.automation
            windows = Windows(automation.id, trigger, automation.behaviour, self._ticks, self._lag, fire)
            windows.tell = self._tell
            self.windows.append(windows)
        elif isinstance(trigger, CompositeTrigger):
            memory = self.memories[trigger.path] = Memory(self.automation.id, trigger, fire)
            for child in trigger.children:
                self._load(child, memory.hear)


def drive(
    evaluations: Sequence[Evaluation],
    events: Iterable[Arrival],
    fired: list[Firing],
    until: int,
) -> Iterator[Firing]:
    """Have automations see the events, and their Proactive triggers run, up to a time.

    ``fired`` is the list to which the evaluations' firings go; it is emptied as they are handed on.
    """
    all_windows = [windows for one in evaluations for windows in one.windows]
    interest = Interest(all_windows)
    runs = [(one.next_run, place, one) for place, one in enumerate(all_windows) if one.trigger.proactive]
    heapify(runs)

    def run(at: int) -> None:
        while runs and runs[0][0] <= at:
            tick, place, windows = runs[0]
            windows.run(tick)
            heapreplace(runs, (windows.next_run, place, windows))

    for at, event, swept in events:
        if at > until:
            break
        if runs and runs[0][0] <= at:
            run(at)
        for windows, expected, opening in interest.of(event):
            windows.see(event, at, swept, expected=expected, opening=opening)
        if fired:
            yield from fired
            fired.clear()
    run(until)
    yield from fired
    fired.clear()
