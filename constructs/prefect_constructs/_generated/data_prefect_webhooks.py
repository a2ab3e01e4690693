"""The construct of data prefect_webhooks.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.webhook``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
    Number,
    Texts,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.cloud.webhook import Webhooks as _Declaration

__all__ = [
    "DataPrefectWebhooks",
]


class DataPrefectWebhooks(PrefectDataSource):
    """Lists webhooks, all of a workspace or those that meet every condition, ordered by name.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        names: Only those with one of these names.
        name_like: Only those whose names contain this text, in upper or lower case.
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
        names: Texts | None = None,
        name_like: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        max_results: Number | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "names": names,
            "name_like": name_like,
            "account_id": account_id,
            "workspace_id": workspace_id,
            "max_results": max_results,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def names(self) -> list[str]:
        """Only those with one of these names."""
        return self.get_list_attribute("names")

    @property
    def name_like(self) -> str:
        """Only those whose names contain this text, in upper or lower case."""
        return self.get_string_attribute("name_like")

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
    def webhooks(self) -> IResolvable:
        """The webhooks that were found, by name."""
        return self.interpolation_for_attribute("webhooks")
