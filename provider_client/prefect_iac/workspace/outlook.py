"""A workspace now and after a plan, object by object."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.plan.bodies import body_after, body_before
from prefect_iac.plan.parts import NotYetKnownError, PlanError
from prefect_iac.plan.placeholders import placeholder
from prefect_iac.workspace.content import Workspace
from prefect_iac.workspace.reading import TYPES
from prefect_provider.text.masking import SENSITIVE
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_iac.plan.bodies import Body
    from prefect_iac.plan.changes import Action, Plan, PlannedObject
    from prefect_iac.workspace.content import Json

__all__ = ["ELSEWHERE", "Outlook", "Prospect", "Unreadable", "absence", "outlook_of"]

ELSEWHERE: Final = "Is it the server of their provider? Name another with --endpoint or --profile"
"""What to do about objects that the plan has on a server, and the one that was read has not."""

_NAMED: Final = 3
"""Objects that a sentence names."""

_FLOW: Final = "prefect_flow"
_DEPLOYMENT: Final = "prefect_deployment"
_SCHEDULE: Final = "prefect_deployment_schedule"

_OWNERS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        _DEPLOYMENT: {
            "flow_id": _FLOW,
            "storage_document_id": "prefect_block",
            "infrastructure_document_id": "prefect_block",
        },
        "prefect_work_queue": {"work_pool_id": "prefect_work_pool"},
        "prefect_block": {"block_type_id": "prefect_block_type"},
    }
)
"""The fields with the id of an object without which the server keeps none of the type: it deletes both."""


class Prospect(NamedTuple):
    """One object: as it is, and as it will be."""

    type: str
    """Terraform's: ``prefect_deployment``."""
    id: str
    """Its id, which it keeps; of a new one, or one that is replaced, its placeholder."""
    action: Action
    """``no-op`` also for what the plan does not have."""
    address: str
    """Where the configuration has it; empty for what this plan does not manage."""
    now: Json | None
    planned: Json | None
    """``None``: it will be gone."""
    change: PlannedObject | None = None
    """What the plan says of it."""
    body: Body | None = None
    """What apply sends."""
    taken_by: str = ""
    """Address of the object with which the server deletes this one, which the plan itself leaves alone."""

    @property
    def old_id(self) -> str:
        """The id that it has now; empty for a new one."""
        return str(self.now["id"]) if self.now else ""


class Unreadable(NamedTuple):
    """An object of the plan of which nothing can be said, and why."""

    address: str
    type: str
    reason: str


class Outlook(NamedTuple):
    """All objects, as they are and as they will be."""

    now: Workspace
    planned: Workspace
    prospects: tuple[Prospect, ...]
    """Those of the plan in its order, and then what it does not manage."""
    unreadable: tuple[Unreadable, ...] = ()
    plan: Plan | None = None
    is_live: bool = False
    """Whether a server was read: without, there is nothing but what the plan has."""
    absent: tuple[str, ...] = ()
    """Addresses of what the plan changes on a server, and the one that was read does not have or show."""
    undecided: tuple[Unreadable, ...] = ()
    """Objects of which too little is known before the apply, and why; they are as they are now, if there are any."""

    def changed(self) -> Iterator[Prospect]:
        """The objects to which something is done."""
        return (one for one in self.prospects if one.action not in ("no-op", "read"))

    def prospect(self, type_: str, id_: str) -> Prospect | None:
        """The object of an id, now or then."""
        return next(
            (one for one in self.prospects if one.type == type_ and id_ in (one.id, one.old_id)), None
        )

    def at(self, address: str) -> Prospect | None:
        """The object at an address, and not one that was left behind there."""
        found = (one for one in self.prospects if one.address == address)
        return next((one for one in found if one.change is None or not one.change.deposed), None)


def outlook_of(plan: Plan | None, now: Workspace | None) -> Outlook:
    """Join a plan with the objects of a server; either may be missing.

    Without a server, what is known of an object now is what the plan tells of it. Without a plan, nothing changes.
    """
    return _Join(plan, now).outlook()


