"""The construct of data prefect_work_pool.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.work_pool``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
    Number,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.server.work_pool import WorkPoolLookup as _Declaration

__all__ = [
    "DataPrefectWorkPool",
]


class DataPrefectWorkPool(PrefectDataSource):
    """Looks up a work pool, by its id or its name.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        id: The work pool's id (UUID). Left out, the server decides.
        name: The work pool's name. Left out, the server decides.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Left out, the server decides.
        description: What the pool is for. If it is set here, the object has to have it.
        concurrency_limit: How many runs at once; `None` means no limit. If it is set here, the object has to
            have it.
        default_queue_id: The pool's default queue (UUID). If it is set here, the object has to have it.
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
        id: Identifier | None = None,
        name: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        description: str | None = None,
        concurrency_limit: Number | None = None,
        default_queue_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "id": id,
            "name": name,
            "account_id": account_id,
            "workspace_id": workspace_id,
            "description": description,
            "concurrency_limit": concurrency_limit,
            "default_queue_id": default_queue_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The work pool's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """The work pool's name."""
        return self.get_string_attribute("name")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")

    @property
    def created(self) -> str:
        """When the object was created (RFC 3339)."""
        return self.get_string_attribute("created")

    @property
    def updated(self) -> str:
        """When the object was last changed (RFC 3339). Kept as it is while nothing else of the object differs.
        """
        return self.get_string_attribute("updated")

    @property
    def description(self) -> str:
        """What the pool is for. If it is set here, the object has to have it."""
        return self.get_string_attribute("description")

    @property
    def type(self) -> str:
        """The kind of worker that serves the pool: `process`, `docker`, `kubernetes`, `ecs` and so on."""
        return self.get_string_attribute("type")

    @property
    def paused(self) -> IResolvable:
        """Whether the pool hands out no runs."""
        return self.get_boolean_attribute("paused")

    @property
    def concurrency_limit(self) -> float:
        """How many runs at once; `None` means no limit. If it is set here, the object has to have it."""
        return self.get_number_attribute("concurrency_limit")

    @property
    def default_queue_id(self) -> str:
        """The pool's default queue (UUID). If it is set here, the object has to have it."""
        return self.get_string_attribute("default_queue_id")

    @property
    def base_job_template(self) -> str:
        """The template of a run's infrastructure, as a JSON object with `job_configuration` and `variables`.
        Left out, it is what the worker of this type brings when it first starts.
        """
        return self.get_string_attribute("base_job_template")

    @property
    def storage_configuration(self) -> IResolvable:
        """Where flows that are run ad hoc put code and results. Left out, what the pool has is kept."""
        return self.interpolation_for_attribute("storage_configuration")
