"""Actions, ephemeral resources and functions: what they come to, and that Terraform takes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from cdktn import Fn, TerraformOutput, TerraformStack, TerraformVariable
from cdktn import Testing as CdkTesting

from prefect_constructs import (
    Block,
    Deployment,
    EmitEventAction,
    EphemeralPrefectBlock,
    EphemeralPrefectVariable,
    PauseDeploymentAction,
    PrefectConstructError,
    PrefectFn,
    PrefectProvider,
    RunDeploymentAction,
    Variable,
    literal,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.terraform import Workspace


@pytest.fixture
def stack() -> TerraformStack:
    """An empty stack."""
    return TerraformStack(CdkTesting.app(), "test")


def document(stack: TerraformStack) -> dict[str, Any]:
    """What the stack comes to."""
    found: dict[str, Any] = json.loads(CdkTesting.synth(stack))
    return found


def outputs(stack: TerraformStack) -> dict[str, Any]:
    """The values of the outputs, as they are written."""
    return {name: one["value"] for name, one in document(stack)["output"].items()}


def test_an_action_and_what_triggers_it(stack: TerraformStack) -> None:
    """An action is a block of the stack, and each resource that triggers it says when, beside its own lifecycle."""
    other = PrefectProvider(stack, "other", alias="other")
    version = Variable(stack, "version", value="7", lifecycle={"prevent_destroy": True})
    target = Deployment(stack, "migrate", entrypoint="flow.py:run")
    run = RunDeploymentAction(
        stack,
        "run",
        deployment_id=target,
        parameters={"dry": False, "version": version.value},
        wait=False,
        provider=other,
    )
    pause = PauseDeploymentAction(stack, "pause", deployment="a/b")

    assert run.triggered_by(version) is run
    pause.triggered_by(version, "before_update", condition="${var.pause}").triggered_by(
        target, "after_create"
    )

    found = document(stack)
    assert found["action"] == {
        "prefect_run_deployment": {
            "run": {
                "provider": "prefect.other",
                "config": {
                    "deployment_id": "${prefect_deployment.migrate.id}",
                    "parameters": '{"dry":false,"version":${jsonencode(prefect_variable.version.value)}}',
                    "wait": False,
                },
            }
        },
        "prefect_pause_deployment": {"pause": {"config": {"deployment": "a/b"}}},
    }
    assert found["resource"]["prefect_variable"]["version"]["lifecycle"] == {
        "prevent_destroy": True,
        "action_trigger": [
            {"events": ["after_create", "after_update"], "actions": ["action.prefect_run_deployment.run"]},
            {
                "events": ["before_update"],
                "actions": ["action.prefect_pause_deployment.pause"],
                "condition": "${var.pause}",
            },
        ],
    }
    assert found["resource"]["prefect_deployment"]["migrate"]["lifecycle"] == {
        "action_trigger": [
            {"events": ["after_create"], "actions": ["action.prefect_pause_deployment.pause"]},
        ]
    }


def test_ephemeral_resources(stack: TerraformStack) -> None:
    """What is read at use is a block of its own, and its attributes are expressions."""
    secret = EphemeralPrefectBlock(stack, "secret", type_slug="secret", name="password")
    region = EphemeralPrefectVariable(stack, "region", name="region")
    Block(stack, "copy", type_slug="secret", data_wo=secret.data, data_wo_version=1)
    TerraformOutput(stack, "region_value", value=region.value, sensitive=True)

    found = document(stack)
    assert found["ephemeral"] == {
        "prefect_block": {"secret": {"type_slug": "secret", "name": "password"}},
        "prefect_variable": {"region": {"name": "region"}},
    }
    assert found["resource"]["prefect_block"]["copy"]["data_wo"] == "${ephemeral.prefect_block.secret.data}"
    assert outputs(stack) == {"region_value": "${ephemeral.prefect_variable.region.value}"}


def test_functions_of_tokens(stack: TerraformStack) -> None:
    """Tokens are the expressions that they stand for inside of a call, and texts keep what is around them."""
    deployment = Deployment(stack, "etl", entrypoint="flow.py:run")
    patience = TerraformVariable(stack, "patience", type="string", default="30m").string_value
    for name, value in {
        "number": PrefectFn.seconds(patience),
        "plain": PrefectFn.seconds("1h30m"),
        "id": PrefectFn.event_resource_id("deployment", deployment.id),
        "mixed": PrefectFn.jinja(f'"{{{{ x }}}}" for {patience}\n\b'),
        "nested": PrefectFn.jinja(PrefectFn.event_resource_id("flow", deployment.flow_id)),
        "of_the_cdk": PrefectFn.yaml_triggers(Fn.file("triggers.yaml"), deployment.name),
        "two": PrefectFn.jinja(f"{patience}{patience}"),
        "quotes": PrefectFn.jinja('${lookup(var.m, "}")} and ${var.x}'),
        "literal": PrefectFn.jinja(literal("${HOME}")),
        "inside": Fn.jsonencode({"day": PrefectFn.jinja(f"{patience}!")}),
    }.items():
        TerraformOutput(stack, name, value=value)

    assert {name: text.removeprefix("${provider::prefect::") for name, text in outputs(stack).items()} == {
        "number": "seconds(var.patience)}",
        "plain": 'seconds("1h30m")}',
        "id": 'event_resource_id("deployment", prefect_deployment.etl.id)}',
        "mixed": 'jinja("\\"{{ x }}\\" for ${var.patience}\\n\\u0008")}',
        "nested": 'jinja(provider::prefect::event_resource_id("flow", prefect_deployment.etl.flow_id))}',
        "of_the_cdk": 'yaml_triggers(file("triggers.yaml"), prefect_deployment.etl.name)}',
        "two": 'jinja("${var.patience}${var.patience}")}',
        "quotes": 'jinja("${lookup(var.m, "}")} and ${var.x}")}',
        "literal": 'jinja("$${HOME}")}',
        "inside": '${jsonencode({"day" = provider::prefect::jinja("${var.patience}!")})}',
    }


def test_wrong_arguments(stack: TerraformStack) -> None:
    """What Terraform or Prefect would refuse is refused at once, by the name of the argument."""
    variable = Variable(stack, "v", value="7")
    run = RunDeploymentAction(stack, "run", deployment="a/b")
    elsewhere = Variable(TerraformStack(CdkTesting.app(), "elsewhere"), "v", value="7")
    event: Any = "after_destroy"
    resource: Any = "prefect_variable.v"
    related: Any = [{"id": "a"}]
    for call, told in (
        (lambda: RunDeploymentAction(stack, "none"), "got none of them"),
        (lambda: RunDeploymentAction(stack, "both", deployment="a/b", deployment_id="x" * 8), "a UUID"),
        (
            lambda: EmitEventAction(stack, "e", event="x", resource_id="r", related=related),
            "related[0]",
        ),
        (lambda: EphemeralPrefectBlock(stack, "b", name="x"), "`type_slug`"),
        (lambda: run.triggered_by(variable, event), "`before_create`"),
        (lambda: run.triggered_by(resource), "Expected a resource"),
        (lambda: run.triggered_by(elsewhere), "in another stack"),
    ):
        with pytest.raises(PrefectConstructError) as caught:
            call()
        assert told in str(caught.value)


def test_hcl_is_refused(stack: TerraformStack) -> None:
    """The CDK's renderer of HCL would leave out what it does not know."""
    RunDeploymentAction(stack, "run", deployment="a/b")
    with pytest.raises(RuntimeError, match="writes no such block as HCL"):
        CdkTesting.synth_hcl(stack)


