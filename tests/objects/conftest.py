"""A client of the session's server, for tests that drive resources directly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.objects.terraform_core import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.environment.prefect_server import PrefectServer


@pytest.fixture
def world(prefect_server: PrefectServer) -> Iterator[World]:
    """A client and an event loop for one test."""
    world = World(prefect_server)
    yield world
    world.close()
