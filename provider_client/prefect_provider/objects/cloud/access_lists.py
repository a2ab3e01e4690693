"""Who may do what with one object of a workspace: what the access lists of blocks, deployments and work pools share.

Every object has such a list. Unless somebody narrowed it, it names everybody (``*``), and then their roles in the
workspace decide alone. A resource therefore is not made and deleted: it narrows the list, and a destruction puts back
what was there before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from prefect_provider.api import NotFound
from prefect_provider.objects.answers import object_of, objects_of, refuse_answer
from prefect_provider.objects.cloud.claims import is_claimed, release
from prefect_provider.objects.cloud.settling import eventually, seen
from prefect_provider.objects.existing import take_over
from prefect_provider.objects.explanation import explain_anywhere
from prefect_provider.objects.identity import fill_path
from prefect_provider.objects.placed import WorkspaceObject
from prefect_provider.objects.remote import get_or_none
from prefect_provider.plugin.language.declaration import Attribute, computed, optional
from prefect_provider.plugin.language.diagnostics import Diagnostic, ProviderError
from prefect_provider.plugin.language.kinds import ListOf, String, Uuid
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.kinds import Mismatch
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["EVERYBODY", "AccessList", "actors", "teams"]

EVERYBODY: Final = "*"
"""Stands among actors for all who have a role in the workspace."""

_BEFORE: Final = "before"
"""The private note of the list that was there before."""


class _Actor(Uuid):
    """An actor's id, or everybody."""

    def problems(self, value: Value) -> Iterator[Mismatch]:
        """A user's or service account's own id is a UUID too, so that nobody can tell it from an actor's."""
        if value != EVERYBODY:
            for problem in super().problems(value):
                yield problem._replace(expected=f"{problem.expected}, or `{EVERYBODY}` for everybody")


class _Ids(ListOf):
    """Ids in no order, each as good as once; a list, as the official provider has it."""

    def canonical(self, value: Value) -> Hashable:
        return frozenset(self.element.freeze(item) for item in value)


def actors(what: str) -> Attribute:
    """The attribute with the actors who may do something."""
    description = (
        f"The actors (UUIDs: `actor_id` of users and service accounts) who may {what}, in any order; "
        f'`["{EVERYBODY}"]` stands for everybody whose role in the workspace allows it.'
    )
    return optional(_Ids(_Actor()), description, default=[])


def teams(what: str) -> Attribute:
    """The attribute with the teams whose members may do something."""
    return optional(_Ids(Uuid()), f"The teams (UUIDs) whose members may {what}, in any order.", default=[])


