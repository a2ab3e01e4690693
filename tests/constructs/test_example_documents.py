"""Examples that read documents take all of a user's own file, or fail with the name of what they cannot take."""

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
import yaml

from prefect_constructs import PrefectConstructError
from prefect_constructs.testing import Template
from tests.constructs.stacks import new_app
from tests.constructs.test_prefect_yaml import WHOLE
from tests.constructs.test_sdk_objects import EXPORTED
from tests.environment.terraform import ROOT


def stack_of(
    example: str, class_name: str, document: Any, directory: Path, suffix: str = ".yaml"
) -> Template:
    """What an example makes of a file of the user's."""
    file = directory / f"file{suffix}"
    text = json.dumps(document) if suffix == ".json" else yaml.safe_dump(document)
    file.write_text(text, encoding="utf-8")
    module = runpy.run_path(str(ROOT / "examples" / "python" / f"{example}.py"))
    return Template.from_stack(module[class_name](new_app(directory), "example", file=file))


def test_prefect_yaml(tmp_path: Path) -> None:
    """Whole deployments: triggers, schedules, pool, queue, steps of the file where a deployment has none."""
    whole = yaml.safe_load(WHOLE) | {"entrypoint": "pinged.py:decorated_fn"}
    steps = [{"prefect.deployments.steps.set_working_directory": {"directory": "/x"}}]
    small = {"name": "small", "entrypoint": "pinged.py:decorated_fn", "triggers": None}
    document = {"name": "project", "prefect-version": "3", "build": None, "pull": steps}
    template = stack_of("prefect_yaml", "FromYaml", document | {"deployments": [whole, small]}, tmp_path)
    template.has_resource("prefect_work_pool", {"name": "yaml-work-pool"})
    template.has_resource(
        "prefect_deployment",
        {
            "name": "some-params",
            "work_pool_name": "${prefect_work_pool.yaml-work-pool.name}",
            "work_queue_name": "fast",
            "tags": ["a"],
            "parameters": {"x": 1, "day": "2030-01-01"},
            "concurrency_limit": 3,
            "pull_steps": [{"type": "git_clone"}, {"type": "my_steps.fetch"}],
            "schedules": {"nightly": {"active": False}, "interval": {"interval": 3600}},
        },
    )
    template.has_resource(
        "prefect_deployment",
        {
            "name": "small",
            "work_pool_name": None,
            "pull_steps": [{"type": "set_working_directory", "directory": "/x"}],
        },
    )
    template.has_resource(
        "prefect_automation",
        {
            "name": "after-upstream",
            "trigger": {
                "event": {
                    "threshold": 5,
                    "match_related": {
                        "prefect.resource.name": "upstream",
                        "prefect.resource.role": "deployment",
                    },
                }
            },
            "actions": [{"job_variables": {"image": "j"}, "schedule_after": 30}],
        },
    )
    template.has_resource("prefect_automation", {"trigger": {"sequence": {"within": 600}}})


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"push": [{"x": {}}], "deployments": []}, "`push` is not taken over"),
        ({"deploymentz": []}, "`deploymentz` is not taken over"),
        (
            {"deployments": [{"name": "d", "entrypoint": "a.py:b", "sla": [{"name": "x"}]}]},
            "example/d: sla: There is no `sla`",
        ),
        (
            {"deployments": [{"name": "d", "entrypoint": "a.py:b", "triggers": [{"matches": {}}]}]},
            "example/d/automation_1: trigger.matches: An event trigger has no field `matches`",
        ),
    ],
)
def test_what_prefect_yaml_cannot_say(document: Any, message: str, tmp_path: Path) -> None:
    """What is not taken is named."""
    with pytest.raises((ValueError, PrefectConstructError)) as caught:
        stack_of("prefect_yaml", "FromYaml", document, tmp_path)
    assert message in str(caught.value)


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
@pytest.mark.parametrize("wrap", [lambda one: one, lambda one: [one], lambda one: {"automations": [one]}])
def test_automation_file(wrap: Any, suffix: str, tmp_path: Path) -> None:
    """An automation as the server exports it, alone or in a list, in either language."""
    template = stack_of("automation_file", "FromFile", wrap(EXPORTED), tmp_path, suffix)
    template.has_resource(
        "prefect_automation",
        {"name": "exported", "trigger": {"compound": {"require": "all", "within": 60}}},
    )


def test_automation_file_with_a_mistake(tmp_path: Path) -> None:
    """A field that is not known is an error."""
    document = {**EXPORTED, "trigger": {**EXPORTED["trigger"], "requires": "any"}}
    with pytest.raises(
        PrefectConstructError, match=r"trigger\.requires: A compound trigger has no field `requires`"
    ):
        stack_of("automation_file", "FromFile", document, tmp_path)


def test_triggers_file(tmp_path: Path) -> None:
    """All of a trigger is taken, and nothing may be beside the triggers."""
    trigger = {"match_related": {"prefect.resource.role": "flow"}, "expect": ["a"], "schedule_after": "PT1M"}
    template = stack_of("triggers_file", "Triggers", {"triggers": [trigger]}, tmp_path)
    template.has_resource(
        "prefect_automation",
        {
            "trigger": {"event": {"match_related": {"prefect.resource.role": "flow"}}},
            "actions": [{"schedule_after": 60}],
        },
    )
    with pytest.raises(ValueError, match="expected `triggers` alone, got trigger, triggers"):
        stack_of("triggers_file", "Triggers", {"triggers": [], "trigger": []}, tmp_path)
