"""What was deleted, as code: the event of a deletion holds the last state of an automation, a variable or a limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.configuration.labels import label_of
from prefect_iac.history.event import occurred_of, resource_id_of
from prefect_iac.history.query import Query
from prefect_iac.history.server import all_pages, kept_for
from prefect_provider.objects.catalogue import (
    Automation,
    GlobalConcurrencyLimit,
    TaskRunConcurrencyLimit,
    Variable,
)
from prefect_provider.objects.server.limit_names import OF_A_TAG
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.rules.event_catalogue import OSS, kind_in_events
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, near_names, show

if TYPE_CHECKING:
    from datetime import datetime

    from prefect_iac.history.event import Event
    from prefect_provider.api import Client
    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.values import Values

__all__ = ["KINDS", "Deleted", "RestoreError", "find_deleted"]

KINDS: Final[tuple[type[RemoteObject], ...]] = (
    Automation,
    Variable,
    GlobalConcurrencyLimit,
    TaskRunConcurrencyLimit,
)
"""The types whose deletion events hold the object."""


class RestoreError(Exception):
    """Nothing that was deleted is what was asked for; the message says what there is instead."""


class Deleted(NamedTuple):
    """An object as it was when it was deleted."""

    kind: type[RemoteObject]
    name: str
    id: str
    at: datetime
    event_id: str
    values: Values
    """As a read would have returned them."""
    others: tuple[str, ...]
    """The ids of others of this type and name that were deleted before, the last first."""


async def find_deleted(client: Client, wanted: str, *, type_name: str = "", id_: str = "") -> Deleted:
    """The object that was deleted last under a name, or the one of an id.

    ``wanted`` is the object's name, or what Terraform would call it. Raises :class:`RestoreError` where there is none,
    or where objects of several types had that name and ``type_name`` is not given, and ``ApiError``.
    """
    found: list[tuple[type[RemoteObject], str, Event]] = []
    known: set[str] = set()
    events = sorted({f"{OSS}.{kind_in_events(kind.type_name)}.deleted" for kind in KINDS})
    async for page in all_pages(client, Query(tuple(events)).filter()):
        for event in page:
            kind, name = _kind_of(event), str(event["resource"].get("prefect.resource.name") or "")
            if kind is None or (type_name and kind.type_name != type_name):
                continue
            name = name.removeprefix(OF_A_TAG) if kind is TaskRunConcurrencyLimit else name
            known.add(name)
            uuid = resource_id_of(event).rpartition(".")[2]
            if (uuid.lower() == id_.lower()) if id_ else wanted in (name, label_of(name), uuid):
                found.append((kind, name, event))
    if not found:
        raise RestoreError(await _nothing(client, wanted, known))
    types = sorted({kind.type_name for kind, _, _ in found})
    if len(types) > 1:
        what = f"objects of several types were deleted under the name {show(wanted)}: {names(types)}"
        raise RestoreError(say(what, remedy=f"Write {types[0]}.{label_of(wanted)}"))
    kind, name, event = found[0]
    others = tuple(resource_id_of(one).rpartition(".")[2] for _, _, one in found[1:])
    return _deleted(client, kind, name, event, others)


def _kind_of(event: Event) -> type[RemoteObject] | None:
    """What was deleted, if the event holds it; a limit of a tag is one of a name that says so, or has a ``tag``."""
    payload = event.get("payload")
    if not isinstance(payload, Mapping) or not payload:
        return None
    match event["event"].split(".")[1]:
        case "automation":
            return Automation
        case "variable":
            return Variable
        case "concurrency-limit":
            is_tags = "tag" in payload or str(payload.get("name")).startswith(OF_A_TAG)
            return TaskRunConcurrencyLimit if is_tags else GlobalConcurrencyLimit
    return None


def _deleted(
    client: Client, kind: type[RemoteObject], name: str, event: Event, others: tuple[str, ...]
) -> Deleted:
    at = occurred_of(event)
    id_ = resource_id_of(event).rpartition(".")[2]
    payload: dict[str, Any] = dict(event["payload"])
    if kind is TaskRunConcurrencyLimit:
        payload = {
            "tag": payload.get("tag", name),
            "concurrency_limit": payload.get("concurrency_limit", payload.get("limit")),
            "active_slots": [],
        }
    elif kind is GlobalConcurrencyLimit:
        payload.setdefault("active_slots", 0)
    data = {"created": at.isoformat(), "updated": at.isoformat(), **payload, "id": id_}
    values = kind(client, Diagnostics()).understand(f"the event {event['id']}", data, {})
    return Deleted(kind, name, id_, at, str(event["id"]), values, others)


async def _nothing(client: Client, wanted: str, known: set[str]) -> str:
    version = None if client.settings.is_cloud else await client.check()
    kept = await kept_for(client, Query())
    near = near_names(wanted, sorted(known))
    since = "" if kept is None else f" of the last {kept.days or 1} day{'s' if kept.days > 1 else ''}"
    what = f"no automation, variable or limit {show(wanted)} is in the events of deletions{since}"
    if near:
        return say(what, remedy=f"Deleted were {names(near)}")
    remedy = "" if version is None else f"Servers from 3.7.4 on keep these events; this one is {version}"
    return say(what, remedy=remedy)
