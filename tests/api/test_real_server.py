"""The client against real Prefect servers: credentials, tokens, locked databases, errors."""

from __future__ import annotations

import asyncio
import logging
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import (
    Client,
    Conflict,
    Invalid,
    NotFound,
    Unauthorized,
    UnexpectedAnswer,
    join_path,
    resolve,
)
from tests.api.conftest import PASSWORD

if TYPE_CHECKING:
    from tests.environment.prefect_server import PrefectServer

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
    """With the default of one write at a time, the same writers are hardly ever refused."""

    async def scenario() -> None:
        async with client(plain_server) as made:
            reply = await made.post("/variables/", {"name": "calm", "value": 0})
            path = join_path("variables", reply.data["id"])
            await asyncio.gather(*(made.patch(path, {"value": value}) for value in range(50)))

    with caplog.at_level(logging.WARNING, "prefect_provider.api"):
        asyncio.run(scenario())

    assert len(caplog.records) <= 10


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
