"""``prefect_workspace_access``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import ApiError, Listing, NotFound
from prefect_provider.objects.answers import objects_of
from prefect_provider.objects.cloud.accessors import accessors
from prefect_provider.objects.cloud.claims import is_claimed, release
from prefect_provider.objects.cloud.looks import note_write, read_all
from prefect_provider.objects.cloud.settling import seen
from prefect_provider.objects.cloud.workspace_role_names import role_id, role_name
from prefect_provider.objects.existing import take_over
from prefect_provider.objects.identity import Key
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import delete_if_there
from prefect_provider.plugin.language.declaration import ExactlyOneOf, optional, required
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import String, Uuid
from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["WorkspaceAccess"]

_PATHS: Final = {"USER": "user_access", "SERVICE_ACCOUNT": "bot_access", "TEAM": "team_access"}
"""Where the API has the access of each type of accessor."""

_FIELDS: Final = {"USER": "user_id", "SERVICE_ACCOUNT": "bot_id", "TEAM": "team_id"}
"""The field in which it has the accessor's id."""


class WorkspaceAccess(WorkspaceObject, without=("created", "updated")):
    """The role that a user, a service account or a team has in a workspace of Prefect Cloud.

    There is one for each of them and workspace. Destroying it takes the workspace from them, unless they have it as
    members of a team, or as admins of the account. Another accessor, or another workspace, is another access: what the
    former one could do ends with the change.
    """

    type_name = "prefect_workspace_access"
    cloud_only = True
    key = Key("{accessor_type}/{accessor_id}")
    identified_by = ("accessor_type", "accessor_id")
    needed = ("id", "workspace_role_id")
    listed_with = tuple(f"/{path}" for path in _PATHS.values())
    rules = (ExactlyOneOf("workspace_role_id", "workspace_role_name"),)

    accessor_type = required(
        String(choices=tuple(_PATHS)),
        "Whether the accessor is a user, a service account or a team.",
        replace=True,
    )
    accessor_id = required(
        Uuid(),
        "Who has access (UUID): the `user_id` of a user, not its actor's, or the `id` of a service account or team.",
        replace=True,
    )
    workspace_role_id = optional(
        Uuid(),
        "The role (UUID). Either this or its name.",
        server_default=True,
        follows=("workspace_role_name",),
    )
    workspace_role_name = optional(
        String(),
        "Name of the role: `Viewer`, `Runner`, `Developer`, `Owner`, `Worker`, or one of the account's own. Either "
        "this or `workspace_role_id`; of one that is made in the same run, its id.",
        server_default=True,
        follows=("workspace_role_id",),
        source=None,
    )

    # ------------------------------------------------------------------ the two forms of it

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """With what kind of accessor it is, and the name of the role, which :meth:`described` found."""
        own = {"accessor_type": data.get("accessor_type"), "accessor_id": data.get("accessor_id")}
        return super().values(data, held) | own | {"workspace_role_name": data.get("workspace_role_name")}

    async def described(self, what: str, data: Any, held: Mapping[str, Value]) -> Values:
        """With the role's name, as far as the key may see roles."""
        name = held.get("workspace_role_name")
        same = self.attributes["workspace_role_id"].same(
            data.get("workspace_role_id"), held.get("workspace_role_id")
        )
        if not (same and isinstance(name, str)):
            try:
                name = await role_name(self.client, self._account(held), str(data["workspace_role_id"]))
            except ApiError:
                name = None
        return self.understand(what, {**data, "workspace_role_name": name}, held)

    def _account(self, values: Mapping[str, Value]) -> Scope:
        scope: Scope = self.client.account(values.get("account_id"))
        return scope

    @staticmethod
    def _flat(data: Mapping[str, Any], type_: str) -> dict[str, Any]:
        """An access with its accessor under one name for all."""
        return {**data, "accessor_type": type_, "accessor_id": data.get(_FIELDS[type_])}

    def flattened(self, collection: str, data: dict[str, Any]) -> dict[str, Any]:
        """With its accessor, whose type the collection tells."""
        [type_] = [type_ for type_, path in _PATHS.items() if f"/{path}" == collection]
        return self._flat(data, type_)

    # ------------------------------------------------------------------ read and find

    async def fetch(self, state: Mapping[str, Value]) -> dict[str, Any] | None:
        """The access of the id in state, or the accessor's; ``None`` if there is none."""
        scope, type_ = self.scope(state), str(state["accessor_type"])
        if type_ == "TEAM" or not is_uuid(str(state.get("id"))):
            return await self._of_accessor(scope, type_, str(state["accessor_id"]))
        path = f"/{_PATHS[type_]}"
        listing = Listing(path, _PATHS[type_], has_keys=False)
        found = await scope.collection(listing).read(str(state["id"]))
        if found is None:
            return None
        self.check(f"GET {path}/{state['id']}", self._flat(found, type_), id=state["id"])
        return self._flat(found, type_)

    async def read(self, state: Values) -> Values | None:
        """Refresh."""
        data = await self.fetch(state)
        return None if data is None else await self.described(self._asked(state), data, state)

    @staticmethod
    def _asked(state: Mapping[str, Value]) -> str:
        return f"POST /{_PATHS[str(state['accessor_type'])]}/filter"

    async def _of_accessor(self, scope: Scope, type_: str, accessor_id: str) -> dict[str, Any] | None:
        """The access of an accessor: one look at all of its type serves those who ask at about the same time."""
        for flat in await self._all(scope, type_):
            if flat["accessor_id"].lower() == accessor_id.lower():
                return flat
        return None

    async def _all(self, scope: Scope, type_: str) -> list[dict[str, Any]]:
        """All that accessors of a type have in the workspace; raises UnexpectedAnswer if one cannot be told whose."""
        path, whose = f"/{_PATHS[type_]}", _FIELDS[type_]
        found = await read_all(self.client, scope, path)
        known: dict[str, Any] = {"id": Uuid(), whose: Uuid(), "workspace_role_id": Uuid()}
        listed = objects_of(f"POST {path}/filter", self.noun(), found, **known)
        return [self._flat(one, type_) for one in listed]

    async def look_up(self, scope: Scope, key: Mapping[str, str]) -> dict[str, Any] | None:
        """By accessor."""
        return await self._of_accessor(scope, key["accessor_type"], key["accessor_id"])

    # ------------------------------------------------------------------ plan

    async def plan(self, plan: Plan) -> None:
        """The role is one that there is; nobody has access twice."""
        await super().plan(plan)
        scope = self.known_scope(plan.config)
        if scope is None:
            return
        name = plan.config.get("workspace_role_name")
        if isinstance(name, str) and plan.changes("workspace_role_name"):
            await self._plan_role(plan, name)
        key = self.key.known(plan.planned)
        if key and not self.diagnostics.has_errors and is_claimed(self, plan, scope.prefix, *key.values()):
            detail = say(
                "another resource of this configuration gives the same accessor a role in the same workspace, where "
                "there can be one only",
                remedy="Remove one of them; a role of its own can combine what both allow",
            )
            self.diagnostics.error("The workspace access is managed twice", detail, ("accessor_id",))

    async def _plan_role(self, plan: Plan, name: str) -> None:
        """The id of the role that a name stands for; unknown where roles cannot be asked for.

        The plan that Terraform makes again before an apply has to know what the first one knew.
        """
        plan.planned["workspace_role_id"] = UNKNOWN
        try:
            plan.planned["workspace_role_id"] = await role_id(self.client, self._account(plan.planned), name)
        except ProviderError as error:
            self.diagnostics.add(error.diagnostic)
        except ApiError as error:
            if error.given_up or plan.applies:
                raise

    # ------------------------------------------------------------------ create, change, delete

    async def create(self, planned: Values, config: Values) -> Values:
        """Give the role to one who has none yet."""
        scope = self.scope(planned)
        found = await self._of_accessor(scope, planned["accessor_type"], planned["accessor_id"])
        if found is not None:
            take_over(self, found, planned, at=("accessor_id",))
        made = await self._grant(planned, config)
        if found is None:
            self.hold(made)
        return await self._settled(made)

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """Give another role in place of the one before."""
        return await self._settled(await self._grant(planned | {"id": prior["id"]}, config))

    async def _grant(self, planned: Values, config: Values) -> Values:
        type_ = str(planned["accessor_type"])
        scope, path = self.scope(planned), f"/{_PATHS[type_]}/"
        role = planned["workspace_role_id"]
        if not isinstance(role, str):
            role = await role_id(self.client, self._account(planned), str(config["workspace_role_name"]))
        release(self, scope.prefix, type_, str(planned["accessor_id"]))
        body = [{"workspace_role_id": role, _FIELDS[type_]: planned["accessor_id"]}]
        # It sets a state, so that a second one finds it set.
        reply = await (scope.put(path, body) if type_ == "TEAM" else scope.post(path, body, retry="safe"))
        note_write(self.client)
        what = f"{'PUT' if type_ == 'TEAM' else 'POST'} {path}"
        granted = objects_of(what, self.noun(), reply.data, id=Uuid(), workspace_role_id=Uuid())
        held = planned | {"workspace_role_id": role}
        for one in granted:
            flat = self._flat(one, type_)
            if self.attributes["accessor_id"].same(flat["accessor_id"], planned["accessor_id"]):
                return await self.described(what, flat, held)
        msg = "The role was not given"
        raise ProviderError(
            msg, say(f"the answer to {what} has no access of this accessor"), ("accessor_id",)
        )

    async def _settled(self, made: Values) -> Values:
        """What was written, once it is there for everybody."""

        def shows_it(found: dict[str, Any] | None) -> bool:
            role = self.attributes["workspace_role_id"]
            return found is not None and role.same(found.get("workspace_role_id"), made["workspace_role_id"])

        await seen(self, lambda: self.fetch(made), shows_it)
        return made

    async def remove(self, prior: Values) -> None:
        """DELETE; a team's by the team."""
        type_ = str(prior["accessor_type"])
        release(self, self.scope(prior).prefix, type_, str(prior["accessor_id"]))
        by = prior["accessor_id"] if type_ == "TEAM" else prior["id"]
        await delete_if_there(self.scope(prior), f"/{_PATHS[type_]}/{by}")
        note_write(self.client)

    # ------------------------------------------------------------------ import

    @classmethod
    def import_form(cls) -> str:
        """The import ids that there are."""
        form, _, rest = super().import_form().partition(" or ")
        return f"{form} or `<accessor type>/<e-mail address or name>` or {rest}"

    async def find(self, scope: Scope, text: str) -> dict[str, Any] | None:
        """By type and accessor, or by id: then each type is asked in turn."""
        key = self.key.read(text, type(self))
        if key is not None:
            return await self.look_up(scope, key)
        type_, slash, name = text.partition("/")
        if type_ in _PATHS and slash and name:
            account = self._account({"account_id": scope.account_id})
            for one in await accessors(self.client, account, type_):
                if one.name.lower() == name.lower():
                    return await self._of_accessor(scope, type_, one.id)
            return None
        if not is_uuid(text):
            raise self.wrong_import_id(text)
        for type_ in _PATHS:
            try:
                listed = await self._all(scope, type_)
            except NotFound:
                continue
            for flat in listed:
                if flat["id"].lower() == text.lower():
                    return flat
        return None

    async def imported(self, data: dict[str, Any], held: Values) -> Values:
        """With the name of its role."""
        return await self.described(self._asked(data), data, held)

    async def import_identity(self, identity: Values) -> Values | None:
        """Find by the accessor, in the place that the identity names or the provider's."""
        held = self.place_of(identity)
        data = await self.look_up(self.scope(held), {name: identity[name] for name in self.identified_by})
        return None if data is None else await self.imported(data, held)

    @classmethod
    def generated(cls, config: Values) -> Values:
        """With the role's id alone: a name is as good, but not both."""
        return config | {"workspace_role_name": None}
