"""What is planned and the server is too old for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.reporting import report
from prefect_provider.objects.server_version import server_version
from prefect_provider.plugin.language.values import is_unknown
from prefect_provider.rules.server_versions import additions_in, newness_problems

if TYPE_CHECKING:
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.engine.planning import Plan

__all__ = ["check_server_version"]


async def check_server_version(resource: RemoteObject, plan: Plan) -> None:
    """Report what the server is too old for; it is asked only if something is planned that not every server has.

    Prefect Cloud has everything. Where the version cannot be had, the server itself has to refuse.
    """
    client = resource.client
    if client is None:
        return
    prior = None if resource.replaced(plan) else plan.prior
    used = additions_in(resource.type_name, plan.planned, prior, is_unknown=is_unknown)
    version = await server_version(client) if used else None
    if version is not None:
        report(newness_problems(used, version), resource.diagnostics)
