"""Configuration that terraform generates for imports: valid as it is, without noise, and without a change to make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.environment.terraform import terraform_version
from tests.objects.terraform_core import unique
from tests.terraform.every_object import ADDRESSES, CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.terraform import Workspace


def test_generated_configuration_plans_nothing(terraform: Callable[..., Workspace]) -> None:
    """Every object is imported with the configuration that terraform writes for it, and no more is to be done."""
    if terraform_version() < (1, 14):
        pytest.skip("Terraform asks the provider for configuration since 1.14")
    first = terraform(CONFIGURATION.format(name=unique("generated")))
    first.apply()
    ids = {address: values["id"] for address, values in first.state().items()}

    second = terraform("")
    second.write(
        "\n".join(
            f'import {{\n  to = {address}\n  identity = {{ id = "{ids[address]}" }}\n}}'
            for address in ADDRESSES
        ),
        "imports",
    )
    second.plan("-generate-config-out=generated.tf")
    generated = (second.directory / "generated.tf").read_text()

    plan = second.plan()
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
    assert sorted(change["address"] for change in plan.json["resource_changes"]) == sorted(ADDRESSES)
    second.apply()
    second.assert_no_changes()
    # What the server chose, and what equals a default, is not written down.
    written = {line.split(" = ")[0].strip() for line in generated.splitlines() if " = null" not in line}
    assert written >= {"entrypoint", "cron", "timezone", "flow_name", "pull_steps", "description", "value"}
    assert not written & {"flow_id", "priority", "anchor_date", "enforce_parameter_schema", "enabled", "id"}
    second.destroy()
