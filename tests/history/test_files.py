"""Events in files of lines and in tables: the same answers from either."""

from __future__ import annotations

import gzip
import json
import pickle
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import fsspec  # type: ignore[import-untyped]
import pytest

from prefect_iac.history.files import FileHistory
from prefect_iac.history.history import HistoryError
from prefect_iac.history.order import in_causal_order
from prefect_iac.history.query import ALL, Query, Share, read_moment
from prefect_iac.history.sources import open_events, save_events
from prefect_iac.history.tables import TableHistory
from tests.history.made_up import event, moved

if TYPE_CHECKING:
    from pathlib import Path

    from prefect_iac.history.history import History

NAMES = ("prefect.flow-run.Failed", "prefect.flow-run.Running", "orders.received")
EVENTS = [
    event(number * 7 % 1000, NAMES[number % 3], f"r.{number % 11}", number, payload={"n": [number, "ü😀"]})
    for number in range(1000)
]
QUERIES = [
    ALL,
    Query(names=("orders.received",)),
    Query(names=("prefect.flow-run.*", "orders.nothing")),
    Query(names=("orders_received",)),
    Query(since=moved(100), until=moved(200)),
    Query(resources=("r.1*",), names=("*",)),
    Query(resources=("r.2", "r.3"), since=moved(500)),
    *(Query(share=Share(number, 3)) for number in range(3)),
]


def written(path: Path, events: list[dict[str, Any]]) -> str:
    """A file of lines."""
    text = "".join(f"{json.dumps(one)}\n" for one in events).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return str(path)


def wanted(query: Query) -> list[dict[str, Any]]:
    """What a query takes, by a way of its own."""

    def fits(text: str, patterns: tuple[str, ...]) -> bool:
        return not patterns or any(
            text.startswith(one[:-1]) if one[-1] == "*" else text == one for one in patterns
        )

    return sorted(
        (
            one
            for one in EVENTS
            if fits(one["event"], query.names)
            and fits(one["resource"]["prefect.resource.id"], query.resources)
            and (query.since is None or one["occurred"] >= query.since.isoformat())
            and (query.until is None or one["occurred"] <= query.until.isoformat())
        ),
        key=lambda one: one["occurred"],
    )


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, History]:
    """The same events in each form."""
    folder = tmp_path_factory.mktemp("histories")
    parts = [EVENTS[:400], EVENTS[400:]]
    for number, part in enumerate(parts):
        written(folder / f"{number}.ndjson", part)
        written(folder / f"{number}.ndjson.gz", part)
        save_events(iter(part), str(folder / f"{number}.parquet"))
    lines = str(folder / "0.ndjson")
    others = str(folder / "foreign.parquet")
    with duckdb.connect() as database:
        database.execute(
            "COPY (SELECT id, occurred::TIMESTAMPTZ AS occurred, event, resource, related, payload, follows FROM "  # noqa: S608 - the test's own
            f"read_ndjson('{folder}/?.ndjson')) TO '{others}' (FORMAT parquet)"
        )
    return {
        "lines": open_events([str(folder / "?.ndjson")]),
        "packed": open_events([str(folder / "0.ndjson.gz"), str(folder / "1.ndjson.gz"), lines]),
        "parquet": open_events([str(folder / "[01].parquet")]),
        "lines in a database": TableHistory([str(folder / "?.ndjson")], "lines"),
        "columns of an event": open_events([others]),
    }


FORMS = ("lines", "packed", "parquet", "lines in a database", "columns of an event")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("query", QUERIES)
def test_every_form_gives_the_same(histories: dict[str, History], form: str, query: Query) -> None:
    """In every form a query takes the same events, in order, and counts as many; sent elsewhere too."""
    history: History = pickle.loads(pickle.dumps(histories[form]))  # noqa: S301 - made in the same line

    found = list(history.events(query))

    occurred = [one["occurred"][:19] for one in found]
    assert occurred == sorted(occurred)
    if query.share is None:
        assert {one["id"] for one in found} == {one["id"] for one in wanted(query)}
        assert len(found) == len(wanted(query))
    key = sorted(one["id"] for one in found)
    assert key == sorted(one["id"] for one in histories["lines"].events(query))
    sums: dict[str, int] = {}
    for one in found:
        sums[one["event"]] = sums.get(one["event"], 0) + 1
    if form != "packed" or query.share is None:
        counted = dict(history.count(query))
        assert counted == sums


