"""Which writes run together: what a server on SQLite and one on PostgreSQL (both fakes) make of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from prefect_provider.api.exchange.turns import Turns
from prefect_provider.api.exchange.waits import Stopped, StopSignal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Writes:
    """Writes that are under way, as a server sees them."""

    def __init__(self, turns: Turns, *, minds: bool) -> None:
        self.turns = turns
        self.minds = minds
        self.inserts = self.others = self.most = self.most_others = self.refused = 0
        self.order: list[int] = []

    async def write(self, number: int, *, inserts: bool) -> None:
        """One write; a server that minds refuses it when another that is no insertion meets it."""
        async with self.turns.turn(inserts=inserts):
            self.order.append(number)
            self.inserts += inserts
            self.others += not inserts
            self.most = max(self.most, self.inserts + self.others)
            self.most_others = max(self.most_others, self.others)
            await asyncio.sleep(0.001)
            meets = self.others > 1 or (self.others == 1 and self.inserts > 0)
            if self.minds and meets and not inserts:
                self.refused += 1
                self.turns.refused()
            self.inserts -= inserts
            self.others -= not inserts

    async def all(self, kinds: Iterable[bool], parallel: int = 10) -> None:
        """Many, so many asked for at once."""
        gate = asyncio.Semaphore(parallel)

        async def one(number: int, inserts: bool) -> None:
            async with gate:
                await self.write(number, inserts=inserts)

        await asyncio.gather(*(one(number, inserts) for number, inserts in enumerate(kinds)))


def story(make: Callable[[StopSignal], Turns], kinds: Iterable[bool], *, minds: bool) -> Writes:
    """What became of writes; each of ``kinds`` says whether it only inserts."""

    async def run() -> Writes:
        writes = Writes(make(StopSignal()), minds=minds)
        await writes.all(kinds)
        return writes

    return asyncio.run(run())


def test_a_server_that_minds_is_known_after_one_refusal() -> None:
    """Two hundred writes cost a single try."""
    writes = story(Turns, [False] * 200, minds=True)

    assert 1 <= writes.refused <= 2
    assert writes.most == 2


def test_a_server_that_does_not_mind_gets_many() -> None:
    """After some writes alone and some in pairs, ten run together."""
    writes = story(Turns, [False] * 200, minds=False)

    assert writes.most == 10


def test_a_small_apply_tries_nothing() -> None:
    """Five writes run one by one."""
    assert story(Turns, [False] * 5, minds=True).refused == 0


def test_insertions_run_beside_each_other_and_beside_nothing_else() -> None:
    """Where other writes mind, three insertions meet, and none of the others meets them."""

    def refusing(stop: StopSignal) -> Turns:
        turns = Turns(stop)
        turns.refused()
        return turns

    writes = story(refusing, [bool(number % 3) for number in range(120)], minds=True)

    assert (writes.refused, writes.most_others, writes.most) == (0, 1, 3)
    assert len(writes.order) == 120


def test_nobody_waits_for_ever() -> None:
    """A write that has to be alone has its turn among insertions that go on coming."""
    writes = story(Turns, [True] * 30 + [False] + [True] * 200, minds=True)

    assert writes.order.index(30) < 60


def test_a_limit_that_is_set_holds_whatever_happens() -> None:
    """Four at once are four, also after a refusal; and Prefect Cloud takes many from the start."""
    assert story(lambda stop: Turns(stop, limit=4), [False] * 40, minds=True).most == 4
    assert story(lambda stop: Turns(stop, limit=1), [True] * 40, minds=False).most == 1
    assert story(lambda stop: Turns(stop, accepts=True), [False] * 40, minds=False).most == 10


def test_a_stop_ends_the_wait() -> None:
    """Who waits is told, who comes later and would have to wait is too, and who has a turn keeps it."""

    async def run() -> None:
        stop = StopSignal()
        turns = Turns(stop)

        async def one() -> None:
            async with turns.turn(inserts=False):
                await asyncio.sleep(0)

        async with turns.turn(inserts=False):
            waiting = asyncio.create_task(one())
            await asyncio.sleep(0)
            stop.set()
            with pytest.raises(Stopped):
                await waiting
            with pytest.raises(Stopped):
                await one()
        await one()

    asyncio.run(run())


def test_a_cancelled_write_hands_its_turn_on() -> None:
    """A task that is cancelled in the moment in which its turn came does not keep it."""

    async def run() -> None:
        turns = Turns(StopSignal())

        async def one() -> str:
            async with turns.turn(inserts=False):
                return "done"

        async with turns.turn(inserts=False):
            cancelled, other = asyncio.create_task(one()), asyncio.create_task(one())
            await asyncio.sleep(0)
        cancelled.cancel()
        assert await asyncio.wait_for(other, 1) == "done"
        with pytest.raises(asyncio.CancelledError):
            await cancelled

    asyncio.run(run())
