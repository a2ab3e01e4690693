"""``prefect_user_api_key``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from prefect_provider.api import UnexpectedAnswer, join_path
from prefect_provider.objects.addressed import get_or_none
from prefect_provider.objects.answers import object_of, objects_of
from prefect_provider.objects.cloud.expirations import check_expiration
from prefect_provider.objects.cloud.person import PersonalObject
from prefect_provider.objects.cloud.settling import SettlingObject
from prefect_provider.objects.made_here import note_made_here, was_made_here
from prefect_provider.objects.remote import delete_if_there
from prefect_provider.plugin.language.declaration import computed, optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import String, Timestamp, Uuid
from prefect_provider.plugin.language.values import or_null
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Reply, Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["UserApiKey", "keys_path", "new_key"]


class UserApiKey(SettlingObject, PersonalObject, without=("updated",)):
    """An API key of a person.

    Prefect shows the key once, when it is made, so it is kept in Terraform's state, as sensitive. Any change makes a
    new key and deletes the old one. A key for one run only, which no state holds, is made by
    `ephemeral "prefect_user_api_key"`. Only the person's own API key may make others. After an import `key` is null:
    nobody can read it any more.
    """

    type_name = "prefect_user_api_key"
    address = "/users/{user_id}/api_keys/{id}"
    identified_by = ("user_id", "id")
    needed = ("id", "name")

    user_id = required(Uuid(), "The user (UUID) whose key it is.", replace=True, source=None)
    name = required(String(max_length=5000), "Name of the key.", replace=True)
    expiration = optional(Timestamp(), "When the key expires (RFC 3339); null means never.", replace=True)
    key_ = computed(
        String(), "The key. Null after an import: Prefect shows a key only when it is made.", sensitive=True
    )

    @classmethod
    def import_form(cls) -> str:
        """The import ids that there are."""
        return "`<user id>,<name>` or `<user id>,<id>`"

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """With the user, and the key as Terraform holds it if the answer does not show it."""
        values = super().values(data, held)
        return values | {"user_id": held.get("user_id"), "key": values["key"] or or_null(held.get("key"))}

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """The key, alone: GET takes one."""
        data = await get_or_none(self.scope(state), self.location(state))
        if data is not None:
            self.check(f"GET {self.location(state)}", data, id=state["id"])
        return data

    async def plan(self, plan: Plan) -> None:
        """See that a new key will be of use."""
        await super().plan(plan)
        if not plan.applies and plan.changes("expiration"):
            check_expiration(self.diagnostics, plan.planned["expiration"], "expiration")

    async def create(self, planned: Values, config: Values) -> Values:
        """POST, and hold the key, which is shown once."""
        scope = self.scope(planned)
        data = await new_key(scope, planned["user_id"], self.body(planned))
        path = keys_path(planned["user_id"])
        # Whatever else the answer says: nobody is shown this key a second time.
        self.hold(planned | {"id": data["id"], "key": data["key"]})
        self.check(f"POST {path}", data)
        values = self.understand(f"POST {path}", data, planned)
        self.hold(values)
        await self.await_sight(values)
        return values

    async def import_state(self, id_: str) -> Values | None:
        """By the id of the user, and the name or id of the key."""
        user_id, _, which = id_.partition(",")
        if not is_uuid(user_id) or not which:
            raise self.wrong_import_id(id_)
        held = {"user_id": user_id}
        if not is_uuid(which):
            found = await _keys_of(self.scope(held), user_id, which)
            if len(found) > 1:
                ids = "\n".join(f"  {user_id},{one['id']}  created {one.get('created')}" for one in found)
                msg = f"{len(found)} API keys are named {show(which)}"
                raise ProviderError(msg, f"Import the one that is meant by its id:\n{ids}")
            if not found:
                return None
            which = found[0]["id"]
        return await self._imported(held | {"id": which})

    async def import_identity(self, identity: Values) -> Values | None:
        """The same, by identity."""
        return await self._imported({name: identity[name] for name in self.identified_by})

    async def _imported(self, held: Values) -> Values | None:
        data = await self.fetch(held)
        if data is None:
            return None
        self.diagnostics.warning(
            "The text of the key is not known",
            say(
                "Prefect shows a key only when it is made, so `key` is null",
                remedy="Where it is needed, make a new one: terraform apply -replace=<the address of this resource>",
            ),
            ("key",),
        )
        return await self.described(f"GET {self.location(held)}", data, held)


def keys_path(user_id: str) -> str:
    """Where the keys of a user are."""
    return join_path("users", user_id, "api_keys")


async def new_key(scope: Scope, user_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Make a key; the answer shows it.

    A key whose answer is lost, or does not show it, is of no use to anybody: it is deleted.
    """
    path, started = keys_path(user_id), datetime.now(UTC)

    async def lost() -> list[str]:
        found = await _keys_of(scope, user_id, body["name"])
        return [one["id"] for one in found if not was_made_here(one["id"]) and _is_since(one, started)]

    unanswered: list[str] = []

    async def look() -> Reply | None:
        # A look may only read; what it finds is deleted once there is another.
        unanswered.extend(await lost())
        return None

    try:
        reply = await scope.post(path, body, recover=look)
        data = object_of(f"POST {path}", "API key", reply.data, id=Uuid(), key=String())
    except UnexpectedAnswer:
        for id_ in await lost():
            await delete_if_there(scope, f"{path}{join_path(id_)}")
        raise
    note_made_here(data["id"])
    for id_ in dict.fromkeys(unanswered):
        if id_ != data["id"]:
            await delete_if_there(scope, f"{path}{join_path(id_)}")
    return data


async def _keys_of(scope: Scope, user_id: str, name: str) -> list[dict[str, Any]]:
    """The keys of a user with that name."""
    path = keys_path(user_id)
    reply = await scope.get(path, {"name": name})
    found = objects_of(f"GET {path}", "API key", reply.data, id=Uuid(), name=String())
    return [one for one in found if one["name"] == name]


def _is_since(data: Mapping[str, Any], started: datetime) -> bool:
    """Whether a key was made since, by clocks that may differ by a minute."""
    try:
        created = datetime.fromisoformat(str(data.get("created")))
    except ValueError:
        return False
    aware = created if created.tzinfo else created.replace(tzinfo=UTC)
    return (started - aware).total_seconds() < 60
