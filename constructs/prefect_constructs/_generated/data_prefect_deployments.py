"""The construct of data prefect_deployments.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.deployment.lookup``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    MetaArguments,
    Number,
    Texts,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.server.deployment.lookup import Deployments as _Declaration

__all__ = [
    "DataPrefectDeployments",
]


class DataPrefectDeployments(PrefectDataSource):
    """Lists deployments, all of them or those that meet every condition, ordered by name.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        filter_any: Only those with one of these ids (UUIDs). An empty list finds none.
        names: Only those with one of these names.
        name_like: Only those whose names contain this text, in upper or lower case.
        tags: Only those that have all of these tags.
        tags_any: Only those that have at least one of these tags.
        paused: Only those that are, or are not, paused.
        flow_names: Only those of the flows of these names.
        work_pool_names: Only those of the pools of these names.
        work_queue_names: Only those of queues of these names, of whatever pool.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Left out, the server decides.
        max_results: How many there may be at most, 10,000 when left out; more are an error, because none is
            left out without a word.
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
        filter_any: Texts | None = None,
        names: Texts | None = None,
        name_like: str | None = None,
        tags: Texts | None = None,
        tags_any: Texts | None = None,
        paused: Flag | None = None,
        flow_names: Texts | None = None,
        work_pool_names: Texts | None = None,
        work_queue_names: Texts | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        max_results: Number | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "filter_any": filter_any,
            "names": names,
            "name_like": name_like,
            "tags": tags,
            "tags_any": tags_any,
            "paused": paused,
            "flow_names": flow_names,
            "work_pool_names": work_pool_names,
            "work_queue_names": work_queue_names,
            "account_id": account_id,
            "workspace_id": workspace_id,
            "max_results": max_results,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def filter_any(self) -> list[str]:
        """Only those with one of these ids (UUIDs). An empty list finds none."""
        return self.get_list_attribute("filter_any")

    @property
    def names(self) -> list[str]:
        """Only those with one of these names."""
        return self.get_list_attribute("names")

    @property
    def name_like(self) -> str:
        """Only those whose names contain this text, in upper or lower case."""
        return self.get_string_attribute("name_like")

    @property
    def tags(self) -> list[str]:
        """Only those that have all of these tags."""
        return self.get_list_attribute("tags")

    @property
    def tags_any(self) -> list[str]:
        """Only those that have at least one of these tags."""
        return self.get_list_attribute("tags_any")

    @property
    def paused(self) -> IResolvable:
        """Only those that are, or are not, paused."""
        return self.get_boolean_attribute("paused")

    @property
    def flow_names(self) -> list[str]:
        """Only those of the flows of these names."""
        return self.get_list_attribute("flow_names")

    @property
    def work_pool_names(self) -> list[str]:
        """Only those of the pools of these names."""
        return self.get_list_attribute("work_pool_names")

    @property
    def work_queue_names(self) -> list[str]:
        """Only those of queues of these names, of whatever pool."""
        return self.get_list_attribute("work_queue_names")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")

    @property
    def max_results(self) -> float:
        """How many there may be at most, 10,000 when left out; more are an error, because none is left out
        without a word.
        """
        return self.get_number_attribute("max_results")

    @property
    def deployments(self) -> IResolvable:
        """The deployments that were found, by name."""
        return self.interpolation_for_attribute("deployments")
