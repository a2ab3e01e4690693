"""Fixtures for workspaces that the official provider made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.terraform.official_states import Official, taken_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace


@pytest.fixture
def official(prefect_server: PrefectServer) -> Official:
    """An empty workspace of the official provider."""
    return Official(prefect_server)


@pytest.fixture
def switch(official: Official, terraform: Callable[..., Workspace]) -> Callable[[], Workspace]:
    """A function that takes the workspace over, and makes sure that this changes nothing."""
    return lambda: taken_over(terraform, official)