def absence(outlook: Outlook) -> str:
    """Which objects of the plan the server that was read does not have; there are some."""
    more = len(outlook.absent) - _NAMED
    named = ", ".join(outlook.absent[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
    return say(
        f"not on the server that was read, so that what becomes of it cannot be told: {named}",
        remedy=ELSEWHERE,
    )


class _Join:
    """Builds one outlook."""

    def __init__(self, plan: Plan | None, now: Workspace | None) -> None:
        self._plan = plan
        self._is_live = now is not None
        self._unread = now.unread if now else {}
        self._now: dict[str, dict[str, Json]] = (
            {type_: dict(now.of(type_)) for type_ in now.types()} if now else {}
        )
        self._planned: dict[str, dict[str, Json]] = {}
        self._prospects: list[Prospect] = []
        self._unreadable: list[Unreadable] = []
        self._absent: list[str] = []
        self._undecided: list[Unreadable] = []

    def outlook(self) -> Outlook:
        """The whole of it."""
        if self._plan is not None:
            self._follow(self._plan)
        self._join_schedules()
        managed = {(one.type, one.old_id) for one in self._prospects if one.now}
        for type_, held in self._now.items():
            for id_, document in held.items():
                if (type_, id_) not in managed:
                    self._prospects.append(Prospect(type_, id_, "no-op", "", document, document))
                    self._planned.setdefault(type_, {})[id_] = document
        self._carry_out()
        return Outlook(
            Workspace(self._now, self._unread),
            Workspace(self._planned, self._unread),
            tuple(self._prospects),
            tuple(self._unreadable),
            self._plan,
            self._is_live,
            tuple(self._absent),
            tuple(self._undecided),
        )

    def _follow(self, plan: Plan) -> None:
        for change in plan.objects:
            try:
                self._add(plan, change)
            except NotYetKnownError as error:
                self._undecided.append(Unreadable(change.address, change.type, str(error)))
            except PlanError as error:
                self._unreadable.append(Unreadable(change.address, change.type, str(error)))

    def _add(self, plan: Plan, change: PlannedObject) -> None:
        now = self._as_it_is(change)
        body = body_after(plan, change) if change.exists_after else None
        planned: Json | None = None
        id_ = change.id
        if change.action == "forget" or change.deferred:
            planned = now
        elif body is not None:
            if change.action in ("create", "replace") or not id_:
                id_ = placeholder(change.address)
            kept = now if now is not None and change.action != "replace" else {}
            planned = {**kept, **_open(change.type, body.json), "id": id_}
            if change.type == _DEPLOYMENT:
                planned["schedules"] = _in_place(kept.get("schedules"), planned.get("schedules"))
        if planned is not None:
            self._planned.setdefault(change.type, {})[str(planned["id"])] = planned
        self._prospects.append(
            Prospect(
                change.type,
                id_,
                "no-op" if change.deferred else change.action,
                change.address,
                now,
                planned,
                change,
                body,
            )
        )

    def _as_it_is(self, change: PlannedObject) -> Json | None:
        """The object on the server, or what the plan knows of it where no server was read."""
        if not change.id:
            return None
        found = self._now.get(change.type, {}).get(change.id)
        is_seen = self._is_live and change.type in TYPES and change.type not in self._unread
        if found is None and is_seen and change.changes:
            self._absent.append(change.address)
        if found is None and not is_seen:
            before = body_before(change)
            if before is not None:
                found = {**_open(change.type, before), "id": change.id}
                self._now.setdefault(change.type, {})[change.id] = found
        return found

    def _join_schedules(self) -> None:
        """Schedules that are resources of their own are in their deployments, as the API has them."""
        for one in self._prospects:
            if one.type != _SCHEDULE:
                continue
            held = self._planned.get(_DEPLOYMENT, {})
            before = str((one.now or {}).get("deployment_id", ""))
            if before in held:
                held[before] = _without(held[before], one)
            after = str((one.planned or {}).get("deployment_id", ""))
            if after in held and one.planned is not None:
                fields = {name: value for name, value in one.planned.items() if name != "deployment_id"}
                kept = _without(held[after], one)
                held[after] = {**kept, "schedules": [*(kept.get("schedules") or ()), fields]}

    def _carry_out(self) -> None:
        """What the server does along with a plan: it deletes deployments with their flows and blocks, and so on."""
        going = {
            (one.type, one.old_id): one.address
            for one in self._prospects
            if one.change is not None and one.action in ("delete", "replace") and not one.change.deferred
        }
        known = -1
        # What goes along may take others with it in turn.
        while known < len(going):
            known = len(going)
            self._prospects = [self._settled(one, going) for one in self._prospects]
            taken = {(one.type, one.old_id): one.taken_by for one in self._prospects if one.taken_by}
            going = taken | going

    def _settled(self, one: Prospect, going: Mapping[tuple[str, str], str]) -> Prospect:
        """An object with the planned form that it has in the end."""
        if one.planned is None:
            return one
        held = self._planned[one.type]
        for field, owner in _OWNERS.get(one.type, {}).items():
            taker = going.get((owner, str(one.planned.get(field))))
            if taker is not None:
                held.pop(str(one.planned["id"]), None)
                return one._replace(planned=None, taken_by=taker, action="delete")
        return one._replace(planned=held[str(one.planned["id"])])


def _in_place(now: Any, planned: Any) -> list[Json]:
    """The planned schedules, each with the id and the rest of the one whose slug, or id, it has."""
    held = {entry.get("slug") or entry["id"]: entry for entry in now or () if "id" in entry}
    return [{**held.get(entry.get("slug"), {}), **entry} for entry in planned or ()]


def _without(deployment: Json, schedule: Prospect) -> Json:
    """A deployment without a schedule, known by its id or its slug."""
    ids = {schedule.id, schedule.old_id} - {""}
    slugs = {
        document["slug"] for document in (schedule.now, schedule.planned) if document and document.get("slug")
    }
    kept = [
        entry
        for entry in deployment.get("schedules") or ()
        if entry.get("id") not in ids and entry.get("slug") not in slugs
    ]
    return {**deployment, "schedules": kept}


def _open(type_: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A body without what may be a secret as a whole."""
    hidden = {"prefect_block": "data", "prefect_variable": "value"}.get(type_)
    return {**body, hidden: SENSITIVE} if hidden and hidden in body else dict(body)
