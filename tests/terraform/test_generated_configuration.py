"""Configuration that terraform generates for imports: valid as it is, without noise, and without a change to make."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.environment.terraform import terraform_version
from tests.objects.terraform_core import unique
from tests.terraform.every_object import ADDRESSES, CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
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


def test_a_deployment_and_its_schedules(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """Generated alone, a deployment has its schedules; together with one of them, it is said which to remove."""
    if terraform_version() < (1, 14):
        pytest.skip("Terraform asks the provider for configuration since 1.14")
    flow = unique("generated")
    flow_id = prefect_server.call("POST", "/flows/", {"name": flow})["id"]
    entry = {"slug": "nightly", "schedule": {"cron": "0 3 * * *"}}
    body = {"name": "scheduled", "flow_id": flow_id, "schedules": [entry]}
    prefect_server.call("POST", "/deployments/", body)

    def generated(*blocks: tuple[str, str]) -> Workspace:
        workspace = terraform("")
        imports = (f'import {{\n  to = {address}\n  id = "{of}"\n}}\n' for address, of in blocks)
        workspace.write("".join(imports), "imports")
        return workspace

    deployment = ("prefect_deployment.d", f"{flow}/scheduled")
    schedule = ("prefect_deployment_schedule.s", f"{flow}/scheduled,nightly")

    alone = generated(deployment)
    alone.plan("-generate-config-out=generated.tf")
    assert '"0 3 * * *"' in (alone.directory / "generated.tf").read_text()
    assert alone.plan().actions() == {}

    alone = generated(schedule)
    alone.plan("-generate-config-out=generated.tf")
    assert alone.plan().actions() == {}

    both = generated(deployment, schedule)
    refused = both.plan("-generate-config-out=generated.tf", check=False)
    for attempt in (refused, both.plan(check=False)):
        error = attempt.only_error()
        assert error.summary in {"The schedule is managed twice", "Schedules are managed twice"}
        assert 'prefect_deployment "scheduled"' in error.detail
        assert "prefect_deployment_schedule" in error.detail
        assert "Leave `schedules` out of the deployment" in error.detail
    # Which is done in the file that terraform wrote all the same.
    file = both.directory / "generated.tf"
    left, removed = re.subn(r"\n  schedules\s+= \{.*?\n  \}\n", "\n", file.read_text(), flags=re.DOTALL)
    assert removed == 1
    file.write_text(left)
    plan = both.plan()
    assert plan.actions() == {}
    assert len(plan.json["resource_changes"]) == 2
