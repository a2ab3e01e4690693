"""What the constructs refuse, and how they say it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

import prefect_constructs as pc
from prefect_constructs._runtime import TerraformStack
from prefect_constructs.testing import Template
from tests.constructs.stacks import attributes, new_stack

SOME_ID = "01234567-89ab-cdef-0123-456789abcdef"


def pool(stack: TerraformStack, **arguments: Any) -> pc.WorkPool:
    """A work pool with anything for arguments."""
    return pc.WorkPool(stack, "pool", **{"name": "p", **arguments})


def error(make: Callable[[], object]) -> str:
    """What the error says."""
    with pytest.raises(pc.PrefectConstructError) as caught:
        make()
    return str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"paused": "yes"}, 'paused: Expected True or False, got "yes".'),
        (
            {"concurrency_limit": "5"},
            'concurrency_limit: Expected an integer, got "5". Write it without quotes.',
        ),
        ({"concurrency_limit": True}, "concurrency_limit: Expected an integer, got True."),
        ({"concurrency_limit": 1.5}, "concurrency_limit: Expected a whole number, got"),
        ({"concurrency_limit": -1}, "concurrency_limit: Expected a number not below 0, got -1."),
        ({"concurrency_limit": float("nan")}, "concurrency_limit: Expected an integer, got nan."),
        ({"description": 5}, "description: Expected a string, got 5."),
        (
            {"account_id": "me"},
            'account_id: Expected a UUID such as 01234567-89ab-cdef-0123-456789abcdef, got "me".',
        ),
        ({"base_job_template": "{"}, "base_job_template: Expected a JSON document"),
        ({"base_job_template": []}, "base_job_template: Expected a JSON object, got a JSON array."),
        ({"base_job_template": {"a": {1}}}, "base_job_template.a: Expected text, a number"),
        (
            {"base_job_template": {"variables": {}}},
            "base_job_template: Expected a JSON object with `job_configuration` and `variables`, got one with",
        ),
        ({"storage_configuration": []}, "storage_configuration: Expected a mapping, got [] (list)."),
        (
            {"storage_configuration": {"bundle": {}}},
            "storage_configuration: There is no `storage_configuration.bundle`. There are",
        ),
        ({"description": "in ${HOME}"}, "description: Expected Terraform expressions in ${ } and %{ }, got"),
        ({"nmae": "x"}, "There is no `nmae`. Did you mean `name`?"),
        ({"dependson": []}, "There is no `dependson`. Did you mean `depends_on`?"),
    ],
)
def test_refused(arguments: dict[str, Any], message: str) -> None:
    """The error names the construct's path, the attribute, what was expected, and what was found."""
    text = error(lambda: pool(new_stack(), **arguments))
    assert text.startswith(f"MyStack/pool: {message}"), text


def test_missing() -> None:
    """A required attribute that is `None` is missing, as is one of a nested object."""
    text = error(lambda: pc.Block(new_stack(), "b", type_slug=None, data={}))
    assert text.startswith("MyStack/b: block_type: Missing. Slug of the")
    made: Any = {"event": {"expect": ["x"]}}
    text = error(lambda: pc.PrefectAutomation(new_stack(), "a", name="a", trigger=made))
    assert text.startswith("MyStack/a: trigger.event.posture: Missing. `Reactive` fires")


def test_all_at_once() -> None:
    """Mistakes of every kind are reported together: types, choices, the resource's own rules."""
    text = error(
        lambda: pc.PrefectAutomation(
            new_stack(),
            "a",
            name="a",
            enabled=3,  # type: ignore[arg-type]
            trigger={"event": {"posture": "reactive", "threshold": 0}},  # type: ignore[arg-type]
            actions=[{"type": "run-deployment"}, {"type": "send-notification", "block_document_id": SOME_ID}],
        )
    )
    head, *lines = text.splitlines()
    assert head == "MyStack/a: 5 problems"
    places = [line.strip(" -").split(":")[0] for line in lines]
    assert sorted(places) == [
        "actions[0].deployment_id",
        "actions[1].body",
        "enabled",
        "trigger.event.posture",
        "trigger.event.threshold",
    ]


