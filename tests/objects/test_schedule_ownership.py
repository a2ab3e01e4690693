"""A deployment's own `schedules` and schedules that are resources of their own: one owner each, and no fight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.deployment_schedule import DeploymentSchedule
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.diagnostics import Diagnostics, ProviderError
from tests.objects.terraform_core import Managed, World, configuration, explain, shown, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.plugin.language.diagnostics import Diagnostic

NIGHTLY = {"cron": "0 3 * * *"}
HOURLY = {"interval": 3600}


class Both:
    """A deployment that Terraform has, and a schedule of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.worlds: list[World] = []
        flow = world.call("POST", "/flows/", {"name": unique("flow")})["id"]
        self.least = {"name": unique("deployment"), "flow_id": flow}
        self.deployment = Managed(world, Deployment)
        self.schedule = Managed(world, DeploymentSchedule)

    def given(self, slug: str = "nightly") -> dict[str, Any]:
        """A configuration of the schedule."""
        return {"deployment_id": self.deployment.id, "slug": slug} | NIGHTLY

    def next_command(self) -> None:
        """Go on in a new process."""
        if self.worlds:
            self.worlds[-1].close()
        self.world = World(self.world.server)
        self.worlds.append(self.world)
        self.deployment.world = self.schedule.world = self.world

    def plan_deployment(self, **schedules: dict[str, Any]) -> list[Diagnostic]:
        """What a plan of the deployment with these `schedules` says."""
        wanted = configuration(Deployment, self.least | {"schedules": schedules})
        return list(self.deployment.plan(wanted, prior=self.deployment.state).diagnostics)

    def plan_schedule(self, slug: str = "nightly") -> list[Diagnostic]:
        """What a plan of the schedule says."""
        wanted = configuration(DeploymentSchedule, self.given(slug))
        return list(self.schedule.plan(wanted, prior=self.schedule.state).diagnostics)

    @property
    def stored(self) -> dict[str, dict[str, Any]]:
        """The schedules on the server, by slug."""
        listed = self.world.call("GET", f"/deployments/{self.deployment.id}/schedules")
        return {one["slug"]: one for one in listed}


@pytest.fixture
def both(world: World) -> Iterator[Both]:
    """A deployment that Terraform has, and a schedule of it."""
    both = Both(world)
    yield both
    if both.worlds:
        both.worlds[-1].close()


def _names_both(error: Diagnostic, both: Both, own: str, other: str) -> bool:
    told = (
        f'prefect_deployment "{both.least["name"]}"',
        f"`{own}`",
        f"`{other}`",
        "prefect_deployment_schedule",
    )
    return error.severity == "error" and all(text in error.detail for text in told)


@pytest.mark.parametrize("slug", ["nightly", "hourly"])
def test_owning_twice_is_refused_at_plan(both: Both, slug: str) -> None:
    """A schedule of a deployment with `schedules` is refused, under their slug or another; the error names both."""
    both.deployment.apply(both.least | {"schedules": {"hourly": HOURLY}})
    both.next_command()
    assert both.plan_deployment(hourly=HOURLY) == []

    [error] = both.plan_schedule(slug)

    assert error.path == ("deployment_id",)
    assert _names_both(error, both, "hourly", slug)


def test_owning_twice_is_refused_in_either_order(both: Both) -> None:
    """A deployment that is planned after the schedule, as where its id is written out, is refused as well."""
    both.deployment.apply(both.least)
    both.next_command()
    assert both.plan_schedule() == []

    [error] = both.plan_deployment(hourly=HOURLY)

    assert error.path == ("schedules",)
    assert _names_both(error, both, "hourly", "nightly")


def test_no_schedules_are_owned_as_well(both: Both) -> None:
    """An empty map says that there are none, so a resource for one is refused; null says nothing."""
    both.deployment.apply(both.least | {"schedules": {}})
    both.next_command()
    assert both.plan_deployment() == []
    [error] = both.plan_schedule()
    assert "has none" in error.detail

    both.next_command()
    both.deployment.apply(both.least)
    both.next_command()
    assert both.deployment.changes(both.least) == []
    assert both.plan_schedule() == []


