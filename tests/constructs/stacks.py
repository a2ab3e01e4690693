"""Stacks for the tests."""

from importlib import import_module
from pathlib import Path
from typing import Any

from prefect_constructs import PrefectProvider
from prefect_constructs._runtime import NATIVE, NATIVE_PACKAGE, RUNTIME, TerraformStack, Testing
from prefect_constructs.testing import Template

__all__ = ["CDK", "attributes", "new_app", "new_stack"]

CDK: Any = import_module(NATIVE_PACKAGE if RUNTIME == NATIVE else RUNTIME)
"""The module that an app on this runtime imports its stacks from."""


def new_app(directory: Path) -> Any:
    """An app that is synthesized into a directory."""
    return Testing.app(outdir=str(directory))


def new_stack(name: str = "MyStack") -> TerraformStack:
    """An empty stack with the provider."""
    stack = TerraformStack(Testing.app(), name)
    PrefectProvider(stack, "prefect")
    return stack


def attributes(stack: TerraformStack, type_name: str) -> dict[str, Any]:
    """The attributes of the only resource of a type."""
    (only,) = Template.from_stack(stack).resources(type_name).values()
    return only
