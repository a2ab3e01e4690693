"""The construct of resource prefect_work_pool.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.work_pool``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypedDict, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    JsonObject,
    MetaArguments,
    Number,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.server.work_pool import WorkPool as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyBlock,
    )

__all__ = [
    "PrefectWorkPool",
    "WorkPool",
    "WorkPoolStorageConfiguration",
]


class WorkPoolStorageConfiguration(TypedDict, total=False):
    """Where flows that are run ad hoc put their code and their results."""

    bundle_upload_step: JsonObject
    """The step that uploads a bundle of code, as a JSON object."""

    bundle_execution_step: JsonObject
    """The step that runs a bundle of code, as a JSON object."""

    default_result_storage_block_id: AnyBlock | Identifier
    """The block (UUID) in which results are stored."""


class WorkPool(PrefectResource):
    """A work pool: the place where a kind of worker takes runs from, with the template of their infrastructure.

    Deleting a pool deletes its queues; deployments that used it stay, without a pool.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        name: Name of the work pool. Names that start with `prefect` are reserved by Prefect. Changing it
            makes a new object. Default: `id_`.
        description: What the pool is for.
        type: The kind of worker that serves the pool: `process`, `docker`, `kubernetes`, `ecs` and so on.
            Default: `prefect-agent`. Changing it makes a new object.
        paused: Whether the pool hands out no runs. Default: `False`.
        concurrency_limit: How many runs at once; `None` means no limit.
        base_job_template: The template of a run's infrastructure, as a JSON object with `job_configuration`
            and `variables`. Left out, it is what the worker of this type brings when it first starts.
        storage_configuration: Where flows that are run ad hoc put code and results. Left out, what the pool
            has is kept.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
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
        name: str | None = None,
        description: str | None = None,
        type: str | None = None,
        paused: Flag | None = None,
        concurrency_limit: Number | None = None,
        base_job_template: JsonObject | None = None,
        storage_configuration: WorkPoolStorageConfiguration | IResolvable | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "name": name,
            "description": description,
            "type": type,
            "paused": paused,
            "concurrency_limit": concurrency_limit,
            "base_job_template": base_job_template,
            "storage_configuration": storage_configuration,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def name(self) -> str:
        """Name of the work pool. Names that start with `prefect` are reserved by Prefect."""
        return self.get_string_attribute("name")

    @property
    def description(self) -> str:
        """What the pool is for."""
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
        """How many runs at once; `None` means no limit."""
        return self.get_number_attribute("concurrency_limit")

    @property
    def default_queue_id(self) -> str:
        """The pool's default queue (UUID)."""
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

    @property
    def id(self) -> str:
        """The object's id (UUID)."""
        return self.get_string_attribute("id")

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
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")


PrefectWorkPool = WorkPool
