"""Who changed what, and when: what the server's events and the objects themselves carry, and nothing more.

No event of a self-hosted server names a person. An event says that an object was changed; the event of an action says
that an automation did it; the mark of an apply (``audit_events``), that Terraform did. What is left was somebody else.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.drift.report import Cause
from prefect_iac.history.event import moment, occurred_of, resource_id_of
from prefect_iac.history.query import Query
from prefect_iac.history.server import all_pages, seen_since
from prefect_iac.workspace.cloud_types import ACCOUNT_TYPES, CLOUD_TYPES
from prefect_provider.api import ConfigurationError, Forbidden, Invalid, NotFound
from prefect_provider.objects.auditing import ACTOR, MARK
from prefect_provider.rules.event_catalogue import CLOUD, OSS, kind_in_events

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prefect_iac.drift.report import Changed, DriftReport, Missing, Undecided, ValueChange
    from prefect_iac.history.event import Event
    from prefect_provider.api import Client, Scope
    from prefect_provider.text.path import Path

__all__ = ["find_causes"]

_AT_ONCE: Final = 100
"""Objects whose events are asked for in one request."""

_SOON: Final = timedelta(seconds=60)
"""Within which an apply leaves its mark after the change."""

_EXECUTED: Final = tuple(f"{space}.automation.action.executed" for space in (OSS, CLOUD))

_ACTIONS: Final[Mapping[tuple[str, str], str]] = {
    ("prefect_deployment", "paused"): "deployment",
    ("prefect_automation", "enabled"): "automation",
    ("prefect_work_pool", "paused"): "work-pool",
    ("prefect_work_queue", "is_paused"): "work-queue",
}
"""The attributes that actions of automations change, and what the actions are called after ``pause-``."""

_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "job_variables": frozenset({"infra_overrides", "job_variables"}),
    "work_pool_name": frozenset({"work_queue_id", "work_pool_name"}),
    "work_queue_name": frozenset({"work_queue_id", "work_queue_name"}),
    "parameter_openapi_schema": frozenset({"parameter_openapi_schema"}),
    "concurrency_limit": frozenset({"concurrency_limit", "concurrency_limit_id"}),
    "global_concurrency_limit_id": frozenset({"concurrency_limit_id"}),
}
"""How events call an attribute, where that is not its name."""

_TELLING: Final = frozenset({"deployment", "work-pool", "work-queue"})
"""The kinds whose events say which fields were changed."""

_SINCE: Final[Mapping[tuple[str, str], str]] = {
    ("work-pool", "updated"): "3.6.7",
    ("work-queue", "updated"): "3.6.7",
    ("deployment", "updated"): "3.6.23",
    ("deployment", "deleted"): "3.6.23",
}
_OTHERS_SINCE: Final = "3.7.4"
_SILENT: Final = frozenset({"block-schema", "deployment-schedule"})
"""Kinds of which no Prefect emits an event."""


async def find_causes(
    report: DriftReport, client: Client, workspaces: Mapping[str, str] = MappingProxyType({})
) -> Mapping[tuple[str, Path], Cause]:
    """The cause of each difference, by address and path, and with an empty path of each object that is missing.

    ``workspaces``: for the address of each object in another workspace than the client's, the id of that. One request
    for all objects of a workspace that differ, and one for their deployments; on Prefect Cloud one for each two weeks.
    Raises ``ApiError``.
    """
    objects: list[Changed | Undecided | Missing] = [*report.changed, *report.undecided, *report.missing]
    if not objects:
        return {}
    version = None if client.settings.is_cloud else await client.check()
    floor = await seen_since(client, Query())
    causes: dict[tuple[str, Path], Cause] = {}
    for workspace_id, those in _by_workspace(objects, workspaces).items():
        scope = _workspace(client, workspace_id)
        resources = [_resource_id(one.type, one.id) for one in those]
        found = await _events(client, resources, floor, scope)
        deployments = {} if scope is None else await _deployments(scope, those)
        for one in those:
            told = _Told(one.type, found.get(_resource_id(one.type, one.id), ()), version, floor)
            changes = getattr(one, "changes", None)
            if changes is None:
                causes[one.address, ()] = told.deletion()
                continue
            deployment = deployments.get(one.id, {})
            for change in changes:
                updated = getattr(one, "updated", None)
                causes[one.address, change.path] = told.change(change, updated, deployment)
    return causes


def _by_workspace(
    objects: Iterable[Changed | Undecided | Missing], workspaces: Mapping[str, str]
) -> Mapping[str, list[Changed | Undecided | Missing]]:
    """The objects by workspace; the client's has an empty id."""
    found: dict[str, list[Changed | Undecided | Missing]] = {}
    for one in objects:
        found.setdefault(workspaces.get(one.address, ""), []).append(one)
    return found


