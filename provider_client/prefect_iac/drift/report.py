"""What a comparison of state and server found, as plain data; how it is shown is not its business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from prefect_provider.text.path import Path

__all__ = ["Changed", "DriftReport", "How", "Ignored", "Missing", "Undecided", "Unreadable", "ValueChange"]

How: TypeAlias = Literal["changed", "added", "removed"]


class ValueChange(NamedTuple):
    """One place in an object that is no longer as the state has it.

    ``was`` and ``now`` are JSON values without secrets; what is ``added`` (an element, a member, a key) was null, what
    is ``removed`` is null now. ``sensitive``: all of the value may be secret, so only that it changed is told.
    """

    path: Path
    was: Any
    now: Any
    sensitive: bool
    how: How = "changed"


class Changed(NamedTuple):
    """An object of which something is different."""

    address: str
    type: str
    id: str
    changes: tuple[ValueChange, ...]


class Undecided(NamedTuple):
    """An object of which something is different that may be left to the server; the state does not say."""

    address: str
    type: str
    id: str
    changes: tuple[ValueChange, ...]


class Missing(NamedTuple):
    """An object that no longer exists."""

    address: str
    type: str
    id: str


class Unreadable(NamedTuple):
    """An object of which nothing can be said, and why."""

    address: str
    type: str
    id: str
    reason: str


class Ignored(NamedTuple):
    """What was left out on request: a difference, or a whole object that was not read (``path`` is empty)."""

    address: str
    path: Path
    pattern: str


class DriftReport(NamedTuple):
    """What was found, each kind in the order of the state."""

    checked: tuple[str, ...]
    """The addresses of all objects that were compared, or should have been."""
    changed: tuple[Changed, ...] = ()
    missing: tuple[Missing, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    ignored: tuple[Ignored, ...] = ()

    @property
    def has_drift(self) -> bool:
        """Whether anything is certainly not as the state has it."""
        return bool(self.changed or self.missing)

    @property
    def exit_code(self) -> int:
        """0: none; 2: drift; 1: something could not be read, so that nobody takes silence for sameness."""
        if self.unreadable:
            return 1
        return 2 if self.has_drift else 0
