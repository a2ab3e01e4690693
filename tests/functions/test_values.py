"""The functions that make one value: durations, templates, ids."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from prefect_provider.functions.event_resource_id import EventResourceId
from prefect_provider.functions.jinja import Jinja
from prefect_provider.functions.seconds import Seconds
from prefect_provider.plugin.language.function import ArgumentError

DEPLOYMENT = "8e1e4f2a-6f0c-4f1e-9a51-1f0b7a2d9c11"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30m", 1800),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("1.5h", 5400),
        ("90s", 90),
        ("0s", 0),
        ("250ms", Decimal("0.25")),
        ("0.1s", Decimal("0.1")),
        ("1w2d", 777_600),
        ("30 minutes", 1800),
        ("2 days, 3 hours", 183_600),
        ("PT30M", 1800),
        ("P1D", 86_400),
        ("P1DT12H", 129_600),
        ("01:30:00", 5400),
        ("1 day, 10:00:00", 122_400),
    ],
)
def test_seconds(text: str, seconds: object) -> None:
    """Words, ISO 8601 and the clock; fractions are exact."""
    assert asyncio.run(Seconds().call(text)) == seconds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("90", 'got "90". Write "90s".'),
        ("", 'got "".'),
        ("1x", 'got "1x".'),
        ("30m1h", 'got "30m1h".'),
        ("1h1h", 'got "1h1h".'),
        ("h", 'got "h".'),
        ("1h and more", 'got "1h and more".'),
        ("-PT5M", "Expected a duration of 0 seconds or more"),
    ],
)
def test_what_is_no_duration(text: str, said: str) -> None:
    """A number without a unit, units that there are not, that come twice or in a muddle: errors of the argument."""
    with pytest.raises(ArgumentError) as caught:
        asyncio.run(Seconds().call(text))
    assert said in str(caught.value)
    assert caught.value.index == 0


def test_a_template() -> None:
    """It is marked as Prefect has it; one that the server would refuse is an error, with its line if there are more."""
    marked = {"__prefect_kind": "jinja", "template": "{{ event.id }}"}
    assert asyncio.run(Jinja().call("{{ event.id }}")) == marked
    for template, said in (("{{ event", "Not a valid Jinja template"), ("a\n{{ event", "line 2")):
        with pytest.raises(ArgumentError, match=said) as caught:
            asyncio.run(Jinja().call(template))
        assert caught.value.index == 0


@pytest.mark.parametrize(
    ("arguments", "resource_id"),
    [
        (("deployment", DEPLOYMENT), f"prefect.deployment.{DEPLOYMENT}"),
        (("prefect_work_pool", DEPLOYMENT), f"prefect.work-pool.{DEPLOYMENT}"),
        (("prefect_block", DEPLOYMENT), f"prefect.block-document.{DEPLOYMENT}"),
        (("prefect_global_concurrency_limit", DEPLOYMENT), f"prefect.concurrency-limit.{DEPLOYMENT}"),
        (("flow-run", "*"), "prefect.flow-run.*"),
        (("tag", "nightly"), "prefect.tag.nightly"),
    ],
)
def test_ids_in_events(arguments: tuple[str, str], resource_id: str) -> None:
    """The kind is Prefect's or the type of a resource."""
    assert asyncio.run(EventResourceId().call(*arguments)) == resource_id


@pytest.mark.parametrize(
    ("arguments", "said", "index"),
    [
        (("deploymnt", DEPLOYMENT), 'Write "deployment".', 0),
        (("deployment", "nightly"), "Use the object's `id`, not its name.", 1),
        (("tag", ""), 'got "".', 1),
    ],
)
def test_what_has_no_id_in_events(arguments: tuple[Any, Any], said: str, index: int) -> None:
    """A kind that there is not is an error of the first argument, a name where an id belongs one of the second."""
    with pytest.raises(ArgumentError) as caught:
        asyncio.run(EventResourceId().call(*arguments))
    assert said in str(caught.value)
    assert caught.value.index == index
