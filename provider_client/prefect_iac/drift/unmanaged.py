"""What is on the server and in no state, without what the server itself makes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.drift.ignoring import first_match
from prefect_iac.drift.report import Ignored, Unmanaged, Unreadable
from prefect_iac.history.event import resource_id_of
from prefect_iac.history.query import Query
from prefect_iac.history.server import all_pages as events_in
from prefect_iac.plan.stored_object import managed_ids
from prefect_iac.secrecy.people import first_name
from prefect_iac.workspace.cloud_types import ACCOUNT_TYPES, CLOUD_TYPES, types_on
from prefect_iac.workspace.origins import is_servers, prefects_types
from prefect_provider.api import Forbidden, NotFound
from prefect_provider.objects.auditing import MARK
from prefect_provider.objects.catalogue import RESOURCES, SERVER_RESOURCES
from prefect_provider.objects.listing import has_listing
from prefect_provider.objects.pages import pages
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.rules.event_catalogue import CLOUD, OSS, kind_in_events
from prefect_provider.text import json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prefect_iac.drift.ignoring import Pattern
    from prefect_iac.plan.stored_object import StoredObject
    from prefect_provider.api import Client
    from prefect_provider.objects.remote import RemoteObject

__all__ = ["find_unmanaged"]

_DEPLOY: Final = "prefect deploy"
_SERVE: Final = "flow.serve()"
_TERRAFORM: Final = "Terraform, with another state"
_TRIGGER: Final = re.compile(r"(?P<deployment>.+)__automation_[0-9]+")
"""How ``prefect deploy`` names the automation of a deployment's trigger."""

_AT_ONCE: Final = 100
_MEMBER: Final = "prefect_account_member"
_CLOUDS: Final = frozenset((*ACCOUNT_TYPES, *CLOUD_TYPES))


async def find_unmanaged(
    objects: Iterable[StoredObject], client: Client, ignored: Sequence[Pattern] = ()
) -> tuple[list[Unmanaged], list[Ignored], list[Unreadable]]:
    """The objects of the server that none of ``objects`` is, by type and name; and those that a pattern leaves out.

    ``objects`` are those of all states. What belongs to an account of Prefect Cloud is looked for where a state has
    something of an account. One request for each type, and one more for each 190 objects of it. A type that the key
    may not see, or that the server does not have, is in the third list. Raises ``ApiError``.
    """
    objects = list(objects)
    known = managed_ids(objects)
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    unread: list[Unreadable] = []
    for kind in _kinds(objects, client):
        try:
            found[kind.type_name] = await _listed(kind, client)
        except (Forbidden, NotFound) as error:
            unread.append(Unreadable(kind.type_name, kind.type_name, "", str(error)))
    types = prefects_types(found.get("prefect_block_type", {}).values())
    deployments = [*found.get("prefect_deployment", {}).values()]
    unmanaged: list[Unmanaged] = []
    left_out: list[Ignored] = []
    for type_name, listed in found.items():
        for name, data in sorted(listed.items()):
            id_ = str(data["id"])
            if id_.lower() in known or is_servers(type_name, data, types):
                continue
            address = f"{type_name}[{json.write(name)}]"
            pattern = first_match(ignored, address)
            if pattern is None:
                unmanaged.append(Unmanaged(address, type_name, id_, _origin(type_name, data, deployments)))
            else:
                left_out.append(Ignored(address, (), pattern.text))
    marked = await _marked(client, unmanaged)
    told = [one._replace(origin=_TERRAFORM) if one.id in marked else one for one in unmanaged]
    return told, left_out, unread


def _kinds(objects: Sequence[StoredObject], client: Client) -> list[type[RemoteObject]]:
    """The types that are looked for; people are not among them, for nobody makes them with Terraform."""
    settings = client.settings
    listed = [] if settings.is_cloud and not settings.workspace_id else list(SERVER_RESOURCES)
    account = any(one.type in ACCOUNT_TYPES for one in objects)
    wanted = types_on(settings, account=account) - {_MEMBER}
    listed += [kind for kind in RESOURCES if kind.type_name in wanted]
    return [kind for kind in listed if has_listing(kind)]


async def _listed(kind: type[RemoteObject], client: Client) -> dict[str, Mapping[str, Any]]:
    """All objects of a type by what people call them."""
    asked = kind(client, Diagnostics())
    scope = asked.scope({})
    path = f"{asked.listed_at()}/filter"
    order = asked.listed_in or asked.newest_first
    found: dict[str, Mapping[str, Any]] = {}
    async with aclosing(pages(scope, path, {"sort": order} if order else {}, noun=asked.noun())) as read:
        async for page in read:
            objects = [data for data in page if asked.is_listed(data)]
            keys = await asked.keys_of(scope, objects)
            whole = len(keys) == len(objects)
            for number, data in enumerate(objects):
                key = "/".join(keys[number].values()) if whole else ""
                name = first_name(key, data.get("name"), data.get("handle"), data["id"])
                # Automations may share a name.
                found[name if name not in found else f"{name} {data['id']}"] = data
    return found


def _origin(type_name: str, data: Mapping[str, Any], deployments: Sequence[Mapping[str, Any]]) -> str:
    """What seems to have made an object, as far as it shows."""
    match type_name:
        case "prefect_deployment":
            return _origin_of_deployment(data)
        case "prefect_automation":
            found = _TRIGGER.fullmatch(str(data.get("name")))
            runs = {
                str(one.get("deployment_id"))
                for one in data.get("actions") or ()
                if isinstance(one, Mapping) and one.get("type") == "run-deployment"
            }
            names = {str(one.get("name")) for one in deployments if str(one["id"]) in runs}
            return _DEPLOY if found is not None and found["deployment"] in names else ""
        case "prefect_flow":
            origins = {_origin_of_deployment(one) for one in deployments if one.get("flow_id") == data["id"]}
            return origins.pop() if len(origins) == 1 else ""
    return ""


def _origin_of_deployment(data: Mapping[str, Any]) -> str:
    if not data.get("entrypoint"):
        return ""
    if data.get("work_pool_name"):
        return _DEPLOY if data.get("pull_steps") else ""
    return _SERVE


async def _marked(client: Client, objects: Sequence[Unmanaged]) -> set[str]:
    """The ids of those on which an apply has left a mark."""
    if client.settings.is_cloud and not client.settings.workspace_id:
        return set()
    by_resource = {
        f"{CLOUD if one.type in _CLOUDS else OSS}.{kind_in_events(one.type)}.{one.id}".lower(): one.id
        for one in objects
    }
    marked: set[str] = set()
    resources = [*by_resource]
    for start in range(0, len(resources), _AT_ONCE):
        wanted = Query((MARK,), resources=tuple(resources[start : start + _AT_ONCE])).filter()
        # Without them it is only not known what made an object.
        with suppress(Forbidden):
            async for page in events_in(client, wanted):
                marked |= {by_resource.get(resource_id_of(event).lower(), "") for event in page}
    return marked