def _workspace(client: Client, workspace_id: str) -> Scope | None:
    """The workspace; ``None`` where the client knows an account only."""
    if client.settings.is_cloud and not (workspace_id or client.settings.workspace_id):
        return None
    return client.workspace(None, workspace_id or None)


def _resource_id(type_name: str, id_: str) -> str:
    space = CLOUD if type_name in (*ACCOUNT_TYPES, *CLOUD_TYPES) else OSS
    return f"{space}.{kind_in_events(type_name)}.{id_.lower()}"


async def _events(
    client: Client, resources: Sequence[str], floor: datetime | None, scope: Scope | None
) -> Mapping[str, Sequence[Event]]:
    """What concerns each resource, newest first: its own events, and those of actions on it."""
    kinds = sorted({tuple(resource.split(".")[:2]) for resource in resources})
    names = [f"{space}.{kind}.{change}" for space, kind in kinds for change in ("updated", "deleted")]
    names += [f"{OSS}.{kind}.paused" for _, kind in kinds if kind in ("work-pool", "work-queue")]
    found: dict[str, list[Event]] = {}
    for start in range(0, len(resources), _AT_ONCE):
        asked = list(dict.fromkeys(resources[start : start + _AT_ONCE]))
        wanted = Query(since=floor).filter() | {
            "event": {"name": [*names, MARK, *_EXECUTED]},
            "any_resource": {"id": asked},
        }
        if scope is not None:
            async for page in all_pages(client, wanted, scope):
                _sort(page, asked, found)
        if any(resource.startswith(f"{CLOUD}.") for resource in asked):
            # The audit log is the account's, and not every plan and every key has it.
            with suppress(ConfigurationError, Forbidden, Invalid, NotFound):
                async for page in all_pages(client, wanted, client.account()):
                    _sort(page, asked, found)
    for events in found.values():
        events.sort(key=occurred_of, reverse=True)
    return found


def _sort(page: Iterable[Event], asked: Sequence[str], found: dict[str, list[Event]]) -> None:
    for event in page:
        for resource in _concerned(event):
            if resource in asked and event not in found.get(resource, ()):
                found.setdefault(resource, []).append(event)


def _concerned(event: Event) -> list[str]:
    if event["event"] in _EXECUTED:
        return [str(one.get("prefect.resource.id")).lower() for one in _related(event, "target")]
    return [resource_id_of(event).lower()]


def _payload(event: Event) -> Mapping[str, Any]:
    payload = event.get("payload")
    return payload if isinstance(payload, dict) else {}


def _lists(payload: Mapping[str, Any], field: str, name: str) -> bool:
    """Whether a name is in a list of the payload."""
    listed = payload.get(field)
    return isinstance(listed, list) and name in listed


def _related(event: Event, role: str) -> list[Mapping[str, Any]]:
    related = event.get("related")
    return [
        one
        for one in (related if isinstance(related, list) else ())
        if isinstance(one, dict) and one.get("prefect.resource.role") == role
    ]


async def _deployments(
    scope: Scope, objects: Iterable[Changed | Undecided | Missing]
) -> Mapping[str, Mapping[str, Any]]:
    """The deployments among the objects as the server has them, read together: the times of schedules are there."""
    ids = list(dict.fromkeys(one.id for one in objects if one.type == "prefect_deployment"))
    collection = scope.collection("/deployments")
    found = await asyncio.gather(*(collection.read(id_) for id_ in ids))
    return {id_: data for id_, data in zip(ids, found, strict=True) if data is not None}


