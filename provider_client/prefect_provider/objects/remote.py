"""What all of Prefect's objects share: create, update and delete over HTTP, and what their plans look at.

:class:`RemoteObject` is for objects of the server as a whole; those that belong to an account, or to a workspace, of
Prefect Cloud have bases of their own (``objects/placed.py``). A resource declares how its objects are addressed and
found, what they refer to and what hangs on them; import, the check for objects that exist already, the search for one
whose creation was not answered, and the warnings of a plan follow from that. It overrides the step in which it differs.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final
from weakref import WeakKeyDictionary

from prefect_provider.api import ApiError, Conflict, NotFound, Reply, Scope
from prefect_provider.objects.addressed import AddressedObject, get_or_none
from prefect_provider.objects.answers import refuse_answer
from prefect_provider.objects.auditing import leave_mark
from prefect_provider.objects.cascades import count_losses, report_destruction, report_replacement
from prefect_provider.objects.existing import (
    check_creation,
    check_destruction,
    leaves,
    left_behind,
    moment_of,
    remember,
    take_over,
    was_taken_over,
)
from prefect_provider.objects.explanation import explain_at_attribute
from prefect_provider.objects.identity import foreign_place
from prefect_provider.objects.made_here import note_made_here, was_made_here
from prefect_provider.objects.older_servers import check_server_version
from prefect_provider.plugin.language.diagnostics import Diagnostic, ProviderError
from prefect_provider.plugin.language.values import Unknown, Value, Values
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names as listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_provider.api.request import Recover
    from prefect_provider.objects.cascades import Dependents, Loss
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.text.path import Path

__all__ = [
    "NAME_FORM",
    "NAME_PATTERN",
    "RemoteObject",
    "changed_names",
    "delete_if_there",
    "get_or_none",
]

NAME_PATTERN: Final = r"[^/%&><]+"
"""What Prefect accepts as the name of a flow, deployment, work pool or queue (its OpenAPI document)."""

NAME_FORM: Final = "a name of one or more characters other than / % & > <"

_TOLERANCE: Final = timedelta(seconds=5)
_TOLERANCE_OF_CLOCKS: Final = timedelta(seconds=60)
"""How much before a creation an object may have been made that counts as made by it, by the server's own clock, and
while that is not known."""

_PLACE: Final = "place"
"""Under this name the private data has the path of the account or workspace on Prefect Cloud in which an object is."""

_TOLD: Final[WeakKeyDictionary[Any, set[str]]] = WeakKeyDictionary()
"""The objects of which a plan has said what goes with them."""


async def delete_if_there(scope: Scope, path: str) -> None:
    """Delete the object at a path; that it is gone already is success."""
    with contextlib.suppress(NotFound):
        await scope.delete(path)


def changed_names(resource: type[Resource], prior: Values, planned: Values) -> list[str]:
    """The configurable attributes that an update changes, without those that the server decides."""
    return [
        name
        for name, attribute in resource.attributes.items()
        if attribute.configurable
        and not isinstance(planned.get(name), Unknown)
        and not attribute.same(prior.get(name), planned.get(name))
    ]


class _Exists(Exception):  # noqa: N818 - an event between two methods
    """The answer to a creation was an object that had been there before."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__()
        self.data = data


