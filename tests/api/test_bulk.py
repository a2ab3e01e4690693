"""Reads that arrive together: how many requests they take, and that nothing is staler or more wrong for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Forbidden, Invalid, NotFound, Reply
from prefect_provider.api.bulk import BulkReader
from prefect_provider.api.errors import ConnectionFailed, ServerFault, UnexpectedAnswer
from prefect_provider.api.listing import Listing
from prefect_provider.api.sender import Sender

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from prefect_provider.api.request import Request

FLOWS = Listing("/flows", "flows", "CREATED_DESC")
LIMITS = Listing("/v2/concurrency_limits", "concurrency_limits", has_keys=False)


class Server(Sender):
    """Collections in memory, answered as Prefect answers them; it counts what it is asked."""

    def __init__(self, **collections: Iterable[str]) -> None:
        self.objects = {
            f"/{name}": {id_: {"id": id_, "version": 1} for id_ in ids} for name, ids in collections.items()
        }
        self.asked: list[tuple[str, str, Any]] = []
        self.fault: Callable[[str, str, Any], Exception | None] = lambda *_: None
        self.seconds = 0.001

    async def send(self, request: Request) -> Reply:
        """Answer a GET, or a filter with ids or a page."""
        method, path, json = request.method, request.path, request.json
        self.asked.append((method, path, json))
        await asyncio.sleep(self.seconds)
        fault = self.fault(method, path, json)
        if fault is not None:
            raise fault
        if method == "GET":
            collection, _, id_ = path.rpartition("/")
            found = self.objects[collection].get(id_)
            if found is None:
                msg = "not there"
                raise NotFound(msg)
            return Reply(200, dict(found))
        objects = self.objects[path.removesuffix("/filter")]
        wanted = next((one["id"]["any_"] for one in json.values() if isinstance(one, dict)), None)
        if wanted is not None:
            return Reply(200, [dict(objects[id_]) for id_ in wanted if id_ in objects])
        ids = list(objects)[json["offset"] : json["offset"] + json["limit"]]
        return Reply(200, [dict(objects[id_]) for id_ in ids])


async def refreshed(
    reader: BulkReader, wanted: list[tuple[Listing, str]], parallel: int = 10
) -> list[dict[str, Any] | None]:
    """Read as Terraform does: so many at once, the next one when one is done."""
    gate = asyncio.Semaphore(parallel)

    async def read(listing: Listing, id_: str) -> dict[str, Any] | None:
        async with gate:
            return await reader.read(listing, id_, path=f"{listing.path}/{id_}")

    return await asyncio.gather(*(read(*one) for one in wanted))


def run(work: Awaitable[Any]) -> Any:
    """The result of a coroutine."""
    return asyncio.run(work)  # type: ignore[arg-type]


def names(count: int, stem: str = "f") -> list[str]:
    """Ids."""
    return [f"{stem}{number}" for number in range(count)]


def test_a_single_read_is_a_single_get() -> None:
    """One object is asked for as it always was, after a wait that nobody notices."""
    server = Server(flows=names(5))

    found = run(refreshed(BulkReader(server), [(FLOWS, "f3")]))

    assert found == [{"id": "f3", "version": 1}]
    assert server.asked == [("GET", "/flows/f3", None)]


def test_reads_that_arrive_together_are_one_call() -> None:
    """Five reads at once name their five objects in one filter."""
    server = Server(flows=names(5))

    run(refreshed(BulkReader(server), [(FLOWS, id_) for id_ in names(5)]))

    assert [(method, path) for method, path, _ in server.asked] == [("POST", "/flows/filter")]


def test_a_thousand_objects_of_seven_kinds_take_a_dozen_requests() -> None:
    """A burst that goes on becomes pages, and each object is what the server has."""
    sizes = {
        "pools": 50,
        "queues": 50,
        "flows": 100,
        "deployments": 350,
        "variables": 250,
        "blocks": 100,
        "autos": 100,
    }
    server = Server(**{kind: names(size, kind) for kind, size in sizes.items()})
    wanted = [(Listing(f"/{kind}", kind), id_) for kind, size in sizes.items() for id_ in names(size, kind)]

    found = run(refreshed(BulkReader(server), wanted))

    assert [one["id"] for one in found] == [id_ for _, id_ in wanted]
    assert len(server.asked) <= 12


def test_a_few_objects_among_many_are_not_looked_for_in_all_pages() -> None:
    """Fifty of ten thousand take a handful of calls by name after one page that told nothing."""
    server = Server(flows=names(10_000))
    wanted = [(FLOWS, f"f{number * 199 + 150}") for number in range(50)]

    found = run(refreshed(BulkReader(server), wanted))

    assert None not in found
    pages = [body for _, _, body in server.asked if body and "offset" in body]
    assert len(pages) <= 1
    assert len(server.asked) <= 10


def test_a_lucky_find_does_not_start_a_scan() -> None:
    """One object that happens to be on a first page says little: the others are asked for by name all the same."""
    kinds = {"flows": 14, "deployments": 17, "variables": 14}
    server = Server(**{kind: names(3_000, kind) for kind in kinds})
    wanted = [
        (Listing(f"/{kind}", kind), f"{kind}{number * 170}")
        for kind, size in kinds.items()
        for number in range(size)
    ]

    found = run(refreshed(BulkReader(server), wanted))

    assert None not in found
    pages = [body for _, _, body in server.asked if body and "offset" in body]
    assert len(pages) <= 2
    assert len(server.asked) <= 9


@pytest.mark.parametrize(("part", "most"), [(1.0, 40), (0.4, 180), (0.2, 330)])
def test_many_objects_of_large_collections_are_paged(part: float, most: int) -> None:
    """Where the first page holds a small part only, further ones are read as they pay: three thousand, in any order."""
    import random

    sizes = {"deployments": 1_750, "variables": 1_250}
    server = Server(**{kind: names(int(size / part), kind) for kind, size in sizes.items()})
    wanted = [
        (Listing(f"/{kind}", kind), id_)
        for kind, size in sizes.items()
        for id_ in random.Random(kind).sample(names(int(size / part), kind), size)  # noqa: S311 - no secret
    ]
    random.Random(1).shuffle(wanted)  # noqa: S311 - no secret

    found = run(refreshed(BulkReader(server), wanted))

    assert [one["id"] for one in found] == [id_ for _, id_ in wanted]
    assert len(server.asked) <= most


def test_what_is_missing_is_asked_for_by_itself() -> None:
    """An object counts as gone when the server says so of it, not when a filter leaves it out."""
    server = Server(flows=names(3))

    found = run(refreshed(BulkReader(server), [(FLOWS, "f0"), (FLOWS, "gone"), (FLOWS, "f2")]))

    assert [one and one["id"] for one in found] == ["f0", None, "f2"]
    assert ("GET", "/flows/gone", None) in server.asked


def test_an_error_reaches_only_the_object_that_it_belongs_to() -> None:
    """Where a filter fails, each object is asked for by itself."""
    server = Server(flows=names(4))

    def fault(method: str, path: str, _: Any) -> Exception | None:
        if path == "/flows/f2":
            return Forbidden("not yours")
        return ServerFault("no filter today") if method == "POST" else None

    server.fault = fault

    async def all_of_them() -> list[Any]:
        reader = BulkReader(server)
        reads = (reader.read(FLOWS, id_, path=f"/flows/{id_}") for id_ in names(4))
        return list(await asyncio.gather(*reads, return_exceptions=True))

    found = run(all_of_them())

    assert [one["id"] for one in found if isinstance(one, dict)] == ["f0", "f1", "f3"]
    assert isinstance(found[2], Forbidden)


def test_a_server_that_is_down_is_asked_once() -> None:
    """Nobody is asked for one by one where nobody answers."""
    server = Server(flows=names(4))
    server.fault = lambda *_: ConnectionFailed("refused")

    async def all_of_them() -> list[Any]:
        reader = BulkReader(server)
        reads = (reader.read(FLOWS, id_, path=f"/flows/{id_}") for id_ in names(4))
        return list(await asyncio.gather(*reads, return_exceptions=True))

    found = run(all_of_them())

    assert all(isinstance(one, ConnectionFailed) for one in found)
    assert len(server.asked) == 1


def test_a_write_forgets_what_was_read() -> None:
    """After a write nothing is answered from a page that was read before it."""
    server = Server(flows=names(50))
    reader = BulkReader(server)

    async def story() -> dict[str, Any] | None:
        await refreshed(reader, [(FLOWS, id_) for id_ in names(50)])
        server.objects["/flows"]["f7"]["version"] = 2
        reader.forget()
        return await reader.read(FLOWS, "f7", path="/flows/f7")

    assert run(story()) == {"id": "f7", "version": 2}


def test_a_page_that_was_under_way_during_a_write_answers_no_later_read() -> None:
    """A read that begins after a write does not see the page that began before it."""
    server = Server(flows=names(50))
    server.seconds = 0.05
    reader = BulkReader(server)

    async def story() -> dict[str, Any] | None:
        burst = asyncio.create_task(refreshed(reader, [(FLOWS, id_) for id_ in names(20)]))
        await asyncio.sleep(0.03)
        server.objects["/flows"]["f40"]["version"] = 2
        reader.forget()
        late = await reader.read(FLOWS, "f40", path="/flows/f40")
        await burst
        return late

    assert run(story()) == {"id": "f40", "version": 2}


def test_a_collection_without_a_filter_by_id_is_paged() -> None:
    """Several objects take one page; one that is not on it is asked for by itself."""
    server = Server()
    server.objects["/v2/concurrency_limits"] = {id_: {"id": id_} for id_ in names(3)}

    found = run(refreshed(BulkReader(server), [(LIMITS, id_) for id_ in ("f0", "f1", "gone")]))

    assert [one and one["id"] for one in found] == ["f0", "f1", None]
    assert [path for _, path, _ in server.asked] == [
        "/v2/concurrency_limits/filter",
        "/v2/concurrency_limits/gone",
    ]


@pytest.mark.parametrize("seed", range(20))
def test_any_mix_is_answered_right(seed: int) -> None:
    """Whatever is asked in whatever order, with writes in between, each answer is what the server has then."""
    import random

    chance = random.Random(seed)  # noqa: S311 - no secret
    server = Server(flows=names(450), variables=names(90, "v"))
    variables = Listing("/variables", "variables")
    reader = BulkReader(server)

    async def one(listing: Listing, id_: str) -> None:
        await asyncio.sleep(chance.random() * 0.02)
        if chance.random() < 0.1:
            server.objects[listing.path].pop(id_, None)
            reader.forget()
            assert await reader.read(listing, id_, path=f"{listing.path}/{id_}") is None
            return
        before = id_ in server.objects[listing.path]
        found = await reader.read(listing, id_, path=f"{listing.path}/{id_}")
        assert found is None or found["id"] == id_
        assert before or found is None

    async def all_of_it() -> None:
        asked = [(FLOWS, chance.choice(names(470))) for _ in range(150)]
        asked += [(variables, chance.choice(names(95, "v"))) for _ in range(50)]
        await asyncio.gather(*(one(*each) for each in asked))

    run(all_of_it())


def test_a_read_after_a_write_does_not_share_one_that_began_before() -> None:
    """Who asks after a write is not answered by what was asked before it, also of the same object."""
    server = Server(flows=names(3))
    server.seconds = 0.05
    reader = BulkReader(server)

    async def story() -> tuple[Any, Any]:
        early = asyncio.create_task(reader.read(FLOWS, "f0", path="/flows/f0"))
        other = asyncio.create_task(reader.read(FLOWS, "f1", path="/flows/f1"))
        while not server.asked:  # noqa: ASYNC110 - the fake tells nobody
            await asyncio.sleep(0.001)
        snapshot = dict(server.objects["/flows"]["f0"])
        reader.forget()
        server.objects["/flows"]["f0"] = snapshot | {"version": 2}
        reader.forget()
        late = await reader.read(FLOWS, "f0", path="/flows/f0")
        await other
        return await early, late

    early, late = run(story())

    assert early["id"] == "f0"
    assert late["version"] == 2
    assert len(server.asked) == 2


NAMES = Listing(
    "/blocks",
    "blocks",
    key=("type.slug", "name"),
    filters={"type.slug": ("types", "slug"), "name": ("blocks", "name")},
    is_final=True,
)


class Blocks(Sender):
    """Blocks of two types, with the filter that Prefect has for them; it counts what it is asked."""

    def __init__(self, *blocks: tuple[str, str]) -> None:
        self.blocks: list[dict[str, Any]] = [
            {"id": f"{slug}-{name}", "name": name, "type": {"slug": slug}} for slug, name in blocks
        ]
        self.asked: list[Any] = []
        self.answer: Any = None

    async def send(self, request: Request) -> Reply:
        """Answer a page or a filter, with at most 200 blocks."""
        self.asked.append(request.json if request.method == "POST" else request.path)
        await asyncio.sleep(0.001)
        if request.method == "GET":
            slug, name = request.path.split("/")[2:]
            found = [one for one in self.blocks if one["id"] == f"{slug}-{name}"]
            if not found:
                msg = "not there"
                raise NotFound(msg)
            return Reply(200, found[0])
        if self.answer is not None:
            return Reply(200, self.answer)
        slugs = request.json.get("types", {}).get("slug", {}).get("any_")
        named = request.json.get("blocks", {}).get("name", {}).get("any_")
        found = [
            one
            for one in self.blocks
            if (slugs is None or one["type"]["slug"] in slugs) and (named is None or one["name"] in named)
        ]
        return Reply(200, found[request.json.get("offset", 0) :][:200])


async def looked_up(reader: BulkReader, keys: list[tuple[str, str]], parallel: int = 10) -> list[str | None]:
    """The ids of blocks, asked for as a plan does that creates them."""
    gate = asyncio.Semaphore(parallel)

    async def one(slug: str, name: str) -> str | None:
        async with gate:
            found = await reader.read(NAMES, slug, name, path=f"/blocks/{slug}/{name}")
            return None if found is None else str(found["id"])

    return await asyncio.gather(*(one(*key) for key in keys))


def test_a_key_of_several_parts_is_told_from_others_that_share_one() -> None:
    """Each is answered with the block of its type and name, and with none where only one of them fits."""
    server = Blocks(("a", "x"), ("b", "x"), ("b", "y"))

    found = run(looked_up(BulkReader(server), [("a", "x"), ("b", "x"), ("a", "y"), ("b", "y")]))

    assert found == ["a-x", "b-x", None, "b-y"]
    assert len(server.asked) == 1


def test_what_is_to_be_created_is_looked_up_in_a_page() -> None:
    """Of three hundred new objects in a small workspace, each is known to be absent after one request."""
    server = Blocks(("a", "x"))
    wanted = [("a", f"new-{number}") for number in range(300)]

    found = run(looked_up(BulkReader(server), [*wanted, ("a", "x")]))

    assert found == [None] * 300 + ["a-x"]
    assert len(server.asked) <= 2


def test_absence_is_not_believed_of_a_full_answer() -> None:
    """Where more objects are like those asked for than one answer holds, each is asked for by itself."""
    server = Blocks(*((f"t{number}", "x") for number in range(400)))
    wanted = [("t399", "x"), ("t7", "x"), ("none", "x"), *((f"t{number}", "x") for number in range(380, 390))]

    found = run(looked_up(BulkReader(server), wanted, parallel=20))

    assert found == ["t399-x", "t7-x", None, *(f"t{number}-x" for number in range(380, 390))]


@pytest.mark.parametrize("answered", [{}, "x", [{"id": "1"}], [None]], ids=str)
def test_absence_is_not_believed_of_a_strange_answer(answered: Any) -> None:
    """An answer that is no list, or has objects without a key, does not make anything absent."""
    server = Blocks(("a", "x"), ("a", "y"))
    server.answer = answered

    assert run(looked_up(BulkReader(server), [("a", "x"), ("a", "y"), ("a", "z")])) == ["a-x", "a-y", None]

    async def alone() -> Any:
        return await BulkReader(server).read(NAMES, "a", "x")

    with pytest.raises(UnexpectedAnswer):
        run(alone())


def test_ids_in_a_key_may_be_written_in_capitals() -> None:
    """A user's spelling of an id finds what the server spells in its own."""
    listing = Listing("/d", "d", key=("flow_id", "name"), is_final=True)

    assert listing.key_of({"flow_id": "ab", "name": "N"}) == listing.normal(("AB", "N")) == ("ab", "N")