@pytest.mark.terraform
@pytest.mark.usefixtures("newer_terraform")
def test_terraform_takes_it(stack: TerraformStack, terraform: Callable[..., Workspace]) -> None:
    """The whole of it is valid to Terraform 1.15, which calls the functions that need no server."""
    PrefectProvider(stack, "prefect")
    patience = TerraformVariable(stack, "patience", type="string", default="30m").string_value
    version = Variable(stack, "version", name="schema_version", value="7")
    secret = EphemeralPrefectBlock(stack, "secret", type_slug="secret", name="password")
    Block(stack, "copy", type_slug="secret", data_wo=secret.data, data_wo_version=1)
    RunDeploymentAction(
        stack,
        "migrate",
        deployment="migrate/production",
        parameters={"version": version.value, "note": PrefectFn.jinja(f'"{{{{ x }}}}" {patience}')},
        timeout=PrefectFn.seconds(patience),
    ).triggered_by(version)
    EmitEventAction(
        stack,
        "tell",
        event="schema.migrated",
        resource_id=PrefectFn.event_resource_id("variable", version.id),
        related=[{"id": "x", "role": "schema"}],
    ).triggered_by(version, "after_update", condition=f'${{{patience[2:-1]} != "0s"}}')

    workspace = terraform(document(stack), provider=False)

    assert workspace.validate().exit_code == 0, workspace.validate().report()
