"""Real Prefect servers from `.venv-prefect`, each with its own database and port.

TEST_PREFECT names another version than the usual one, whose environment `scripts/set_up_servers.py` makes.

A fresh database takes 7-10 s to migrate. That is done once per Prefect version; servers start from a copy.
"""

import base64
import fcntl
import json
import logging
import os
import shutil
import sqlite3
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import Any

from tests.environment.processes import Process, clean_environment, free_port, wait_until

__all__ = [
    "CallError",
    "PrefectServer",
    "guarded",
    "is_since",
    "prefect_program",
    "prefect_version",
    "template_database",
]

_log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent.parent

_START_SECONDS = 120.0

# On SQLite, Prefect waits up to 60 s for its database before it answers 503.
_PATIENCE = 90.0

# Events reach the database and the triggers at once instead of after up to 5 s.
FAST_EVENTS = {
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_FLUSH_INTERVAL": "0.1",
    "PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY": "PT0.5S",
}

# Marking runs as late, all at once, can lock a SQLite database for a minute; nothing here waits for it.
_CALM = {"PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false"}

_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
}


def guarded(password: str) -> dict[str, str]:
    """The settings of a server that asks for a password, ``user:password``, and for CSRF tokens."""
    return {
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
    }


class CallError(Exception):
    """The server answered with an error status; holds it and the answer's body."""

    def __init__(self, method: str, path: str, status: int, body: str) -> None:
        """Say which request was answered how."""
        super().__init__(f"{method} {path}: status {status}: {body}")
        self.status = status
        self.body = body


