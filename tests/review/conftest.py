"""The browser that looks at reviews."""

from __future__ import annotations

from tests.output.conftest import browser

__all__ = ["browser"]
