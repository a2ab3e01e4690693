"""A stand-in for the AWS provider: it has the types in ``resources``, and keeps objects in the file STAND_IN_STORE."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.language.declaration import optional
from prefect_provider.plugin.language.kinds import String
from prefect_provider.plugin.language.provider import Provider
from tests.aws.stand_in.resources import DATA_SOURCES, RESOURCES
from tests.plugin.toy.server import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from prefect_provider.plugin.language.resource import DataSource, Resource
    from prefect_provider.plugin.language.values import Values

__all__ = ["StandInProvider"]


class StandInProvider(Provider):
    """A stand-in for the AWS provider."""

    name = "aws"
    version = "6.0.0"

    region = optional(String(), "The region.")

    def resources(self) -> Sequence[type[Resource]]:
        """Those that are used."""
        return RESOURCES

    def data_sources(self) -> Sequence[type[DataSource]]:
        """Those that are used."""
        return DATA_SOURCES

    async def configure(self, config: Values, terraform_version: str, diagnostics: Diagnostics) -> Any:
        """Open the store."""
        return Store(Path(os.environ["STAND_IN_STORE"]))
