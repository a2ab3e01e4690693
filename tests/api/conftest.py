"""Servers for the client: one plain, one with a password and CSRF protection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.environment.prefect_server import PrefectServer, guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "admin:pa:ss"


@pytest.fixture(scope="module")
def plain_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A Prefect server on SQLite, without services."""
    server = PrefectServer(tmp_path_factory.mktemp("plain"), services=False)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def protected_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A Prefect server that asks for a password and for CSRF tokens."""
    server = PrefectServer(
        tmp_path_factory.mktemp("protected"),
        env=guarded(PASSWORD),
        services=False,
    )
    server.start()
    yield server
    server.stop()
