"""Measures how fast a history larger than memory is read: made up, a year of it, in one Parquet file for each month.

``python -m bench.history --events 10000000`` makes it in a temporary directory, measures, and prints.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from prefect_iac.history.query import ALL, Query, Share
from prefect_iac.history.tables import TABLE_FORMAT, TableHistory, connect

__all__ = ["main", "make"]

_START: Final = datetime(2025, 12, 1, tzinfo=UTC)
_MONTHS: Final = 12
_YEAR: Final = timedelta(days=360)
_SHARES: Final = 64
_SENSORS: Final = 20
"""One event in so many thousand is of the name that an automation waits for."""

# Nine of ten events are of runs, each of 12 events, with a flow, a deployment, a pool and tags as related resources.
_EVENTS: Final = """
SELECT occurred, event, resource_id, id,
  '{"id":"' || id || '","occurred":"' || strftime(occurred, '%Y-%m-%dT%H:%M:%S.%fZ') || '","event":"' || event
  || '","resource":{"prefect.resource.id":"' || resource_id || '","prefect.resource.name":"run-' || run
  || '","prefect.state-name":"' || event[18:] || '","prefect.state-timestamp":"' || occurred
  || '","prefect.run-count":"1"},"related":[{"prefect.resource.id":"prefect.flow.' || md5('f' || flow)
  || '","prefect.resource.role":"flow","prefect.resource.name":"flow-' || flow
  || '"},{"prefect.resource.id":"prefect.deployment.' || md5('d' || flow)
  || '","prefect.resource.role":"deployment","prefect.resource.name":"nightly"},'
  || '{"prefect.resource.id":"prefect.work-pool.' || md5('p' || flow % 5)
  || '","prefect.resource.role":"work-pool","prefect.resource.name":"pool","prefect.work-pool.type":"kubernetes"},'
  || '{"prefect.resource.id":"prefect.tag.team","prefect.resource.role":"tag"}],"payload":{"intended":'
  || '{"from":"PENDING","to":"RUNNING"},"initial_state":{"type":"PENDING","name":"Pending","message":""},'
  || '"validated_state":{"type":"RUNNING","name":"Running","message":"' || md5('m' || number) || '"}},'
  || '"follows":null,"received":"' || strftime(occurred, '%Y-%m-%dT%H:%M:%S.%fZ') || '"}' AS document
FROM (
  SELECT number, number // 12 AS run, hash(number // 12) % 400 AS flow,
    uuid()::VARCHAR AS id, $start::TIMESTAMPTZ + to_microseconds(number * $step) AS occurred,
    CASE WHEN number % 1000 < $sensors THEN 'orders.received' WHEN number % 10 = 9 THEN 'prefect.task-run.Running'
      ELSE 'prefect.flow-run.' || ['Scheduled', 'Pending', 'Running', 'Completed', 'heartbeat'][1 + number % 5]
    END AS event,
    CASE WHEN number % 1000 < $sensors THEN 'shop.' || hash(number) % 5000
      ELSE 'prefect.flow-run.' || md5('r' || number // 12) END AS resource_id
  FROM range($first, $last) AS numbers(number)
)
"""


def make(folder: Path, events: int) -> None:
    """Write a year of so many events."""
    step = int(_YEAR.total_seconds() * 1_000_000 / events)
    database = connect()
    for month in range(_MONTHS):
        values = {
            "start": _START,
            "step": step,
            "sensors": _SENSORS,
            "first": events * month // _MONTHS,
            "last": events * (month + 1) // _MONTHS,
        }
        target = folder / f"{month:02}.parquet"
        database.execute(f"COPY ({_EVENTS}) TO '{target}' ({TABLE_FORMAT})", values)
    database.close()


def _measured(what: str, folder: Path, memory: str) -> int:
    """Do one of the things that are measured; returns how many events came of it."""
    history = TableHistory([str(folder / "*.parquet")], memory=memory)
    since = _START + _YEAR - timedelta(days=7)
    match what:
        case "count of a year by name":
            return sum(history.count(ALL).values())
        case "one name of a year, read":
            return _read(history, Query(("orders.received",)))
        case "one week, read":
            return _read(history, Query(since=since))
        case "one name of one week, read":
            return _read(history, Query(("orders.received",), since))
        case "one of 64 shares of a year, read":
            return _read(history, Query(share=Share(0, _SHARES)))
    msg = f"expected something to measure, got {what}"
    raise ValueError(msg)


def _read(history: TableHistory, query: Query) -> int:
    return sum(1 for _ in history.events(query))


_MEASURES: Final = (
    "count of a year by name",
    "one name of a year, read",
    "one week, read",
    "one name of one week, read",
    "one of 64 shares of a year, read",
)


def main() -> None:
    """Make, measure each in a process of its own, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.history", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="how many events (1000000)")
    parser.add_argument("--memory", default="1GB", help="what DuckDB may take (1GB)")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        what, folder = arguments.one
        print(json.dumps(_alone(what, Path(folder), arguments.memory)))
        return
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        started = time.monotonic()
        make(folder, arguments.events)
        seconds = time.monotonic() - started
        size = sum(path.stat().st_size for path in folder.iterdir())
        print(
            f"{arguments.events:,} events made up in {seconds:.1f} s: {size / 1e6:,.0f} MB, "
            f"{size / arguments.events:.0f} bytes an event"
        )
        print(
            "| what | events | seconds | CPU seconds | events a second | MB at most |\n|---|---|---|---|---|---|"
        )
        for what in _MEASURES:
            command = [sys.executable, "-m", "bench.history", "--memory", arguments.memory, "--one", what]
            done = subprocess.run([*command, directory], capture_output=True, text=True, check=True)
            one: dict[str, Any] = json.loads(done.stdout)
            rate = f"{one['events'] / one['seconds']:,.0f}"
            print(
                f"| {what} | {one['events']:,} | {one['seconds']:.1f} | {one['cpu']:.1f} | {rate} "
                f"| {one['peak']:.0f} |",
                flush=True,
            )


def _alone(what: str, folder: Path, memory: str) -> dict[str, float]:
    started = time.monotonic()
    events = _measured(what, folder, memory)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "events": events,
        "seconds": time.monotonic() - started,
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
