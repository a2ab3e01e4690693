"""Copies of the modules, in which terraform may write."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.terraform import Workspace

__all__ = ["MODULES", "OURS"]

MODULES = ROOT / "modules"

OURS = ("alerting", "deployment-with-triggers", "work-pool-with-queues")
"""The modules that have a construct of the same name."""


@pytest.fixture
def copied(terraform: Callable[..., Workspace]) -> Callable[[str], Workspace]:
    """A function that makes a workspace of a module: `copied("alerting")`, with all of what is in it."""

    def copy(module: str) -> Workspace:
        source = MODULES / module
        text = (source / "main.tf").read_text(encoding="utf-8")
        workspace = terraform(text, provider=False)
        shutil.copytree(source, workspace.directory, dirs_exist_ok=True)
        return workspace

    return copy
