"""The fixtures that other tests rely on."""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from tests.environment.postgres import NoPostgresError, PostgresServer
from tests.environment.prefect_server import CallError, PrefectServer, guarded
from tests.environment.processes import Process, clean_environment, wait_until
from tests.environment.terraform import TerraformError, Workspace
from tests.environment.worker import Worker


def test_process_and_its_children_are_stopped(tmp_path: Path) -> None:
    """Stopping a process also stops what it started, and does not wait for one that ignores the request."""
    script = "trap '' TERM; sleep 600 & echo $! >child; wait; sleep 600"
    process = Process(
        ["sh", "-c", script], log=tmp_path / "log", env=clean_environment(tmp_path), cwd=tmp_path
    )
    child = tmp_path / "child"
    wait_until(lambda: child.exists() and child.read_text() != "", what="start", seconds=60, process=process)
    process.stop(patience=0.2)
    assert process.exit_code is not None

    def gone() -> bool:
        # A zombie that nobody reaped yet has ended too.
        status = Path(f"/proc/{int(child.read_text())}/stat")
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"

    wait_until(gone, what="end of the child", seconds=60)


def test_process_that_ended_keeps_its_id_until_it_is_stopped(tmp_path: Path) -> None:
    """Stopping a process that ended by itself cannot meet another one that got its id meanwhile."""
    process = Process(
        ["sh", "-c", "sleep 600 & exit 3"],
        log=tmp_path / "log",
        env=clean_environment(tmp_path),
        cwd=tmp_path,
    )
    wait_until(lambda: process.exit_code is not None, what="end", seconds=60)
    assert process.exit_code == 3
    assert os.getpgid(process.pid) == process.pid
    process.stop()
    with pytest.raises(ProcessLookupError):
        os.getpgid(process.pid)
    assert process.exit_code == 3
    process.stop()


def test_process_that_ends_is_reported_with_its_output(tmp_path: Path) -> None:
    """Waiting for a program that ended fails at once and shows what it said."""
    process = Process(
        ["sh", "-c", "echo no such option; exit 3"],
        log=tmp_path / "log",
        env=clean_environment(tmp_path),
        cwd=tmp_path,
    )
    started = time.monotonic()
    with pytest.raises(RuntimeError, match=r"(?s)start: sh ended with status 3.*no such option"):
        wait_until(lambda: False, what="start", seconds=60, process=process)
    assert time.monotonic() - started < 30
    process.stop()


def test_environment_of_programs_is_clean(tmp_path: Path) -> None:
    """Settings of whoever runs the tests do not reach the programs under test; coverage does."""
    environment = clean_environment(tmp_path, PREFECT_API_URL="http://server.example/api")
    assert environment["PREFECT_API_URL"] == "http://server.example/api"
    assert environment["HOME"] == str(tmp_path)
    assert not [name for name in environment if name.startswith(("TF_", "PYTHON", "PIP_"))]
    assert {name for name in os.environ if name.startswith("COVERAGE_")} <= set(environment)


def test_server_keeps_objects_over_a_restart(prefect_servers: Callable[..., PrefectServer]) -> None:
    """A restarted server has the same address and the same objects."""
    server = prefect_servers(services=False)
    address = server.url
    server.call("POST", "/variables/", {"name": "kept", "value": [1]})
    server.restart()
    assert server.url == address
    assert server.call("GET", "/variables/name/kept")["value"] == [1]
    with pytest.raises(CallError, match="status 404"):
        server.call("GET", "/variables/name/other")


def test_server_with_password_and_csrf(prefect_servers: Callable[..., PrefectServer]) -> None:
    """Settings reach the server, and `call` follows them."""
    server = prefect_servers(
        env=guarded("admin:pa:ss"),
        services=False,
    )
    assert server.call("POST", "/variables/", {"name": "x", "value": 1})["name"] == "x"
    with pytest.raises(CallError, match="status 401"):
        server.call("GET", "/variables/name/x", headers={"Authorization": "Basic bm86bm8="})
    with pytest.raises(CallError, match="status 403"):
        server.call("POST", "/variables/", {"name": "y"}, headers={"Prefect-Csrf-Token": "wrong"})


