"""The declarations of actions: what is not known yet is not judged, and what is known is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.catalogue import ACTIONS
from prefect_provider.objects.server.actions.emit_event import EmitEvent
from prefect_provider.plugin.engine.lifecycle import validate_config
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.language.values import UNKNOWN

if TYPE_CHECKING:
    from prefect_provider.plugin.language.action import Action


def summaries(kind: type[Action], config: dict[str, Any]) -> list[str]:
    """What is said of a configuration."""
    found = asyncio.run(validate_config(kind, config, lambda _: None))
    return [one.summary for one in found]


@pytest.mark.parametrize("kind", ACTIONS, ids=lambda kind: kind.type_name)
def test_what_is_not_known_yet(kind: type[Action]) -> None:
    """An action whose configuration is known only after apply is neither refused nor a defect, also in the plan."""
    unknown = dict.fromkeys(kind.attributes, UNKNOWN)
    # Two attributes that exclude each other are not both set in the end, but nobody knows yet which is.
    assert summaries(kind, unknown) == []
    diagnostics = Diagnostics()
    asyncio.run(kind(None, diagnostics).plan(unknown))
    assert list(diagnostics) == []


def test_an_event_that_is_none() -> None:
    """Empty names are refused, and an id that is given twice."""
    config = dict.fromkeys(EmitEvent.attributes) | {"event": "a", "resource_id": "b"}
    assert summaries(EmitEvent, config) == []
    assert summaries(EmitEvent, config | {"event": ""}) == ["Empty text"]
    labels = {"prefect.resource.id": "c"}
    assert summaries(EmitEvent, config | {"resource_labels": labels}) == ["Id given twice"]
