"""When to apply, and how many runs were at work at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from prefect_iac.impact.concurrency import peak
from prefect_iac.impact.effect import Quiet
from prefect_iac.impact.quiet import quiet_time

_NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)


def _at(minutes: float) -> datetime:
    return _NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("due", "quiet"),
    [
        ([], Quiet(_NOW, None)),
        ([60], Quiet(_NOW, _at(58))),
        ([1, 60], Quiet(_at(3), _at(58))),
        ([-1, 60], Quiet(_at(1), _at(58))),
        ([-5], Quiet(_NOW, None)),
        ([1, 4, 8, 13], Quiet(_at(10), _at(11))),
        ([2, 6, 10], Quiet(_at(12), None)),
    ],
)
def test_quiet_time(due: list[float], quiet: Quiet) -> None:
    """The first time without a run two minutes before or after it, and how long it lasts."""
    assert quiet_time([_at(one) for one in due], _NOW) == quiet


def test_no_quiet_time_is_known() -> None:
    """Where a run is due every minute, and what comes after those that were read is not known."""
    assert quiet_time([_at(one) for one in range(100)], _NOW, _at(99)) == Quiet(None, None)


def test_peak() -> None:
    """Two at once for most of the time, four for an instant: that is not what to reckon with."""
    hours = [(_at(0), _at(60)), (_at(0), _at(60)), (_at(30), _at(31)), (_at(30), _at(31))]
    assert peak(hours) == 2
    assert peak([*hours, (_at(0), _at(60))]) == 3
    assert peak([(_at(0), _at(1))]) == 1
    assert peak([]) == 0


def test_peak_of_runs_that_have_just_begun() -> None:
    """Runs that have lasted for no time so far are some all the same, and count beside others as they last."""
    assert peak([(_at(1), _at(1)), (_at(2), _at(2))]) == 1
    assert peak([(_at(0), _at(60)), (_at(5), _at(5)), (_at(60), _at(120))]) == 1
