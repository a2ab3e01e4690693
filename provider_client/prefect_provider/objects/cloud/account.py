"""``prefect_account``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import Forbidden, NotFound, Request, UnexpectedAnswer
from prefect_provider.objects.answers import objects_of
from prefect_provider.objects.cloud.protection import ProtectedObject
from prefect_provider.objects.cloud.settling import SettlingObject
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.mirroring import shown
from prefect_provider.objects.placed import refuse_other_servers
from prefect_provider.objects.remote import changed_names
from prefect_provider.plugin.language.declaration import Nested, computed, optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Bool, InAnyOrder, String
from prefect_provider.plugin.language.nested import NestedSingle
from prefect_provider.plugin.language.values import Unknown
from prefect_provider.text.path import show_path
from prefect_provider.text.problem import expectation, say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Reply, Scope
    from prefect_provider.plugin.language.values import Value, Values
    from prefect_provider.text.path import Path

__all__ = ["Account", "AccountLookup", "AccountSettings", "Settings"]

_OF_ITSELF: Final = ("name", "handle", "location", "link")
"""What is changed at the account's own address."""

_REDIRECTS: Final = (307, 308)


class AccountSettings(Nested):
    """What an account allows; what is left out stays as it is."""

    allow_public_workspaces = optional(
        Bool(), "Whether workspaces may be opened to everybody.", server_default=True
    )
    ai_log_summaries = optional(
        Bool(), "Whether logs are summed up by a language model.", server_default=True
    )
    managed_execution = optional(Bool(), "Whether managed work pools may be used.", server_default=True)
    enforce_webhook_authentication = optional(
        Bool(), "Whether every webhook needs a service account's key.", server_default=True
    )