class PrefectServer:
    """A running server; `call` speaks to its API, independently of the client that is tested."""

    def __init__(
        self,
        directory: Path,
        *,
        env: Mapping[str, str] | None = None,
        services: bool = True,
        migrated: bool = True,
        database_url: str | None = None,
    ) -> None:
        """Prepare a server in `directory`, with settings of its own in `env`.

        Without `services`, posted events are dropped and nothing is evaluated, but it starts sooner.
        Its database is a SQLite file of its own, made from nothing unless `migrated`, or else the one at
        `database_url`, an address as SQLAlchemy has it.
        """
        self.directory = directory
        self._file = None if database_url else directory / "prefect.db"
        self.settings = {
            **FAST_EVENTS,
            **_CALM,
            **_QUIET,
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": database_url or f"sqlite+aiosqlite:///{self._file}",
            **(env or {}),
        }
        self.port = free_port()
        self._services = services
        self._process: Process | None = None
        self._csrf_client = str(uuid.uuid4())
        directory.mkdir(parents=True, exist_ok=True)
        if migrated and self._file:
            shutil.copyfile(template_database(), self._file)

    @property
    def database(self) -> Path:
        """Its SQLite file, for those who write into it; a server on another database has none."""
        assert self._file is not None, f"{self.url} is not on SQLite"
        return self._file

    @property
    def url(self) -> str:
        """The address of the server, without `/api`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api_url(self) -> str:
        """The value for PREFECT_API_URL."""
        return f"{self.url}/api"

    @property
    def log(self) -> Path:
        """Where the server's output goes."""
        return self.directory / "server.log"

    def start(self) -> None:
        """Start it and wait until it answers; on another port, should somebody have taken this one."""
        command: list[str | Path] = [prefect_program(), "server", "start", "--host", "127.0.0.1"]
        if not self._services:
            command.append("--no-services")
        env = clean_environment(
            self.directory,
            PREFECT_HOME=str(self.directory / "home"),
            **self.settings,
        )
        for attempt in range(3):
            process = Process([*command, "--port", str(self.port)], log=self.log, env=env, cwd=self.directory)
            try:
                wait_until(
                    self._healthy, what="start of a Prefect server", seconds=_START_SECONDS, process=process
                )
            except BaseException as error:
                process.stop()
                if attempt == 2 or not isinstance(error, RuntimeError) or "in use" not in str(error):
                    raise
                self.port = free_port()
            else:
                self._process = process
                return

    def stop(self) -> None:
        """Stop it; the database stays."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def restart(self) -> None:
        """Stop and start it on the same port with the same database."""
        self.stop()
        self.start()

    def tail(self, lines: int = 60) -> str:
        """Return the end of the server's log."""
        return self._process.tail(lines) if self._process else ""

    def call(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Send a request to `path` below `/api`; return the decoded answer, or None if it is empty.

        Raises CallError for an error status. 503, which a server on SQLite answers to a write that collided
        with another, means that nothing was done, and is asked again. Where the database stays locked for longer than
        any write takes, the server is started anew.
        """
        deadline, is_new = time.monotonic() + _PATIENCE, False
        while True:
            try:
                return self._send(method, path, body, headers or {})
            except CallError as error:
                if error.status != 503:
                    raise
                if time.monotonic() > deadline:
                    if is_new or self._process is None:
                        raise
                    _log.warning("%s, for %.0f s: the server is started anew", error, _PATIENCE)
                    self.restart()
                    deadline, is_new = time.monotonic() + _PATIENCE, True
            time.sleep(0.05)

    def exists(self, path: str) -> bool:
        """Return whether GET `path` finds something, rather than 404."""
        try:
            self.call("GET", path)
        except CallError as error:
            if error.status != 404:
                raise
            return False
        return True

    def flow_ids(self) -> set[str]:
        """The ids of all flows that there are now."""
        return {flow["id"] for flow in self.listed("/flows", sort="NAME_ASC")}

    def listed(self, path: str, **asked: Any) -> list[dict[str, Any]]:
        """All objects that there are now, however many pages of 200 they fill."""
        found: list[dict[str, Any]] = []
        while page := self.call("POST", f"{path}/filter", {"offset": len(found), **asked}):
            found += page
        return found

    def _send(self, method: str, path: str, body: object, headers: Mapping[str, str]) -> Any:
        request = urllib.request.Request(self.api_url + path, method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        for name, value in {**self._credentials(method), **headers}.items():
            request.add_header(name, value)
        try:
            with _OPENER.open(request, timeout=_PATIENCE) as response:
                content = response.read()
        except urllib.error.HTTPError as error:
            with error:
                raise CallError(method, path, error.code, error.read().decode()) from None
        return json.loads(content) if content else None

    def _credentials(self, method: str) -> dict[str, str]:
        credentials = {}
        password = self.settings.get("PREFECT_SERVER_API_AUTH_STRING")
        if password:
            credentials["Authorization"] = f"Basic {base64.b64encode(password.encode()).decode()}"
        if method != "GET" and self.settings.get("PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED") == "true":
            # A new token each time: whoever else asks for this client's token would invalidate a kept one.
            answer = self._send("GET", f"/csrf-token?client={self._csrf_client}", None, {})
            credentials["Prefect-Csrf-Token"] = answer["token"]
            credentials["Prefect-Csrf-Client"] = self._csrf_client
        return credentials

    def _healthy(self) -> bool:
        try:
            with _OPENER.open(f"{self.api_url}/health", timeout=5.0) as response:
                return bool(response.status == 200)
        except OSError:
            return False


# Tests speak to 127.0.0.1; a proxy from the environment has no part in that.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def prefect_program() -> Path:
    """Return the `prefect` command of the server environment."""
    version = os.environ.get("TEST_PREFECT")
    environment = ROOT / ".cache" / "servers" / version if version else ROOT / ".venv-prefect"
    program = environment / "bin" / "prefect"
    if not program.exists():
        remedy = f"scripts/set_up_servers.py {version}" if version else "make setup"
        msg = f"there is no {program}; run `{remedy}`"
        raise FileNotFoundError(msg)
    return program


def prefect_version() -> str:
    """Return the version of the server, without the second that starting Prefect takes."""
    packages = prefect_program().parent.parent.glob("lib/python*/site-packages")
    found = next(iter(metadata.distributions(name="prefect", path=[str(path) for path in packages])))
    return found.version


def is_since(version: str) -> bool:
    """Whether the server is of this version or a newer one; without another choice, it is the usual one, and newest."""
    if not os.environ.get("TEST_PREFECT"):
        return True
    here, there = (tuple(int(part) for part in text.split(".")[:3]) for text in (prefect_version(), version))
    return here >= there


def template_database() -> Path:
    """Return a migrated database without objects, made if this version of Prefect has none yet."""
    template = ROOT / ".cache" / "prefect" / prefect_version() / "template.db"
    template.parent.mkdir(parents=True, exist_ok=True)
    with (template.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            with tempfile.TemporaryDirectory(dir=template.parent) as directory:
                _migrate(Path(directory), template)
    return template


def _migrate(directory: Path, template: Path) -> None:
    server = PrefectServer(directory, migrated=False)
    try:
        server.start()
    finally:
        server.stop()
    draft = directory / "draft.db"
    # Unlike a copy of the file, this includes what is still in the write-ahead log.
    with closing(sqlite3.connect(server.database)) as database:
        database.execute("VACUUM INTO ?", (str(draft),))
    draft.replace(template)
