"""The construct of resource prefect_task_run_concurrency_limit.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.task_run_concurrency_limit``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
    Number,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.server.task_run_concurrency_limit import TaskRunConcurrencyLimit as _Declaration

__all__ = [
    "PrefectTaskRunConcurrencyLimit",
    "TaskRunConcurrencyLimit",
]


class TaskRunConcurrencyLimit(PrefectResource):
    """A limit on how many task runs with a tag may be at work at once.

    Prefect keeps it as a global concurrency limit named `tag:<tag>` as well: manage it as one or the other.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        tag: Tag of the task runs that are limited. Changing it makes a new object.
        concurrency_limit: How many of them at once; 0 lets none of them run.
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
        tag: str,
        concurrency_limit: Number,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "tag": tag,
            "concurrency_limit": concurrency_limit,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def tag(self) -> str:
        """Tag of the task runs that are limited."""
        return self.get_string_attribute("tag")

    @property
    def concurrency_limit(self) -> float:
        """How many of them at once; 0 lets none of them run."""
        return self.get_number_attribute("concurrency_limit")

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


PrefectTaskRunConcurrencyLimit = TaskRunConcurrencyLimit
