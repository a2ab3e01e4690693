"""``prefect_team``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.cloud.settling import SettlingObject
from prefect_provider.objects.filters import filter_by_name
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.placed import AccountObject
from prefect_provider.objects.remote import changed_names
from prefect_provider.plugin.language.declaration import optional, required
from prefect_provider.plugin.language.kinds import String

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.values import Values

__all__ = ["Team", "TeamLookup", "Teams"]


class Team(SettlingObject, AccountObject):
    """A team of an account on Prefect Cloud: users and service accounts that are given access together.

    Who is in it say `prefect_team_access` resources. Deleting a team takes from its members what they had as such.
    """

    type_name = "prefect_team"
    collection = "/teams"
    has_filter = False
    key = Key("{name}")
    needed = ("id", "name")
    filters = (filter_by_name("teams"),)

    name = required(
        String(pattern=r"(?s).*\S.*", form="a text that is not empty"),
        "Name of the team; no two of an account have the same.",
    )
    description = optional(
        String(),
        "What the team is for. Left out, what the team has is kept.",
        server_default=True,
        reset="",
        null_is="",
    )

    def new_path(self, planned: Values) -> str:
        """Without a slash at its end."""
        return self.collection

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """Without null, which Prefect Cloud stores as an empty text."""
        body = super().body(values, names)
        if body.get("description", "") is None:
            body["description"] = ""
        return body

    async def look_up(self, scope: Scope, key: Mapping[str, str]) -> dict[str, Any] | None:
        """By name, together with others."""
        found = await scope.collection(Key("{name}").listing(self.collection)).find(key["name"])
        if found is not None:
            self.check(f"POST {self.collection}/filter", found, name=key["name"])
        return found

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PUT the whole, then read back what was written."""
        if changed_names(type(self), prior, planned):
            await self.scope(prior).put(self.location(prior), self.body(planned, ["name", "description"]))
        return await self.read_back(planned | {"id": prior["id"]})


class TeamLookup(Lookup, of=Team):
    """Looks up a team, by its id or its name."""


class Teams(ObjectList, of=Team):
    """Lists teams, all of them or those of certain names, ordered by name."""