def test_owning_twice_is_refused_when_the_deployment_is_new(both: Both) -> None:
    """Where no plan can tell, because the deployment is yet to be made, the creation is refused, and nothing undone."""
    both.deployment.apply(both.least | {"schedules": {"hourly": HOURLY}})
    wanted = configuration(DeploymentSchedule, both.given())
    resource = DeploymentSchedule(both.world.client, Diagnostics(), {})
    with pytest.raises(ProviderError) as caught:
        both.world.run(resource.create(wanted | {"active": True}, wanted))
    assert _names_both(caught.value.diagnostic, both, "hourly", "nightly")
    assert both.stored.keys() == {"hourly"}


def test_each_leaves_the_others_alone(both: Both) -> None:
    """A deployment without `schedules` keeps them through changes of its own, also one that posts it anew."""
    both.deployment.apply(both.least)
    both.schedule.apply(both.given())
    both.next_command()
    both.deployment.refresh()

    both.deployment.apply(both.least | {"description": "changed", "labels": {"team": "data"}})

    both.next_command()
    both.schedule.refresh()
    assert both.deployment.changes(both.least | {"description": "changed", "labels": {"team": "data"}}) == []
    assert both.schedule.changes(both.given()) == []
    assert both.stored["nightly"]["id"] == both.schedule.id
    both.schedule.destroy()
    both.deployment.refresh()
    assert both.deployment.changes(both.least | {"description": "changed", "labels": {"team": "data"}}) == []


def test_schedule_moves_out_of_the_deployment(both: Both) -> None:
    """A schedule that is taken out of `schedules` and declared apart is planned and made in one apply."""
    both.deployment.apply(both.least | {"schedules": {"nightly": NIGHTLY}})
    both.next_command()
    wanted = configuration(Deployment, both.least)
    planned = both.deployment.plan(wanted, prior=both.deployment.state)
    assert shown(planned.diagnostics) == []
    assert both.plan_schedule() == []

    both.deployment.apply(both.least)
    both.schedule.apply(both.given())

    assert both.stored.keys() == {"nightly"}
    both.deployment.refresh()
    assert both.deployment.changes(both.least) == []


def test_schedule_that_is_about_to_be_deleted_is_not_imported(both: Both) -> None:
    """One that the deployment gives up, and deletes, is refused where it is imported in the same plan."""
    both.deployment.apply(both.least | {"schedules": {"nightly": NIGHTLY}})
    both.next_command()
    both.schedule = Managed.imported(both.world, DeploymentSchedule, f"{both.deployment.id},nightly")
    both.deployment.plan(configuration(Deployment, both.least), prior=both.deployment.state)

    [error] = both.plan_schedule()

    assert error.summary == "The schedule is managed twice"
    assert f'prefect_deployment "{both.least["name"]}"' in error.detail
    assert "Do not import it" in error.detail


@pytest.mark.parametrize("first", ["deployment", "schedule"])
def test_schedule_moves_into_the_deployment(both: Both, first: str) -> None:
    """A schedule that is moved into `schedules` is there afterwards, whichever of the two Terraform takes first."""
    both.deployment.apply(both.least)
    both.schedule.apply(both.given())
    both.deployment.refresh()
    # Terraform plans all before it applies any.
    both.next_command()
    given = both.least | {"schedules": {"nightly": NIGHTLY}}

    if first == "deployment":
        both.deployment.apply(given)
        [warning] = both.schedule.destroy()
        assert warning.summary == "The deployment schedule was kept"
    else:
        # Its plan was made before the deletion: nothing changes but who is in charge.
        wanted = configuration(Deployment, given)
        planned = both.deployment.plan(wanted, prior=both.deployment.state)
        both.next_command()
        assert both.schedule.destroy() == []
        outcome = both.world.run(
            lifecycle.apply(
                Deployment,
                both.world.client,
                both.deployment.held,
                planned.state,
                wanted,
                planned.private,
                explain,
            )
        )
        assert shown(outcome.diagnostics) == []

    assert both.stored.keys() == {"nightly"}
