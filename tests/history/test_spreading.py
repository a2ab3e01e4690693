"""The same results, worked out here and by a cluster."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.history.history import HistoryError
from prefect_iac.history.query import Query, Share
from prefect_iac.history.sources import open_events, save_events
from prefect_iac.history.spreading import LOCAL, Partition, Reading, spread
from tests.history.made_up import event

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable
    from pathlib import Path

    from prefect_iac.history.event import Event

EVENTS = [event(number, resource=f"r.{number % 7}", number=number + 1) for number in range(500)]


def seen(automation: Any, key: Hashable, events: Iterable[Event]) -> tuple[Any, Hashable, list[str]]:
    """A pure function: what it was given, in order."""
    return automation["name"], key, [one["id"] for one in events]


def failing(automation: Any, key: Hashable, events: Iterable[Event]) -> None:
    """One that cannot."""
    msg = f"not {automation['name']} {key} {events is None}"
    raise LookupError(msg)


# What Dask itself leaves behind in a process that ends its cluster at once.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_cluster_gives_the_same(tmp_path: Path) -> None:
    """A cluster of this machine gives equal results in equal order, of events that are sent and that it reads."""
    save_events(EVENTS, str(tmp_path / "e.parquet"))
    history = open_events([str(tmp_path / "e.parquet")])
    partitions = [
        *(
            Partition({"name": "a"}, key, [one for one in EVENTS if one["resource"] == key])
            for key in range(3)
        ),
        *(Partition({"name": "b"}, part, Reading(history, Query(share=Share(part, 4)))) for part in range(4)),
    ]

    here = spread(seen, partitions)

    assert spread(seen, partitions, LOCAL) == here
    assert sorted(id_ for name, _, ids in here if name == "b" for id_ in ids) == [one["id"] for one in EVENTS]
    with pytest.raises(LookupError, match=r"not [ab] \d False"):
        spread(failing, partitions, LOCAL)


def test_a_cluster_that_is_not_there() -> None:
    """The address of no scheduler is said, and soon."""
    with pytest.raises(HistoryError, match=r"tcp://127\.0\.0\.1:1 cannot be reached"):
        spread(seen, [], "tcp://127.0.0.1:1")


def test_without_dask() -> None:
    """Without the extra, its name is said; nothing else needs it."""
    program = """
import sys
sys.modules["distributed"] = None
from prefect_iac.history.history import HistoryError
from prefect_iac.history.spreading import spread
print(spread(print, []))
try:
    spread(print, [], "tcp://scheduler:8786")
except HistoryError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == [
        "[]",
        "A cluster is spoken to with Dask, which is not installed. Install it with `pip install 'prefect-iac[dask]'`.",
    ]