@pytest.mark.parametrize("form", FORMS)
def test_events_stay_whole(histories: dict[str, History], form: str) -> None:
    """An event that is read has all that it was written with."""
    by_id = {one["id"]: one for one in EVENTS}
    for found in histories[form].events(Query(resources=("r.5",))):
        given = by_id[found["id"]]
        assert {**found, "occurred": ""} == {**given, "occurred": ""}
        assert datetime.fromisoformat(found["occurred"]) == datetime.fromisoformat(given["occurred"])


def test_shares_are_all_of_it(histories: dict[str, History]) -> None:
    """The shares have every event once, and all events of a resource are in one of them."""
    shares = [list(histories["parquet"].events(Query(share=Share(number, 4)))) for number in range(4)]

    assert sum(map(len, shares)) == len(EVENTS)
    assert all(shares)
    places: dict[str, set[int]] = {}
    for number, share in enumerate(shares):
        for one in share:
            places.setdefault(one["resource"]["prefect.resource.id"], set()).add(number)
    assert {len(numbers) for numbers in places.values()} == {1}


def test_coverage_is_the_time_that_there_are_events_of(histories: dict[str, History]) -> None:
    """Of files nothing is known before their first event, so asking for more is not answered in full."""
    for form in FORMS:
        coverage = histories[form].coverage(Query(since=moved(-1)))
        assert (coverage.since, coverage.until, coverage.whole) == (moved(0), moved(999), False), form
        assert histories[form].coverage(Query(since=moved(5))).whole, form


def test_no_events(tmp_path: Path) -> None:
    """A file without an event is a history without one."""
    written(tmp_path / "none.ndjson", [])
    history = open_events([str(tmp_path / "none.ndjson")])

    assert list(history.events()) == []
    assert history.coverage().since is None
    assert not history.coverage().whole


BAD_LINES = {
    "{bad": "text that is not JSON",
    "[1]": "a JSON array",
    '{"event": 3}': "the event's name as `event`",
    '{"event": "a", "resource": {}}': "`resource` with a `prefect.resource.id`",
    '{"event": "a", "resource": {"prefect.resource.id": "r"}, "occurred": "yesterday"}': "got other text",
    '{"event": "a", "resource": {"prefect.resource.id": "r"}, "occurred": "2026-11-20T12:00:00"}': "without a zone",
    '{"event": "a", "resource": {"prefect.resource.id": "r"}, "occurred": 1}': "a JSON number",
    "[" * 100_000: "too deeply",
}


@pytest.mark.parametrize("line", BAD_LINES, ids=list(BAD_LINES.values()))
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    """What is no event is an error at its file and line, blank lines counted, and never passed over."""
    path = tmp_path / "bad.ndjson"
    path.write_text(f"{json.dumps(event(1))}\n\n{line}\n{json.dumps(event(2))}\n", encoding="utf-8")

    for query in (ALL, Query(names=("nothing",)), Query(since=moved(10))):
        with pytest.raises(HistoryError) as caught:
            list(FileHistory([path]).events(query))
        assert str(caught.value).startswith(f"{path}:3 is no event: "), caught.value
        assert BAD_LINES[line] in str(caught.value)


