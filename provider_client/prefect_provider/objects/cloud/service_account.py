"""``prefect_service_account``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import ApiError
from prefect_provider.objects.account_roles import account_roles, no_account_role
from prefect_provider.objects.answers import object_of, part_problems
from prefect_provider.objects.cloud.expirations import check_expiration
from prefect_provider.objects.cloud.placing import PlacedObject, own_account_id, placed_in
from prefect_provider.objects.cloud.settling import SettlingObject
from prefect_provider.objects.filters import filter_by_id, filter_by_name, filter_by_name_like
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.placed import AccountObject
from prefect_provider.objects.remote import changed_names
from prefect_provider.plugin.language.declaration import computed, optional, required
from prefect_provider.plugin.language.kinds import Integer, MapOf, String, Timestamp, Uuid
from prefect_provider.plugin.language.values import or_null
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["ServiceAccount", "ServiceAccountLookup", "ServiceAccounts"]

_MOST_GRACE: Final = 172_800
"""Seconds for which an old key may stay: two days."""

_ROTATING: Final = ("api_key_expiration", "api_key_keepers")
"""What needs a new key when it changes: Prefect changes nothing of one that there is."""

_NAMED: Final = "service_accounts"
"""What the filter calls them."""

_DEFAULT_ROLE: Final = "Member"

_KEY_OF: Final = "key_of"
"""Under this name the private data has the id of the key that the state holds."""

_KEY_ATTRIBUTES: Final = (
    "api_key",
    "api_key_created",
    "api_key_expiration",
    "api_key_id",
    "api_key_name",
)


class ServiceAccount(PlacedObject, SettlingObject, AccountObject):
    """A service account: an API key for programs, such as workers, that is no person's.

    Prefect shows the key once, when it is made, so it is kept in Terraform's state, as sensitive. No later change
    loses it, and a new one is made only when `api_key_expiration` or `api_key_keepers` changes; the old one then ends
    at once, or after `old_key_expires_in_seconds`. Encrypt the state. Where a key is needed for one run only, take one
    of a user that no state holds: `ephemeral "prefect_user_api_key"`. For the key of a service account there is nothing
    of the kind: Terraform opens ephemeral resources for each plan as well, and each time Prefect would have to make a
    new key.

    After an import the key is not known (`api_key` is null) until it is rotated. Where somebody else has rotated it,
    every refresh says so until Terraform rotates it again.
    """

    type_name = "prefect_service_account"
    collection = "/bots"
    schema_version = 1
    key = Key("name/{name}", "{name}")
    needed = ("id", "name", "actor_id", "account_role_name", "api_key")
    filter_name = _NAMED
    filters = (filter_by_id(_NAMED), filter_by_name(_NAMED), filter_by_name_like(_NAMED))

    account_id = own_account_id()

    name = required(String(max_length=5000), "Name of the service account, unique in the account.")
    actor_id = computed(
        Uuid(), "The actor (UUID), by which access to blocks, deployments and pools is given."
    )
    account_role_name = optional(
        String(), "Its role in the account: `Owner`, `Admin`, `Member`, or one of your own.", default="Member"
    )
    api_key_id = computed(String(), "Id of the key that is valid now.", follows=_ROTATING, source=None)
    api_key_name = computed(String(), "Name of that key.", follows=_ROTATING, source=None)
    api_key_created = computed(
        Timestamp(), "When that key was made (RFC 3339).", follows=_ROTATING, source=None
    )
    api_key_expiration = optional(
        Timestamp(),
        "When the key expires (RFC 3339); null means never. A change makes a new key, so that a `time_rotating` here "
        "rotates it in time.",
        source=None,
    )
    api_key_keepers = optional(
        MapOf(String()),
        "Values that go with the key: when one of them changes, a new key is made. The account itself stays.",
        source=None,
        null_is={},
    )
    old_key_expires_in_seconds = optional(
        Integer(minimum=0, maximum=_MOST_GRACE),
        "For how long the old key stays valid after a rotation, two days at most; 0 ends it at once.",
        default=0,
        source=None,
    )
    api_key = computed(
        String(),
        "The key. Null after an import, until it is rotated: Prefect shows a key only when it is made.",
        follows=_ROTATING,
        sensitive=True,
        source=None,
    )

    # ------------------------------------------------------------------ plan

    async def plan(self, plan: Plan) -> None:
        """See that the role is one, and that a new key will be of use."""
        await super().plan(plan)
        if not plan.applies and (plan.prior is None or plan.changes(*_ROTATING)):
            check_expiration(self.diagnostics, plan.planned["api_key_expiration"], "api_key_expiration")
        scope, role = self.known_scope(plan.config), plan.planned["account_role_name"]
        if scope is not None and isinstance(role, str) and plan.changes("account_role_name"):
            if role == _DEFAULT_ROLE and plan.prior is None:
                return
            try:
                await self._role_id(scope, role)
            except ApiError:
                # Who may not see the roles may be allowed to give one; the apply will tell.
                return

    async def _role_id(self, scope: Scope, name: str) -> str:
        """The id of a role of the account; raises ProviderError if there is none of that name."""
        roles = await account_roles(self.client, scope)
        if name not in roles:
            raise no_account_role(name, roles)
        return roles[name]

    # ------------------------------------------------------------------ what the API says

    def problems(self, data: Any) -> list[str]:
        """It has a key, of which it does not show the text."""
        found = super().problems(data)
        if found:
            return found
        key = data["api_key"]
        moments = ("created", "expiration") if isinstance(key, dict) else ()
        # An end it need not have.
        known = {name: Timestamp() for name in moments if key.get(name) is not None}
        return part_problems(key, {"id": Uuid(), "name": String(), **known}, ("api_key",))

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """With what there is to say of the key; its text, if the answer shows it, or as Terraform holds it."""
        key = data["api_key"]
        shown = key.get("key")
        return super().values(data, held) | {
            "account_id": data.get("account_id") or placed_in(held).get("account_id"),
            "api_key": shown if isinstance(shown, str) and shown else or_null(held.get("api_key")),
            "api_key_id": key["id"],
            "api_key_name": key["name"],
            "api_key_created": key.get("created"),
            "api_key_expiration": key.get("expiration"),
            "api_key_keepers": or_null(held.get("api_key_keepers")),
            "old_key_expires_in_seconds": or_null(held.get("old_key_expires_in_seconds")) or 0,
        }

    async def read(self, state: Values) -> Values | None:
        """Also say whether the key in state is still the one that is valid."""
        actual = await super().read(state)
        if actual is None or state["api_key"] is None:
            return actual
        if self.private.setdefault(_KEY_OF, state["api_key_id"]) not in (None, actual["api_key_id"]):
            created = actual["api_key_created"]
            self.diagnostics.warning(
                "The key was rotated outside of Terraform",
                say(
                    f"the service account {show(actual['name'])} ({actual['id']}) has another key than the state holds"
                    + (f", made at {created}" if created else ""),
                    remedy="Change a value of `api_key_keepers` to make a new one: whoever uses the present one needs "
                    "the new one then",
                ),
                ("api_key",),
            )
        return actual

    # ------------------------------------------------------------------ write

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """The name; a role goes by its id, and the rest makes a new key."""
        return {"name": values["name"]} if names is None or "name" in names else {}

    async def new_body(self, planned: Values, config: Values) -> dict[str, Any]:
        """With the role, unless it is what Prefect gives anyway, and the end of the key."""
        body = self.body(planned)
        if planned["account_role_name"] != _DEFAULT_ROLE:
            role_id = await self._role_id(self.scope(planned), planned["account_role_name"])
            body["account_role_id"] = role_id
        if planned["api_key_expiration"] is not None:
            body["api_key_expiration"] = planned["api_key_expiration"]
        return body

    async def complete(self, scope: Scope, data: dict[str, Any], planned: Values, config: Values) -> Values:
        """Hold the key, which is shown once; where the answer to the creation was lost, make another."""
        if not data["api_key"].get("key"):
            data = await self._rotate(scope, data["id"], planned | {"old_key_expires_in_seconds": 0})
        values = self.understand(f"POST {self.collection}/", data, planned)
        self._keep(values)
        await super().complete(scope, data, values, config)
        return values

    def taken(self, found: dict[str, Any], planned: Values) -> Values:
        """What is taken over keeps its key, unless that is to expire at another time."""
        return super().taken(found, planned) | {"api_key": None}

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH what changed; then make a new key, if that is due, and hold it before anything else."""
        changed = changed_names(type(self), prior, planned)
        scope, body = self.scope(prior), self.body(planned, changed)
        if "account_role_name" in changed:
            body["account_role_id"] = await self._role_id(scope, planned["account_role_name"])
        if body:
            await scope.patch(self.location(prior), body)
        written = planned | {"id": prior["id"]}
        if not set(_ROTATING) & set(changed):
            return await self.read_back(written | {name: prior[name] for name in _KEY_ATTRIBUTES})
        data = await self._rotate(scope, prior["id"], written)
        values = self.understand(f"POST {self.collection}/{prior['id']}/rotate_api_key", data, written)
        self._keep(values)
        # The old key, which has ended by now, may be Terraform's own: then nobody can look.
        held = written | {name: values[name] for name in _KEY_ATTRIBUTES}
        seen = await self.await_sight(held)
        if seen is None:
            return values
        actual = self.understand(f"GET {self.location(held)}", seen, held)
        return actual | {name: values[name] for name in _KEY_ATTRIBUTES}

    async def _rotate(self, scope: Scope, id_: str, written: Values) -> dict[str, Any]:
        """The answer with a new key. Asking twice is safe: the newest key is the one that is valid."""
        path = f"{self.collection}/{id_}/rotate_api_key"
        body = {
            "api_key_expiration": written["api_key_expiration"],
            "old_key_expires_in_seconds": written["old_key_expires_in_seconds"],
        }
        reply = await scope.post(path, body, retry="safe")
        self.check(f"POST {path}", reply.data, id=id_)
        object_of(f"POST {path}", "key", reply.data["api_key"], key=String())
        data: dict[str, Any] = reply.data
        return data

    def _keep(self, values: Values) -> None:
        """From now on the state has this key, whatever else fails."""
        self.private[_KEY_OF] = values["api_key_id"]
        self.hold(values)

    def is_settled(self, data: Mapping[str, Any], written: Values) -> bool:
        """Also with its new key."""
        key_id = written.get("api_key_id")
        return super().is_settled(data, written) and (
            not isinstance(key_id, str) or data["api_key"]["id"] == key_id
        )

    async def import_state(self, id_: str) -> Values | None:
        """Find by name or by id, and say that the key is not known."""
        found = await super().import_state(id_)
        if found is not None:
            self.diagnostics.warning(
                "The key of the service account is not known",
                say(
                    "Prefect shows a key only when it is made, so `api_key` is null",
                    remedy="Change a value of `api_key_keepers` to make a new one",
                ),
                ("api_key",),
            )
        return found


_NOT_SHOWN: Final = ("api_key_keepers", "old_key_expires_in_seconds")


class ServiceAccountLookup(Lookup, of=ServiceAccount, without=_NOT_SHOWN):
    """Looks up a service account, by its id or its name. `api_key` is always null: Prefect shows a key only once."""


class ServiceAccounts(ObjectList, of=ServiceAccount, without=(*_NOT_SHOWN, "api_key")):
    """Lists service accounts, all of them or those that meet every condition, ordered by name."""
