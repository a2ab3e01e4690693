"""Commands before a server that keeps them waiting: they end in time, lose nothing, and do not give up on slow ones.

The bound is made small by the provider's `patience`; with many trials (`make test-faults`), once at its real length.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Final

import pytest

from tests.environment.processes import wait_until
from tests.environment.terraform import terraform_program
from tests.faults.stubborn_server import Behaviour, Refusal, Seen, StubbornServer, is_write
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

PATIENCE: Final = 5.0
OVERHEAD: Final = 20.0
"""Seconds that terraform takes besides on a busy machine, with its three providers."""

SOON: Final = 20.0
"""Seconds that an interrupted command takes at most on a busy machine: far from the 80 that a request may take."""

CONFIGURATION: Final = """
provider "prefect" {{
  {settings}
}}
resource "prefect_variable" "v" {{
  count = {variables}
  name  = "{variable}_${{count.index}}"
  value = {{ n = 1 }}
}}
resource "prefect_automation" "a" {{
  count   = {automations}
  name    = "{name}-${{count.index}}"
  trigger = {{ event = {{ posture = "Reactive", expect = ["{name}.x"], threshold = 2, within = 60 }} }}
  actions = [{{ type = "do-nothing" }}]
}}
"""


def configuration(name: str, settings: str = "", *, variables: int = 20, automations: int = 5) -> str:
    """More objects than Terraform asks for at a time."""
    return CONFIGURATION.format(
        name=name,
        variable=name.replace("-", "_"),
        settings=settings,
        variables=variables,
        automations=automations,
    )


def forward(_method: str, _path: str) -> Behaviour:
    """Answer everything."""
    return "forward"


def everything(behaviour: Behaviour) -> Callable[[str, str], Behaviour]:
    """Behave so to every request."""
    return lambda _method, _path: behaviour


def writes(behaviour: Behaviour) -> Callable[[str, str], Behaviour]:
    """Behave so to writes only."""
    return lambda method, path: behaviour if is_write(method, path) else "forward"


STUBBORN: Final[dict[str, Callable[[str, str], Behaviour]]] = {
    "everything hangs": everything("hang"),
    "everything is 429": everything(Refusal(429, {})),
    "writes hang": writes("hang"),
    "writes are 502": writes(Refusal(502, {}, b"bad gateway")),
    "answers drip": lambda _method, path: "forward" if path.endswith("/version") else "drip",
}


@pytest.mark.parametrize("kind", STUBBORN)
def test_one_bound(kind: str, terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """A whole apply that meets a server which answers nothing takes one bound, however many objects it has."""
    with StubbornServer(prefect_server.url, STUBBORN[kind]) as server:
        # Ten at a time: with a bound for each they would take ten.
        many = configuration(unique("wait"), f"patience = {PATIENCE}", variables=75, automations=25)
        workspace = terraform(many, api_url=server.api_url)
        started = time.monotonic()
        done = workspace.apply(check=False)
        seconds = time.monotonic() - started

    assert done.exit_code == 1
    assert PATIENCE * 0.6 <= seconds <= PATIENCE + OVERHEAD
    said = ("nothing was answered while requests waited", "as nothing else is answered either")
    # Terraform breaks lines where it likes.
    assert any(text in " ".join(error.detail.split()) for error in done.errors for text in said)


def test_longer_retry_after(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """A server that asks to wait longer than anybody does is quoted at once."""
    with StubbornServer(prefect_server.url, everything(Refusal(429, {"Retry-After": "100"}))) as server:
        workspace = terraform(configuration(unique("wait")), api_url=server.api_url)
        started = time.monotonic()
        done = workspace.apply(check=False)

    assert time.monotonic() - started <= OVERHEAD
    assert "The server asks to wait 100 s, which is longer than this client waits" in done.errors[0].detail


def test_slow_server_is_waited_for(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """A server that answers each request after most of the bound is waited for, far beyond the bound in all."""
    with StubbornServer(prefect_server.url, forward) as server:
        server.delay = 1.5
        settings = "patience = 3"
        workspace = terraform(
            configuration(unique("wait"), settings, variables=4, automations=1), api_url=server.api_url
        )
        started = time.monotonic()
        workspace.apply()
        assert time.monotonic() - started > 7
        server.delay = 0.0
        workspace.assert_no_changes()
        workspace.destroy()


@pytest.mark.skipif(int(os.environ.get("FAULT_TRIALS", "0")) < 20, reason="takes 90 s")
def test_real_bound(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """Without any setting a command ends 90 s after the server has stopped to answer, and says what it waits for."""
    with StubbornServer(prefect_server.url, everything("hang")) as server:
        name = unique("wait")
        log = {"TF_LOG_PROVIDER": "WARN"}
        workspace = terraform(configuration(name), api_url=server.api_url, env=log)
        started = time.monotonic()
        done = workspace.apply(check=False)
        seconds = time.monotonic() - started

    assert done.exit_code == 1
    assert 70 <= seconds <= 90
    assert 5 <= done.stderr.count("waiting for Prefect: ") <= 9


def interrupt(
    workspace: Workspace,
    server: StubbornServer,
    behave: Callable[[str, str], Behaviour],
    at: Callable[[Seen], bool],
) -> float:
    """Apply; press Ctrl-C soon after such a request has come; return the seconds until all has ended."""
    program = terraform_program()
    assert program is not None
    before, server.behave = len(server.seen), behave
    process = subprocess.Popen(
        [program, "apply", "-auto-approve", "-input=false"],
        cwd=workspace.directory,
        env=workspace.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        wait_until(lambda: any(at(seen) for seen in server.seen[before:]), what="the request", seconds=120)
        time.sleep(0.3)
        os.killpg(process.pid, signal.SIGINT)
        pressed = time.monotonic()
        output, _ = process.communicate(timeout=60)
        seconds = time.monotonic() - pressed
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    assert process.returncode == 1, output
    server.behave = forward
    return seconds


HANGING: Final[dict[str, tuple[Callable[[str, str], Behaviour], Callable[[Seen], bool]]]] = {
    "configure": (everything("hang"), lambda _: True),
    "look": (
        lambda method, path: "forward" if is_write(method, path) or path.endswith("/version") else "hang",
        lambda seen: not seen.path.endswith("/version"),
    ),
    "write": (writes("hang"), lambda seen: is_write(seen.method, seen.path)),
    "write that acts": (writes("act-and-hang"), lambda seen: is_write(seen.method, seen.path)),
    "write that acts, and the look": (
        lambda _, path: (
            "act-and-hang" if path.endswith("/automations/") else "hang" if "autom" in path else "forward"
        ),
        lambda seen: seen.path.endswith("/automations/"),
    ),
}


@pytest.mark.parametrize("kind", HANGING)
def test_ctrl_c(kind: str, terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """Ctrl-C while a request hangs ends the command soon; the next one finds what was made, once."""
    name = unique("wait")
    with StubbornServer(prefect_server.url, forward) as server:
        workspace = terraform(configuration(name, variables=3, automations=3), api_url=server.api_url)
        assert interrupt(workspace, server, *HANGING[kind]) <= SOON
        workspace.apply()
        workspace.assert_no_changes()
        assert_once(workspace, prefect_server, name)
        assert not list(workspace.directory.glob(".terraform/prefect-iac/*/*"))
        workspace.destroy()


def test_ctrl_c_in_a_refresh(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """So it does while objects are read, and all of them stay in the state."""
    name = unique("wait")
    with StubbornServer(prefect_server.url, forward) as server:
        workspace = terraform(configuration(name, variables=3, automations=3), api_url=server.api_url)
        workspace.apply()
        hang = everything("hang")
        seconds = interrupt(
            workspace,
            server,
            lambda method, path: "forward" if path.endswith("/version") else hang(method, path),
            lambda seen: not seen.path.endswith("/version"),
        )
        assert seconds <= SOON
        assert len(workspace.state()) == 6
        workspace.assert_no_changes()
        workspace.destroy()


def assert_once(workspace: Workspace, server: PrefectServer, name: str) -> None:
    """What is on the server is what is in the state."""
    made = {one["id"] for one in server.listed("/automations") if one["name"].startswith(name)}
    document = json.loads((workspace.directory / "terraform.tfstate").read_text(encoding="utf-8"))
    recorded = {
        instance["attributes"]["id"]
        for resource in document["resources"]
        if resource["type"] == "prefect_automation"
        for instance in resource["instances"]
    }
    assert made == recorded
    assert len(made) == 3
