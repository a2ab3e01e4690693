"""The life of an object on a real server, recorded request by request, to be lived again with an answer changed.

What was recorded is replayed without the server: thousands of lives take seconds. A question that nobody asked before,
such as the look for an object whose creation was answered oddly, goes to the server, once.
"""

from __future__ import annotations

import copy
import functools
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.api import Answer, Client, RetryPolicy
from prefect_provider.api.exchange.routes import open_transport
from prefect_provider.objects import made_here
from prefect_provider.objects.catalogue import DATA_SOURCES
from prefect_provider.plugin.engine import lifecycle
from tests.objects.terraform_core import configuration, explain, shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from prefect_provider.api import Outgoing, Transport
    from prefect_provider.objects.identity import Key
    from prefect_provider.plugin.engine.lifecycle import Outcome
    from prefect_provider.plugin.language.resource import DataSource, Resource
    from prefect_provider.plugin.language.values import Values
    from tests.objects.table import Case
    from tests.objects.terraform_core import World

__all__ = ["Change", "Exchange", "Recorded", "Replay", "live"]

_CREATED: Final = re.compile(rb'"created":"[^"]*"')
_READ: Final = re.compile(r"/(filter|count|paginate|slas/by-owner/[^/]+)$")
"""Where a POST asks and changes nothing."""

Call = "Callable[[Client], Awaitable[Outcome]]"


def is_write(outgoing: Outgoing) -> bool:
    """Whether a request can change something."""
    path = outgoing.url.partition("?")[0].rstrip("/")
    return outgoing.method != "GET" and not (outgoing.method == "POST" and _READ.search(path))


class Exchange(NamedTuple):
    """A request and its answer."""

    method: str
    url: str
    body: bytes | None
    answer: Answer
    is_write: bool

    @property
    def creates(self) -> bool:
        """Whether it made something."""
        return self.is_write and self.method == "POST" and self.answer.status == 201


class Change(NamedTuple):
    """One answer of a life, and what comes in its place."""

    place: int
    """Which exchange of the life."""
    answer: Answer


