"""Clients of the simulator of Prefect Cloud, for tests that drive resources directly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.objects.terraform_core import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.prefect_cloud import PrefectCloud


@pytest.fixture
def cloud_world(prefect_cloud: PrefectCloud) -> Iterator[World]:
    """A client of the session's simulator, in its first workspace, and an event loop for one test."""
    world = World(prefect_cloud)
    yield world
    world.close()


@pytest.fixture
def account_world(prefect_clouds: Callable[..., PrefectCloud]) -> Iterator[World]:
    """The same for an account that is this test's alone, and has no server behind its workspaces."""
    world = World(prefect_clouds(server=False))
    yield world
    world.close()