class Account(ProtectedObject, SettlingObject):
    """An account of Prefect Cloud: its name, settings and domains.

    Nobody can make an account but Prefect: import it, or set the provider's `on_existing` to `adopt`, which takes over
    the account that the provider is set to. Destroying the resource is refused unless `deletion_protection` was turned
    off, because Prefect deletes an account with all its workspaces.
    """

    type_name = "prefect_account"
    cloud_only = True
    located_by = ()
    key = Key("{handle}")
    needed = ("id", "name", "handle")
    at_stake = "Prefect deletes an account with all of its workspaces, members and keys"

    name = required(String(), "Name of the account.")
    handle = required(String(), "The account's name in addresses, unique on Prefect Cloud.")
    location_ = optional(String(), "Where it is at home, such as `Berlin`.", null_is="")
    link = optional(String(), "The address of a page about it.", null_is="")
    settings = optional(
        NestedSingle(AccountSettings),
        "What the account allows; what is left out stays as it is.",
        server_default=True,
    )
    domain_names = optional(
        InAnyOrder(String()),
        "The domains whose users sign on by way of the account (SSO), in any order. Left out, they stay as they are; "
        "an empty list removes all.",
        server_default=True,
    )
    billing_email = computed(
        String(),
        "The address that invoices are sent to, as far as Prefect tells; null otherwise. It is kept by the payment "
        "service, and no API changes it.",
    )

    # ------------------------------------------------------------------ where it is

    def place(self, values: Mapping[str, Value]) -> Scope:
        """The account itself, or the provider's before there is one in state."""
        refuse_other_servers(self)
        id_ = values.get("id")
        scope: Scope = self.client.account(id_ if isinstance(id_, str) else None)
        return scope

    def location(self, values: Mapping[str, Value]) -> str:
        """The account is the scope as a whole."""
        return ""

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """The account, with its domains where the key may see them."""
        scope = self.scope(state)
        try:
            data = (await self._ask(scope, "GET")).data
        except NotFound:
            return None
        self.check(f"GET {scope.prefix}", data)
        found: dict[str, Any] = data
        try:
            domains = (await scope.get("/domains")).data
        except (Forbidden, NotFound):
            return found
        named = objects_of(f"GET {scope.prefix}/domains", "domain", domains, name=String())
        return found | {"domain_names": [one["name"] for one in named]}

    @staticmethod
    async def _ask(scope: Scope, method: str, body: Any = None) -> Reply:
        """A request to the account's own address, of which clients write one form and another."""
        try:
            return await scope.send(Request(method, "", body))
        except UnexpectedAnswer as error:
            if error.status not in _REDIRECTS:
                raise
            return await scope.send(Request(method, "/", body))

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """With the domains as they were, where nobody may see them."""
        found = super().values(data, held)
        if "domain_names" not in data and not isinstance(held.get("domain_names"), Unknown):
            found["domain_names"] = held.get("domain_names")
        return found

    # ------------------------------------------------------------------ find

    async def fetch_by_id(
        self, scope: Scope, object_id: str, held: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """The account of an id, whichever is the provider's."""
        return await self.fetch({"id": object_id})

    async def find_by_key(
        self, scope: Scope, key: Mapping[str, str], held: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """The provider's account, if it has this handle: others are not looked through."""
        found = await self.fetch({})
        return found if found is not None and found["handle"] == key["handle"] else None

    async def look_up(self, scope: Scope, key: Mapping[str, str]) -> dict[str, Any] | None:
        """The provider's account: before anything is written, no other can be meant."""
        return await self.fetch({})

    # ------------------------------------------------------------------ change

    async def create(self, planned: Values, config: Values) -> Values:
        """Take over the provider's account, if the provider is set to that; none can be made."""
        found = await self.fetch({})
        if found is None:
            msg = "There is no such account"
            raise ProviderError(
                msg, say("the provider's account is not there", remedy="Correct its `account_id`")
            )
        return await self.adopt(found, planned, config)

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH what changed, each part at its own address, then read back."""
        scope = self.scope(prior)
        settings = planned["settings"]
        if isinstance(settings, dict):
            known = {name: value for name, value in settings.items() if not isinstance(value, Unknown)}
            planned = planned | {"settings": (prior["settings"] or {}) | known}
        changed = changed_names(type(self), prior, planned)
        own = [name for name in changed if name in _OF_ITSELF]
        if own:
            await self._ask(scope, "PATCH", self.body(planned, own))
        if "settings" in changed:
            await scope.patch("/settings", self.body(planned, ["settings"])["settings"])
        if "domain_names" in changed:
            await scope.patch("/domains", self.body(planned, ["domain_names"]))
        return await self.read_back(planned | {"id": prior["id"]})

    async def remove(self, prior: Values) -> None:
        """Delete it, if it is not protected."""
        if self.is_protected(prior):
            raise self.refused()
        try:
            await self._ask(self.scope(prior), "DELETE")
        except NotFound:
            return


class Settings(AccountSettings):
    """What an account has to allow for the look-up to succeed."""


class AccountLookup(Lookup, of=Account, without=("deletion_protection",)):
    """Looks up an account: the one of an id, or the provider's."""

    settings = optional(
        NestedSingle(Settings),
        "What the account allows. What is set here, the account has to have.",
        server_default=True,
    )

    @classmethod
    def how(cls) -> str:
        """What has to be set to say which account is meant."""
        return "Set `id`, or nothing for the provider's account."

    async def validate(self, config: Values) -> None:
        """Nothing has to be set."""

    async def read(self, config: Values) -> Values:
        """The account."""
        resource = Account(self.client, self.diagnostics)
        held: Values = {"id": config["id"]}
        scope = resource.scope(held)
        data = await resource.fetch(held)
        if data is None:
            remedy = "Correct `id`, or leave it out for the provider's account"
            detail = say(f"Prefect has no account with the id {show(scope.account_id)}", remedy=remedy)
            msg = "No such account"
            raise ProviderError(msg, detail, ("id",))
        values = resource.understand(f"GET {scope.prefix}", data, held)
        if config["handle"] is not None and config["handle"] != values["handle"]:
            raise _another(("handle",), config["handle"], values["handle"])
        for name, wanted in (config["settings"] or {}).items():
            found = (values["settings"] or {}).get(name)
            if wanted is not None and wanted != found:
                raise _another(("settings", name), wanted, found)
        return shown(Account.attributes, self.attributes, values)


def _another(path: Path, wanted: Value, found: Value) -> ProviderError:
    name = show_path(path)
    remedy = f"Leave `{name}` out to read it, or correct it"
    detail = say(expectation(show(wanted), show(found)), remedy=remedy)
    return ProviderError(f"The account has another `{name}`", detail, path)
