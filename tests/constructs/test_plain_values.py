"""Members of enumerations and the numbers of other libraries, wherever a value goes."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Any
from uuid import UUID

import pytest

import prefect_constructs as pc
from prefect_constructs.testing import Template
from tests.constructs.stacks import attributes, new_stack


class Mode(str, Enum):  # noqa: UP042 - as Prefect's own enumerations are
    """Of which `str()` gives the member's name."""

    FULL = "full"
    SLUG = "process"


class Plain(Enum):
    """A member of which is neither text nor number."""

    FULL = "full"


class Strings(StrEnum):
    """Of which `str()` gives the text."""

    FULL = "full"


class Level(IntEnum):
    """A number with a name."""

    HIGH = 3


class Int64:
    """A number as libraries have them: no `int`, but with an index."""

    def __index__(self) -> int:
        return 3


class Long(int):
    """An `int` that is printed otherwise."""

    def __repr__(self) -> str:
        return "Long(3)"

    __str__ = __repr__


class Posture(str, Enum):  # noqa: UP042
    """As Prefect has it."""

    Proactive = "Proactive"


class Strategy(str, Enum):  # noqa: UP042
    """As Prefect has it."""

    CANCEL_NEW = "CANCEL_NEW"


class State(str, Enum):  # noqa: UP042
    """As Prefect has it."""

    FAILED = "FAILED"


class Kind(str, Enum):  # noqa: UP042
    """Keys of a document."""

    CRON = "cron"


def stored(value: Any) -> Any:
    """The value of a Prefect variable as it is synthesized."""
    stack = new_stack()
    pc.Variable(stack, "v", value=value)
    return attributes(stack, "prefect_variable")["value"]


@pytest.mark.parametrize("full", [Mode.FULL, Plain.FULL, Strings.FULL])
def test_texts_of_enumerations(full: Any) -> None:
    """A member is its text: alone, in lists and mappings at any depth, and as a key."""
    assert stored(full) == "full"
    assert stored({full: [full, {"a": {full: full}}]}) == {"full": ["full", {"a": {"full": "full"}}]}


@pytest.mark.parametrize("three", [Level.HIGH, Int64(), Long(3)])
def test_numbers_of_libraries(three: Any) -> None:
    """A number that is a subclass of `int`, or stands for one, is that number, and is found at once."""
    assert stored(three) == 3
    assert stored({"a": [three]}) == {"a": [3]}
    stack = new_stack()
    pc.WorkPool(
        stack,
        "p",
        concurrency_limit=three,
        base_job_template={"variables": {"n": three}, "job_configuration": {"c": 1}},
    )
    found = attributes(stack, "prefect_work_pool")
    assert found["concurrency_limit"] == 3
    assert json.loads(found["base_job_template"])["variables"] == {"n": 3}


def test_every_attribute() -> None:
    """Texts, choices, sets, maps, JSON, nested objects, times: everywhere a member is its value."""
    full: Any = Mode.FULL
    stack = new_stack()
    pool = pc.WorkPool(stack, "p", name=full, type=Mode.SLUG, description=full)
    deployment = pc.Deployment(
        stack,
        "d",
        name=full,
        entrypoint=full + ".py:f",
        tags=[full],
        labels={full: full},
        parameters={full: full},
        job_variables={"mode": full},
        pull_steps=[{"type": "run_shell_script", "script": full, "env": {full: full}}],
        collision_strategy=Strategy.CANCEL_NEW,  # type: ignore[arg-type]
        schedules={full: {Kind.CRON: "0 3 * * *", "parameters": {"mode": full}}},
    )
    pc.Automation(
        stack,
        "a",
        trigger=pc.EventTrigger(
            expect=full,
            after=[full],
            match={full: [full]},
            posture=Posture.Proactive,  # type: ignore[arg-type]
        ),
        actions=[
            pc.ChangeFlowRunState(State.FAILED),  # type: ignore[arg-type]
            pc.RunDeployment(deployment, parameters={"mode": full}),
            {"type": "call-webhook", "block_document_id": pool.id, "payload": {"mode": full}},
        ],
        tags={full},
    )
    text = json.dumps(Template.from_stack(stack).document)
    for name in ("Mode.", "Posture.", "Strategy.", "State.", "Kind."):
        assert name not in text
    found = Template.from_stack(stack)
    found.has_resource("prefect_work_pool", {"name": "full", "type": "process", "description": "full"})
    found.has_resource(
        "prefect_deployment",
        {
            "tags": ["full"],
            "labels": {"full": "full"},
            "parameters": {"full": "full"},
            "pull_steps": [{"script": "full", "env": {"full": "full"}}],
            "concurrency_options": {"collision_strategy": "CANCEL_NEW"},
            "schedules": {"full": {"cron": "0 3 * * *", "parameters": {"mode": "full"}}},
        },
    )
    found.has_resource(
        "prefect_automation",
        {
            "trigger": {"event": {"posture": "Proactive", "expect": ["full"], "match": {"full": ["full"]}}},
            "actions": [
                {"state": "FAILED"},
                {"parameters": {"mode": "full"}},
                {"payload": {"mode": "full"}},
            ],
        },
    )


