"""An object that is asked for alone, while nothing else is."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.api.fake_transport import FakeTransport, answer, client

if TYPE_CHECKING:
    from prefect_provider.api import Answer, Client, Outgoing


async def prompt(outgoing: Outgoing) -> Answer:
    """A server on which every flow is there, and which says so at once."""
    return answer(200, {"id": outgoing.url.rpartition("/")[2], "name": "f"})


async def seconds(api: Client) -> float:
    """The median of a hundred reads, each alone."""
    flows = api.workspace().collection("/flows")
    taken = []
    async with api:
        for _ in range(100):
            id_ = str(uuid4())
            started = time.perf_counter()
            assert await flows.read(id_) == {"id": id_, "name": "f"}
            taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def test_a_single_object_waits_no_ten_milliseconds() -> None:
    """Over a read that does not wait for others at all."""
    transport = FakeTransport(prompt)
    waits = asyncio.run(seconds(client(transport)))
    at_once = asyncio.run(seconds(client(FakeTransport(prompt), bulk_reads=False)))

    assert {outgoing.method for outgoing in transport.sent} == {"GET"}
    assert waits - at_once < 0.010
