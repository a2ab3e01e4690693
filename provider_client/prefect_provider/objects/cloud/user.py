"""``prefect_user``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.addressed import get_or_none
from prefect_provider.objects.cloud.person import PersonalObject
from prefect_provider.objects.cloud.settling import SettlingObject
from prefect_provider.objects.existing import import_block
from prefect_provider.objects.lookup import Lookup
from prefect_provider.plugin.language.declaration import computed, optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import String, Uuid
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["User", "UserLookup"]

_LONGEST_NAME = 500


class User(SettlingObject, PersonalObject):
    """A person who uses Prefect Cloud: name, handle and address.

    People sign up themselves, so a user is imported and never created; and when the resource is destroyed, the user
    stays as it is. Only the person's own API key may change it. What is left out is left as it is.
    """

    type_name = "prefect_user"
    address = "/users/{id}"
    needed = ("id", "handle", "actor_id")

    actor_id = computed(Uuid(), "The actor (UUID), by which access and membership of teams are given.")
    handle = optional(
        String(pattern="[a-z0-9-]+", form="lowercase letters, digits and hyphens"),
        "Name by which the user is known, unique in Prefect Cloud: lowercase letters, digits and hyphens.",
        server_default=True,
    )
    first_name = optional(String(max_length=_LONGEST_NAME), "First name.", server_default=True)
    last_name = optional(String(max_length=_LONGEST_NAME), "Last name.", server_default=True)
    email = optional(String(), "E-mail address.", server_default=True)

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """The user, alone: there is no list of them."""
        data = await get_or_none(self.scope(state), self.location(state))
        if data is not None:
            self.check(f"GET {self.location(state)}", data, id=state["id"])
        return data

    async def fetch_by_id(
        self, scope: Scope, object_id: str, held: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """The same, for an import."""
        return await get_or_none(scope, self.location({"id": object_id}))

    async def plan(self, plan: Plan) -> None:
        """A user is there before Terraform is."""
        if plan.prior is None and not plan.applies:
            self.diagnostics.add(_not_made().diagnostic)

    async def create(self, planned: Values, config: Values) -> Values:
        """Refused: people sign up themselves."""
        raise _not_made()

    async def plan_destroy(self, prior: Values) -> None:
        """Say that the user stays."""
        self.diagnostics.warning(
            "The user stays",
            say(
                f"the user {prior['handle']} ({prior['id']}) is not deleted: Terraform only forgets it",
                remedy="Who is to leave the account loses the membership: `prefect_account_member`",
            ),
        )

    async def delete(self, prior: Values) -> None:
        """Nothing: see :meth:`plan_destroy`."""


def _not_made() -> ProviderError:
    msg = "A user cannot be created"
    what = say(
        "people sign up to Prefect Cloud themselves", remedy="To manage a user who is there, add this block"
    )
    block = import_block(User.type_name, "<user id>")
    return ProviderError(msg, f"{what}\n\n{block}", ())


class UserLookup(Lookup, of=User):
    """Looks up a user by id; Prefect Cloud shows a key's own user only. Others are members of the account."""

    async def by_id(self, resource: Any, scope: Scope, id_: str, held: Values) -> dict[str, Any] | None:
        """The user of an id."""
        found: dict[str, Any] | None = await resource.fetch_by_id(scope, id_, held)
        return found
