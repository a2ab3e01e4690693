"""The construct S3ToFlowRun plans what the module plans, on each runtime, and says what it cannot take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cdktn import TerraformVariable

import prefect_constructs as pc
from examples.aws_lambda.archive import write_archive
from prefect_constructs.testing import Template
from tests.aws.plans import GIVEN, SETTINGS, applied, planned
from tests.constructs.stacks import new_stack
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.terraform import Workspace

pytestmark = pytest.mark.cdktf

RUNTIMES = ("prefect_constructs.native", "cdktn", "cdktf")


def arguments_of(settings: dict[str, Any], archive: Path) -> dict[str, Any]:
    """What the construct calls what the module is given."""
    names = {"delay_seconds": "delay"}
    given = GIVEN | settings | {"package": str(archive)}
    return {names.get(name, name): value for name, value in given.items()}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The function's archive."""
    return write_archive(tmp_path / "function.zip")


def synthesized(runtime: str, archive: Path, directory: Path) -> dict[str, dict[str, Any]]:
    """The stacks of all settings, as a runtime writes them."""
    directory.mkdir()
    file = directory / "arguments.json"
    arguments = {name: arguments_of(settings, archive) for name, settings in SETTINGS.items()}
    file.write_text(json.dumps(arguments), encoding="utf-8")
    roots = [ROOT, ROOT / "constructs", ROOT / "provider_client"]
    subprocess.run(
        [sys.executable, ROOT / "tests" / "aws" / "synthesize.py", runtime, file, directory / "out"],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, roots)),
            "PREFECT_CONSTRUCTS_RUNTIME": runtime.rpartition(".")[2],
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        },
        check=True,
        timeout=120,
    )
    stacks = {
        name: json.loads((directory / "out" / "stacks" / name / "cdk.tf.json").read_text(encoding="utf-8"))
        for name in SETTINGS
    }
    return {name: without_notes(stack) for name, stack in stacks.items()}


def without_notes(value: Any) -> Any:
    """A document of Terraform without what is there for people, and without where the runtime keeps state."""
    if isinstance(value, dict):
        return {name: without_notes(one) for name, one in value.items() if name != "//"}
    return value


def test_same_plan(aws: Callable[..., Workspace], modules: Path, archive: Path, tmp_path: Path) -> None:
    """For each set of settings the construct plans and makes what the module does, value by value, on each runtime.

    Planning again finds nothing to do, and all of it can be destroyed.
    """
    stacks = synthesized(RUNTIMES[0], archive, tmp_path / "native")
    for runtime in RUNTIMES[1:]:
        assert synthesized(runtime, archive, tmp_path / runtime) == stacks
    calls: dict[str, Any] = {}
    for name, settings in SETTINGS.items():
        calls[f"module-{name}"] = GIVEN | settings | {"source": str(modules), "package": str(archive)}
        directory = tmp_path / "stacks" / name
        directory.mkdir(parents=True)
        parts = {part: stacks[name][part] for part in ("data", "resource")}
        (directory / "main.tf.json").write_text(json.dumps(parts), encoding="utf-8")
        calls[f"construct-{name}"] = {"source": str(directory)}
    workspace = aws({"module": calls})
    plan = workspace.plan().json
    workspace.apply()
    state = workspace.show_json()
    for name in SETTINGS:
        theirs, ours = (planned(plan, f"module.{kind}-{name}.") for kind in ("module", "construct"))
        assert ours == theirs, name
        # What only an apply knows, such as who may do what with what else was made.
        theirs, ours = (applied(state, f"module.{kind}-{name}") for kind in ("module", "construct"))
        assert ours == theirs, name
        (policy,) = theirs["aws_iam_role_policy"]
        assert policy["policy"]["Statement"][0]["Resource"] == ["chosen:*"]
    workspace.assert_no_changes()
    workspace.destroy()


def test_deployment_of_the_stack() -> None:
    """A deployment that is made in the stack is given as it is; its id is Terraform's to know."""
    stack = new_stack()
    deployment = pc.Deployment(stack, "load", flow_name="load-files", name="load-files")
    made = pc.S3ToFlowRun(
        stack,
        "s3",
        bucket="incoming",
        package=Path("start-flow-run.zip"),
        api_url="https://prefect.example.com/api",
        deployment=deployment,
        parameters={"deployment": deployment.name, "path": "{uri}"},
        failure_destination_arn="${aws_sqs_queue.failed.arn}",
    )
    assert made.role is not made.function
    template = Template.from_stack(stack)
    (function,) = template.resources("aws_lambda_function").values()
    environment = function["environment"][0]["variables"]
    assert environment["PREFECT_DEPLOYMENT"] == "${prefect_deployment.load.id}"
    assert "prefect_deployment.load.name" in environment["PREFECT_PARAMETERS"]
    assert function["filename"] == str(Path.cwd() / "start-flow-run.zip")
    assert function["function_name"] == "s3"
    (policy,) = template.resources("aws_iam_role_policy").values()
    assert "sqs:SendMessage" in policy["policy"]
    assert "sns:Publish" in policy["policy"]


def test_numbers_that_terraform_works_out() -> None:
    """A variable of the stack is a delay and a size of memory as well as a number is."""
    stack = new_stack()
    seconds = TerraformVariable(stack, "seconds", type="number").number_value
    pc.S3ToFlowRun(
        stack,
        "s3",
        **GIVEN | {"deployment": "a/b", "delay": seconds, "memory": {"pool": "docker", "base": seconds}},
    )
    (function,) = Template.from_stack(stack).resources("aws_lambda_function").values()
    environment = function["environment"][0]["variables"]
    assert environment["PREFECT_DELAY_SECONDS"] == "${var.seconds}"
    assert environment["PREFECT_MEMORY_BASE"] == "${var.seconds}"
    assert environment["PREFECT_MEMORY_PER_BYTE"] == "3"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"deployment": "nightly"}, "deployment: Expected a deployment, its id, or flow/deployment, got "),
        (
            {"api_url": "prefect.example.com"},
            "api_url: Expected an address that starts with https:// or http://",
        ),
        ({"trigger": "sqs"}, "trigger: Expected `eventbridge` or `s3`, got "),
        ({"refused": "drop"}, "refused: Expected `log` or `raise`, got "),
        ({"memory": {"pool": "lambda"}}, "memory.pool: Expected `docker`, `ecs` or `kubernetes`, got "),
        ({"memory": {"pool": "ecs", "bse": 1}}, 'Did you mean "base"?'),
        ({"parameters": {"at": {1, 2}}}, "parameters.at: Expected "),
        (
            {"deployment": None, "parameters": {"a": 1}, "delay": 5},
            "Without a deployment there are no runs, which `parameters` and `delay` would be of",
        ),
        ({"delay": -1}, "delay: Expected a number that is not negative, got "),
    ],
)
def test_wrong_arguments(wrong: dict[str, Any], message: str) -> None:
    """What the function or Terraform would not take is refused when it is written, with the argument's name."""
    given = GIVEN | {"deployment": "a/b"} | wrong
    with pytest.raises(pc.PrefectConstructError) as caught:
        pc.S3ToFlowRun(new_stack(), "s3", **given)
    assert str(caught.value).startswith("MyStack/s3: ")
    assert message in str(caught.value)
