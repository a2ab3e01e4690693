"""A Prefect server that asks for a password and for CSRF tokens, for all trials of a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.environment.prefect_server import PrefectServer, guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["KEY"]

KEY: Final = "admin:hush-key-0815"


@pytest.fixture(scope="session")
def guarded_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A server with `KEY` as its password and CSRF protection, and without services, which nothing here needs."""
    server = PrefectServer(
        tmp_path_factory.mktemp("guarded-server"),
        env=guarded(KEY),
        services=False,
    )
    server.start()
    yield server
    server.stop()
