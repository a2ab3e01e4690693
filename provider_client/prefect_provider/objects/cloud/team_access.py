"""``prefect_team_access``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import NotFound, join_path
from prefect_provider.objects.answers import object_of, objects_of
from prefect_provider.objects.cloud.accessors import accessors
from prefect_provider.objects.cloud.looks import note_write, read_shared
from prefect_provider.objects.cloud.settling import seen
from prefect_provider.objects.existing import take_over
from prefect_provider.objects.identity import Key
from prefect_provider.objects.placed import AccountObject
from prefect_provider.objects.remote import delete_if_there
from prefect_provider.plugin.language.declaration import computed, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import String, Uuid
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["TeamAccess"]

_MEMBERS: Final = {"user": "USER", "service_account": "SERVICE_ACCOUNT"}
"""The types of members, as they are called where they are given access."""


class TeamAccess(AccountObject, without=("created", "updated")):
    """A user or a service account is a member of a team on Prefect Cloud, and so has what the team is given.

    One resource for each member; members who are added otherwise stay. Another member, or another team, is another
    membership: the former one ends with the change.
    """

    type_name = "prefect_team_access"
    address = "/teams/{team_id}/members/{member_actor_id}"
    key = Key("{team_id},{member_actor_id:member's actor id}")
    identified_by = ("team_id", "member_actor_id")

    id = computed(String(), "The ids of the team and of the member's actor, with a comma between them.")
    team_id = required(Uuid(), "The team (UUID).", replace=True)
    member_id = required(
        Uuid(),
        "The member (UUID): the `user_id` of a user, or the `id` of a service account.",
        replace=True,
    )
    member_actor_id = required(
        Uuid(), "The same member's actor (UUID): its `actor_id`, by which the team knows it.", replace=True
    )
    member_type = required(
        String(choices=tuple(_MEMBERS)), "Whether the member is a user or a service account.", replace=True
    )

    @classmethod
    def import_form(cls) -> str:
        """The import ids that there are."""
        return (
            f"{super().import_form().partition(' or ')[0]} or `<team name>,<member>`, the member by the e-mail address "
            "of a user or the name of a service account"
        )

    # ------------------------------------------------------------------ the two forms of it

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """What was found, as it is."""
        return {name: data.get(name) for name in self.attributes} | {"account_id": held.get("account_id")}

    def problems(self, data: Any) -> list[str]:
        """What is made of a team's answer was checked before."""
        return []

    def _found(self, team_id: str, member: Mapping[str, Any], member_id: Value) -> dict[str, Any]:
        return {
            "id": f"{team_id},{member['id']}",
            "team_id": team_id,
            "member_id": member_id,
            "member_actor_id": member["id"],
            "member_type": member["type"],
        }

    # ------------------------------------------------------------------ read and find

    async def _member(self, scope: Scope, team_id: str, actor_id: str) -> dict[str, Any] | None:
        """A member of a team, which is asked for once for all of its members."""
        path = join_path("teams", team_id)
        try:
            data = await read_shared(self.client, scope, path)
        except NotFound:
            return None
        what = f"GET {path}"
        team = object_of(what, "team", data, id=Uuid())
        members = objects_of(what, "member", team.get("memberships"), id=Uuid(), type=String())
        return next((one for one in members if one["id"].lower() == actor_id.lower()), None)

    async def fetch(self, state: Mapping[str, Value]) -> dict[str, Any] | None:
        """The membership in state; ``None`` if the team has no such member."""
        team_id, actor_id = str(state["team_id"]), str(state["member_actor_id"])
        member = await self._member(self.scope(state), team_id, actor_id)
        return None if member is None else self._found(team_id, member, state.get("member_id"))

    async def look_up(self, scope: Scope, key: Mapping[str, str]) -> dict[str, Any] | None:
        """By team and actor."""
        member = await self._member(scope, key["team_id"], key["member_actor_id"])
        return None if member is None else self._found(key["team_id"], member, None)

    # ------------------------------------------------------------------ add and remove

    async def create(self, planned: Values, config: Values) -> Values:
        """Add the member, and wait until the team shows it."""
        scope, team_id = self.scope(planned), str(planned["team_id"])
        found = await self.fetch(planned)
        if found is not None:
            take_over(self, found, planned, at=("member_actor_id",))
        member = {name: planned[name] for name in ("member_id", "member_type")}
        await scope.put(join_path("teams", team_id, "members"), {"members": [member]})
        note_write(self.client)
        written = planned | {"id": f"{team_id},{planned['member_actor_id']}"}
        if found is None:
            self.hold(written)

        async def look() -> dict[str, Any]:
            return await self.fetch(planned) or {}

        made = await seen(self, look, bool)
        if made is None:
            return written
        if not made:
            raise await self._other_actor(scope, planned)
        return self.understand(f"GET /teams/{team_id}", made, planned)

    async def _other_actor(self, scope: Scope, planned: Values) -> ProviderError:
        """The error for a member whom the team does not show: probably one with another actor id."""
        members = await accessors(self.client, scope, _MEMBERS[str(planned["member_type"])])
        known = next(
            (
                one.actor_id
                for one in members
                if self.attributes["member_id"].same(one.id, planned["member_id"])
            ),
            "",
        )
        got = show(planned["member_actor_id"])
        wrong = bool(known) and not self.attributes["member_actor_id"].same(known, planned["member_actor_id"])
        msg = "The member has another actor" if wrong else "The team does not show its new member"
        detail = (
            say("the id of the member's actor", expected=show(known), got=got)
            if wrong
            else say(
                f"it was added, and the team has no member with the actor {got} yet", remedy="Apply again"
            )
        )
        return ProviderError(msg, detail, ("member_actor_id",))

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """Nothing of a membership can be changed; what was only taken over is as it should be."""
        return await self.read_back(planned | {"id": prior["id"]})

    async def remove(self, prior: Values) -> None:
        """DELETE, by the actor."""
        await delete_if_there(self.scope(prior), self.location(prior))
        note_write(self.client)

    # ------------------------------------------------------------------ import

    async def find(self, scope: Scope, text: str) -> dict[str, Any] | None:
        """By the ids of the team and the member's actor, or by what people call them."""
        team, comma, member = text.rpartition(",")
        if not comma or not team or not member:
            raise self.wrong_import_id(text)
        return await self._of(scope, team, member)

    async def _of(self, scope: Scope, team: str, member: str) -> dict[str, Any] | None:
        if not is_uuid(team):
            teams = await accessors(self.client, scope, "TEAM")
            team = next((one.id for one in teams if one.name == team), "")
        for type_ in _MEMBERS.values() if team else ():
            for one in await accessors(self.client, scope, type_):
                if member.lower() in (one.actor_id.lower(), one.name.lower()):
                    found = await self._member(scope, team, one.actor_id)
                    return None if found is None else self._found(team, found, one.id)
        return None

    async def import_identity(self, identity: Values) -> Values | None:
        """Find by the ids of the team and the actor, in the account that the identity names or the provider's."""
        held = self.place_of(identity)
        data = await self._of(self.scope(held), identity["team_id"], identity["member_actor_id"])
        return None if data is None else await self.imported(data, held)
