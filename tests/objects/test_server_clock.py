"""A server whose clock is wrong: a creation whose answer was lost is told from what others made all the same."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from prefect_provider.api import Answer, Client, Outgoing, RetryPolicy, resolve
from prefect_provider.api.exchange.httpx_transport import HttpxTransport
from prefect_provider.api.exchange.server_clock import ServerClock
from prefect_provider.objects import made_here
from tests.api.fake_transport import broken
from tests.objects.automation_terraform import ManagedAutomation, config

if TYPE_CHECKING:
    from tests.objects.terraform_core import World


class WrongClock:
    """A real server, all of whose times are moved; the first creation breaks, before the server hears of it or after.

    ``older`` moves the creation of single objects, by their ids, some seconds into the past besides.
    """

    def __init__(self, inner: HttpxTransport, ahead: timedelta, *, heard: bool) -> None:
        self._inner = inner
        self._ahead = ahead
        self._heard = heard
        self.older: dict[str, float] = {}
        self.creations = 0

    async def send(self, outgoing: Outgoing) -> Answer:
        """Pass on, and move the times of the answer."""
        creation = outgoing.method == "POST" and outgoing.url.endswith("/automations/")
        self.creations += creation
        if creation and self.creations == 1:
            if self._heard:
                await self._inner.send(outgoing)
            raise broken()
        answer = await self._inner.send(outgoing)
        headers = {**answer.headers, "date": format_datetime(datetime.now(UTC) + self._ahead, usegmt=True)}
        body = answer.body
        if b'"created"' in body:
            data = json.loads(body)
            for item in data if isinstance(data, list) else [data]:
                moved = datetime.fromisoformat(item["created"]) + self._ahead
                item["created"] = (moved - timedelta(seconds=self.older.get(item["id"], 0.0))).isoformat()
            body = json.dumps(data).encode()
        return Answer(answer.status, headers, body)

    async def aclose(self) -> None:
        """Close the real connection."""
        await self._inner.aclose()


def _replace_clock(world: World, ahead: timedelta, *, heard: bool) -> WrongClock:
    settings = resolve({"endpoint": world.server.api_url}, os.environ | {"PREFECT_API_KEY": ""})
    transport = WrongClock(HttpxTransport(settings), ahead, heard=heard)
    world.run(world.client.aclose())
    world.client = Client(settings, transport=transport, policy=RetryPolicy(max_retries=20))
    world.run(world.client.check())
    return transport


@pytest.mark.parametrize("minutes", [-600, -10, -2, 2, 10, 600])
def test_own_creation_is_found(world: World, minutes: int) -> None:
    """The first creation of a process is found again, however far the server's clock is from ours."""
    transport = _replace_clock(world, timedelta(minutes=minutes), heard=True)
    managed = ManagedAutomation(world)
    managed.apply(config())
    assert transport.creations == 1
    managed.destroy()


def test_older_twin_is_not_taken(world: World) -> None:
    """A server whose clock is ahead does not make an equal automation of others look new."""
    given = config()
    other = ManagedAutomation(world)
    other.apply(given)
    made_here._MADE.discard(other.id)  # as if another process had made it
    transport = _replace_clock(world, timedelta(minutes=10), heard=False)
    transport.older = {other.id: 120.0}
    managed = ManagedAutomation(world)
    managed.apply(given)
    assert transport.creations == 2
    assert managed.id != other.id
    for one in (managed, other):
        one.destroy()


def _date(ahead: timedelta) -> str:
    return format_datetime(datetime.now(UTC) + ahead, usegmt=True)


@pytest.mark.parametrize("date", [None, "", "yesterday", "Wed, 99 Nov 2026 00:00:00 GMT"])
def test_no_time_of_the_server(date: str | None) -> None:
    """A server that says no time, or none that can be read, has a clock that is not known."""
    clock = ServerClock()
    clock.heed(date, 0.01)
    assert clock.ahead is None


def test_time_of_the_server() -> None:
    """The header tells the difference to the second."""
    clock = ServerClock()
    clock.heed(_date(-timedelta(minutes=3)), 0.01)
    assert clock.ahead is not None
    assert -181 <= clock.ahead.total_seconds() <= -179


def test_slow_answers() -> None:
    """An answer that took a minute does not make the clock look late, and a sooner answer is believed."""
    clock = ServerClock()
    clock.heed(_date(-timedelta(seconds=60)), 60.0)
    assert clock.ahead == timedelta()
    clock.heed(_date(timedelta(seconds=30)), 0.01)
    assert clock.ahead is not None
    assert 29 <= clock.ahead.total_seconds() <= 31
    clock.heed(_date(-timedelta(seconds=60)), 90.0)
    assert clock.ahead.total_seconds() > 29
