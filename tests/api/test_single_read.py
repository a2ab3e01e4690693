"""An object that is asked for alone, while nothing else is."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import TYPE_CHECKING

from prefect_provider.api import Reply
from prefect_provider.api.bulk import BulkReader, Listing
from prefect_provider.api.sender import Sender

if TYPE_CHECKING:
    from prefect_provider.api.request import Request

FLOWS = Listing("/flows", "flows", "CREATED_DESC")


class Prompt(Sender):
    """A server that answers at once."""

    async def send(self, request: Request) -> Reply:
        """Every object is there."""
        return Reply(200, {"id": request.path.rpartition("/")[2]})


def test_a_single_object_waits_no_ten_milliseconds() -> None:
    """The median of a hundred reads, each alone, over those that are not read together with others at all."""

    async def seconds(reader: BulkReader) -> float:
        taken = []
        for number in range(100):
            started = time.perf_counter()
            assert await reader.read(FLOWS, f"f{number}") == {"id": f"f{number}"}
            taken.append(time.perf_counter() - started)
        return statistics.median(taken)

    waits = asyncio.run(seconds(BulkReader(Prompt())))
    at_once = asyncio.run(seconds(BulkReader(Prompt(), enabled=False)))

    assert waits - at_once < 0.010