def test_what_a_page_brought_to_one_is_there_for_others() -> None:
    """An object that a page gave to a refresh is not taken as gone when it is looked up after that."""
    server = Server(flows=names(20))
    reader = BulkReader(server)
    by_name = FLOWS._replace(is_final=True)

    async def story() -> tuple[list[Any], list[Any], Any]:
        refreshed_ = await asyncio.gather(
            *(reader.read(FLOWS, f"f{number}", path=f"/flows/f{number}") for number in range(10))
        )
        looked_up = await asyncio.gather(
            *(reader.read(by_name, f"f{number}", path=f"/flows/f{number}") for number in range(20))
        )
        return refreshed_, looked_up, await reader.read(by_name, "none", path="/flows/none")

    before, after, none = asyncio.run(story())
    assert [one and one["id"] for one in before] == names(20)[:10]
    assert [one and one["id"] for one in after] == names(20)
    assert none is None


def test_absence_is_not_believed_once_a_page_had_an_object_without_a_key() -> None:
    """The last page may be in order; what an earlier one left unsaid is asked for by itself."""
    server = Blocks(*(("a", f"x-{number}") for number in range(250)))
    hidden = server.blocks[7]
    listed = [*server.blocks[:7], {"id": "odd"}, *server.blocks[8:]]
    whole, server.blocks = server.blocks, listed

    async def story() -> list[str | None]:
        reader = BulkReader(server)
        # Enough that are there for the second page to pay.
        await looked_up(reader, [("a", f"x-{number}") for number in range(8, 230)])
        server.blocks = whole
        return await looked_up(reader, [("a", str(hidden["name"]))])

    assert run(story()) == ["a-x-7"]


