"""The construct of data prefect_worker_metadata.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.worker_metadata``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.server.worker_metadata import WorkerMetadata as _Declaration

__all__ = [
    "DataPrefectWorkerMetadata",
]


class DataPrefectWorkerMetadata(PrefectDataSource):
    """The base job templates that workers bring, by the type of worker: what a work pool's own can start from.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Left out, the server decides.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def base_job_configs(self) -> IResolvable:
        """The templates of the types that Prefect brings."""
        return self.interpolation_for_attribute("base_job_configs")

    @property
    def base_job_templates(self) -> Mapping[str, str]:
        """The templates of all types that the server knows, as JSON objects by type, such as `kubernetes`."""
        return self.get_string_map_attribute("base_job_templates")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")
