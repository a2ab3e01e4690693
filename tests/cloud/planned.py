"""What a plan says of objects, as Terraform asks for it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from prefect_provider.objects.listing import listing_of
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.engine.listing import list_objects
from tests.objects.terraform_core import configuration, explain

if TYPE_CHECKING:
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.diagnostics import Diagnostic
    from tests.objects.terraform_core import Managed, World

__all__ = ["destruction", "errors_of_apply", "first_plan", "listed"]


def first_plan(managed: Managed, **given: Any) -> list[Diagnostic]:
    """What the plan of a new object says."""
    return list(managed.plan(configuration(managed.kind, given), prior=None).diagnostics)


def destruction(managed: Managed) -> list[Diagnostic]:
    """What the plan of its destruction says."""
    world = managed.world
    planned = lifecycle.plan(managed.kind, world.client, copy.deepcopy(managed.held), None, {}, explain)
    return list(world.run(planned).diagnostics)


def errors_of_apply(managed: Managed, **given: Any) -> list[Diagnostic]:
    """The errors of an apply: of the configuration, or without one of the destruction."""
    world = managed.world
    wanted = configuration(managed.kind, given) if given else {}
    planned = managed.plan(wanted, prior=managed.state).state if given else None
    done = lifecycle.apply(managed.kind, world.client, managed.state, planned, wanted, {}, explain)
    return [one for one in world.run(done).diagnostics if one.severity == "error"]


def listed(world: World, kind: type[RemoteObject], **given: Any) -> list[str]:
    """The names by which `terraform query` shows the objects of a type."""
    lister = listing_of(kind)
    config = dict.fromkeys(lister.attributes) | given

    async def read() -> list[str]:
        found = list_objects(lister, world.client, config, explain, whole=True)
        return [one.display_name async for one in found]

    return world.run(read())
