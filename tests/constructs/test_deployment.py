"""Deployments: what is read from the code, schedules, references, and what makes them run."""

from pathlib import Path
from typing import Any

import pytest

import prefect_constructs as pc
from prefect_constructs._runtime import TerraformStack
from prefect_constructs.testing import Template
from tests.constructs.stacks import attributes, new_stack

CODE = '''
from prefect import flow

@flow(name="Nightly ETL")
def etl(size: int = 3, *, limit: Limit) -> None:
    """Move data."""

@flow
def plain_one(day: str) -> None:
    ...
'''


@pytest.fixture
def stack() -> TerraformStack:
    """A stack."""
    return new_stack()


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A directory with `flows/etl.py`."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "etl.py").write_text(CODE, encoding="utf-8")
    return tmp_path


def made(stack: TerraformStack, **arguments: Any) -> dict[str, Any]:
    """A deployment's attributes as they are synthesized."""
    pc.Deployment(stack, "nightly", **arguments)
    return attributes(stack, "prefect_deployment")


def test_least(stack: TerraformStack) -> None:
    """An entrypoint is enough; the name is the construct's."""
    assert made(stack, entrypoint="flows/etl.py:etl") == {"name": "nightly", "entrypoint": "flows/etl.py:etl"}


def test_name_of_the_flow(stack: TerraformStack, code: Path) -> None:
    """A name that the code gives the flow is passed on, since Terraform may not see the code."""
    assert made(stack, entrypoint="flows/etl.py:etl", code=code)["flow_name"] == "Nightly ETL"
    pc.Deployment(stack, "other", entrypoint="flows/etl.py:etl", code=code, flow_name="mine")
    pc.Deployment(stack, "plain", entrypoint="flows/etl.py:plain_one", code=code)
    found = Template.from_stack(stack).resources("prefect_deployment")
    assert found["other"]["flow_name"] == "mine"
    assert "flow_name" not in found["plain"]


def test_code_at_its_path(stack: TerraformStack, code: Path) -> None:
    """Where the deployment's path is here as well, the code is read there."""
    assert made(stack, entrypoint="flows/etl.py:etl", path=str(code))["flow_name"] == "Nightly ETL"


def test_parameter_schema_from_code(stack: TerraformStack, code: Path) -> None:
    """The schema is read from the code, and what cannot be read is a warning."""
    pc.Deployment(stack, "nightly", entrypoint="flows/etl.py:etl", code=code, parameter_schema_from_code=True)
    template = Template.from_stack(stack)
    (found,) = template.resources("prefect_deployment").values()
    assert (
        '"size":{"default":3,"position":0,"title":"size","type":"integer"}'
        in found["parameter_openapi_schema"]
    )
    (warning,) = template.warnings()
    assert warning.startswith("MyStack/nightly: etl.py: ")
    assert "Limit" in warning


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"entrypoint": "flows/etl.py:elt"}, "entrypoint: .* has no function elt"),
        (
            {"entrypoint": "flows/gone.py:etl", "parameter_schema_from_code": True},
            "entrypoint: The code of `flows/gone.py:etl` is not in .* Set `code`",
        ),
        (
            {"entrypoint": "flows/etl.py:etl", "parameter_schema_from_code": True, "parameter_schema": {}},
            "parameter_schema: Give `parameter_schema` or `parameter_schema_from_code`, not both",
        ),
        ({}, "Deployment without a flow. Set `entrypoint`"),
        (
            {"flow_name": "f", "work_queue": "q"},
            "work_queue: Wrong combination of arguments. `work_queue` needs `work_pool` to be set",
        ),
        (
            {"flow_name": "f", "schedules": [pc.Cron("0 3 * * *"), pc.Cron("0 4 * * *")]},
            r'schedules: Two schedules have the slug "cron". Give each its own: Cron\(..., slug="..."\)',
        ),
        ({"flow_name": "f", "schedules": [pc.Cron("every day")]}, r"schedules\[0\].cron: "),
        ({"flow_name": "f", "grace_period": 90}, "collision_strategy: Missing"),
        (
            {"flow_name": "f", "pull_steps": [{"type": "git_clone"}]},
            r"pull_steps\[0\].repository: .*`git_clone` needs",
        ),
    ],
)
def test_refused(stack: TerraformStack, code: Path, arguments: dict[str, Any], message: str) -> None:
    """The error names the deployment and what is wrong."""
    with pytest.raises(pc.PrefectConstructError, match=f"^MyStack/nightly: {message}"):
        made(stack, code=code, **arguments)


