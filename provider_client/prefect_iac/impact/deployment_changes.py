"""What a plan does to a deployment that stays: its fields, and each of its schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.plan.decoding import declaration_of
from prefect_provider.rules.schedules import flat, same

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prefect_iac.plan.changes import PlannedObject
    from prefect_iac.workspace.content import Json
    from prefect_iac.workspace.outlook import Outlook, Prospect

__all__ = ["DeploymentChange", "deployment_changes"]

_DEPLOYMENT: Final = "prefect_deployment"
_SCHEDULE: Final = "prefect_deployment_schedule"


class DeploymentChange(NamedTuple):
    """A deployment that an apply writes to."""

    prospect: Prospect
    now: Json
    planned: Json
    fields: frozenset[str]
    """The attributes that the plan changes, without its schedules."""
    deleted: tuple[Json, ...]
    updated: tuple[tuple[Json, Json], ...]
    """Schedules as they are, and as they will be."""
    added: tuple[Json, ...]

    @property
    def remakes(self) -> bool:
        """Whether the server deletes its future runs, which the scheduler then makes again."""
        return bool(self.fields or self.deleted or self.updated)

    @property
    def is_paused(self) -> bool:
        """Whether it makes no runs any more."""
        return bool(self.planned.get("paused"))

    @property
    def moves(self) -> bool:
        """Whether later runs go to another queue."""
        if not self.fields & {"work_pool_name", "work_queue_name"}:
            return False
        pools = [one.get("work_pool_name") for one in (self.now, self.planned)]
        queues = [one.get("work_queue_name") or "default" for one in (self.now, self.planned)]
        return pools[0] != pools[1] or queues[0] != queues[1]


def deployment_changes(outlook: Outlook) -> list[DeploymentChange]:
    """The deployments that stay and are changed, or whose schedules are."""
    own: dict[str, list[Prospect]] = {}
    for one in outlook.prospects:
        if one.type == _SCHEDULE and one.action in ("create", "update", "replace", "delete"):
            for document in (one.now, one.planned):
                if document and document.get("deployment_id"):
                    found = own.setdefault(str(document["deployment_id"]), [])
                    if one not in found:
                        found.append(one)
    changes: list[DeploymentChange] = []
    for one in outlook.prospects:
        if one.type != _DEPLOYMENT or one.now is None or one.planned is None or one.action == "replace":
            continue
        schedules = own.get(one.old_id, ())
        if one.action == "update" or schedules:
            changes.append(_change(one, one.now, one.planned, schedules))
    return [one for one in changes if one.remakes or one.added]


def _change(prospect: Prospect, now: Json, planned: Json, own: Iterable[Prospect]) -> DeploymentChange:
    fields = _changed(prospect.change) if prospect.change is not None else frozenset[str]()
    before = {_key(one): one for one in now.get("schedules") or ()}
    if "schedules" in fields:
        after = {_key(one): one for one in planned.get("schedules") or ()}
    else:
        after = dict(before)
    for one in own:
        if one.now is not None and one.now.get("deployment_id") == prospect.old_id:
            for key in [key for key, held in after.items() if _is(held, one)]:
                del after[key]
        if one.planned is not None and one.planned.get("deployment_id") == prospect.id:
            after[_key(one.planned)] = one.planned
    shared = [(before[key], after[key]) for key in before if key in after]
    return DeploymentChange(
        prospect,
        now,
        {**planned, "schedules": list(after.values())},
        fields - {"schedules"},
        tuple(one for key, one in before.items() if key not in after),
        tuple((was, will) for was, will in shared if not same(flat(will), flat(was))),
        tuple(one for key, one in after.items() if key not in before),
    )


def _key(schedule: Mapping[str, Any]) -> str:
    return str(schedule.get("slug") or schedule.get("id"))


def _is(schedule: Json, prospect: Prospect) -> bool:
    now = prospect.now or {}
    return schedule.get("id") == prospect.old_id or (
        bool(now.get("slug")) and schedule.get("slug") == now.get("slug")
    )


def _changed(change: PlannedObject) -> frozenset[str]:
    """The attributes that are written: what the configuration can set and what differs or is not known yet."""
    declaration = declaration_of(change.type)
    attributes = {} if declaration is None else declaration.attributes
    before, after = change.before or {}, change.after or {}
    unknown = {path[0] for path in change.unknown if path}
    return frozenset(
        name
        for name, attribute in attributes.items()
        if attribute.configurable and (name in unknown or before.get(name) != after.get(name))
    )
