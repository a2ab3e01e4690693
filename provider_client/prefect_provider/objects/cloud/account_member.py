"""``prefect_account_member``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import ApiError, Listing
from prefect_provider.objects.account_roles import account_roles, no_account_role
from prefect_provider.objects.cloud.looks import read_all
from prefect_provider.objects.cloud.protection import ProtectedObject
from prefect_provider.objects.cloud.settling import SettlingObject
from prefect_provider.objects.filters import Filter
from prefect_provider.objects.identity import Key
from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.placed import AccountObject
from prefect_provider.plugin.language.declaration import computed, optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import SetOf, String, Uuid
from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.text.problem import expectation, say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["AccountMember", "AccountMemberLookup", "AccountMembers"]


class _Email(String):
    """An e-mail address; upper and lower case are the same."""

    def canonical(self, value: Value) -> Hashable:
        return str(value).lower()


class AccountMember(ProtectedObject, SettlingObject, AccountObject, without=("created", "updated")):
    """A member of the account: a person, and the role that they have in it.

    Members are invited in Prefect Cloud, and become members when they accept. Import them by their e-mail address, or
    set the provider's `on_existing` to `adopt`, which takes them over by the `email` of the configuration. Destroying
    the resource is refused unless `deletion_protection` was turned off, because it takes the person out of the account.
    """

    type_name = "prefect_account_member"
    collection = "/account_memberships"
    has_filter = False
    key = Key("{email}")
    needed = ("id", "email", "actor_id", "account_role_id")
    filters = (
        Filter(
            "emails",
            SetOf(String()),
            "Only those with one of these e-mail addresses.",
            "account_memberships.email.any_",
        ),
    )
    at_stake = (
        "destroying a member takes the person out of the account, with all the access that they have there"
    )

    email = optional(
        _Email(), "The person's e-mail address; another is another person.", server_default=True, replace=True
    )
    account_role_id = optional(Uuid(), "The member's role in the account (UUID).", server_default=True)
    account_role_name = optional(
        String(), "The same role by its name, such as `Admin`; set one of the two.", server_default=True
    )
    actor_id = computed(Uuid(), "The actor (UUID), by which access to objects is given.")
    user_id = computed(Uuid(), "The user (UUID).")
    first_name = computed(String(), "First name.")
    last_name = computed(String(), "Last name.")
    handle = computed(String(), "The user's handle.")

    # ------------------------------------------------------------------ plan

    async def plan(self, plan: Plan) -> None:
        """Fill in the name of a role that is given by its id, and the other way round."""
        await self._plan_role(plan)
        await super().plan(plan)

    async def _plan_role(self, plan: Plan) -> None:
        id_, name = plan.config["account_role_id"], plan.config["account_role_name"]
        if id_ is None and name is None:
            return
        scope = self.known_scope(plan.config)
        known: dict[str, str] = {}
        if scope is not None and (isinstance(id_, str) or isinstance(name, str)):
            try:
                known = await account_roles(self.client, scope)
            except ApiError:
                # The apply will tell.
                known = {}
        if name is None:
            by_id = {value.lower(): key for key, value in known.items()}
            plan.planned["account_role_name"] = (
                by_id.get(id_.lower(), UNKNOWN) if isinstance(id_, str) else UNKNOWN
            )
            return
        wanted = known.get(name) if isinstance(name, str) else None
        if isinstance(name, str) and known and wanted is None:
            self.diagnostics.add(no_account_role(name, known).diagnostic)
        elif id_ is None:
            plan.planned["account_role_id"] = wanted or UNKNOWN
        elif isinstance(id_, str) and wanted is not None and id_.lower() != wanted.lower():
            detail = say(
                expectation(f"the id of the role {show(name)}, {wanted}", show(id_)),
                remedy="Set one of the two",
            )
            self.diagnostics.error("Two roles for one member", detail, ("account_role_id",))

    async def check_existing(self, plan: Plan) -> None:
        """A member has to be there: nobody can be made one."""
        await super().check_existing(plan)
        scope = self.known_scope(plan.config)
        if plan.prior is not None or plan.applies or scope is None:
            return
        email = plan.planned["email"]
        if plan.config["email"] is None:
            raise self._unknown_person()
        if isinstance(email, str):
            try:
                found = await self.look_up(scope, {"email": email})
            except ApiError:
                return
            if found is None:
                raise self._no_member(email)

    def _unknown_person(self) -> ProviderError:
        msg = "Which member?"
        return ProviderError(
            msg, say("a member cannot be made", remedy="Set `email`, or import the member by it")
        )

    def _no_member(self, email: str) -> ProviderError:
        msg = "No such account member"
        detail = say(
            f"the account has no member with the e-mail address {show(email)}, and Terraform cannot make one",
            remedy="Invite the person in Prefect Cloud; who has accepted is a member",
        )
        return ProviderError(msg, detail, ("email",))

    # ------------------------------------------------------------------ find and change

    async def fetch(self, state: Values) -> dict[str, Any] | None:
        """By the e-mail address, together with others; whoever has another by now is looked for among all."""
        scope, email = self.scope(state), state.get("email")
        data = None
        if isinstance(email, str):
            data = await scope.collection(_BY_EMAIL).find(email)
        if data is None or str(data.get("id")).lower() != str(state["id"]).lower():
            return await self.fetch_by_id(scope, str(state["id"]), state)
        self.check(f"POST {self.collection}/filter", data)
        return data

    async def fetch_by_id(
        self, scope: Scope, object_id: str, held: Mapping[str, Value]
    ) -> dict[str, Any] | None:
        """Among all members, page by page: Prefect has no address for one of them."""
        for data in await read_all(self.client, scope, self.collection):
            if str(data["id"]).lower() == object_id.lower():
                self.check(f"POST {self.collection}/filter", data)
                return data
        return None

    async def filtered(self, scope: Scope, wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Those of an address, in upper or lower case: the API may compare it letter by letter."""
        found = await super().filtered(scope, wanted)
        if found or "email" not in wanted:
            return found
        emails = {str(one).lower() for one in wanted["email"]["any_"]}
        for data in await read_all(self.client, scope, self.collection):
            if str(data.get("email")).lower() in emails:
                self.check(f"POST {self.collection}/filter", data)
                found.append(data)
        return found

    async def create(self, planned: Values, config: Values) -> Values:
        """Take the member over, if the provider is set to that; nobody can be made one."""
        scope, email = self.scope(planned), planned["email"]
        if not isinstance(email, str):
            raise self._unknown_person()
        found = await self.look_up(scope, {"email": email})
        if found is None:
            raise self._no_member(email)
        return await self.adopt(found, planned, config)

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """The role is all that can be changed."""
        wanted = ["account_role_id"] if names is None or "account_role_id" in names else []
        return super().body(values, wanted)


_BY_EMAIL: Final = Listing("/account_memberships", "account_memberships", key=("email",), is_final=True)


class AccountMemberLookup(Lookup, of=AccountMember, without=("deletion_protection",)):
    """Looks up a member of the account, by their e-mail address or the id of the membership."""


class AccountMembers(ObjectList, of=AccountMember, results="members", without=("deletion_protection",)):
    """Lists the members of the account, all of them however many, ordered by e-mail address."""

    ordered_by = "email"