@pytest.mark.parametrize("line", [line for line in BAD_LINES if not line.endswith('12:00:00"}')])
def test_a_bad_line_is_named_by_the_database(tmp_path: Path, line: str) -> None:
    """DuckDB says it of its file too, though a condition would pass over it."""
    path = tmp_path / "bad.ndjson"
    path.write_text(f"{json.dumps(event(1))}\n\n{line}\n{json.dumps(event(2))}\n", encoding="utf-8")

    with pytest.raises(HistoryError) as caught:
        list(TableHistory([str(path)], "lines").events(Query(names=("nothing",))))
    assert str(caught.value).startswith(f"{path}:3 is no event: ")
    assert BAD_LINES[line] in str(caught.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A missing file, an unknown form, a damaged one and a table of something else say what is wrong."""
    (tmp_path / "cut.ndjson.gz").write_bytes(gzip.compress(json.dumps(event(1)).encode())[:-9])
    (tmp_path / "odd.parquet").write_bytes(b"not a table")
    (tmp_path / "events.csv").write_text("a,b\n", encoding="utf-8")
    with duckdb.connect() as database:
        database.execute(f"COPY (SELECT 1 AS a) TO '{tmp_path}/other.parquet' (FORMAT parquet)")
    expected = {
        "none.ndjson": "there is no such file",
        "none-*.parquet": "there is no such file",
        "events.csv": "a name that ends in `.ndjson`",
        "cut.ndjson.gz": "the compressed file is damaged",
        "odd.parquet": "cannot be read",
        "other.parquet": "expected the columns `event`, `occurred` and `resource`, got `a`",
    }
    for name, message in expected.items():
        with pytest.raises(HistoryError, match=message.replace(".", r"\.")):
            list(open_events([str(tmp_path / name)]).events())
    with pytest.raises(HistoryError, match="Parquet only, got both"):
        open_events([str(tmp_path / "a.ndjson"), str(tmp_path / "b.parquet")])


def test_saving(tmp_path: Path) -> None:
    """What is saved is read again the same, in each form; an older file is replaced, also by itself."""
    for name in ("e.ndjson", "e.jsonl.gz", "e.parquet"):
        path = str(tmp_path / name)
        assert save_events(iter(EVENTS[:10]), path) == 10
        history = open_events([path])
        assert save_events(history.events(Query(names=("orders.*",))), path) == 3
        assert [one["id"] for one in open_events([path]).events()] == [EVENTS[n]["id"] for n in (2, 5, 8)]
    assert {path.name for path in tmp_path.iterdir()} == {"e.ndjson", "e.jsonl.gz", "e.parquet"}
    with pytest.raises(HistoryError, match="cannot write the events"):
        save_events([], str(tmp_path / "missing" / "e.ndjson"))


def test_an_object_store(tmp_path: Path) -> None:
    """Addresses are read through fsspec where DuckDB has no extension for them: here a store in memory."""
    save_events(iter(EVENTS), str(tmp_path / "e.parquet"))
    store = fsspec.filesystem("memory")
    store.pipe("/bucket/2026/e.parquet", (tmp_path / "e.parquet").read_bytes())
    try:
        history = open_events(["memory://bucket/2026/*.parquet"])
        assert len(list(history.events(Query(names=("orders.*",))))) == len(
            wanted(Query(names=("orders.*",)))
        )
    finally:
        store.rm("/bucket", recursive=True)


def test_an_address_that_nothing_reads() -> None:
    """An address of an unknown kind says what can be done."""
    with pytest.raises(HistoryError, match="nowhere:// cannot be read"):
        list(open_events(["nowhere://bucket/e.parquet"]).events())


def test_without_duckdb(tmp_path: Path) -> None:
    """Lines are read without DuckDB, and Parquet says which extra is missing."""
    written(tmp_path / "e.ndjson", EVENTS[:3])
    program = """
import sys
sys.modules["duckdb"] = None
from prefect_iac.history.history import HistoryError
from prefect_iac.history.sources import open_events
print(len(list(open_events(["e.ndjson"]).events())))
try:
    list(open_events(["s3://bucket/e.parquet"]).events())
except HistoryError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "3",
        (
            "Parquet files and object stores are read by DuckDB, which is not installed. Install it with "
            "`pip install 'prefect-iac[duckdb]'`."
        ),
    ]


def test_leaders_come_first() -> None:
    """An event that follows another comes after it, though it occurred before; the chain too."""
    first, second, third = event(2, number=1), event(1, number=2), event(0, number=3)
    second["follows"], third["follows"] = first["id"], second["id"]
    other = event(1.5, number=4)

    ordered = list(in_causal_order([third, second, other, first]))

    assert ordered == [other, first, second, third]


def test_followers_without_a_leader_stay_where_they_are() -> None:
    """Whether the leader is missing, came already or is over five minutes away: it is not waited for."""
    leader, late = event(0, number=1), event(400, number=2)
    follower = event(10, number=3, follows=leader["id"])
    orphan = event(20, number=4, follows="00000000-0000-0000-0000-00000000ffff")
    early = event(30, number=5, follows=late["id"])
    events = [leader, follower, orphan, early, event(60, number=6), late]

    assert list(in_causal_order(events)) == events


def test_a_circle_loses_nothing() -> None:
    """Events that follow each other are all there."""
    one, two = event(0, number=1), event(1, number=2)
    one["follows"], two["follows"] = two["id"], one["id"]

    assert {item["id"] for item in in_causal_order([one, two])} == {one["id"], two["id"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7d", datetime(2026, 11, 18, 12, tzinfo=UTC)),
        ("36h", datetime(2026, 11, 24, 0, tzinfo=UTC)),
        ("P1D", datetime(2026, 11, 24, 12, tzinfo=UTC)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T01:00:00+01:00", datetime(2026, 11, 1, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    """Durations before now, and times, which are in UTC without a zone."""
    assert read_moment(text, datetime(2026, 11, 25, 12, tzinfo=UTC)) == expected


@pytest.mark.parametrize("text", ["", "soon", "7", "-1d", "0d", "99999999w", "2026-13-01"])
def test_no_moments(text: str) -> None:
    """Anything else is refused."""
    with pytest.raises(ValueError, match="expected a duration such as"):
        read_moment(text, datetime.now(UTC) + timedelta(0))
