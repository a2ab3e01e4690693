"""Users and their API keys: a key's own user only, and a key is shown when it is made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.environment.prefect_cloud.bodies import moment_or_null, or_null, taken, text
from tests.environment.prefect_cloud.exchange import Answer, Refusal, gone, invalid
from tests.environment.prefect_cloud.routing import route
from tests.environment.prefect_cloud.service_accounts import masked, new_key_of

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["read"]

_ONE = "/users/{id}"
_KEYS = "/users/{id}/api_keys"
_HANDLE = re.compile("[a-z0-9-]+")


def _own(request: Request) -> str:
    """The id of the user, who has to be the key's own."""
    assert request.actor is not None
    if request.names["id"].lower() != request.actor.get("user_id"):
        raise Refusal(403, "Forbidden")
    return str(request.actor["user_id"])


@route("GET", "/me/")
def read_me(cloud: PrefectCloud, request: Request) -> Answer:
    """The key's own user."""
    assert request.actor is not None
    user_id = request.actor.get("user_id")
    if user_id is None:
        return Answer(200, {"id": request.actor["id"], "handle": request.actor.get("name")})
    return Answer(200, cloud.store.get("users", user_id, "User"))


@route("GET", _ONE)
def read(cloud: PrefectCloud, request: Request) -> Answer:
    """The user."""
    return Answer(200, cloud.store.get("users", _own(request), "User"))


@route("PATCH", _ONE)
def change(cloud: PrefectCloud, request: Request) -> Answer:
    """Names, handle, address."""
    fields = dict.fromkeys(("handle", "email", "location", "title", "image_location"), or_null(text()))
    fields |= dict.fromkeys(("first_name", "last_name"), or_null(text(500)))
    body = taken(request.body, {}, fields)
    handle = body.get("handle")
    if handle is not None and not _HANDLE.fullmatch(handle):
        raise invalid(("body", "handle"), "Only lowercase letters, numbers and dashes", handle)
    user_id = _own(request)
    others = cloud.store.actual("users", lambda one: bool(one["handle"] == handle and one["id"] != user_id))
    if handle is not None and others:
        raise Refusal(409, "The handle is taken")
    given = {name: value for name, value in body.items() if value is not None}
    cloud.store.change("users", user_id, "User", **given)
    return Answer(204)


def _keys(cloud: PrefectCloud, request: Request) -> list[dict[str, Any]]:
    assert request.actor is not None
    _own(request)
    return [
        one | {"name": one.get("name", "first")}
        for one in cloud.store.all("keys")
        if one["actor_id"] == request.actor["id"]
    ]


@route("POST", _KEYS)
def create_key(cloud: PrefectCloud, request: Request) -> Answer:
    """Make a key."""
    assert request.actor is not None
    _own(request)
    body = taken(request.body, {"name": text()}, {"expiration": moment_or_null})
    key = new_key_of(cloud, request.actor["id"], body["name"], body.get("expiration"), stem="pnu")
    return Answer(201, key)


@route("GET", _KEYS)
def list_keys(cloud: PrefectCloud, request: Request) -> Answer:
    """The keys, or those of a name."""
    name = request.query.get("name")
    return Answer(200, [masked(one) for one in _keys(cloud, request) if name in (None, one["name"])])


@route("GET", f"{_KEYS}/{{key_id}}")
def read_key(cloud: PrefectCloud, request: Request) -> Answer:
    """One key, masked."""
    for one in _keys(cloud, request):
        if one["id"] == request.names["key_id"].lower():
            return Answer(200, masked(one))
    raise gone(noun="API key")


@route("DELETE", f"{_KEYS}/{{key_id}}")
def delete_key(cloud: PrefectCloud, request: Request) -> Answer:
    """Delete a key, which ends at once."""
    _own(request)
    cloud.store.drop("keys", request.names["key_id"].lower(), "API key")
    return Answer(204)