class RemoteObject(AddressedObject):
    """An object of Prefect's API that belongs to the server as a whole."""

    returns_existing: ClassVar[bool] = False
    """Whether the creation of an object that exists is answered with it as it is, and 200 instead of 201."""

    cloud_only: ClassVar[bool] = False
    """Whether only Prefect Cloud has such objects."""

    only_inserts: ClassVar[bool] = False
    """Whether a creation reads nothing that another could change, so that several may be under way on any server."""

    replacement_remedy: ClassVar[str] = ""
    """How to keep what hangs on an object that is replaced, if not in the usual way."""

    destruction_remedy: ClassVar[str] = ""
    """The same for one that is destroyed."""

    fate: ClassVar[str] = "deletes it"
    """What a destruction does to an object that was there before."""

    def explain(self, error: Exception) -> Diagnostic | None:
        """An error of the server that names a field is shown at its attribute."""
        if isinstance(error, RecursionError):
            return Diagnostic(
                "error",
                "A value is nested too deeply",
                say("a JSON document or list has more levels than can be handled", remedy="Use fewer levels"),
            )
        return explain_at_attribute(type(self), error)

    # ------------------------------------------------------------------ identity

    async def identify(self, values: Values) -> Values | None:
        """With the place in which the object is: the provider's, where its own attributes name none."""
        identity = {name: values.get(name) for name in self.identified_by}
        if not self.located_by:
            return identity
        if self.client is None:
            return None
        scope = self.place(values)
        return identity | {name: getattr(scope, name) for name in self.located_by}

    def place_of(self, identity: Mapping[str, Value]) -> Values:
        """The ids of the place, but for those that are the provider's."""
        own = None if self.client is None else self.client.settings
        return foreign_place({name: identity.get(name) for name in self.located_by}, own)

    # ------------------------------------------------------------------ plan

    @classmethod
    def met(cls, client: Any, state: Values) -> None:
        """What is in the state is Terraform's own, and does not count as made by others."""
        remember(client, cls.type_name, state)

    async def plan(self, plan: Plan) -> None:
        """Look at what concerns every object: place, server, whether it exists already, what a replacement loses."""
        if self.planned_scope(plan) is None:
            return
        await check_server_version(self, plan)
        await self.check_existing(plan)
        replaced = self.replaced(plan)
        if replaced:
            await self.plan_replacement(plan, (replaced[0],))

    def replaced(self, plan: Plan) -> list[str]:
        """The attributes that are declared to need a new object, and change."""
        if plan.prior is None:
            return []
        return [
            name for name, attribute in self.attributes.items() if attribute.replace and plan.renews(name)
        ]

    def planned_scope(self, plan: Plan) -> Scope | None:
        """:meth:`known_scope` of a plan, which needs no new object for ids that lead to where it is."""
        scope = self.known_scope(plan.config)
        if scope is not None and plan.prior is not None and self._stays(scope, plan.prior):
            plan.spare(*self.located_by)
        return scope

    def _stays(self, scope: Scope, prior: Values) -> bool:
        """Whether an object is where it is to be: who only writes down the provider's own ids moves nothing."""
        try:
            before = self.scope(prior)
        except (ApiError, ProviderError):
            return False
        return before.prefix.lower() == scope.prefix.lower()

    async def check_existing(self, plan: Plan) -> None:
        """Refuse to create what exists already, or warn that it is taken over, as the provider is set."""
        key = self.key
        if key is None or not key.unique:
            return

        async def find(scope: Scope) -> Mapping[str, Any] | None:
            known = key.known(plan.planned)
            return None if known is None else await self.look_up(scope, known)

        found = await check_creation(self, plan, find, key=key.names)
        if found is None:
            return
        if found.standing == "foreign":
            self.refuse_other(found.data, plan.planned)
        else:
            known = self.understand(f"the look for the {self.noun()}", found.data, plan.planned)
            await self._report_replaced(known, ())

    async def plan_replacement(self, plan: Plan, path: tuple[str, ...]) -> None:
        """Warn of what goes with the object when it is replaced because of what is at ``path``."""
        if plan.prior is not None:
            await self._report_replaced(plan.prior, path)

    async def _report_replaced(self, prior: Values, path: Path) -> None:
        """Once for each object: Terraform plans a replacement as a change, and then again as a creation."""
        told = _TOLD.setdefault(self.client, set())
        if prior["id"] not in told:
            told.add(prior["id"])
            report_replacement(self, prior, await self.losses(prior), path, remedy=self.replacement_remedy)

    async def plan_destroy(self, prior: Values) -> None:
        """Warn of what goes with the object."""
        check_destruction(self, prior)
        report_destruction(self, prior, await self.losses(prior), remedy=self.destruction_remedy)

    async def losses(self, prior: Values) -> list[Loss]:
        """What the server deletes or empties along with the object, with how many there are."""
        return await count_losses(self, prior, self.dependents(prior))

    def dependents(self, prior: Values) -> Sequence[Dependents]:
        """The kinds of objects that hang on this one."""
        return ()

    # ------------------------------------------------------------------ create

    async def create(self, planned: Values, config: Values) -> Values:
        """POST to the collection; one that exists already is taken over if the provider is set to that."""
        scope = self.scope(planned)
        left = await self.find_left(scope, planned)
        if left is not None:
            return await self.adopt(left, planned, config)
        body = await self.new_body(planned, config)
        try:
            data = await self.make(scope, planned, body, conceal=self.concealed(planned, config))
        except _Exists as exists:
            return await self.adopt(exists.data, planned, config)
        except Conflict:
            found = await self.find_taken(scope, planned)
            if found is None:
                raise
            return await self.adopt(found, planned, config)
        return await self.complete(scope, data, planned, config)

    def new_path(self, planned: Values) -> str:
        """Where a new object is posted."""
        return f"{self.collection}/"

    async def new_body(self, planned: Values, config: Values) -> dict[str, Any]:
        """What is posted; ``config`` also has the write-only values."""
        return self.body(planned)

    def concealed(self, planned: Values, config: Values) -> tuple[str, ...]:
        """The texts of a request's body that no message may show."""
        return ()

    async def complete(self, scope: Scope, data: dict[str, Any], planned: Values, config: Values) -> Values:
        """Finish an object that was posted and answered with ``data``."""
        return self.understand(f"POST {self.new_path(planned)}", data, planned)

    async def make(
        self, scope: Scope, planned: Values, body: dict[str, Any], *, conceal: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        """Post a new object, and know it whatever becomes of the answer.

        An answer that is lost, or is none of such an object, leads to a look at the server. Whatever fails after this
        leaves the object in state.
        """
        path = self.new_path(planned)
        started = datetime.now(UTC)

        async def look() -> Reply | None:
            reply = await self.find_created(scope, planned, started)
            if reply is not None or not self.returns_existing:
                return reply
            found = await self.find_taken(scope, planned)
            return None if found is None else Reply(200, found)

        reply = await scope.post(path, body, recover=look, conceal=conceal, inserts=self.only_inserts)
        data, status = await self.made(path, reply, planned, look)
        if self.returns_existing and self.existed(data, status, planned, started):
            raise _Exists(data)
        note_made_here(data["id"], self.client)
        self.hold(planned | {"id": data["id"]})
        return data

    def existed(self, data: dict[str, Any], status: int, planned: Values, started: datetime) -> bool:
        """Whether the answer to a creation that began then is an object that had been there before."""
        return status == 200

    async def made(
        self, path: str, reply: Reply, planned: Values, look: Recover
    ) -> tuple[dict[str, Any], int]:
        """A new object and the status of the answer to its creation; where that is odd, as the server has it.

        Raises UnexpectedAnswer if the server does not show it either. It is in state all the same if the answer leaves
        no doubt of which it is.
        """
        problems = self.problems(reply.data)
        if problems:
            # It was made all the same.
            found = await look()
            if found is None or self.problems(found.data):
                if reply.status == 201 and self._is_as_planned(reply.data, planned):
                    self.hold(planned | {"id": reply.data["id"]})
                remedy = f"The {self.noun()} may be there all the same: look for it, and import it"
                refuse_answer(f"POST {path}", self.noun(), problems, remedy=remedy)
            reply = found
        return reply.data, reply.status

    def _is_as_planned(self, data: Any, planned: Values) -> bool:
        """Whether an answer has an id, and the key of what is planned: it is that object, whatever else it says."""
        if not isinstance(data, Mapping) or not isinstance(data.get("id"), str) or not is_uuid(data["id"]):
            return False
        names = self.key.names if self.key else ()
        return all(data[name] == planned.get(name) for name in names if name in data) and "name" in data

    async def find_created(self, scope: Scope, planned: Values, started: datetime) -> Reply | None:
        """The object that a creation without an answer made: as planned, and not made by another call."""
        for data in await self.namesakes(scope, planned):
            if self.problems(data) or was_made_here(data["id"]) or not self.may_be_new(data, started):
                continue
            if self.is_as_planned(data, planned):
                return Reply(201, data)
        return None

    @property
    def is_unique(self) -> bool:
        """Whether there can be only one object of a key."""
        return self.key is not None and self.key.unique

    def is_as_planned(self, data: Mapping[str, Any], planned: Values) -> bool:
        """Whether an object has the values that are planned, as far as they are known."""
        return not changed_names(type(self), self.values(data, planned), planned)

    async def find_left(self, scope: Scope, planned: Values) -> dict[str, Any] | None:
        """The object that a command that was cut off made instead of this one, where a name can be that of several.

        Where it can be that of one only, the creation finds out.
        """
        if self.is_unique or not leaves(self, scope, planned):
            return None
        for data in await self.namesakes(scope, planned):
            if not self.problems(data) and left_behind(self, scope, data, planned):
                return data
        return None

    def may_be_new(self, data: Mapping[str, Any], started: datetime) -> bool:
        """Whether an object can be one that was made since."""
        ahead: timedelta | None = self.client.clock_ahead
        begun = started - _TOLERANCE_OF_CLOCKS if ahead is None else started + ahead - _TOLERANCE
        created = moment_of(data)
        return created is not None and created >= begun

    async def find_taken(self, scope: Scope, planned: Values) -> dict[str, Any] | None:
        """The object whose key keeps a new one from being made."""
        known = self.key.known(planned) if self.key and self.key.unique else None
        return None if known is None else await self.find_by_key(scope, known, planned)

    async def adopt(self, found: dict[str, Any], planned: Values, config: Values) -> Values:
        """Take over an object that exists; raises ProviderError unless the provider is set to that."""
        at = self.key.names[-1] if self.key else "name"
        take_over(self, found, planned, at=(at,))
        self.refuse_other(found, planned)
        return await self.update(self.taken(found, planned), planned | {"id": found["id"]}, config)

    def taken(self, found: dict[str, Any], planned: Values) -> Values:
        """An object that is taken over, as it is before it is changed to what is planned."""
        return self.understand(f"the look for the {self.noun()}", found, planned)

    def refuse_other(self, found: Mapping[str, Any], planned: Values) -> None:
        """Raise if an object cannot be made what is planned, because what differs cannot be changed."""
        actual = self.understand(f"the look for the {self.noun()}", found, planned)
        changed = changed_names(type(self), actual, planned)
        fixed = [name for name in changed if self.attributes[name].replace]
        if fixed:
            msg = f"The {self.noun()} exists already, with another {listed(fixed, last='and')}"
            detail = say(
                f"its id is {found['id']}, and {listed(fixed, last='and')} cannot be changed",
                remedy="Configure it as it is to take it over, or choose another name",
            )
            raise ProviderError(msg, detail, (fixed[0],))

    async def sought(self, state: Values) -> None:
        """Warn where the provider leads to another workspace by now than the one in which Terraform has written it.

        It would be taken for gone, or for one of its name that is there, and stay behind unseen.
        """
        noted = self.private.get(_PLACE)
        if not isinstance(noted, str):
            return
        scope = self.scope(state)
        names = [name for name in self.located_by if getattr(scope, name)]
        left_out = listed([name for name in names if state.get(name) is None], last="and")
        if not left_out or scope.prefix.lower() == noted.lower():
            return
        where = "workspace" if "workspace_id" in names else "account"
        detail = say(
            f"Terraform has written it at {noted}, and looks for it at {scope.prefix} now: {left_out} of the resource "
            f"is left out, and the provider is set to another {where}. What is made there is another {self.noun()}; "
            "this one stays where it is, and will be in no state",
            remedy=f"To keep it, set {left_out} to where it is. To move it, do so, apply, and then name the other "
            f"{where}",
        )
        self.diagnostics.warning(f"The {self.noun()} is looked for in another {where}", detail)

    async def applied(self, prior: Values | None, values: Values | None) -> None:
        """Note where it is, and leave a mark in the server's events, if the provider is set to that."""
        if values is not None and self.located_by and self.on_cloud:
            self.private[_PLACE] = self.scope(values).prefix
        await leave_mark(self, prior, values)

    # ------------------------------------------------------------------ change and delete

    async def read_back(self, state: Values) -> Values:
        """The object after a write, which must still exist."""
        actual = await self.read(state)
        if actual is None:
            msg = "The object disappeared while it was being written"
            raise ProviderError(msg, "Something else deleted it. Apply again to create it anew.")
        return actual

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """PATCH what changed, then read back."""
        body = self.body(planned, changed_names(type(self), prior, planned))
        if body:
            await self.scope(prior).patch(self.location(prior), body)
        return await self.read_back(planned | {"id": prior["id"]})

    async def delete(self, prior: Values) -> None:
        """Delete it, unless the resource that stands in for this one has just taken it over."""
        if not was_taken_over(self, prior):
            await self.remove(prior)

    async def remove(self, prior: Values) -> None:
        """DELETE at its address."""
        await delete_if_there(self.scope(prior), self.location(prior))
