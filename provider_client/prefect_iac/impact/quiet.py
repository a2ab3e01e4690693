"""When to apply: at a time at which no run is due that the apply would delete."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from prefect_iac.impact.effect import Quiet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["quiet_time"]

_MARGIN: Final = timedelta(minutes=2)
"""The scheduler makes deleted runs again within a minute; one that is due before that does not happen."""


def quiet_time(runs: Iterable[datetime], at: datetime, known_until: datetime | None = None) -> Quiet:
    """The first time from now on without a run two minutes before or after it.

    ``known_until``: later runs were not read.
    """
    begin = at
    for due in sorted(runs):
        if due + _MARGIN <= begin:
            continue
        if due - _MARGIN > begin:
            return Quiet(begin, due - _MARGIN)
        begin = due + _MARGIN
    if known_until is not None and begin >= known_until:
        return Quiet(None, None)
    return Quiet(begin, None if known_until is None else known_until)
