"""How evaluation differs between versions of Prefect's server."""

from __future__ import annotations

from re import match
from typing import Final, NamedTuple

__all__ = ["NEWEST", "Behaviour"]


class Behaviour(NamedTuple):
    """What the server does; as it is, the newest server, and Prefect Cloud as far as is known."""

    whole_globs: bool = True
    """Since 3.6.23 ``*``, ``?`` and ``[..]`` mean something anywhere; before, only a ``*`` at the end did."""
    indexed: bool = True
    """Since 3.7.2 an event is looked at only if some of a trigger's names, taken as globs, match its whole name."""
    restarts: bool = True
    """Since 3.4.15 a satisfied Proactive window starts anew at an event that both opens it and is expected."""
    holds_expected: bool = True
    """Since 3.9 a Proactive window counts expected events that were evaluated before the event that opens it."""

    @classmethod
    def of(cls, version: str | None) -> Behaviour:
        """The behaviour of a version, such as ``3.8.8``; of a text that is no version, and of ``None``, the newest."""
        found = match(r"v?(\d+)\.(\d+)(?:\.(\d+))?", version or "")
        if found is None:
            return cls()
        release = (int(found[1]), int(found[2]), int(found[3] or 0))
        return cls(
            whole_globs=release >= (3, 6, 23),
            indexed=release >= (3, 7, 2),
            restarts=release >= (3, 4, 15),
            holds_expected=release >= (3, 9, 0),
        )


NEWEST: Final = Behaviour()
