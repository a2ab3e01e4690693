"""What composite triggers remember of their children's firings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.events.firing import Firing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prefect_provider.events.triggers import CompositeTrigger, TriggerPath

__all__ = ["Memory"]


class Memory:
    """The state of one composite trigger of one automation: the last firing of each child that still counts."""

    __slots__ = ("_automation", "_fire", "_firings", "trigger")

    def __init__(self, automation: str, trigger: CompositeTrigger, fire: Callable[[Firing], None]) -> None:
        self.trigger = trigger
        self._automation = automation
        self._fire = fire
        self._firings: dict[TriggerPath, Firing] = {}

    @property
    def firings(self) -> Mapping[TriggerPath, Firing]:
        """What is remembered, by child, in the order of time; what is too old goes at the next firing of a child."""
        return self._firings

    def hear(self, firing: Firing) -> None:
        """Take note of a child's firing, and fire if it was the last that was needed.

        Two children that fire at one event do so one after the other, a moment apart: with a ``within`` of 0 they
        are never together. In which order they see an event is chance on a server, and may decide whether a sequence
        fires, or at which of two events a compound does; here it is the order in which they are written.
        """
        trigger = self.trigger
        if trigger.needed == 1:
            self._complete((firing,), firing)
            return
        remembered = self._firings
        if trigger.within is not None:
            oldest = firing.at - trigger.within
            for path, other in list(remembered.items()):
                if other.at < oldest or trigger.within == 0:
                    del remembered[path]
        remembered.pop(firing.trigger, None)
        remembered[firing.trigger] = firing
        if trigger.kind == "sequence":
            if tuple(remembered) != tuple(child.path for child in trigger.children):
                return
        elif len(remembered) < trigger.needed:
            return
        firings = tuple(remembered.values())
        remembered.clear()
        self._complete(firings, firing)

    def _complete(self, firings: tuple[Firing, ...], last: Firing) -> None:
        self._fire(Firing(self._automation, self.trigger.path, last.at, last.event, firings=firings))
