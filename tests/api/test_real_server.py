"""The client against real Prefect servers: credentials, tokens, locked databases, errors."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import (
    Answer,
    Client,
    Conflict,
    ConnectionFailed,
    Invalid,
    NotFound,
    Outgoing,
    Reply,
    Request,
    RetryPolicy,
    Transport,
    Unauthorized,
    UnexpectedAnswer,
    join_path,
    resolve,
)
from prefect_provider.api.exchange.httpx_transport import HttpxTransport
from tests.api.conftest import PASSWORD
from tests.api.fake_transport import broken
from tests.api.front import Front
from tests.environment.prefect_server import PrefectServer

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.server


def client(server: PrefectServer, **explicit: Any) -> Client:
    """A client of this server."""
    return Client(resolve({"endpoint": server.url, **explicit}, {}))


def test_check(plain_server: PrefectServer) -> None:
    """The check returns the server's version, with one request."""

    async def scenario() -> None:
        async with client(plain_server) as made:
            version = await made.check()

        assert version is not None
        assert version.startswith("3.")

    asyncio.run(scenario())


def test_objects(plain_server: PrefectServer) -> None:
    """An object is made, read, changed and deleted under a name that needs quoting; then it is gone."""

    async def scenario() -> None:
        async with client(plain_server) as made:
            scope = made.workspace()
            pools, name = scope.collection("/work_pools"), "pool ü #1"
            await scope.post("/work_pools/", {"name": name, "type": "process"})
            await scope.patch(join_path("work_pools", name), {"concurrency_limit": 3})
            found = await pools.read(name)
            await scope.delete(join_path("work_pools", name))
            with pytest.raises(NotFound):
                await scope.delete(join_path("work_pools", name))

            assert found is not None
            assert (found["name"], found["concurrency_limit"]) == (name, 3)
            assert await pools.read(name) is None

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "path",
    [
        "automations",
        "block_documents",
        "block_schemas",
        "block_types",
        "concurrency_limits",
        "deployments",
        "flows",
        "v2/concurrency_limits",
        "variables",
        "work_pools",
    ],
)
def test_missing_objects_are_none(plain_server: PrefectServer, path: str) -> None:
    """Every kind of object says by name that it is not found, so that it is told from an unknown route."""

    async def scenario() -> None:
        async with client(plain_server) as made:
            assert await made.workspace().collection(f"/{path}").read(str(uuid.uuid4())) is None
            with pytest.raises(UnexpectedAnswer):
                await made.workspace().collection(f"/no_{path}").read(str(uuid.uuid4()))

    asyncio.run(scenario())


def test_cloud_paths_on_a_server(plain_server: PrefectServer) -> None:
    """Account and workspace ids on a self-hosted server are an error, not missing objects."""

    async def scenario() -> None:
        async with client(plain_server, account_id=str(uuid.uuid4()), workspace_id=str(uuid.uuid4())) as made:
            with pytest.raises(UnexpectedAnswer, match="a self-hosted server does not"):
                await made.workspace().collection("/flows").read(str(uuid.uuid4()))

    asyncio.run(scenario())


def test_error_shapes(plain_server: PrefectServer) -> None:
    """A conflict and an invalid body are reported in the server's words, without the body."""

    async def scenario() -> None:
        async with client(plain_server) as made:
            await made.post("/variables/", {"name": "taken", "value": "hunter2"})
            with pytest.raises(Conflict) as conflict:
                await made.post("/variables/", {"name": "taken", "value": "hunter2"})
            with pytest.raises(Invalid) as invalid:
                await made.post("/variables/", {"name": 5, "secret": "hunter2"})

        assert conflict.value.reason
        assert {problem.loc for problem in invalid.value.problems} == {("name",), ("value",), ("secret",)}
        assert "hunter2" not in str(conflict.value) + str(invalid.value)

    asyncio.run(scenario())


@pytest.mark.sqlite
def test_storm_of_writes(plain_server: PrefectServer, caplog: pytest.LogCaptureFixture) -> None:
    """Ten writers at a time meet a locked database again and again, and every write takes effect once."""

    async def scenario() -> None:
        async with client(plain_server, write_concurrency=10) as made:
            scope = made.workspace()

            async def write(number: int) -> None:
                reply = await scope.post("/variables/", {"name": f"storm_{number}", "value": 0})
                path = join_path("variables", reply.data["id"])
                for value in range(4):
                    await scope.patch(path, {"value": value})
                if number % 2:
                    await scope.delete(path)

            await asyncio.gather(*(write(number) for number in range(30)))
            left = await scope.post("/variables/filter", {"variables": {"name": {"like_": "storm_"}}})

        assert sorted(variable["name"] for variable in left.data) == sorted(
            f"storm_{n}" for n in range(0, 30, 2)
        )
        assert {variable["value"] for variable in left.data} == {3}

    with caplog.at_level(logging.WARNING, "prefect_provider.api"):
        asyncio.run(scenario())

    assert 503 in {record.__dict__["http_status"] for record in caplog.records}, "there was no storm"


