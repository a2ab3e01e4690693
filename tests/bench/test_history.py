"""The made-up history of the benchmark is one that is read as events are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bench.history import _MEASURES, _measured, make
from prefect_iac.history.event import occurred_of
from prefect_iac.history.sources import open_events

if TYPE_CHECKING:
    from pathlib import Path


def test_a_year_of_made_up_events(tmp_path: Path) -> None:
    """Every event is one, in a year, in order; what is measured is a part of them."""
    make(tmp_path, 12_000)
    history = open_events([str(tmp_path / "*.parquet")])

    events = list(history.events())

    assert len(events) == 12_000
    moments = [occurred_of(one) for one in events]
    assert moments == sorted(moments)
    assert (moments[-1] - moments[0]).days == 359
    names = Counter(one["event"] for one in events)
    assert names["orders.received"] == 240
    assert history.count() == names
    found = {what: _measured(what, tmp_path, "500MB") for what in _MEASURES}
    assert found["count of a year by name"] == 12_000
    assert found["one name of a year, read"] == 240
    assert 220 < found["one week, read"] < 250
    assert 0 < found["one of 64 shares of a year, read"] < 600
