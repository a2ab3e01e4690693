"""What evaluation gives: firings, and for who wants to know why, each step that led to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from prefect_provider.events.event import Event
    from prefect_provider.events.triggers import TriggerPath

__all__ = ["Firing", "Step", "StepKind"]


class Firing(NamedTuple):
    """A trigger fired. Times are microseconds since 1970."""

    automation: str
    """The automation's id."""
    trigger: TriggerPath
    """Empty for the automation's own trigger: then its actions are done."""
    at: int
    """When the server decided it: when the event was seen, or at a tick."""
    event: Event | None
    """The event that is given to actions: the one that completed it, or at a tick the last that the window saw."""
    key: tuple[str, ...] = ()
    """The values of the labels in ``for_each``, in the order of the sorted labels; a composite has none."""
    counted: int = 0
    """How many events the window had counted."""
    start: int = 0
    end: int = 0
    """The window is from ``start`` up to ``end``; a composite has none, both are 0."""
    firings: tuple[Firing, ...] = ()
    """Those of the children that made a composite fire, in the order of time."""


StepKind: TypeAlias = Literal[
    "opened",
    "left",
    "counted",
    "late",
    "unopened",
    "restarted",
    "fired",
    "over",
    "next",
    "satisfied",
    "swept",
    "held",
]
"""What was done with a window:

- ``opened``: there was none, and an event or a tick opened it;
- ``left``: an opening event found one open, which stays as it is;
- ``counted``: an expected event counts;
- ``late``: an expected event occurred before it began, and counts nowhere;
- ``unopened``: an expected event found none;

- ``restarted``: it was satisfied, and begins anew at the event;
- ``fired``: the threshold is met;
- ``over``: it ended without firing, and is gone;
- ``next``: the one after it begins at its end;
- ``satisfied``: a run found its threshold reached, and removed it;
- ``swept``: it was removed a minute after its end;
- ``held``: an expected event is kept for a window that an earlier one may open.
"""


class Step(NamedTuple):
    """One thing that was done with the window of a trigger and a key."""

    kind: StepKind
    at: int
    """When the server did it."""
    trigger: TriggerPath
    key: tuple[str, ...]
    event: Event | None
    """The event that made it do so; none at a tick."""
    start: int
    end: int
    counted: int
    """The window as it is then; all 0 if there is none."""