def test_writes_in_turn_meet_no_lock(plain_server: PrefectServer, caplog: pytest.LogCaptureFixture) -> None:
    """By default it is found out how many may write at once, and few of fifty writes are refused meanwhile."""

    async def scenario() -> None:
        async with client(plain_server) as made:
            reply = await made.post("/variables/", {"name": "calm", "value": 0})
            path = join_path("variables", reply.data["id"])
            await asyncio.gather(*(made.patch(path, {"value": value}) for value in range(50)))

    with caplog.at_level(logging.WARNING, "prefect_provider.api"):
        asyncio.run(scenario())

    assert len(caplog.records) <= 20


def test_password(protected_server: PrefectServer) -> None:
    """The password opens the server; without it, or with another, the error says what to set."""

    async def scenario() -> None:
        async with client(protected_server, basic_auth_key=PASSWORD) as made:
            assert await made.check()
        for explicit, text in (
            ({}, "PREFECT_API_AUTH_STRING"),
            ({"basic_auth_key": "a:wrong"}, "Correct basic_auth_key"),
        ):
            async with client(protected_server, **explicit) as made:
                with pytest.raises(Unauthorized, match=text):
                    await made.workspace().collection("/flows").read(str(uuid.uuid4()))

    asyncio.run(scenario())


@pytest.mark.parametrize("csrf_enabled", [True, False])
def test_csrf(protected_server: PrefectServer, csrf_enabled: bool) -> None:
    """Writes carry a token whether the settings or the server asked for it, also after it was replaced."""

    async def scenario() -> None:
        async with client(
            protected_server, basic_auth_key=PASSWORD, csrf_enabled=csrf_enabled, write_concurrency=4
        ) as made:
            names = [f"csrf_{csrf_enabled}_{n}".lower() for n in range(8)]
            await asyncio.gather(*(made.post("/variables/", {"name": name, "value": 1}) for name in names))
            guard = made._server.csrf
            # Asking for the same client's token makes the client's own invalid.
            await made.get("/csrf-token", {"client": guard._client_id})
            await asyncio.gather(*(made.delete(join_path("variables", "name", name)) for name in names))

    asyncio.run(scenario())


def test_csrf_that_is_off(plain_server: PrefectServer) -> None:
    """``csrf_enabled`` with a server that has no such protection does no harm."""

    async def scenario() -> None:
        async with client(plain_server, csrf_enabled=True) as made:
            await made.post("/flows/", {"name": "no-csrf"}, retry="safe")

        assert not made._server.csrf.enabled

    asyncio.run(scenario())