class _Told(NamedTuple):
    """What is known of one object."""

    type: str
    events: Sequence[Event]
    version: str | None
    floor: datetime | None

    def deletion(self) -> Cause:
        """Who deleted it."""
        event = next((one for one in self.events if one["event"].endswith(".deleted")), None)
        return self._unknown("deleted", None) if event is None else self._by(event, None)

    def change(self, change: ValueChange, updated: str | None, deployment: Mapping[str, Any]) -> Cause:
        """Who changed one place in it."""
        name = str(change.path[0])
        if self.type == "prefect_deployment" and name == "schedules":
            return self._schedule(change, deployment)
        if kind_in_events(self.type) == "deployment-schedule" and updated is not None:
            return self._by_time(moment(updated), "updated", name)
        action = self._action(name, change.now)
        event = self._update(name, change.now)
        if action is not None and (event is None or occurred_of(action) + _SOON >= occurred_of(event)):
            named = action["resource"].get("prefect.resource.name")
            return Cause("automation", _name(named), occurred_of(action), evidence=f"event {action['id']}")
        if event is not None:
            return self._by(event, name)
        last = None if updated is None else moment(updated)
        mark = self._mark(last, name)
        if mark is not None:
            return _ours(mark)
        author = deployment.get("updated_by")
        if isinstance(author, dict) and author.get("type"):
            by_automation = str(author["type"]).upper() == "AUTOMATION"
            actor = _name(author.get("display_value"))
            return Cause(
                "automation" if by_automation else "outside", actor, before=last, evidence="field updated_by"
            )
        return self._unknown("updated", last)

    def _update(self, name: str, now: Any) -> Event | None:
        """The last event that tells of a change to this attribute."""
        fields = _FIELDS.get(name, frozenset({name}))
        for event in self.events:
            _, _, rest = event["event"].partition(".")
            kind, _, what = rest.partition(".")
            if what == "updated":
                told = any(_lists(_payload(event), "updated_fields", field) for field in fields)
                if told or kind not in _TELLING:
                    return event
            elif (self.type, name) in _ACTIONS and what == "paused" and now is True:
                # That it goes on is told as `ready`, as is that a worker came, which is no evidence.
                return event
        return None

    def _action(self, name: str, now: Any) -> Event | None:
        """The last action of an automation that has made the attribute what it is now."""
        target = _ACTIONS.get((self.type, name))
        if target is None or not isinstance(now, bool):
            return None
        paused = now if name != "enabled" else not now
        wanted = f"{'pause' if paused else 'resume'}-{target}"
        for event in self.events:
            if event["event"] in _EXECUTED and _payload(event).get("action_type") == wanted:
                return event
        return None

    def _by(self, event: Event, name: str | None) -> Cause:
        """The cause of what an event tells: ours if our mark follows it, or whom Prefect Cloud names."""
        at = occurred_of(event)
        mark = self._mark(at, name)
        if mark is not None:
            return _ours(mark)
        actor = next((_actor(one) for one in _related(event, "actor")), None)
        return Cause("outside", actor, at, evidence=f"event {event['id']}")

    def _mark(self, at: datetime | None, name: str | None) -> Event | None:
        """The mark that an apply left soon after this time, for this attribute, or for a deletion."""
        if at is None:
            return None
        for event in self.events:
            if event["event"] != MARK or not timedelta(seconds=-1) <= occurred_of(event) - at <= _SOON:
                continue
            payload = _payload(event)
            covered = payload.get("action") == "deleted" if name is None else _lists(payload, "changed", name)
            if covered:
                return event
        return None

    def _schedule(self, change: ValueChange, deployment: Mapping[str, Any]) -> Cause:
        """A schedule has a time of its own, which is the only trace of a change to it."""
        key = change.path[1] if len(change.path) > 1 else None
        for schedule in deployment.get("schedules") or ():
            if isinstance(schedule, dict) and schedule.get("slug") == key and isinstance(key, str):
                at = moment(str(schedule.get("updated")))
                return self._by_time(at, f"schedules[{key!r}].updated", "schedules")
        last = moment(str(deployment.get("updated")))
        return Cause(
            "unknown", before=last, evidence="field updated", note="no server emits an event for a schedule"
        )

    def _by_time(self, at: datetime | None, field: str, name: str) -> Cause:
        mark = self._mark(at, name)
        if mark is not None:
            return _ours(mark)
        return Cause("outside", at=at, evidence=f"field {field}")

    def _unknown(self, what: str, last: datetime | None) -> Cause:
        kind = kind_in_events(self.type)
        evidence = "" if last is None else "field updated"
        since = _SINCE.get((kind, what), _OTHERS_SINCE)
        if kind in _SILENT:
            note = f"no server emits an event for a {kind.replace('-', ' ')}"
        elif self.version is not None and _number(self.version) < _number(since):
            note = f"Prefect {self.version} emits no event for it, {since} and later do"
        elif self.floor is not None and (last is None or last < self.floor):
            last = last or self.floor
            note = "older than the history that the server keeps"
        else:
            note = "there is no event of it"
        return Cause("unknown", before=last, evidence=evidence, note=note)


def _ours(mark: Event) -> Cause:
    payload = _payload(mark)
    actors = (
        _name(str(one.get("prefect.resource.id")).removeprefix(ACTOR)) for one in _related(mark, "actor")
    )
    parts = [str(payload[key]) for key in ("commit", "run") if payload.get(key)]
    return Cause(
        "ours", next(actors, None), occurred_of(mark), evidence=f"event {mark['id']}", note=", ".join(parts)
    )


def _actor(related: Mapping[str, Any]) -> str | None:
    """The name of whom Prefect Cloud names; never an address of e-mail."""
    labels = ("prefect-cloud.handle", "prefect-cloud.name", "prefect.resource.name", "prefect.resource.id")
    names: Iterable[str | None] = (_name(related.get(label)) for label in labels)
    return next((name for name in names if name), None)


def _name(text: Any) -> str | None:
    return text if isinstance(text, str) and text and "@" not in text else None


def _number(version: str) -> tuple[int, ...]:
    """``3.8.8`` as numbers; what follows them (``rc1``, ``+dev``) is left out."""
    numbers = []
    for part in version.split(".")[:3]:
        digits = "".join(character for character in part if character.isdigit()) if part[:1].isdigit() else ""
        numbers.append(int(digits[:6]) if digits else 0)
    return tuple(numbers)