def test_references(stack: TerraformStack) -> None:
    """Constructs stand for their names and ids, and a queue brings its pool."""
    pool = pc.WorkPool(stack, "p", name="p")
    queue = pc.WorkQueue(stack, "q", name="q", work_pool_name=pool.name)
    found = made(stack, flow=pc.Flow(stack, "f", name="f"), work_queue=queue)
    assert found == {
        "name": "nightly",
        "flow_id": "${prefect_flow.f.id}",
        "work_pool_name": "${prefect_work_queue.q.work_pool_name}",
        "work_queue_name": "${prefect_work_queue.q.name}",
        "lifecycle": {"replace_triggered_by": ["prefect_flow.f.id", "prefect_work_queue.q.id"]},
    }


def test_on(stack: TerraformStack) -> None:
    """A trigger makes an automation inside of the deployment that runs it."""
    deployment = pc.Deployment(stack, "nightly", name="my-deployment", flow_name="f")
    pinged = pc.EventTrigger(expect="pinged")
    deployment.on(pinged, parameters={"param_1": "{{ event }}"})
    deployment.on(pinged, name="named", enabled=False, schedule_after=5)
    template = Template.from_stack(stack)
    first, second = template.resources("prefect_automation").values()
    assert first == {
        "name": "my-deployment__automation_1",
        "trigger": {"event": {"posture": "Reactive", "expect": ["pinged"]}},
        "actions": [
            {
                "type": "run-deployment",
                "deployment_id": "${prefect_deployment.nightly.id}",
                "parameters": '{"param_1":"{{ event }}"}',
            }
        ],
    }
    assert (second["name"], second["enabled"], second["actions"][0]["schedule_after"]) == ("named", False, 5)


def test_on_entry_of_prefect_yaml(stack: TerraformStack) -> None:
    """An entry of `triggers` in a `prefect.yaml` or trigger file is taken as it is."""
    entry = {
        "name": "from-yaml",
        "description": "why",
        "enabled": False,
        "type": "event",
        "match": {"prefect.resource.id": "r"},
        "expect": ["pinged"],
        "parameters": {"param_1": "{{ event }}"},
    }
    pc.Deployment(stack, "nightly", flow_name="f").on(entry)
    found = attributes(stack, "prefect_automation")
    assert (found["name"], found["description"], found["enabled"]) == ("from-yaml", "why", False)
    assert found["actions"][0]["parameters"] == '{"param_1":"{{ event }}"}'


def test_error_in_on(stack: TerraformStack) -> None:
    """An error in a trigger names the automation inside of its deployment."""
    deployment = pc.Deployment(stack, "nightly", flow_name="f")
    with pytest.raises(pc.PrefectConstructError, match=r"^MyStack/nightly/late: trigger\.threshold: "):
        deployment.on(pc.EventTrigger(threshold=0), name="late")
    with pytest.raises(
        pc.PrefectConstructError, match=r"^MyStack/nightly/late: schedule_after: Expected a number"
    ):
        deployment.on(pc.EventTrigger(), name="late", schedule_after="soon")


def test_existing(stack: TerraformStack) -> None:
    """A deployment that is made elsewhere is looked up, and can be run as one's own."""
    by_name = pc.Deployment.from_name(stack, "weekly", "etl", "weekly")
    by_id = pc.Deployment.from_id(stack, "other", "01234567-89ab-cdef-0123-456789abcdef")
    by_name.on(pc.EventTrigger(expect="pinged"))
    pc.Automation(stack, "a", trigger=pc.EventTrigger(expect="x"), actions=pc.PauseDeployment(by_id))
    template = Template.from_stack(stack)
    template.has_data_source("prefect_deployment", {"name": "weekly", "flow_name": "etl"})
    ids = [one["actions"][0]["deployment_id"] for one in template.resources("prefect_automation").values()]
    assert ids == ["${data.prefect_deployment.other.id}", "${data.prefect_deployment.weekly.id}"]


def test_names_in_state(stack: TerraformStack) -> None:
    """The names in Terraform's state follow from the constructs' ids; they are a promise."""
    deployment = pc.Deployment(stack, "nightly", flow_name="f")
    deployment.on(pc.EventTrigger(expect="pinged"), name="ping")
    resources = Template.from_stack(stack).document["resource"]
    assert {kind: list(found) for kind, found in resources.items()} == {
        "prefect_automation": ["nightly_ping_6C1B5BFA"],
        "prefect_deployment": ["nightly"],
    }