class AccessList(WorkspaceObject, without=("created", "updated")):
    """Narrows down who may do something with an object."""

    of: ClassVar[str]
    """The attribute that says whose list it is."""

    levels: ClassVar[tuple[str, ...]] = ("manage", "run", "view")
    """What the API tells apart."""

    cloud_only = True
    fate = "puts back what was there before"

    id = computed(Uuid(), "The id of the object whose access it is (UUID).")

    @classmethod
    def subject(cls) -> str:
        """What people call the object whose list it is: ``work pool``."""
        return cls.noun().removesuffix(" access")

    @classmethod
    def owner(cls) -> type[WorkspaceObject]:
        """The resource of the object whose list it is."""
        raise NotImplementedError

    def _names(self) -> list[str]:
        return [f"{level}_{whom}_ids" for level in self.levels for whom in ("actor", "team")]

    def _lists(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The lists alone."""
        return {name: list(values[name] or ()) for name in self._names()}

    def _everybody(self) -> dict[str, Any]:
        """The lists of an object whose access nobody has narrowed."""
        return {name: [EVERYBODY] if "_actor_" in name else [] for name in self._names()}

    def _is_open(self, values: Mapping[str, Any]) -> bool:
        """Whether everybody is named throughout: any others beside make no difference."""
        return all(EVERYBODY in (values[f"{level}_actor_ids"] or ()) for level in self.levels)

    def _agree(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
        return all(self.attributes[name].same(one[name], other[name]) for name in self._names())

    # ------------------------------------------------------------------ the two forms of it

    def body(self, values: Values, names: list[str] | None = None) -> dict[str, Any]:
        """The whole of it: the API takes nothing less."""
        lists = {name: [str(id_).lower() for id_ in values[name] or ()] for name in self._names()}
        return {"access_control": {name: list(dict.fromkeys(ids)) for name, ids in lists.items()}}

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """The lists as they were flattened."""
        found: Values = {name: data.get(name) for name in self.attributes}
        return found | {name: held.get(name) for name in self.located_by}

    def problems(self, data: Any) -> list[str]:
        """What is flattened was checked before."""
        return []

    def _flat(self, what: str, data: Any, known: Mapping[str, str]) -> dict[str, Any]:
        """An answer with ids instead of what people are called; raises UnexpectedAnswer."""
        if not isinstance(data, dict):
            refuse_answer(what, self.noun(), ["it is no object"])
        found: dict[str, Any] = {**known}
        for level in self.levels:
            named = objects_of(what, "actor", data.get(f"{level}_actors"), id=String(), type=String())
            found[f"{level}_actor_ids"] = [one["id"] for one in named if one["type"] != "team"]
            found[f"{level}_team_ids"] = [one["id"] for one in named if one["type"] == "team"]
        return found

    # ------------------------------------------------------------------ read and find

    async def fetch(self, state: Mapping[str, Value]) -> dict[str, Any] | None:
        """The list of the object in state; ``None`` if the object is gone."""
        scope, path = self.scope(state), self.location(state)
        id_ = await self.object_id(scope, str(state[self.of]))
        data = None if id_ is None else await get_or_none(scope, path)
        if data is None or id_ is None:
            return None
        return self._flat(f"GET {path}", data, {"id": id_, self.of: str(state[self.of])})

    async def object_id(self, scope: Scope, text: str) -> str | None:
        """The id of the object by what :attr:`of` says; ``None`` if it is known not to be there."""
        return text

    async def read(self, state: Values) -> Values | None:
        """Refresh."""
        data = await self.fetch(state)
        return None if data is None else self.understand(f"GET {self.location(state)}", data, state)

    async def look_up(self, scope: Scope, key: Mapping[str, str]) -> dict[str, Any] | None:
        """The list, if somebody has narrowed it."""
        place = {"account_id": scope.account_id, "workspace_id": scope.workspace_id}
        found = await self.fetch({**place, **key})
        return None if found is None or self._is_open(found) else found

    # ------------------------------------------------------------------ plan

    async def plan(self, plan: Plan) -> None:
        """Nobody else manages it, nobody narrowed it before, and somebody is left."""
        await super().plan(plan)
        self._claim(plan)
        lists = [plan.planned[name] for name in self._names()]
        if plan.changes(*self._names()) and not any(lists):
            detail = say(
                f"all of its lists are empty, so nobody can see or use the {self.subject()} but the owners of the "
                "workspace and the account's admins",
                remedy=f'`["{EVERYBODY}"]` stands for everybody',
            )
            self.diagnostics.warning(f"Nobody may use the {self.subject()}", detail)

    def _claim(self, plan: Plan) -> None:
        """Two resources that manage one list would undo each other."""
        target, scope = plan.planned[self.of], self.known_scope(plan.config)
        if scope is None or not isinstance(target, str) or self.diagnostics.has_errors:
            return
        if is_claimed(self, plan, scope.prefix, target.lower()):
            detail = say(
                f"another resource of this configuration manages the access to the {self.subject()} {show(target)} "
                "as well, and the two would undo each other",
                remedy="Remove one of them, and name all who have access in the other",
            )
            self.diagnostics.error(f"The {self.noun()} is managed twice", detail, (self.of,))

    async def plan_destroy(self, prior: Values) -> None:
        """Say who can use the object afterwards."""
        await super().plan_destroy(prior)
        before = self._before()
        if self._agree(before, {name: prior[name] for name in self._names()}):
            return
        open_ = self._is_open(before)
        then = (
            "everybody whose role in the workspace allows it"
            if open_
            else "those who could before Terraform managed it"
        )
        summary = (
            f"The {self.subject()} opens to everybody"
            if open_
            else f"The access to the {self.subject()} changes"
        )
        detail = say(
            f"with this list gone, the {self.subject()} {show(prior[self.of])} can be used by {then}",
            remedy="To keep the list as it is, take the resource out of the state with a `removed` block instead "
            "(`lifecycle { destroy = false }`)",
        )
        self.diagnostics.warning(summary, detail)

    def _before(self) -> dict[str, Any]:
        """What a destruction puts back."""
        noted = self.private.get(_BEFORE)
        return (
            self._lists(noted)
            if isinstance(noted, dict) and noted.keys() >= {*self._names()}
            else self._everybody()
        )

    # ------------------------------------------------------------------ narrow, change and put back

    async def create(self, planned: Values, config: Values) -> Values:
        """Narrow the list; one that others have narrowed is taken over if the provider is set to that."""
        found = await eventually(self.client, lambda: self.fetch(planned), lambda one: one is not None)
        if found is None:
            msg = f"No such {self.subject()}"
            raise ProviderError(
                msg, say(f"Prefect has no {self.subject()} {show(planned[self.of])}"), (self.of,)
            )
        if not self._is_open(found):
            take_over(self, found, planned, at=(self.of,))
        self.private[_BEFORE] = self._lists(found)
        return await self._set(planned | {"id": found["id"]})

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """The whole of it anew."""
        return await self._set(planned | {"id": prior["id"]})

    async def _set(self, planned: Values) -> Values:
        release(self, self.scope(planned).prefix, str(planned[self.of]).lower())
        await self.scope(planned).put(self.location(planned), self.body(planned))

        def shows_it(values: Values) -> bool:
            return self._agree(values, planned)

        return await seen(self, lambda: self.read_back(planned), shows_it) or planned

    async def remove(self, prior: Values) -> None:
        """Put back what was there before; that the object is gone is success."""
        before = self._before()
        release(self, self.scope(prior).prefix, str(prior[self.of]).lower())
        try:
            await self.scope(prior).put(self.location(prior), self.body(before))
        except NotFound:
            return

        async def look() -> dict[str, Any] | None:
            return await self.fetch(prior)

        await seen(self, look, lambda found: found is None or self._agree(found, before))

    def explain(self, error: Exception) -> Diagnostic | None:
        """An error of the server that names a list is shown at it."""
        return explain_anywhere(type(self), error) or super().explain(error)

    # ------------------------------------------------------------------ import

    @classmethod
    def import_form(cls) -> str:
        """The import ids that there are."""
        forms = [f"`{key.shown}`" for key in (cls.key, cls.owner().key) if key]
        return f"{' or '.join(forms)}, followed by `,<workspace id>` for another workspace"

    async def find(self, scope: Scope, text: str) -> dict[str, Any] | None:
        """The list of the object that an import id names."""
        target = await self.named(scope, text)
        if target is None:
            return None
        place = {"account_id": scope.account_id, "workspace_id": scope.workspace_id}
        return await self.fetch({**place, self.of: target})

    async def named(self, scope: Scope, text: str) -> str | None:
        """What :attr:`of` says of the object that a text names by its id or its key; ``None`` if there is none."""
        if is_uuid(text):
            return text
        owner = self.owner()
        key = owner.key.read(text, owner) if owner.key else None
        if key is None or owner.key is None:
            raise self.wrong_import_id(text)
        path = fill_path(owner.key.path, key)
        data = await get_or_none(scope, path)
        return None if data is None else str(object_of(f"GET {path}", self.subject(), data, id=Uuid())["id"])

    async def import_identity(self, identity: Values) -> Values | None:
        """Find by the object, in the place that the identity names or the provider's."""
        held = self.place_of(identity) | {name: identity[name] for name in self.identified_by}
        data = await self.fetch(held)
        return None if data is None else await self.imported(data, held)
