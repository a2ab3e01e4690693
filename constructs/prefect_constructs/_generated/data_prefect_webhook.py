"""The construct of data prefect_webhook.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.webhook``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectDataSource
from prefect_provider.objects.cloud.webhook import WebhookLookup as _Declaration

__all__ = [
    "DataPrefectWebhook",
]


class DataPrefectWebhook(PrefectDataSource):
    """Looks up a webhook, by its id or its name.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        id: The webhook's id (UUID). Left out, the server decides.
        name: The webhook's name. Left out, the server decides.
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
        id: Identifier | None = None,
        name: str | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "id": id,
            "name": name,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The webhook's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def name(self) -> str:
        """The webhook's name."""
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
        """What the webhook is for."""
        return self.get_string_attribute("description")

    @property
    def enabled(self) -> IResolvable:
        """Whether requests make events."""
        return self.get_boolean_attribute("enabled")

    @property
    def template(self) -> str:
        """The Jinja template that makes the JSON of an event of a request: `event`, `resource` with its
        `prefect.resource.id`, and if wanted `payload`, `related`, `occurred`, `id` and `follows`. A heredoc
        suits it best.
        """
        return self.get_string_attribute("template")

    @property
    def service_account_id(self) -> str:
        """The service account (UUID) whose API key a request needs; `None` lets in whoever knows the address,
        unless the account enforces authentication.
        """
        return self.get_string_attribute("service_account_id")

    @property
    def slug(self) -> str:
        """The last part of the address, which only Prefect chooses."""
        return self.get_string_attribute("slug")

    @property
    def endpoint(self) -> str:
        """The address: `https://api.prefect.cloud/hooks/<slug>`."""
        return self.get_string_attribute("endpoint")
