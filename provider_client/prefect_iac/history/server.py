"""Events of a Prefect server or of Prefect Cloud, fetched page by page into a file."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from prefect_iac.history.event import EventError, checked, occurred_of
from prefect_iac.history.files import FileHistory, append, new_file
from prefect_iac.history.history import Coverage, HistoryError
from prefect_iac.history.query import Query
from prefect_provider.api import ApiError, ConnectionFailed, Invalid, TimedOut, UnexpectedAnswer
from prefect_provider.text.problem import expectation, say
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
    from pathlib import Path

    from prefect_iac.history.event import Event
    from prefect_provider.api import Client, Scope

__all__ = [
    "MOST",
    "PAGE",
    "TooManyEventsError",
    "all_pages",
    "count_on_server",
    "fetch",
    "kept_for",
    "pages",
    "seen_since",
]

PAGE: Final = 50
"""Events in one answer; servers refuse to give more."""

MOST: Final = 100_000
"""Events that are fetched without asking: some 2,000 requests, and some 150 MB."""

_CLOUDS_WINDOW: Final = timedelta(days=14)
"""The longest time of one question to Prefect Cloud."""

_BACK_ON_CLOUD: Final = 5 * _CLOUDS_WINDOW
"""How far back Prefect Cloud is asked for what has no time: it does not tell how long it keeps events."""

_SHORT_WINDOW: Final = timedelta(days=7)
"""The longest time of one question where a plan keeps events no longer."""

_MOMENT: Final = timedelta(minutes=1)


class TooManyEventsError(HistoryError):
    """There are more events than were to be fetched; ``counts`` says how many of which name."""

    def __init__(self, counts: Mapping[str, int], most: int) -> None:
        self.counts = counts
        total = sum(counts.values())
        noisy = ", ".join(f"{name} ({number:,})" for name, number in Counter(counts).most_common(3))
        super().__init__(
            say(
                f"there are {total:,} events to fetch, in {-(-total // PAGE):,} requests",
                expected=f"at most {most:,}",
                got=f"most of them {noisy}",
                remedy="Ask for less time with --since, or fetch them all with --yes",
            )
        )


async def fetch(
    client: Client,
    query: Query,
    target: Path,
    *,
    most: int | None = MOST,
    progress: Callable[[int, int], None] | None = None,
) -> FileHistory:
    """Write the events that are wanted into a new file of lines, and give back the history that it is.

    ``progress`` is told how many there are so far, and in all. Nothing is fetched if there are more than ``most``
    (:class:`TooManyEventsError`); ``None``: however many. Raises ``ApiError`` where the server cannot be asked.
    """
    kept = await kept_for(client, query)
    now = _latest(client)
    query = query._replace(until=min(query.until or now, now))
    scope = client.workspace()
    counts = await count_on_server(client, query)
    total = sum(counts.values())
    if most is not None and total > most:
        raise TooManyEventsError(counts, most)
    new_file(target)
    done, oldest = 0, None
    for window in _windows(client, query):
        async for page in pages(scope, window.filter()):
            append(target, [event for event in page if query.takes(event)])
            done += len(page)
            oldest = occurred_of(page[-1]) if page else oldest
            if progress is not None:
                progress(done, max(total, done))
    return FileHistory([target]).covered(_coverage(query, now, kept, oldest))


async def count_on_server(client: Client, query: Query) -> Mapping[str, int]:
    """How many events of each name the server has of those that are wanted, perhaps with some more."""
    counts: Counter[str] = Counter()
    for window in _windows(client, query):
        path = "/events/count-by/event"
        # Servers refuse times of more than 1,000 units, whatever is counted by.
        body = {"filter": window.filter(), "time_unit": "week"}
        reply = await client.workspace().post(path, body)
        try:
            counts.update({str(one["value"]): int(one["count"]) for one in reply.data})
        except (KeyError, TypeError, ValueError) as error:
            raise _odd(path, "a list of counts", "other JSON") from error
    return counts


async def pages(scope: Scope, wanted: Mapping[str, Any]) -> AsyncGenerator[list[Event], None]:
    """The events that a filter of Prefect's takes, newest first, up to :data:`PAGE` at a time; each once.

    From the newest on, because a server deletes the oldest meanwhile, which would move all others from page to page.
    """
    path = "/events/filter"
    reply = await scope.post(path, {"filter": wanted, "limit": PAGE})
    known: set[str] = set()
    asked: set[str] = set()
    while True:
        events, token = _page(reply.data, path)
        yield [event for event in events if event["id"] not in known]
        # What occurs meanwhile, in the past, moves others to the next page only.
        known = {event["id"] for event in events}
        if token is None:
            return
        if token in asked:
            raise _odd(path, "another page after each", "the same again")
        asked.add(token)
        reply = await scope.get(f"{path}/next", {"page-token": token})


async def all_pages(
    client: Client, wanted: Mapping[str, Any], scope: Scope | None = None
) -> AsyncGenerator[list[Event], None]:
    """The same of all time: all that a self-hosted server has; of Prefect Cloud some weeks, window by window.

    ``scope`` is another workspace than the client's, or an account.
    """
    scope = scope or client.workspace()
    if not client.settings.is_cloud:
        async for page in pages(scope, wanted):
            yield page
        return
    now = _latest(client)
    sizes: tuple[timedelta, ...] = (_CLOUDS_WINDOW, _SHORT_WINDOW)
    until, answered = now, False
    while until > now - _BACK_ON_CLOUD:
        for size in sizes:
            occurred = Query(since=until - size, until=until).filter()["occurred"]
            try:
                async for page in pages(scope, {**wanted, "occurred": occurred}):
                    yield page
            except Invalid:
                if answered:
                    # It keeps none that are so old.
                    return
                if size == sizes[-1]:
                    raise
                continue
            answered, sizes = True, (size,)
            until -= size + timedelta(microseconds=1)
            break


async def seen_since(client: Client, query: Query) -> datetime | None:
    """Since when there may be events that :func:`all_pages` gives; ``None`` where the server does not say."""
    now = client.present
    if client.settings.is_cloud:
        return now - _BACK_ON_CLOUD
    kept = await kept_for(client, query)
    return None if kept is None else now - kept


def _latest(client: Client) -> datetime:
    """The present by the clock that is ahead: events bear the times of those who emit them, and that may be we."""
    return max(client.present, datetime.now(UTC))


async def kept_for(client: Client, query: Query) -> timedelta | None:
    """How long the server keeps the events that are wanted; ``None`` where it does not say, as Prefect Cloud."""
    if client.settings.is_cloud:
        return None
    try:
        settings = (await client.get("/admin/settings")).data
    except (ConnectionFailed, TimedOut):
        raise
    except ApiError:
        # It is for administrators, and a proxy may hide it.
        return None
    return _retention(settings, query)


def _retention(settings: Any, query: Query) -> timedelta | None:
    from prefect_provider.rules.durations import document_seconds

    def at(*steps: str) -> Any:
        value = settings
        for step in steps:
            value = value.get(step) if isinstance(value, dict) else None
        return value

    periods = [at("server", "events", "retention_period")]
    overrides = at("server", "services", "db_vacuum", "event_retention_overrides")
    if isinstance(overrides, dict):
        periods += [period for name, period in overrides.items() if name in query.names]
    seconds = [document_seconds(period) for period in periods if period is not None]
    known = [one for one in seconds if one is not None]
    return timedelta(seconds=min(known)) if known else None


def _coverage(query: Query, now: datetime, kept: timedelta | None, oldest: datetime | None) -> Coverage:
    if kept is not None:
        since, why = now - kept, f"the server keeps {_in_words(kept)}"
    elif oldest is not None:
        since, why = oldest, "its first event"
    else:
        return Coverage(None, query.until, "there is no event", whole=False)
    # What was asked for was worked out a moment before: all that a server keeps is asked for with its own period.
    if query.since is not None and since <= query.since + _MOMENT:
        return Coverage(query.since, query.until, "as asked", whole=True)
    return Coverage(since, query.until, why, whole=False)


def _windows(client: Client, query: Query) -> Iterator[Query]:
    """The query in parts that the server answers, the newest first."""
    if not client.settings.is_cloud or query.until is None or query.since is None:
        yield query
        return
    until = query.until
    while True:
        since = max(until - _CLOUDS_WINDOW, query.since)
        yield query._replace(since=since, until=until)
        if since <= query.since:
            return
        # Both ends are inclusive.
        until = since - timedelta(microseconds=1)


def _page(data: Any, path: str) -> tuple[list[Event], str | None]:
    """The events of an answer, and what asks for the next ones."""
    if not isinstance(data, dict) or not isinstance(data.get("events"), list):
        raise _odd(path, "an object with `events`", "other JSON")
    try:
        events = [checked(event) for event in data["events"]]
    except EventError as error:
        raise _odd(path, "", "", f"an event in it is none: {error}") from error
    if not all(isinstance(event.get("id"), str) for event in events):
        raise _odd(path, "events with an `id`", "one without")
    following = data.get("next_page")
    if not isinstance(following, str):
        return events, None
    token = parse_qs(urlsplit(following).query).get("page-token")
    return events, token[0] if token else None


def _odd(path: str, expected: str, got: str, reason: str = "") -> UnexpectedAnswer:
    return UnexpectedAnswer(
        f"The answer to POST {path} is not as expected",
        reason=reason or expectation(expected, got),
        method="POST",
        path=path,
        status=200,
    )


def _in_words(period: timedelta) -> str:
    seconds = period.total_seconds()
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size and seconds % size == 0:
            number = int(seconds // size)
            return counted(number, name)
    return f"{seconds:g} seconds"