def test_ids_and_names() -> None:
    """A member is an id and a name, also where further names are made of it."""
    stack = new_stack()
    full: Any = Mode.FULL
    deployment = pc.Deployment(stack, full, flow_name="f")
    deployment.on(pc.EventTrigger(expect="x"))
    deployment.on(pc.EventTrigger(expect="x"), name=full)
    found = Template.from_stack(stack).document["resource"]
    assert list(found["prefect_deployment"]) == ["full"]
    assert {one["name"] for one in found["prefect_automation"].values()} == {"full__automation_1", "full"}
    with pytest.raises(pc.PrefectConstructError, match=r"^MyStack/full: Another construct has this id"):
        pc.Flow(stack, full)


def test_models_in_documents() -> None:
    """A model of pydantic, as flows have them for parameters, is its document."""

    class Settings:
        """A model, as far as anybody looks at it."""

        def model_dump(self) -> dict[str, Any]:
            """Its fields."""
            return {"mode": Mode.FULL, "levels": [Level.HIGH]}

    stack = new_stack()
    pc.Deployment(stack, "d", flow_name="f", parameters={"settings": Settings()})
    found = json.loads(attributes(stack, "prefect_deployment")["parameters"])
    assert found == {"settings": {"mode": "full", "levels": [3]}}


def test_exact_numbers() -> None:
    """A number that JavaScript's floats cannot hold reaches Terraform with every digit."""
    whole, fraction = 2**60 + 1, Decimal("0.1000000000000000000001")
    assert stored({"a": [whole, 0.1, Decimal("0.1")]}) == {"a": [f"${{{whole}}}", 0.1, 0.1]}
    stack = new_stack()
    pc.Deployment(stack, "d", flow_name="f", parameters={"a": [whole, fraction]})
    assert attributes(stack, "prefect_deployment")["parameters"] == f'{{"a":[{whole},{fraction}]}}'


def test_what_json_has_no_number_for() -> None:
    """Numbers of a million digits and documents inside themselves are refused, not worked on for ever."""
    endless: list[Any] = []
    endless.append(endless)
    for value, message in (
        (Decimal("1e999999999"), "more than 10000 digits"),
        (10**20000, "more than 10000 digits"),
        (endless, "a document that does not contain itself"),
        (float("nan"), "a number that JSON has, got nan"),
    ):
        with pytest.raises(pc.PrefectConstructError, match=message):
            stored(value)
    with pytest.raises(
        pc.PrefectConstructError, match="concurrency_limit: Expected an integer, got one of more"
    ):
        pc.WorkPool(new_stack(), "p", concurrency_limit=Decimal("1e999999999"))  # type: ignore[arg-type]


def test_dates_and_ids_in_documents() -> None:
    """They become the text that Prefect's own client sends, as a date of a YAML file has to."""
    moment = datetime(2030, 1, 2, 3, tzinfo=UTC)
    assert stored([date(2030, 1, 2), moment, UUID(int=5)]) == [
        "2030-01-02",
        "2030-01-02T03:00:00+00:00",
        "00000000-0000-0000-0000-000000000005",
    ]
