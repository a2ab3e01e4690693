"""The table of every attribute once more, on a Prefect server whose database is PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.objects.terraform_core import World
from tests.objects.test_every_attribute import (
    test_created_imported_and_changed_out_of_band as test_created_imported_and_changed_out_of_band,  # noqa: PLC0414
)
from tests.objects.test_every_attribute import (
    test_deleted_out_of_band as test_deleted_out_of_band,  # noqa: PLC0414
)
from tests.objects.test_every_attribute import (
    test_set_change_and_remove as test_set_change_and_remove,  # noqa: PLC0414
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.environment.prefect_server import PrefectServer


@pytest.fixture
def world(postgresql_server: PrefectServer) -> Iterator[World]:
    """A client of the server on PostgreSQL, and an event loop for one test."""
    world = World(postgresql_server)
    yield world
    world.close()
