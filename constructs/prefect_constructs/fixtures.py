"""Fixtures of pytest for the tests of an app: ``pytest_plugins = ["prefect_constructs.fixtures"]`` in conftest.py."""

from __future__ import annotations

import pytest

from prefect_constructs.trigger_testing import TriggerTest

__all__ = ["trigger_test"]


@pytest.fixture
def trigger_test() -> type[TriggerTest]:
    """The class :class:`~prefect_constructs.testing.TriggerTest`, to be called with a trigger or an automation."""
    return TriggerTest
