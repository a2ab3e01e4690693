"""The gRPC server of a plugin process, over its real socket, with TLS as Terraform does it."""

from __future__ import annotations

import asyncio
import ssl
import time
from typing import TYPE_CHECKING

import grpclib
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from grpclib.const import Status

from prefect_provider.plugin.serving.server import RpcServer
from tests.plugin.plugin_process import Identity, connected, running_plugin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.plugin.plugin_process import Plugin

IDENTITY = Identity()
MIB = 1024 * 1024


@pytest.fixture(name="plugin", scope="module")
def _plugin() -> Iterator[Plugin]:
    with running_plugin(IDENTITY) as plugin:
        yield plugin


@pytest.mark.parametrize(
    "curve", [ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()], ids=lambda curve: curve.name
)
def test_the_holder_of_the_certificate_is_served(curve: ec.EllipticCurve) -> None:
    """Mutual TLS works with client keys of every size; Terraform's is P-521."""
    identity = Identity(curve)

    async def call(plugin: Plugin) -> bytes:
        async with connected(plugin.path, plugin.tls(identity)) as client:
            response = await client.read("echo", state=b"\xc0")
            return bytes(response.new_state.msgpack)

    with running_plugin(identity) as plugin:
        assert asyncio.run(call(plugin)) == b"\xc0"


@pytest.mark.parametrize("stranger", [Identity(), None], ids=["foreign certificate", "no certificate"])
def test_others_are_refused(plugin: Plugin, stranger: Identity | None) -> None:
    """A client with another certificate, or none, gets no answer, and the one with it still does."""

    async def call(identity: Identity | None) -> None:
        async with connected(plugin.path, plugin.tls(identity)) as client:
            await client.read("echo")

    with pytest.raises((ssl.SSLError, OSError, grpclib.exceptions.StreamTerminatedError)):
        asyncio.run(call(stranger))
    asyncio.run(call(IDENTITY))
    assert plugin.process.poll() is None


def test_a_client_without_tls_is_refused(plugin: Plugin) -> None:
    """Plain gRPC on the socket is not answered."""

    async def call() -> None:
        async with connected(plugin.path, None) as client:
            await client.read("echo")

    with pytest.raises((OSError, grpclib.exceptions.StreamTerminatedError)):
        asyncio.run(call())
    assert plugin.process.poll() is None


def test_old_tls_is_refused(plugin: Plugin) -> None:
    """The server does not go below TLS 1.2."""
    context = plugin.tls(IDENTITY)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1

    async def call() -> None:
        async with connected(plugin.path, context) as client:
            await client.read("echo")

    with pytest.raises((ssl.SSLError, OSError)):
        asyncio.run(call())


@pytest.mark.parametrize("size", [5 * MIB, 80 * MIB, 256 * MIB], ids=lambda size: f"{size // MIB} MiB")
def test_big_messages_pass_both_ways(plugin: Plugin, size: int) -> None:
    """Messages far above gRPC's usual 4 MiB, and the flow-control window, arrive whole in fair time."""
    state = bytes(range(256)) * (size // 256)

    async def call() -> float:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            start = time.perf_counter()
            response = await client.read("echo", state=state)
            assert response.new_state.msgpack == state
            return time.perf_counter() - start

    assert asyncio.run(call()) < 10 + size / MIB


def test_many_calls_are_under_way_together(plugin: Plugin) -> None:
    """Ninety calls that wait do not wait for each other."""

    async def call() -> float:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            await client.read("echo")
            start = time.perf_counter()
            await asyncio.gather(*(client.read("slow", "0.5") for _ in range(90)))
            return time.perf_counter() - start

    assert asyncio.run(call()) < 20  # of 45 one after the other


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("error", "ReadResource.*ValueError: the password is \\(sensitive\\)"),
        ("exit", "ReadResource.*SystemExit: 3"),
        ("cancel", "ReadResource.*CancelledError"),
        ("wrong", "ReadResource.*TypeError.*DynamicValue"),
    ],
)
def test_a_failing_handler_is_an_answer(plugin: Plugin, what: str, text: str) -> None:
    """Whatever leaves a handler becomes INTERNAL with a text, and the next call is served."""

    async def call() -> grpclib.GRPCError:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            with pytest.raises(grpclib.GRPCError, match=f"(?s){text}") as failure:
                await client.read(what)
            await client.read("echo")
            return failure.value

    error = asyncio.run(call())
    assert error.status is Status.INTERNAL
    assert "defect of the provider" in str(error.message)


def test_streams(plugin: Plugin) -> None:
    """A streaming method gives its events one by one, and its failure is a status, too."""

    async def call() -> None:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            events = await client.list("echo", 300)
            assert [event.display_name for event in events] == [f"number {number}" for number in range(300)]
            assert await client.list("echo", 0) == []
            with pytest.raises(grpclib.GRPCError, match=r"ListResource.*no more") as failure:
                await client.list("error", 2)
            assert failure.value.status is Status.INTERNAL

    asyncio.run(call())


def test_unknown_methods_are_unimplemented(plugin: Plugin) -> None:
    """Terraform asks for services that a plugin may lack, such as its standard streams."""

    async def call() -> grpclib.GRPCError:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            with pytest.raises(grpclib.GRPCError) as failure:
                await client.standard_streams()
            return failure.value

    assert asyncio.run(call()).status is Status.UNIMPLEMENTED


def test_a_wait_that_is_cancelled_ends_also_when_a_change_comes_with_it() -> None:
    """Terraform waits for a process that leaves: a second that is lost at its end is lost three times in one plan."""

    async def scenario() -> None:
        server = RpcServer([])
        waiting = asyncio.create_task(server.wait_for_change(5))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        # A call ends, and the process is told to leave, in the same turn of the loop.
        work = asyncio.ensure_future(asyncio.sleep(0))
        server._begin(work, "Shutdown")
        await work
        server._end(work)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(scenario())
