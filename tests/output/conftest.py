"""A browser for the tests that look at pages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.environment.browser import NoBrowserError, browsing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser; skips where there is none, unless the run is that of a build server."""
    try:
        with browsing(tmp_path_factory.mktemp("browser")) as started:
            yield started
    except NoBrowserError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))
