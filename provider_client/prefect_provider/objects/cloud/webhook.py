"""``prefect_webhook``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import ApiError
from prefect_provider.objects.cloud.looks import note_write, read_all
from prefect_provider.objects.cloud.placing import PlacedObject, own_account_id, own_workspace_id, placed_in
from prefect_provider.objects.cloud.settling import SettlingObject
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.once import once
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import changed_names
from prefect_provider.objects.reporting import report
from prefect_provider.plugin.language.declaration import computed, optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Bool, MapOf, SetOf, String, Uuid
from prefect_provider.plugin.language.values import or_null
from prefect_provider.rules.webhook_templates import MOST_CHARACTERS, webhook_template_problems
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prefect_provider.api import Scope
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["Webhook", "WebhookLookup", "Webhooks"]

_LONGEST: Final = 5000

_KEEPERS: Final = "endpoint_keepers"


class Webhook(PlacedObject, SettlingObject, WorkspaceObject):
    """A webhook: an address at which Prefect Cloud makes an event of each request, by a template.

    The template is checked when it is planned: its syntax, its variables (`body`, `headers`, `method`) and filters, and
    that what it renders to can be an event. Inside of `{{ }}` write single quotation marks where the template goes
    through `jsonencode()`. A value of the request inside a JSON text is put there as it is: `{{ body.name | tojson }}`,
    without quotation marks around it, also bears quotation marks and line breaks.

    Whoever knows the `endpoint` can send events. With `service_account_id` a request also needs that account's API key,
    as `Authorization: Bearer <key>`.
    """

    type_name = "prefect_webhook"
    cloud_only = True
    collection = "/webhooks"
    has_filter = False
    schema_version = 1
    key = Key("{name}", unique=False)
    only_inserts = True
    needed = ("id", "name", "template", "slug")

    account_id = own_account_id()
    workspace_id = own_workspace_id()

    name = required(String(max_length=_LONGEST), "Name of the webhook; several webhooks may share one.")
    description = optional(String(max_length=_LONGEST), "What the webhook is for.", default="", null_is="")
    enabled = optional(Bool(), "Whether requests make events.", default=True)
    template = required(
        String(max_length=MOST_CHARACTERS),
        "The Jinja template that makes the JSON of an event of a request: `event`, `resource` with its "
        "`prefect.resource.id`, and if wanted `payload`, `related`, `occurred`, `id` and `follows`. A heredoc suits it "
        "best.",
    )
    service_account_id = optional(
        Uuid(),
        "The service account (UUID) whose API key a request needs; null lets in whoever knows the address, unless "
        "the account enforces authentication.",
    )
    endpoint_keepers = optional(
        MapOf(String()),
        "Values that go with the address: when one of them changes, Prefect gives the webhook a new address, and the "
        "old one is gone at once.",
        source=None,
        null_is={},
    )
    slug = computed(
        String(), "The last part of the address, which only Prefect chooses.", follows=(_KEEPERS,)
    )
    endpoint = computed(
        String(),
        "The address: `https://api.prefect.cloud/hooks/<slug>`.",
        follows=(_KEEPERS,),
        source=None,
    )

    # ------------------------------------------------------------------ plan

    async def validate(self, config: Values) -> None:
        """The template can make an event."""
        template = config.get("template")
        if isinstance(template, str):
            report(webhook_template_problems(template), self.diagnostics, ("template",))

    async def plan(self, plan: Plan) -> None:
        """See that the account lets a webhook be without a service account."""
        await super().plan(plan)
        scope = self.known_scope(plan.config)
        if (
            scope is not None
            and plan.planned["service_account_id"] is None
            and plan.planned["enabled"] is not False
            and plan.changes("service_account_id", "enabled")
            and await _enforces_authentication(self.client, scope.account_id)
        ):
            msg = "The account enforces the authentication of webhooks"
            detail = say(
                "a webhook without a service account cannot be enabled in it",
                remedy="Set `service_account_id`, or `enabled = false`",
            )
            self.diagnostics.error(msg, detail, ("service_account_id",))

    # ------------------------------------------------------------------ what the API says

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """With the address, and the place as the answer has it."""
        return super().values(data, held) | {
            "account_id": data.get("account") or placed_in(held).get("account_id"),
            "workspace_id": data.get("workspace") or placed_in(held).get("workspace_id"),
            _KEEPERS: or_null(held.get(_KEEPERS)),
            "endpoint": f"{self._host()}/hooks/{data['slug']}",
        }

    def _host(self) -> str:
        return str(self.client.settings.endpoint.url).removesuffix("/api")

    async def filtered(self, scope: Scope, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The webhooks of a name, or an id: the API has no filter for them."""
        [(field, condition)] = wanted.items()
        # What is looked for may have been made since the last look.
        note_write(self.client)
        listed = await read_all(self.client, scope, self.collection)
        found = [one for one in listed if one.get(field) in condition["any_"]]
        for data in found:
            self.check(f"POST {self.collection}/filter", data)
        return sorted(found, key=lambda data: str(data.get("created")), reverse=True)

    # ------------------------------------------------------------------ write

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PUT the whole of it if anything of it changes; a new address is asked for by itself."""
        changed = changed_names(type(self), prior, planned)
        scope, path = self.scope(prior), self.location(prior)
        if set(changed) - {_KEEPERS}:
            await scope.put(path, self.body(planned))
        slug = prior["slug"]
        if _KEEPERS in changed:
            # Whoever asks twice gets a newer one, and that is the one that counts.
            reply = await scope.post(f"{path}/rotate", retry="safe")
            self.check(f"POST {path}/rotate", reply.data, id=prior["id"])
            slug = reply.data["slug"]
        return await self.read_back(planned | {"id": prior["id"], "slug": slug})

    def is_settled(self, data: Mapping[str, Any], written: Values) -> bool:
        """Also under its new address."""
        slug = written.get("slug")
        return super().is_settled(data, written) and (not isinstance(slug, str) or data["slug"] == slug)


async def _enforces_authentication(client: Any, account_id: str | None) -> bool:
    """Whether the account takes enabled webhooks only with a service account; not if that cannot be seen."""

    async def ask() -> str:
        try:
            reply = await client.account(account_id).get("")
        except ApiError:
            return "unknown"
        settings = reply.data.get("settings") if isinstance(reply.data, dict) else None
        return (
            "yes" if isinstance(settings, dict) and settings.get("enforce_webhook_authentication") else "no"
        )

    return await once(client, ("enforces webhook authentication", account_id), ask()) == "yes"


class WebhookLookup(Lookup, of=Webhook, without=(_KEEPERS,)):
    """Looks up a webhook, by its id or its name."""

    async def by_key(
        self, resource: RemoteObject, scope: Scope, key: Mapping[str, str], held: Values
    ) -> dict[str, Any] | None:
        """The webhook of a name; raises ProviderError where it leads to several."""
        listed = await read_all(self.client, scope, resource.collection)
        found = [one for one in listed if one.get("name") == key["name"]]
        if len(found) > 1:
            ids = "\n".join(f"  {one['id']}  created {one.get('created')}" for one in found)
            msg = f"{len(found)} webhooks are named {show(key['name'])}"
            raise ProviderError(msg, f"Set `id` to that of the one that is meant:\n{ids}", ("name",))
        return found[0] if found else None


class Webhooks(ObjectList, of=Webhook, without=(_KEEPERS,)):
    """Lists webhooks, all of a workspace or those that meet every condition, ordered by name."""

    names = optional(SetOf(String()), "Only those with one of these names.", source=None)
    name_like = optional(
        String(), "Only those whose names contain this text, in upper or lower case.", source=None
    )

    def listed(self, config: Values, objects: Iterable[Values]) -> Values:
        """Compared here: the API has no conditions."""
        names, part = config["names"], (config["name_like"] or "").lower()
        wanted = [
            one for one in objects if (names is None or one["name"] in names) and part in one["name"].lower()
        ]
        return super().listed(config, wanted)
