"""The construct of resource prefect_webhook.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.webhook``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    MetaArguments,
    TextMap,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.webhook import Webhook as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyServiceAccount,
    )

__all__ = [
    "PrefectWebhook",
    "Webhook",
]


class Webhook(PrefectResource):
    """A webhook: an address at which Prefect Cloud makes an event of each request, by a template.

    The template is checked when it is planned: its syntax, its variables (`body`, `headers`, `method`) and
    filters, and that what it renders to can be an event. Inside of `{{ }}` write single quotation marks where
    the template goes through `jsonencode()`. A value of the request inside a JSON text is put there as it is:
    `{{ body.name | tojson }}`, without quotation marks around it, also bears quotation marks and line breaks.

    Whoever knows the `endpoint` can send events. With `service_account_id` a request also needs that
    account's API key, as `Authorization: Bearer <key>`.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        template: The Jinja template that makes the JSON of an event of a request: `event`, `resource` with
            its `prefect.resource.id`, and if wanted `payload`, `related`, `occurred`, `id` and `follows`. A
            heredoc suits it best.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Left out, the server decides.
            Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Left out, the server decides.
            Changing it makes a new object.
        name: Name of the webhook; several webhooks may share one. Default: `id_`.
        description: What the webhook is for. Default: empty.
        enabled: Whether requests make events. Default: `True`.
        service_account: The service account, or its id.
        service_account_id: The same as `service_account`.
        endpoint_keepers: Values that go with the address: when one of them changes, Prefect gives the webhook
            a new address, and the old one is gone at once.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration
    aliases: ClassVar[Mapping[str, str]] = {"service_account": "service_account_id"}

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        template: str,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        name: str | None = None,
        description: str | None = None,
        enabled: Flag | None = None,
        service_account: AnyServiceAccount | Identifier | None = None,
        service_account_id: AnyServiceAccount | Identifier | None = None,
        endpoint_keepers: TextMap | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "template": template,
            "account_id": account_id,
            "workspace_id": workspace_id,
            "name": name,
            "description": description,
            "enabled": enabled,
            "service_account": service_account,
            "service_account_id": service_account_id,
            "endpoint_keepers": endpoint_keepers,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")

    @property
    def name(self) -> str:
        """Name of the webhook; several webhooks may share one."""
        return self.get_string_attribute("name")

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
    def endpoint_keepers(self) -> Mapping[str, str]:
        """Values that go with the address: when one of them changes, Prefect gives the webhook a new address,
        and the old one is gone at once.
        """
        return self.get_string_map_attribute("endpoint_keepers")

    @property
    def slug(self) -> str:
        """The last part of the address, which only Prefect chooses."""
        return self.get_string_attribute("slug")

    @property
    def endpoint(self) -> str:
        """The address: `https://api.prefect.cloud/hooks/<slug>`."""
        return self.get_string_attribute("endpoint")

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


PrefectWebhook = Webhook