class Losing:
    """A real connection that loses the answer to the next request of a method, or the request itself."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.next: tuple[str, Answer | None] | None = None
        self.heard = True
        self.sent: list[str] = []

    async def send(self, outgoing: Outgoing) -> Answer:
        """Pass on; of the request in question, answer with what a gateway says, or break off."""
        self.sent.append(f"{outgoing.method} {outgoing.url}")
        lost = self.next
        if lost is None or not outgoing.method.startswith(lost[0]):
            return await self._inner.send(outgoing)
        self.next = None
        if self.heard:
            await self._inner.send(outgoing)
        if lost[1] is None:
            raise broken()
        return lost[1]

    async def aclose(self) -> None:
        """Close the real connection."""
        await self._inner.aclose()


def losing(server: PrefectServer) -> tuple[Client, Losing]:
    """A client of this server over a connection that may lose answers."""
    settings = resolve({"endpoint": server.url}, {})
    transport = Losing(HttpxTransport(settings))
    return Client(settings, transport=transport), transport


LOST: dict[str, Answer | None] = {
    "broken": None,
    "busy gateway": Answer(503, {"content-type": "text/html"}, b"<h1>Service Unavailable</h1>"),
    "slow gateway": Answer(504, {}, b""),
    "server fault": Answer(500, {"content-type": "application/json"}, b'{"exception_message": "Internal"}'),
    "web page": Answer(200, {"content-type": "text/html"}, b"<title>Login</title>"),
    "cut off": Answer(201, {"content-type": "application/json"}, b'{"id": "'),
}


@pytest.mark.parametrize("kind", LOST)
def test_lost_creation(plain_server: PrefectServer, kind: str) -> None:
    """A creation of an object with a unique name ends well whatever becomes of its answer, and is sent once."""
    name = f"lost_{kind.replace(' ', '_')}"

    async def scenario() -> None:
        made, transport = losing(plain_server)
        async with made:
            await made.check()
            scope = made.workspace()

            async def recover() -> Reply | None:
                try:
                    return await scope.get(join_path("variables", "name", name))
                except NotFound:
                    return None

            transport.next = ("POST", LOST[kind])
            reply = await scope.post("/variables/", {"name": name, "value": 1}, recover=recover)

        assert reply.data["name"] == name
        assert len([sent for sent in transport.sent if sent.startswith("POST")]) == 1

    asyncio.run(scenario())


def test_lost_changes_of_a_queue(plain_server: PrefectServer) -> None:
    """A rename and a deletion whose answers are lost are done, and done once."""

    async def scenario() -> None:
        made, transport = losing(plain_server)
        async with made:
            await made.check()
            scope = made.workspace()
            await scope.post("/work_pools/", {"name": "lossy", "type": "process"})
            await scope.post("/work_pools/lossy/queues", {"name": "first queue"})
            queue = join_path("work_pools", "lossy", "queues", "first queue")
            for heard in (True, False):
                transport.heard = heard
                transport.next = ("PATCH", None)
                name = f"renamed {heard}"
                await scope.patch(queue, {"name": name, "description": name})
                queue = join_path("work_pools", "lossy", "queues", name)
                assert (await scope.get(queue)).data["description"] == name
            transport.heard = True
            transport.next = ("DELETE", None)
            await scope.delete(queue)
            with pytest.raises(NotFound):
                await scope.get(queue)

    asyncio.run(scenario())


def test_places_that_prefect_names(plain_server: PrefectServer) -> None:
    """What Prefect says of a deployment's parameters and job variables has its place, and shows no value."""
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}}
    template = {
        "job_configuration": {"command": "{{ n }}"},
        "variables": {"type": "object", "properties": {"n": {"type": "integer"}}},
    }

    async def scenario() -> None:
        async with client(plain_server) as made:
            scope = made.workspace()
            flow = (await scope.post("/flows/", {"name": "placed"})).data["id"]
            pool = {"name": "placed", "type": "process", "base_job_template": template}
            await scope.post("/work_pools/", pool)
            body = {
                "name": "d",
                "flow_id": flow,
                "parameter_openapi_schema": schema,
                "work_pool_name": "placed",
            }
            made_id = (await scope.post("/deployments/", body, retry="safe")).data["id"]
            for field in ("parameters", "job_variables"):
                wrong = {field: {"n": 'hunter2\'s "x"'}, "work_pool_name": "placed"}
                enforced = {**body, **wrong, "enforce_parameter_schema": True}
                # A PATCH says of job variables only that they are wrong.
                place = (field,) if field == "job_variables" else (field, "n")
                for method, path, json, loc in (
                    ("PATCH", f"/deployments/{made_id}", wrong, place),
                    ("POST", "/deployments/", enforced, (field, "n")),
                ):
                    with pytest.raises(Invalid) as caught:
                        await scope.send(Request(method, path, json))
                    assert [problem.loc for problem in caught.value.problems] == [loc]
                    assert "(sensitive)" in str(caught.value)
                    assert "hunter2" not in f"{caught.value} {caught.value.problems}"
            with pytest.raises(Invalid) as caught:
                await scope.patch("/work_pools/placed", {"base_job_template": {"variables": {}}})

        assert {problem.loc[0] for problem in caught.value.problems} == {"base_job_template"}

    asyncio.run(scenario())


def test_api_at_another_path(plain_server: PrefectServer) -> None:
    """An API that a gateway serves at a path of its own, or at the root of a host, is found and can be written to."""

    async def scenario(endpoint: str, name: str) -> None:
        async with Client(resolve({"endpoint": endpoint}, {})) as made:
            assert await made.check()
            reply = await made.workspace().post("/variables/", {"name": name, "value": 1})
            assert (await made.workspace().collection("/variables").read(reply.data["id"])) is not None

    with Front(plain_server.api_url, "/tools/prefect") as front:
        asyncio.run(scenario(f"{front.url}/tools/prefect/", "behind_a_path"))
        with pytest.raises(UnexpectedAnswer, match="no Route matched"):
            asyncio.run(scenario(f"{front.url}/tools", "nowhere"))
    with Front(plain_server.api_url, "") as front:
        asyncio.run(scenario(front.url, "at_the_root"))


def test_server_that_dies(tmp_path: Path) -> None:
    """Of many objects, the first finds out that the server is gone; the others do not wait for it."""
    server = PrefectServer(tmp_path, services=False)
    server.start()

    async def scenario() -> None:
        async with Client(
            resolve({"endpoint": server.url}, {}), policy=RetryPolicy(max_retries=4, longest_wait=0.2)
        ) as made:
            await made.check()
            server.stop()
            results = await asyncio.gather(
                *(made.patch(f"/variables/{uuid.uuid4()}", {"value": 1}) for _ in range(20)),
                return_exceptions=True,
            )

        assert {type(result) for result in results} == {ConnectionFailed}
        assert sum("this one was not sent" in str(result) for result in results) == 19

    try:
        asyncio.run(scenario())
    finally:
        server.stop()
