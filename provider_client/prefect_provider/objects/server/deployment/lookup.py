"""``data "prefect_deployment"`` and ``data "prefect_deployments"``."""

from __future__ import annotations

from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.server.deployment.resource import Deployment

__all__ = ["DeploymentLookup", "Deployments"]


class DeploymentLookup(Lookup, of=Deployment):
    """Looks up a deployment, by its id or by its flow's name and its own."""


class Deployments(ObjectList, of=Deployment, without=("version_info",)):
    """Lists deployments, all of them or those that meet every condition, ordered by name."""