def test_secrets_are_not_repeated() -> None:
    """An error about a sensitive attribute does not show its value."""
    for data in ("hunter2", ["hunter2"], {"password": {"hunter2"}}):
        text = error(lambda data=data: pc.Block(new_stack(), "b", name="b", type_slug="secret", data=data))  # type: ignore[misc]
        assert "hunter2" not in text
        assert "a sensitive value" in text


def test_provider() -> None:
    """The provider's configuration is checked too."""
    stack = new_stack()
    text = error(lambda: pc.PrefectProvider(stack, "x", alias="x", max_retries=-1))
    assert text == "MyStack/x: max_retries: Expected a number not below 0, got -1."


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ({"concurrency_limit": 2.0}, {"concurrency_limit": 2}),
        ({"account_id": UUID(SOME_ID)}, {"account_id": SOME_ID}),
        ({"description": None}, {"description": None}),
        (
            {
                "base_job_template": {
                    "variables": {"b": Decimal("0.5"), "a": (1,)},
                    "job_configuration": {"c": 1},
                }
            },
            {"base_job_template": '{"job_configuration":{"c":1},"variables":{"a":[1],"b":0.5}}'},
        ),
    ],
)
def test_written(given: dict[str, Any], written: dict[str, Any]) -> None:
    """Values become what Terraform has for them; `None` is not written at all."""
    stack = new_stack()
    pool(stack, **given)
    found = attributes(stack, "prefect_work_pool")
    assert {name: found.get(name) for name in written} == written


def test_times_need_zones() -> None:
    """A time is written with its zone, and refused without one."""
    stack = new_stack()
    pc.Deployment(
        stack,
        "d",
        flow_name="f",
        schedules=[pc.Interval(60, anchor_date=datetime(2030, 1, 1, tzinfo=UTC))],
    )
    schedule = attributes(stack, "prefect_deployment")["schedules"]["interval"]
    assert schedule == {"interval": 60, "anchor_date": "2030-01-01T00:00:00+00:00"}
    naive = datetime(2030, 1, 1)  # noqa: DTZ001 - the mistake
    text = error(
        lambda: pc.Deployment(stack, "e", flow_name="f", schedules=[pc.Interval(60, anchor_date=naive)])
    )
    assert "schedules[0].anchor_date: Expected a time with its time zone" in text


def test_inside_an_event_loop() -> None:
    """Constructs can be made where an event loop runs, as in a notebook."""

    async def make() -> None:
        pool(new_stack())

    asyncio.run(make())


def test_warnings() -> None:
    """What works otherwise than it reads is a warning of the construct, not an error."""
    stack = new_stack()
    pc.Automation(stack, "a", trigger=pc.EventTrigger(expect="x", threshold=5), actions=pc.DoNothing())
    (warning,) = Template.from_stack(stack).warnings()
    assert warning.startswith("MyStack/a: trigger.within: ")
    assert "forgets events" in warning


def test_warnings_about_triggers_that_never_fire() -> None:
    """The construct says once, in the provider's words, that a trigger never fires."""
    stack = new_stack()
    trigger = pc.EventTrigger(posture="Proactive", expect="x", for_each="prefect.resource.id")
    inside = pc.SequenceTrigger(triggers=[trigger, pc.EventTrigger(expect="y")], within=60)
    pc.Automation(stack, "a", trigger=trigger, actions=pc.DoNothing())
    pc.Automation(stack, "b", trigger=inside, actions=pc.DoNothing())
    (first, second) = (one for one in Template.from_stack(stack).warnings() if "never fire" in one)
    assert first.startswith("MyStack/a: trigger.for_each: ")
    assert second.startswith("MyStack/b: trigger.triggers[0].for_each: ")