def test_what_is_to_be_written_over_is_not_looked_for_in_pages() -> None:
    """Somebody else makes it while a burst goes on: a listing without pages sees it, in a request of its own."""
    server = Blocks(("a", "x"))
    now = NAMES._replace(has_pages=False)

    async def story() -> Any:
        reader = BulkReader(server)
        assert await looked_up(reader, [("a", f"new-{number}") for number in range(20)]) == [None] * 20
        server.blocks += Blocks(("a", "new-3")).blocks
        return await reader.read(now, "a", "new-3")

    found = run(story())

    assert found is not None
    assert found["id"] == "a-new-3"


def test_a_filter_that_refuses_ids_is_not_asked_for_them_again() -> None:
    """As Prefect before 3.8.5 does for automations: who asks is answered all the same, later ones by pages."""
    server = Server(flows=names(30))

    def too_old(_method: str, _path: str, json: Any) -> Exception | None:
        return Invalid("flows.id: Extra inputs are not permitted") if json and "flows" in json else None

    server.fault = too_old
    reader = BulkReader(server)

    first = run(refreshed(reader, [(FLOWS, id_) for id_ in ("f0", "f1", "gone")]))
    refusals = [json for _, _, json in server.asked if json and "flows" in json]
    server.asked.clear()
    then = run(refreshed(reader, [(FLOWS, id_) for id_ in ("f2", "f3", "gone")]))

    assert [one and one["id"] for one in first] == ["f0", "f1", None]
    assert len(refusals) == 1
    assert [one and one["id"] for one in then] == ["f2", "f3", None]
    assert [(method, path) for method, path, _ in server.asked] == [
        ("POST", "/flows/filter"),
        ("GET", "/flows/gone"),
    ]
