"""The life of a plugin process: how it starts, and every way in which it ends."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import grpclib
import pytest

from tests.plugin.plugin_process import (
    TOY_PLUGIN,
    Identity,
    Plugin,
    connected,
    plugin_environment,
    running_plugin,
)

pytestmark = pytest.mark.measured

IDENTITY = Identity()

PARENT = """
import os, subprocess, sys
subprocess.Popen([sys.executable, sys.argv[1]], stderr=open(sys.argv[2], "w"))
sys.stdin.read()
"""


def wait_until_gone(path: str, seconds: float) -> float:
    """Wait until the socket's directory is removed, which is the last thing that a process does."""
    start = time.monotonic()
    while Path(path).parent.exists():
        assert time.monotonic() - start < seconds, "the process did not leave"
        time.sleep(0.02)
    return time.monotonic() - start


def is_listening(plugin: Plugin) -> bool:
    """Whether the process answers."""

    async def call() -> bool:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            return bool(await client.read("echo") is not None)

    return asyncio.run(call())


def test_shutdown_is_answered_and_obeyed() -> None:
    """Terraform's Shutdown is answered; then the process closes its service, tidies up and exits with 0, at once.

    Terraform waits for the end, three times for one plan; a second is what a missed cancellation costs.
    """

    async def call(plugin: Plugin) -> float:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            await client.read("echo")
            await client.shut_down()
            answered = time.monotonic()
            # The connection stays open, as Terraform's does.
            await asyncio.get_running_loop().run_in_executor(None, plugin.process.wait, 60)
            return time.monotonic() - answered

    taken = []
    for _ in range(3):  # a busy machine may be late once
        with running_plugin(IDENTITY) as plugin:
            taken.append(asyncio.run(call(plugin)))
            _, stderr = plugin.process.communicate(timeout=120)
            assert plugin.process.returncode == 0
            assert stderr == "closed the service\n"
            assert not Path(plugin.path).parent.exists()
    assert min(taken) < 0.6


def test_interrupts_are_left_to_terraform() -> None:
    """Ctrl-C reaches the whole group of processes; a call under way does not notice."""

    async def call(plugin: Plugin) -> None:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            await client.read("echo")
            slow = asyncio.ensure_future(client.read("slow", "0.5"))
            for _ in range(3):
                await asyncio.sleep(0.05)
                plugin.process.send_signal(signal.SIGINT)
            await slow
            await client.read("echo")

    with running_plugin(IDENTITY) as plugin:
        plugin.process.send_signal(signal.SIGINT)  # right after the line, too
        asyncio.run(call(plugin))
        assert plugin.process.poll() is None


def test_a_terminated_process_finishes_what_is_under_way(tmp_path: Path) -> None:
    """After SIGTERM a running call is answered, new ones are refused, and the process leaves with 0."""

    async def call(plugin: Plugin) -> None:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            await client.read("echo")
            slow = asyncio.ensure_future(client.read("slow", f"2 {tmp_path / 'marker'}", state=b"\xc0"))
            await asyncio.sleep(0.2)
            plugin.process.send_signal(signal.SIGTERM)

            async def echoes() -> None:
                while not slow.done():  # a signal is seen a moment later
                    await client.read("echo")

            with pytest.raises(grpclib.GRPCError, match="about to leave"):
                await echoes()
            assert (await slow).new_state.msgpack == b"\xc0"

    with running_plugin(IDENTITY) as plugin:
        asyncio.run(call(plugin))
        assert plugin.process.wait(60) == 0
        assert (tmp_path / "marker").read_text() == "finished"


def test_an_early_end_leaves_nothing_behind() -> None:
    """A process that is terminated while it still imports what it serves tidies up, too."""
    for delay in (0, 0.02, 0.05, 0.1, 0.2):
        with running_plugin(IDENTITY) as plugin:
            time.sleep(delay)
            plugin.process.send_signal(signal.SIGTERM)
            assert plugin.process.wait(20) == 0
            assert not Path(plugin.path).parent.exists()


def test_a_second_signal_is_obeyed_at_once(tmp_path: Path) -> None:
    """Who signals twice does not wait for calls under way."""

    async def call(plugin: Plugin) -> None:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            await client.read("echo")
            slow = asyncio.ensure_future(client.read("slow", f"60 {tmp_path / 'marker'}"))
            for _ in range(2):
                await asyncio.sleep(0.2)
                plugin.process.send_signal(signal.SIGTERM)
            with pytest.raises((OSError, grpclib.exceptions.StreamTerminatedError)):
                await slow

    with running_plugin(IDENTITY) as plugin:
        asyncio.run(call(plugin))
        assert plugin.process.wait(20) == 0
        assert not (tmp_path / "marker").exists()


def test_when_terraform_is_killed_the_call_under_way_finishes_and_the_process_leaves(tmp_path: Path) -> None:
    """After kill -9 of the parent no orphan stays, and what was begun is not left half done."""
    marker = tmp_path / "marker"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(TOY_PLUGIN), str(tmp_path / "stderr")],
        env=plugin_environment(IDENTITY),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None

    async def call(plugin: Plugin) -> None:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            await client.read("echo")
            slow = asyncio.ensure_future(client.read("slow", f"3 {marker}"))
            await asyncio.sleep(0.2)
            parent.kill()
            slow.cancel()
            await asyncio.gather(slow, return_exceptions=True)

    try:
        plugin = Plugin(parent, parent.stdout.readline().rstrip("\n"))
        asyncio.run(call(plugin))
        assert not marker.exists()
        wait_until_gone(plugin.path, 60)
    finally:
        parent.kill()
        parent.communicate()
    assert marker.read_text() == "finished"
    assert (tmp_path / "stderr").read_text() == "closed the service\n"


