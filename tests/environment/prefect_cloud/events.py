"""Events of a workspace as Prefect Cloud has them: in windows of 14 days, with actors, under its own names.

They are those of the workspace's real server. What an automation does is called ``prefect-cloud.automation.``; an event
of a change names whose key made it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from tests.environment.prefect_cloud.bodies import fields
from tests.environment.prefect_cloud.exchange import Answer, invalid
from tests.environment.prefect_cloud.routing import route

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["note_change"]

_AT: Final = "/accounts/{account_id}/workspaces/{workspace_id}/events"
_LONGEST: Final = timedelta(days=14)
_SLACK: Final = timedelta(minutes=1)
_RUNS: Final = ("triggered", "resolved", "action.triggered", "action.executed", "action.failed")
_CLOUDS: Final = {f"prefect.automation.{name}": f"prefect-cloud.automation.{name}" for name in _RUNS}
_REAL: Final = {cloud: real for real, cloud in _CLOUDS.items()}

_AUDITED: Final = {
    "account_memberships": "account-membership",
    "bots": "service-account",
    "teams": "team",
    "webhooks": "webhook",
    "workspace_roles": "workspace-role",
    "workspaces": "workspace",
}
"""Kinds in the audit log, by collection."""

_COLLECTIONS: Final = {
    "automation": "automations",
    "block-document": "block_documents",
    "block-type": "block_types",
    "deployment": "deployments",
    "flow": "flows",
    "variable": "variables",
    "work-pool": "work_pools",
    "work-queue": "work_pools",
}
"""Where objects of a kind are written."""


@route("POST", f"{_AT}/filter")
def find_events(cloud: PrefectCloud, request: Request) -> Answer:
    """The first page of the events that are asked for."""
    return _named(cloud, cloud.forward(request, body=_asked(request.body)))


@route("GET", f"{_AT}/filter/next")
def further_events(cloud: PrefectCloud, request: Request) -> Answer:
    """A further page."""
    return _named(cloud, cloud.forward(request))


@route("POST", f"{_AT}/count-by/{{countable}}")
def count_events(cloud: PrefectCloud, request: Request) -> Answer:
    """How many there are, by name or time."""
    answer = cloud.forward(request, body=_asked(request.body))
    if answer.status == 200 and request.names["countable"] == "event":
        counts = [
            {**one, "value": _CLOUDS.get(one["value"], one["value"])}
            | ({"label": _CLOUDS.get(one["label"], one["label"])} if "label" in one else {})
            for one in answer.data
        ]
        return Answer(200, counts)
    return answer


@route("POST", "/accounts/{account_id}/events/filter", permission="manage_account")
def find_account_events(cloud: PrefectCloud, request: Request) -> Answer:
    """The audit log of the account, newest first."""
    body = fields(_asked(request.body), ("filter", "limit"), needed=("filter",))
    wanted = fields(body["filter"], ("any_resource", "event", "occurred", "order", "resource"))
    names = (wanted.get("event") or {}).get("name")
    ids = (wanted.get("any_resource") or wanted.get("resource") or {}).get("id")
    since, until = (_instant(wanted["occurred"].get(name)) for name in ("since", "until"))
    found = []
    for one in reversed(cloud.store.actual("audit")):
        occurred = datetime.fromisoformat(one["created"])
        is_meant = (names is None or one["event"] in names) and (ids is None or one["resource_id"] in ids)
        if is_meant and (since is None or since <= occurred) and (until is None or occurred <= until):
            found.append(_audited(cloud, one))
    return Answer(200, {"events": found, "total": len(found), "next_page": None})


def _audited(cloud: PrefectCloud, entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of the audit log as the event that it is."""
    return {
        "id": entry["id"],
        "occurred": entry["created"],
        "received": entry["created"],
        "event": entry["event"],
        "resource": {"prefect.resource.id": entry["resource_id"]},
        "related": [_actor(cloud, entry["actor_id"])],
        "payload": {},
        "follows": None,
    }


def note_change(cloud: PrefectCloud, request: Request, answer: Answer) -> None:
    """Enter into the audit log what a request has done to an object of the account."""
    steps = request.path.split("/")[3:]
    if steps[:1] == ["workspaces"] and len(steps) > 2:
        steps = steps[2:]
    kind = _AUDITED.get(steps[0] if steps else "")
    change = {"POST": "created", "PUT": "updated", "PATCH": "updated", "DELETE": "deleted"}.get(
        request.method
    )
    if kind is None or change is None or answer.status >= 300 or request.actor is None:
        return
    if request.method == "POST":
        if not isinstance(answer.data, dict):
            return
        id_ = answer.data["id"]
    else:
        id_ = steps[1]
        # What is done to a part of an object changes it.
        change = change if len(steps) == 2 else "updated"
    event = f"prefect-cloud.{kind}.{change}"
    cloud.store.put(
        "audit", event=event, resource_id=f"prefect-cloud.{kind}.{id_}", actor_id=request.actor["id"]
    )


def _asked(body: Any) -> Any:
    """The question to the real server; 422 for one about more than 14 days."""
    if not isinstance(body, dict) or not isinstance(body.get("filter"), dict):
        return body
    wanted = dict(body["filter"])
    occurred = wanted.get("occurred") or {}
    now = datetime.now(UTC)
    since, until = (_instant(occurred.get(name)) for name in ("since", "until"))
    if since is not None and (until or now) - since > _LONGEST + _SLACK:
        place = ("body", "filter", "occurred")
        raise invalid(place, "Events can be queried for 14 days at most", occurred)
    if since is None:
        wanted["occurred"] = {**occurred, "since": ((until or now) - _LONGEST).isoformat()}
    names = wanted.get("event")
    if isinstance(names, dict) and isinstance(names.get("name"), list):
        asked = [_REAL.get(name, name) for name in names["name"] if name not in _CLOUDS]
        # A list without names would ask for all.
        wanted["event"] = {**names, "name": asked or ["simulator.none"]}
    return {**body, "filter": wanted}


def _instant(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def _named(cloud: PrefectCloud, answer: Answer) -> Answer:
    if answer.status != 200:
        return answer
    events = [_as_clouds(cloud, one) for one in answer.data["events"]]
    return Answer(200, {**answer.data, "events": events})


def _as_clouds(cloud: PrefectCloud, event: dict[str, Any]) -> dict[str, Any]:
    shown = {**event, "event": _CLOUDS.get(event["event"], event["event"])}
    kind, _, change = event["event"].removeprefix("prefect.").partition(".")
    if change in ("created", "updated", "deleted"):
        actor_id = cloud.writer_at(_COLLECTIONS.get(kind, ""), datetime.fromisoformat(event["occurred"]))
        if actor_id is not None:
            shown["related"] = [*event["related"], _actor(cloud, actor_id)]
    return shown


def _actor(cloud: PrefectCloud, actor_id: str) -> dict[str, str]:
    """The related resource of whose key it was."""
    [actor] = cloud.store.actual("actors", lambda one: bool(one["id"] == actor_id))
    found = {
        "prefect.resource.id": f"prefect-cloud.actor.{actor_id}",
        "prefect.resource.role": "actor",
        "prefect.resource.name": str(actor.get("email") or actor["name"]),
        "prefect-cloud.name": str(actor["name"]),
    }
    for user in cloud.store.actual("users", lambda one: bool(one.get("actor_id") == actor_id)):
        found["prefect-cloud.email"] = user["email"]
        found["prefect-cloud.name"] = f"{user['first_name']} {user['last_name']}"
        found["prefect-cloud.handle"] = user["handle"]
    return found
