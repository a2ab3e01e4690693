"""Numbers with more digits than Prefect keeps, such as `100 / 3` in HCL, are no difference for ever (real server)."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.deployment_schedule import DeploymentSchedule
from tests.objects.terraform_core import Managed, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

with localcontext() as digits:
    digits.prec = 60
    THIRD = Decimal(100) / 3
    """As Terraform has it: Prefect stores 33.333333 seconds."""


def automation(**trigger: Any) -> dict[str, Any]:
    """An automation that does nothing."""
    event = {"posture": "Reactive", "expect": ["never.happens"], "threshold": 1, "within": THIRD}
    return {
        "name": unique("precise"),
        "trigger": trigger or {"event": event},
        "actions": [{"type": "do-nothing"}],
    }


def deployment(world: World) -> str:
    """A new deployment's id."""
    flow = world.call("POST", "/flows/", {"name": unique("precise")})["id"]
    made = world.call("POST", "/deployments/", {"name": unique("precise"), "flow_id": flow})
    return str(made["id"])


@pytest.mark.parametrize(
    "seconds", [THIRD, Decimal("0.1234567"), Decimal("1e-3")], ids=["33.3", "0.1", "0.001"]
)
def test_durations(world: World, seconds: Decimal) -> None:
    """Each is applied without a warning, and afterwards nothing is left to do; a change that counts is one."""
    id_ = deployment(world)
    flow = world.call("GET", f"/deployments/{id_}")["flow_id"]
    Managed(world, DeploymentSchedule).apply({"deployment_id": id_, "slug": "s", "interval": seconds})
    Managed(world, Deployment).apply(
        {"name": unique("own"), "flow_id": flow, "schedules": {"s": {"interval": seconds}}}
    )
    event = {"posture": "Reactive", "expect": ["never.happens"], "threshold": 1, "within": seconds}
    managed = Managed(world, Automation)
    given = automation(event=event)
    managed.apply(given)
    assert managed.changes(
        given | {"trigger": {"event": event | {"within": seconds + Decimal("0.00001")}}}
    ) == ["trigger"]


def test_delay_of_an_action(world: World) -> None:
    """So is the delay of a run."""
    action = {
        "type": "run-deployment",
        "source": "selected",
        "deployment_id": deployment(world),
        "schedule_after": THIRD,
    }
    Managed(world, Automation).apply(automation() | {"actions": [action]})
