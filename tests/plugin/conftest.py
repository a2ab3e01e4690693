"""Fixtures of the plugin's tests: workspaces with the toy provider."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.terraform import terraform_program
from tests.plugin.toy_workspace import ToyWorkspace, install_toy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that run terraform."""
    for item in items:
        if "toy_cli_config" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.terraform)


@pytest.fixture(scope="session")
def toy_cli_config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command line configuration that makes terraform find the toy."""
    return install_toy(tmp_path_factory.mktemp("toy"))


@pytest.fixture
def toy(tmp_path: Path, toy_cli_config: Path) -> Callable[..., ToyWorkspace]:
    """A function that makes a workspace for the toy provider: ``toy(configuration)``."""
    if terraform_program() is None:
        if os.environ.get("CI"):
            pytest.fail("there is no terraform; install it on PATH")
        pytest.skip("there is no terraform; install it on PATH")
    made: list[ToyWorkspace] = []

    def make(configuration: str | Mapping[str, Any] = "") -> ToyWorkspace:
        workspace = ToyWorkspace(tmp_path / f"toy-{len(made)}", toy_cli_config, configuration)
        made.append(workspace)
        return workspace

    return make
