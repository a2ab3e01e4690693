"""The assertions for tests of an app."""

from pathlib import Path

import pytest

import prefect_constructs as pc
from prefect_constructs._runtime import Annotations, TerraformStack
from prefect_constructs.testing import Template
from tests.constructs.stacks import new_app, new_stack


@pytest.fixture
def stack() -> TerraformStack:
    """A stack with a deployment that an event runs."""
    made = new_stack()
    deployment = pc.Deployment(
        made, "nightly", flow_name="f", tags=["a", "b"], parameters={"region": "eu", "n": 1}
    )
    deployment.on(pc.EventTrigger(expect="pinged"), parameters={"param_1": "{{ event }}"})
    return made


def test_has_resource(stack: TerraformStack) -> None:
    """A part of the attributes is enough at every level; JSON text is compared as a document."""
    template = Template.from_stack(stack)
    template.has_resource("prefect_deployment")
    template.has_resource("prefect_deployment", {"tags": ["a", "b"], "parameters": {"n": 1, "region": "eu"}})
    template.has_resource("prefect_deployment", {"description": None})
    template.has_resource(
        "prefect_automation",
        {
            "trigger": {"event": {"expect": ["pinged"]}},
            "actions": [{"parameters": {"param_1": "{{ event }}"}}],
        },
    )


@pytest.mark.parametrize(
    ("expected", "shown"),
    [
        ({"tags": ["a"]}, '-    "a"\n'),
        ({"name": "weekly"}, '-  "name": "weekly"\n+  "name": "nightly"'),
        ({"parameters": {"region": "us", "n": 1}}, '-    "region": "us"\n+    "region": "eu"'),
        ({"parameters": {"region": "eu"}}, '+    "n": 1,'),
        ({"name": None}, '-  "name": null\n+  "name": "nightly"'),
        ({"concurrency_options": {"collision_strategy": "ENQUEUE"}}, '+  "concurrency_options": null'),
    ],
)
def test_difference(stack: TerraformStack, expected: dict[str, object], shown: str) -> None:
    """The error shows how the most similar resource differs."""
    pc.Deployment(
        stack,
        "other-and-most-different",
        flow_name="g",
        tags=["1", "2", "3"],
        parameters={"x": 1, "y": 2, "z": 3},
    )
    with pytest.raises(AssertionError, match="no prefect_deployment is as expected") as caught:
        Template.from_stack(stack).has_resource("prefect_deployment", expected)
    assert shown in str(caught.value)
    assert "similar one, nightly:" in str(caught.value)


def test_absent(stack: TerraformStack) -> None:
    """That there is no resource of a type is an error, too."""
    with pytest.raises(AssertionError, match="expected a prefect_flow, and there is none"):
        Template.from_stack(stack).has_resource("prefect_flow")


def test_count(stack: TerraformStack) -> None:
    """The error of a wrong count names what there is."""
    template = Template.from_stack(stack)
    template.resource_count("prefect_deployment", 1)
    template.resource_count("prefect_flow", 0)
    with pytest.raises(AssertionError, match="expected 2 of prefect_deployment, got 1: nightly"):
        template.resource_count("prefect_deployment", 2)


def test_errors(stack: TerraformStack) -> None:
    """Errors that others put on constructs, and what the CDK finds, are listed with the construct's path."""
    assert Template.from_stack(stack).errors() == []
    Annotations.of(stack).add_error("not like this")
    assert Template.from_stack(stack).errors() == ["MyStack: not like this"]


def test_forgotten_provider(tmp_path: Path) -> None:
    """A stack without the provider is an error before terraform looks for another one of that name."""
    stack = TerraformStack(new_app(tmp_path), "MyStack")
    pc.Flow(stack, "f", name="f")
    assert any("provider" in error for error in Template.from_stack(stack).errors())
