"""Reads that are answered together while things change, are refused, or hold secrets: as right as one by one."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Client, resolve
from prefect_provider.objects.catalogue import Block, Flow, Variable
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from tests.environment.reading_proxy import ReadingProxy
from tests.environment.request_kinds import by_kind
from tests.objects.crowds import Crowd
from tests.objects.terraform_core import configuration, explain, shown, unique

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from prefect_provider.plugin.engine.lifecycle import Outcome
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Values
    from tests.environment.prefect_server import PrefectServer

pytestmark = pytest.mark.sqlite

BOTH = pytest.mark.parametrize("bulk", [True, False], ids=["coalescing", "one by one"])


@pytest.fixture
def proxy(prefect_server: PrefectServer) -> Iterator[ReadingProxy]:
    """What reads along."""
    with ReadingProxy(prefect_server.url) as proxy:
        yield proxy


def run(proxy: ReadingProxy, work: Callable[[Client], Awaitable[Any]], *, bulk: bool = True) -> Any:
    """The result of some work with a client of the server behind the proxy."""

    async def all_of_it() -> Any:
        async with Client(resolve({"endpoint": proxy.api_url, "bulk_reads": bulk}, {})) as client:
            return await work(client)

    return asyncio.run(all_of_it())


async def refreshed(
    kind: type[Resource], client: Client, states: Iterable[Values], *, parallel: int = 10
) -> list[Outcome]:
    """Refresh as Terraform does, so many at once."""
    gate = asyncio.Semaphore(parallel)

    async def one(state: Values) -> Outcome:
        async with gate:
            return await lifecycle.refresh(kind, client, state, {}, explain)

    return await asyncio.gather(*(one(state) for state in states))


def held(kind: type[Resource], one: dict[str, Any], **values: Any) -> Values:
    """Enough of a state to read the object."""
    return dict.fromkeys(kind.attributes) | {"id": one["id"], "name": one["name"]} | values


@BOTH
def test_what_this_process_wrote_is_what_it_reads(
    bulk: bool, proxy: ReadingProxy, prefect_server: PrefectServer
) -> None:
    """Each of sixty variables is read, changed and read again, while the others are: each read shows the last write."""
    crowd = Crowd(variable=60)
    states = [held(Variable, one) for one in crowd.settle(prefect_server)["variable"]]

    async def changed(client: Client, state: Values, gate: asyncio.Semaphore) -> list[Any]:
        seen = []
        for text in ("first", "second"):
            async with gate:
                before = (await lifecycle.refresh(Variable, client, state, {}, explain)).state
                assert before is not None
                wanted = configuration(Variable, {"name": before["name"], "value": Dynamic(STRING, text)})
                private: dict[str, Any] = {}
                plan = await lifecycle.plan(Variable, client, before, wanted, private, explain)
                done = await lifecycle.apply(Variable, client, before, plan.state, wanted, private, explain)
                assert not done.diagnostics.has_errors, shown(done.diagnostics)
            async with gate:
                after = (await lifecycle.refresh(Variable, client, state, {}, explain)).state
            assert after is not None
            seen.append(after["value"].value)
        return seen

    async def all_of_them(client: Client) -> list[list[Any]]:
        gate = asyncio.Semaphore(10)
        return await asyncio.gather(*(changed(client, state, gate) for state in states))

    assert run(proxy, all_of_them, bulk=bulk) == [["first", "second"]] * 60


@BOTH
def test_what_others_change_is_seen_by_the_next_look(
    bulk: bool, proxy: ReadingProxy, prefect_server: PrefectServer
) -> None:
    """A process that has read a collection sees what was changed and deleted since, when it reads it again."""
    crowd = Crowd(variable=40)
    states = [held(Variable, one) for one in crowd.settle(prefect_server)["variable"]]

    async def twice(client: Client) -> tuple[list[Any], list[Any]]:
        def value(outcome: Outcome) -> Any:
            return None if outcome.state is None else outcome.state["value"].value

        first = [value(one) for one in await refreshed(Variable, client, states)]
        await asyncio.to_thread(
            prefect_server.call, "PATCH", f"/variables/{states[5]['id']}", {"value": "theirs"}
        )
        await asyncio.to_thread(prefect_server.call, "DELETE", f"/variables/{states[6]['id']}")
        return first, [value(one) for one in await refreshed(Variable, client, states)]

    first, second = run(proxy, twice, bulk=bulk)

    assert first == list(range(40))
    assert second == [*range(5), "theirs", None, *range(7, 40)]


@BOTH
@pytest.mark.parametrize("filter_too", [False, True], ids=["object", "object and filter"])
def test_a_refusal_reaches_only_the_object_that_it_belongs_to(
    bulk: bool, filter_too: bool, proxy: ReadingProxy, prefect_server: PrefectServer
) -> None:
    """Of forty variables the server lets us see all but one, which no filter returns: one error, and it names that one.

    A workspace may also allow objects to be read and not to be listed; then each is asked for by itself.
    """
    crowd = Crowd(variable=40)
    states = [held(Variable, one) for one in crowd.settle(prefect_server)["variable"]]
    hidden = states[9] | {"id": "00000000-0000-4000-8000-000000000009"}
    states[9] = hidden
    proxy.refuses = lambda _, path: (
        path.endswith(str(hidden["id"])) or (filter_too and path.endswith("/variables/filter"))
    )

    outcomes = run(proxy, lambda client: refreshed(Variable, client, states), bulk=bulk)

    wrong = [number for number, one in enumerate(outcomes) if one.diagnostics.has_errors]
    assert wrong == [9]
    [error] = outcomes[9].diagnostics
    assert str(hidden["name"]) in error.detail
    # What could not be read is neither gone nor changed.
    assert outcomes[9].state == hidden
    read = [one.state["value"].value for number, one in enumerate(outcomes) if number != 9]
    assert read == [number for number in range(40) if number != 9]


def test_a_kind_that_may_not_be_read_does_not_concern_others(
    proxy: ReadingProxy, prefect_server: PrefectServer
) -> None:
    """Flows and variables are read at once, and the key may read flows only: each variable fails, no flow does."""
    crowd = Crowd(flow=20, variable=20)
    made = crowd.settle(prefect_server)
    proxy.refuses = lambda _, path: "/variables/" in path

    async def both(client: Client) -> tuple[list[Outcome], list[Outcome]]:
        return await asyncio.gather(
            refreshed(Flow, client, [held(Flow, one) for one in made["flow"]]),
            refreshed(Variable, client, [held(Variable, one) for one in made["variable"]]),
        )

    flows, variables = run(proxy, both)

    assert [one.diagnostics.has_errors for one in flows] == [False] * 20
    assert [one.diagnostics.has_errors for one in variables] == [True] * 20


@pytest.mark.parametrize("number", [4, 40], ids=["a few", "many"])
def test_secrets_are_asked_for_only_where_state_holds_them(
    number: int, proxy: ReadingProxy, prefect_server: PrefectServer
) -> None:
    """Of blocks that are refreshed together half have write-only data: their secrets are asked for by no request.

    Neither are those of blocks that somebody else looks after.
    """
    made = Crowd(block=number).settle(prefect_server)["block"]
    others = Crowd(block=50).settle(prefect_server)["block"]
    states = [
        held(Block, one, type_slug="secret", data="{}" if index % 2 else None)
        for index, one in enumerate(made)
    ]

    outcomes = run(proxy, lambda client: refreshed(Block, client, states))

    assert [one.state["data"] for one in outcomes] == [None, '{"value":"secret"}'] * (number // 2)
    secret = {one["id"] for one in proxy.answered if one.get("data") == {"value": "secret"}}
    assert secret == {one["id"] for one in made[1::2]}
    assert not secret & {one["id"] for one in others}


def test_sixty_blocks_of_one_type_read_it_once(proxy: ReadingProxy) -> None:
    """Planned and created side by side, sixty blocks ask for their type and its schema once, all of them together."""
    stem = unique("typed")

    async def created(client: Client, number: int, gate: asyncio.Semaphore) -> None:
        given = {"name": f"{stem}-{number}", "type_slug": "secret", "data": json.dumps({"value": "x"})}
        wanted = configuration(Block, given)
        private: dict[str, Any] = {}
        async with gate:
            plan = await lifecycle.plan(Block, client, None, wanted, private, explain)
            done = await lifecycle.apply(Block, client, None, plan.state, wanted, private, explain)
        assert not done.diagnostics.has_errors, shown(done.diagnostics)

    async def all_of_them(client: Client) -> None:
        gate = asyncio.Semaphore(10)
        await asyncio.gather(*(created(client, number, gate) for number in range(60)))

    run(proxy, all_of_them)

    made = by_kind(proxy.seen)
    assert made["POST /block_documents/"] == 60
    assert made["GET /block_types/slug/{name}"] == 1
    assert made["POST /block_schemas/filter"] == 1