class _Recorder:
    """Passes requests on, and keeps them with their answers."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.exchanges: list[Exchange] = []

    async def send(self, outgoing: Outgoing) -> Answer:
        """Keep what a server that was not busy has answered."""
        answer = await self._inner.send(outgoing)
        if answer.status != 503:
            kept = Exchange(outgoing.method, outgoing.url, outgoing.body, answer, is_write(outgoing))
            self.exchanges.append(kept)
        return answer

    async def aclose(self) -> None:
        """Close the real connection."""
        await self._inner.aclose()


class Replay:
    """Answers as a life was answered, but for one answer; ``sent`` are the requests, with what they were answered."""

    def __init__(self, recorded: Recorded, change: Change | None) -> None:
        self._recorded = recorded
        self._left = list(enumerate(recorded.exchanges))
        self._change = change
        self._has_written = False
        self.sent: list[Exchange] = []

    async def send(self, outgoing: Outgoing) -> Answer:
        """Answer from what was recorded, or else as the server does now."""
        writes = is_write(outgoing)
        answer = self._next(outgoing, writes=writes)
        if answer is None:
            answer = Answer(204, {}, b"") if writes else await self._recorded.now(outgoing)
        self._has_written |= writes
        self.sent.append(Exchange(outgoing.method, outgoing.url, outgoing.body, answer, writes))
        return answer

    async def aclose(self) -> None:
        """There is nothing to close."""

    def _next(self, outgoing: Outgoing, *, writes: bool) -> Answer | None:
        for place, (index, exchange) in enumerate(self._left):
            if (exchange.method, exchange.url) != (outgoing.method, outgoing.url):
                continue
            if not writes and (
                exchange.body != outgoing.body
                or any(earlier.is_write for _, earlier in self._left[:place])
                or self._has_written != any(one.is_write for one in self._recorded.exchanges[:index])
            ):
                continue
            if self._change is not None and index == self._change.place:
                # Hostile for as long as it is asked: what is asked again is answered alike.
                return self._change.answer
            del self._left[place]
            return exchange.answer
        return None


class _Restless(Client):
    """A client that does not wait to see what it wrote."""

    async def rest(self, seconds: float) -> bool:
        """At once."""
        return True


class Recorded:
    """One call of Terraform, as a real server answered it; ``outcome`` is what came of it."""

    kind: type[DataSource] | None = None
    """What shows the object, if not its resource."""

    def __init__(self, world: World, name: str, call: Callable[[Client], Awaitable[Any]]) -> None:
        self.name = name
        self._world = world
        self._call = call
        self._known: dict[tuple[str, str, bytes | None], Answer] = {}
        self._settings = world.settings
        recorder = _Recorder(open_transport(self._settings))
        self.outcome: Any = world.run(self._lived(recorder, RetryPolicy(max_retries=20)))
        self.exchanges = recorder.exchanges

    async def _lived(self, transport: Any, policy: RetryPolicy) -> Any:
        async with _Restless(self._settings, transport=transport, policy=policy) as client:
            return await self._call(client)

    def again(self, change: Change | None) -> tuple[Any, Replay]:
        """What comes of it with one answer changed, and what was asked."""
        replay = Replay(self, change)
        # What this process made when it was recorded was made by nobody yet.
        made_here._MADE.clear()
        policy = RetryPolicy(max_retries=2, first_wait=0.0, longest_wait=0.0)
        return self._world.run(self._lived(replay, policy)), replay

    async def now(self, outgoing: Outgoing) -> Answer:
        """What the server answers to a question now."""
        key = (outgoing.method, outgoing.url, outgoing.body)
        if key not in self._known:
            transport = open_transport(self._settings)
            try:
                self._known[key] = await transport.send(outgoing)
            finally:
                await transport.aclose()
        known = self._known[key]
        # It was made a moment ago, however often that is tried.
        moment = f'"created":"{datetime.now(UTC).isoformat()}"'.encode()
        return Answer(known.status, known.headers, _CREATED.sub(moment, known.body))


def live(world: World, case: Case) -> Iterator[Recorded]:
    """The calls of an object's life, one after the other; each is to be replayed before the next one is made."""
    kind = case.resource
    base = case.base(world)
    rich = base | {name: values[0] for name, values in case.values.items()}
    private: dict[str, Any] = {}

    def planned_apply(prior: Values | None, given: dict[str, Any]) -> Callable[[Client], Awaitable[Outcome]]:
        wanted = configuration(kind, given)

        async def call(client: Client) -> Outcome:
            plan = await _plan(kind, client, prior, wanted, private)
            if plan.diagnostics.has_errors:
                return lifecycle.Outcome(prior, plan.private, plan.diagnostics)
            return await lifecycle.apply(
                kind, client, copy.deepcopy(prior), plan.state, wanted, plan.private, explain
            )

        return call

    created = Recorded(world, "create", planned_apply(None, rich))
    assert not created.outcome.diagnostics.has_errors, shown(created.outcome.diagnostics)
    state: Values = created.outcome.state
    private = created.outcome.private
    yield created
    yield Recorded(world, "refresh", lambda client: _refresh(kind, client, state, private))
    yield Recorded(world, "refresh of several", lambda client: _refresh_several(kind, client, state, private))
    for id_ in _import_ids(kind, state):
        importing = functools.partial(_import, kind, id_)
        yield Recorded(world, f"import of {id_}", importing)
    for source in DATA_SOURCES:
        if source.type_name == kind.type_name and source.attributes["id"].configurable:
            config = configuration(source, {"id": state["id"]})
            looked_up = Recorded(world, "look-up", functools.partial(_look_up, source, config))
            looked_up.kind = source
            yield looked_up
    changed = rich | {name: values[-1] for name, values in case.values.items() if len(values) > 1}
    # Some of it may need a new object, which would be another life.
    replacing = world.run(_plan(kind, world.client, state, configuration(kind, changed), private)).replace
    changed |= {str(path[0]): rich.get(str(path[0])) for path in replacing}
    updated = Recorded(world, "update", planned_apply(state, changed))
    assert not updated.outcome.diagnostics.has_errors, shown(updated.outcome.diagnostics)
    yield updated
    state, private = updated.outcome.state, updated.outcome.private
    yield Recorded(world, "delete", lambda client: _delete(kind, client, state, private))


async def _refresh(kind: type[Resource], client: Client, state: Values, private: dict[str, Any]) -> Outcome:
    return await lifecycle.refresh(kind, client, copy.deepcopy(state), copy.deepcopy(private), explain)


async def _refresh_several(
    kind: type[Resource], client: Client, state: Values, private: dict[str, Any]
) -> Outcome:
    """Together with another one, which is not there: so they are asked for in one question."""
    import asyncio

    absent = state | {"id": "00000000-0000-4000-8000-000000000000", "name": "not-there"}
    found, _ = await asyncio.gather(
        _refresh(kind, client, state, private), _refresh(kind, client, absent, private)
    )
    return found


async def _delete(kind: type[Resource], client: Client, state: Values, private: dict[str, Any]) -> Outcome:
    return await lifecycle.apply(
        kind, client, copy.deepcopy(state), None, {}, copy.deepcopy(private), explain
    )


def _import_ids(kind: type[Resource], state: Values) -> list[str]:
    key: Key | None = getattr(kind, "key", None)
    return [state["id"], *([key.write(state)] if key and key.known(state) else [])]


async def _import(kind: type[Resource], id_: str, client: Client) -> Outcome:
    return await lifecycle.import_state(kind, client, id_, explain)


async def _plan(
    kind: type[Resource], client: Client, prior: Values | None, wanted: Values, private: dict[str, Any]
) -> Outcome:
    if prior is not None:
        kind.met(client, prior)
    return await lifecycle.plan(kind, client, copy.deepcopy(prior), wanted, copy.deepcopy(private), explain)


async def _look_up(source: type[DataSource], config: Values, client: Client) -> Outcome:
    return await lifecycle.read_data(source, client, config, explain)
