"""What a comparison of state and server found, as plain data; how it is shown is not its business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from prefect_provider.text.path import Path

__all__ = [
    "Cause",
    "Changed",
    "DriftReport",
    "How",
    "Ignored",
    "Missing",
    "Undecided",
    "Unmanaged",
    "Unreadable",
    "ValueChange",
]

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
    updated: str | None = None
    """When the server says that it was last changed, in whatever way."""


class Undecided(NamedTuple):
    """An object of which something is different that may be left to the server; the state does not say."""

    address: str
    type: str
    id: str
    changes: tuple[ValueChange, ...]
    updated: str | None = None


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


class Cause(NamedTuple):
    """Who changed something, and when, as far as there is evidence of it."""

    kind: Literal["automation", "ours", "outside", "unknown"]
    """``ours``: Terraform with this provider, which left a mark; ``outside``: somebody else, who need not be named."""
    actor: str | None = None
    """Name of the automation or of the person; ``None`` where the evidence carries none."""
    at: datetime | None = None
    before: datetime | None = None
    """The latest time that it can have been, where ``at`` is not known."""
    evidence: str = ""
    """``event <id>``, or the field of the object that says so."""
    note: str = ""
    """What else there is to say: the run and commit of an apply, or why nothing is known."""


class Unmanaged(NamedTuple):
    """An object on the server that no state knows."""

    address: str
    """Its type and its name: ``prefect_deployment["etl/nightly"]``; for patterns, not an address of Terraform's."""
    type: str
    id: str
    origin: str = ""
    """What seems to have made it, such as ``prefect deploy``; empty where nothing tells."""


class DriftReport(NamedTuple):
    """What was found, each kind in the order of the state."""

    checked: tuple[str, ...]
    """The addresses of all objects that were compared, or should have been."""
    changed: tuple[Changed, ...] = ()
    missing: tuple[Missing, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    state: str = ""
    """The file of the state, where there are several."""
    causes: Mapping[tuple[str, Path], Cause] | None = None
    """By address and path (empty: that it is missing); ``None`` where nobody asked."""
    unmanaged: tuple[Unmanaged, ...] | None = None
    """What no state knows; ``None`` where nobody asked."""

    @property
    def has_drift(self) -> bool:
        """Whether anything is certainly not as the state has it."""
        return bool(self.changed or self.missing)

    @property
    def has_findings(self) -> bool:
        """Whether there is drift, or anything that no state knows, if that was asked."""
        return bool(self.has_drift or self.unmanaged)

    @property
    def exit_code(self) -> int:
        """0: none; 2: drift; 1: something could not be read, so that nobody takes silence for sameness."""
        if self.unreadable:
            return 1
        return 2 if self.has_findings else 0
