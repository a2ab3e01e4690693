"""Workspaces, and who may see them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from tests.environment.prefect_cloud.bodies import fields
from tests.environment.prefect_cloud.exchange import Answer, Refusal, invalid
from tests.environment.prefect_cloud.routing import route
from tests.environment.prefect_cloud.store import meets, paged

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["make_workspace"]

_FIELDS: Final = ("name", "handle", "description", "default_workspace_role_id")
_HANDLE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@route("POST", "/accounts/{account_id}/workspaces/", permission="create_workspaces")
def make_workspace(cloud: PrefectCloud, request: Request) -> Answer:
    """A new workspace; 409 for a handle that is taken."""
    given = fields(request.body, _FIELDS, needed=("name", "handle"))
    _check(cloud, given, "")
    made = cloud.store.put(
        "workspaces",
        **(
            {
                "account_id": cloud.account_id,
                "description": None,
                "default_workspace_role_id": None,
                "is_public": False,
            }
            | given
        ),
    )
    if cloud.next_upstreams:
        cloud.upstreams[made["id"]] = cloud.next_upstreams.pop(0)
    return Answer(201, made)


@route("POST", "/accounts/{account_id}/workspaces/filter", permission="see_workspaces")
def find_workspaces(cloud: PrefectCloud, request: Request) -> Answer:
    """A page of those with one of these handles, or of all, that the key may see."""
    wanted, actor = meets(request.body, "workspaces", "handle"), request.actor or {}
    seen = cloud.store.all("workspaces", lambda one: wanted(one) and cloud.may_see(actor, one["id"]))
    return Answer(200, paged(seen, request.body))


@route("GET", "/accounts/{account_id}/workspaces/{workspace_id}", permission="see_workspace")
def read_workspace(cloud: PrefectCloud, request: Request) -> Answer:
    """One workspace."""
    return Answer(200, cloud.store.get("workspaces", request.names["workspace_id"], "Workspace"))


@route("PATCH", "/accounts/{account_id}/workspaces/{workspace_id}", permission="manage_workspace_settings")
def change_workspace(cloud: PrefectCloud, request: Request) -> Answer:
    """Change what is given."""
    given, id_ = fields(request.body, _FIELDS), request.names["workspace_id"]
    _check(cloud, given, id_)
    cloud.store.change("workspaces", id_, "Workspace", **given)
    return Answer(204)


@route("DELETE", "/accounts/{account_id}/workspaces/{workspace_id}", permission="delete_workspace")
def delete_workspace(cloud: PrefectCloud, request: Request) -> Answer:
    """It cannot be reached any more; what is on the real server behind it stays, for others share that."""
    id_ = request.names["workspace_id"]
    cloud.store.drop("workspaces", id_, "Workspace")
    for access in cloud.store.actual("workspace_access", lambda one: bool(one["workspace_id"] == id_)):
        cloud.store.drop("workspace_access", access["id"], "Access")
    return Answer(204)


def _check(cloud: PrefectCloud, given: dict[str, Any], id_: str) -> None:
    for name in ("name", "handle"):
        if name in given and (not isinstance(given[name], str) or not given[name]):
            raise invalid(("body", name), "Input should be a valid string", given[name])
    if "handle" in given and not _HANDLE.fullmatch(given["handle"]):
        raise invalid(
            ("body", "handle"), "Handles are of lowercase letters, digits and dashes", given["handle"]
        )
    for name in ("name", "handle"):
        taken = cloud.store.actual("workspaces", lambda one, name=name: bool(one[name] == given.get(name)))  # type: ignore[misc]
        if any(one["id"] != id_ for one in taken):
            raise Refusal(409, f"A workspace with this {name} exists already")


@route("GET", "/me/")
def read_me(cloud: PrefectCloud, request: Request) -> Answer:
    """Whose key it is."""
    id_ = (request.actor or {})["id"]
    [actor] = cloud.store.actual("actors", lambda one: bool(one["id"] == id_))
    return Answer(200, {"id": id_, "actor_type": actor["type"], "handle": actor.get("name")})


@route("GET", "/me/workspaces")
def my_workspaces(cloud: PrefectCloud, request: Request) -> Answer:
    """The workspaces that the key may see, as Prefect's own client wants them."""
    [account], actor = cloud.store.actual("accounts"), request.actor or {}
    return Answer(
        200,
        [
            {
                "account_id": account["id"],
                "account_name": account["name"],
                "account_handle": account["handle"],
                "workspace_id": one["id"],
                "workspace_name": one["name"],
                "workspace_handle": one["handle"],
                "workspace_description": one["description"] or "",
            }
            for one in cloud.store.all("workspaces")
            if cloud.may_see(actor, one["id"])
        ],
    )