def test_when_the_parent_dies_before_anyone_connects_the_process_leaves(tmp_path: Path) -> None:
    """A Terraform that is killed between the line and the first call leaves no orphan either."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(TOY_PLUGIN), str(tmp_path / "stderr")],
        env=plugin_environment(IDENTITY),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    path = parent.stdout.readline().split("|")[3]
    parent.kill()
    parent.communicate()

    wait_until_gone(path, 60)


CLIENT = """
import asyncio, sys
from tests.plugin.plugin_process import *
async def main():
    plugin = Plugin(None, sys.argv[1])
    context = plugin.tls(None)
    context.load_cert_chain(sys.argv[2])
    async with connected(plugin.path, context) as client:
        await client.read("echo")
        print("connected", flush=True)
        sys.stdin.read()
asyncio.run(main())
"""


def test_when_the_process_that_connected_has_ended_the_plugin_leaves(tmp_path: Path) -> None:
    """Also behind a wrapper that stays alive as the parent, the end of Terraform itself is noticed."""
    with running_plugin(IDENTITY) as plugin:
        (tmp_path / "pem").write_text(IDENTITY.pem + IDENTITY._key)
        client = subprocess.Popen(
            [sys.executable, "-c", CLIENT, plugin.line, str(tmp_path / "pem")],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONPATH": ":".join([str(Path(__file__).parents[2]), *sys.path])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert client.stdout is not None
        assert client.stdout.readline() == "connected\n"
        time.sleep(0.3)
        assert plugin.process.poll() is None
        client.kill()
        client.communicate()
        assert plugin.process.wait(20) == 0


def test_a_closed_connection_is_not_the_end() -> None:
    """Terraform's library closes an idle connection and opens another: the process is still there then."""
    with running_plugin(IDENTITY) as plugin:
        assert is_listening(plugin)
        time.sleep(1.5)
        assert is_listening(plugin)


def test_printing_does_not_disturb_terraform() -> None:
    """What a handler prints goes to stderr; stdout has the one line."""

    async def call(plugin: Plugin) -> None:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            await client.read("print", "a line of mine")
            await client.shut_down()

    with running_plugin(IDENTITY) as plugin:
        asyncio.run(call(plugin))
        stdout, stderr = plugin.process.communicate(timeout=120)
        assert stdout == ""
        assert stderr.splitlines()[0] == "a line of mine"


def test_records_say_which_call_they_are_about() -> None:
    """The log of a failure names the RPC and the type, has the traceback, and not the secret."""

    async def call(plugin: Plugin) -> None:
        async with connected(plugin.path, plugin.tls(IDENTITY)) as client:
            with pytest.raises(grpclib.GRPCError):
                await client.read("error")
            await client.shut_down()

    with running_plugin(IDENTITY, TF_LOG_PROVIDER_TOY="ERROR") as plugin:
        asyncio.run(call(plugin))
        _, stderr = plugin.process.communicate(timeout=120)
    record: dict[str, Any] = json.loads(stderr.splitlines()[0])
    assert (record["@level"], record["@message"]) == ("error", "ReadResource failed")
    assert (record["tf_rpc"], record["tf_resource_type"]) == ("ReadResource", "error")
    assert "ValueError: the password is (sensitive)" in record["exception"]
    assert "hunter2" not in stderr.replace('secret("hunter2")', "").replace("is hunter2", "")


def test_a_crash_is_reported_in_the_form_that_terraform_shows() -> None:
    """A process that cannot go on writes a panic with a traceback, and tidies up."""
    with running_plugin(IDENTITY, "--crash") as plugin:
        _, stderr = plugin.process.communicate(timeout=120)
        assert plugin.process.returncode == 2
        assert stderr.startswith("panic: ImportError: no such module, and password (sensitive)\n")
        assert "Traceback" in stderr
        assert not Path(plugin.path).parent.exists()


def test_a_terraform_without_tls_is_served() -> None:
    """TF_DISABLE_PLUGIN_TLS makes Terraform send no certificate: then the line has none either."""

    async def call(plugin: Plugin) -> None:
        async with connected(plugin.path, None) as client:
            await client.read("echo")
            await client.shut_down()

    with running_plugin(None) as plugin:
        assert len(plugin.parts) == 5
        asyncio.run(call(plugin))
        assert plugin.process.wait(60) == 0


def test_debugging() -> None:
    """With --debug the process prints what to paste, needs no TLS, outlives a Shutdown, ends on Ctrl-C."""

    async def call(path: str) -> None:
        async with connected(path, None) as client:
            await client.read("echo")
            await client.shut_down()

    process = subprocess.Popen(
        [sys.executable, str(TOY_PLUGIN), "--debug"],
        env={**plugin_environment(None), "TF_PLUGIN_MAGIC_COOKIE": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        assert "Ctrl-C" in lines[0]
        command, assignment = shlex.split(lines[2])
        name, _, value = assignment.partition("=")
        assert (command, name) == ("export", "TF_REATTACH_PROVIDERS")
        reattach = json.loads(value)["registry.terraform.io/example/toy"]
        path = reattach["Addr"].pop("String")
        assert reattach == {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": process.pid,
            "Test": True,
            "Addr": {"Network": "unix"},
        }
        for _ in range(3):
            asyncio.run(call(path))
        time.sleep(0.3)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert not Path(path).parent.exists()
    finally:
        process.kill()
        process.communicate()
