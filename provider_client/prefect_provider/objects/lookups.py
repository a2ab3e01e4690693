"""Prefect's objects as Terraform data sources, one file each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.objects.server.deployment.lookup import DeploymentLookup

if TYPE_CHECKING:
    from prefect_provider.plugin.language.resource import DataSource

__all__ = ["DATA_SOURCES", "DeploymentLookup"]

DATA_SOURCES: Final[tuple[type[DataSource], ...]] = (DeploymentLookup,)
"""All data sources, by name."""