def test_postgresql_gives_each_server_its_own_database(
    postgresql: PostgresServer, postgresql_server: PrefectServer, tmp_path: Path
) -> None:
    """Two servers of one PostgreSQL, which an ordinary user runs, do not see each other's objects."""
    assert (postgresql.directory / "data").stat().st_uid != 0
    postgresql_server.call("POST", "/variables/", {"name": "own", "value": 1})
    other = PrefectServer(tmp_path, services=False, database_url=postgresql.create_database())
    try:
        other.start()
        assert not other.exists("/variables/name/own")
    finally:
        other.stop()
        postgresql_server.call("DELETE", "/variables/name/own")


def test_postgresql_leaves_nothing() -> None:
    """Once it is stopped, its processes and its data are gone."""
    try:
        server = PostgresServer()
    except NoPostgresError as error:
        pytest.skip(str(error))
    pid, directory = server.pid, server.directory
    server.create_database()
    server.stop()
    assert not directory.exists()
    with pytest.raises(ProcessLookupError):
        os.getpgid(pid)


def test_events_arrive_soon(prefect_server: PrefectServer) -> None:
    """An event that is posted can be read soon."""
    name = f"environment.test.{uuid4()}"
    event = {
        "id": str(uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": name,
        "resource": {"prefect.resource.id": "environment.test"},
    }
    prefect_server.call("POST", "/events", [event])
    query = {"filter": {"event": {"name": [name]}}}
    wait_until(
        lambda: bool(prefect_server.call("POST", "/events/filter", query)["events"]),
        what="event",
        seconds=120,
    )


def test_worker_is_online(prefect_server: PrefectServer, prefect_worker: Callable[[str], Worker]) -> None:
    """A worker is online when its fixture returns, and its process pool was made."""
    pool = f"environment-{uuid4()}"
    worker = prefect_worker(pool)
    assert prefect_server.call("GET", f"/work_pools/{pool}")["type"] == "process"
    assert worker.process.exit_code is None


def test_workspace_runs_the_whole_cycle(terraform: Callable[..., Workspace]) -> None:
    """Plan, apply, change, outputs and destroy report what terraform did."""
    workspace = terraform(
        {
            "resource": {"terraform_data": {"this": {"input": "one"}}},
            "output": {"told": {"value": "${terraform_data.this.output}"}},
        },
        api_url=None,
        provider=False,
    )
    planned = workspace.plan().change("terraform_data.this")
    assert planned.actions == ("create",)
    assert planned.differences["input"] == (None, "one")
    assert planned.differences["id"] == (None, "(known after apply)")
    workspace.apply()
    workspace.assert_no_changes()
    assert workspace.outputs() == {"told": "one"}
    assert workspace.state()["terraform_data.this"]["output"] == "one"

    workspace.write('resource "terraform_data" "this" { input = "two" }')
    assert workspace.plan().actions() == {"terraform_data.this": ("update",)}
    with pytest.raises(AssertionError, match=r"terraform_data.this update .*'one', 'two'"):
        workspace.assert_no_changes()
    workspace.destroy()
    assert workspace.state() == {}


def test_workspace_imports(terraform: Callable[..., Workspace]) -> None:
    """An imported object is in the state under the address given."""
    workspace = terraform('resource "terraform_data" "this" {}', api_url=None, provider=False)
    workspace.import_("terraform_data.this", "an-id")
    assert workspace.state()["terraform_data.this"]["id"] == "an-id"


def test_workspace_reports_errors(terraform: Callable[..., Workspace]) -> None:
    """A wrong configuration yields diagnostics with a line, or fails a test that expected none."""
    workspace = terraform(
        'resource "terraform_data" "this" {\n  nonsense = 1\n}', api_url=None, provider=False
    )
    for result in (workspace.validate(), workspace.plan(check=False)):
        error = result.only_error()
        assert error.summary == "Unsupported argument"
        assert error.line == 2
        assert error.snippet == "nonsense = 1"
    with pytest.raises(TerraformError, match='"nonsense" is not expected here'):
        workspace.plan()
    workspace.write("")
    assert workspace.validate().errors == []
