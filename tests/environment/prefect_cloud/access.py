"""Who has which role in a workspace, and the access lists of blocks, deployments and work pools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from tests.environment.prefect_cloud.exchange import Answer, Refusal, gone, invalid
from tests.environment.prefect_cloud.routing import route
from tests.environment.prefect_cloud.store import paged

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["LEVELS"]

_WORKSPACE: Final = "/accounts/{account_id}/workspaces/{workspace_id}"

_ACCESSORS: Final = {
    "user": ("USER", "users", "User"),
    "bot": ("SERVICE_ACCOUNT", "bots", "Service account"),
    "team": ("TEAM", "teams", "Team"),
}

LEVELS: Final = {
    "block_documents": ("manage", "view"),
    "deployments": ("manage", "run", "view"),
    "work_pools": ("manage", "run", "view"),
}
"""What the access lists of objects tell apart."""


# ---------------------------------------------------------------------- roles in a workspace


def _uuid(place: tuple[str | int, ...], given: Any) -> str:
    try:
        return str(UUID(given))
    except (AttributeError, TypeError, ValueError):
        raise invalid(place, "Input should be a valid UUID", given) from None


def _shown(access: dict[str, Any]) -> dict[str, Any]:
    """With the accessor under the name that its kind has."""
    fields = ("id", "created", "updated", "workspace_id", "workspace_role_id")
    named = {f"{kind}_id": None for kind in _ACCESSORS} | {"actor_id": access["actor_id"]}
    (kind,) = (kind for kind, (type_, *_) in _ACCESSORS.items() if type_ == access["accessor_type"])
    return {name: access[name] for name in fields} | named | {f"{kind}_id": access["accessor_id"]}


def _grant(cloud: PrefectCloud, request: Request, kind: str, given: Any, index: int) -> dict[str, Any]:
    """Give one accessor a role, whether or not it had another."""
    at = ("body", index)
    if not isinstance(given, dict):
        raise invalid(at, "Input should be an object", given)
    type_, store, noun = _ACCESSORS[kind]
    accessor = _uuid((*at, f"{kind}_id"), given.get(f"{kind}_id"))
    role = _uuid((*at, "workspace_role_id"), given.get("workspace_role_id"))
    for surplus in given.keys() - {f"{kind}_id", "workspace_role_id"}:
        raise invalid((*at, surplus), "Extra inputs are not permitted", given[surplus])
    found = cloud.store.actual(store, lambda one: bool(one["id"] == accessor))
    if not found:
        raise gone(noun=noun)
    if not cloud.store.actual("workspace_roles", lambda one: bool(one["id"] == role)):
        raise gone(noun="Workspace role")
    workspace = request.names["workspace_id"].lower()
    had = _accesses(cloud, workspace, type_, accessor)
    if had:
        return cloud.store.change("workspace_access", had[0]["id"], "Access", workspace_role_id=role)
    return cloud.store.put(
        "workspace_access",
        workspace_id=workspace,
        accessor_type=type_,
        accessor_id=accessor,
        actor_id=found[0].get("actor_id"),
        workspace_role_id=role,
    )


def _accesses(cloud: PrefectCloud, workspace: str, type_: str, accessor: str = "") -> list[dict[str, Any]]:
    return cloud.store.actual(
        "workspace_access",
        lambda one: bool(
            one["workspace_id"] == workspace
            and one["accessor_type"] == type_
            and (not accessor or one["accessor_id"] == accessor)
        ),
    )


def _routes_of(kind: str) -> None:
    """What can be done with the roles of one kind of accessor."""
    type_, _, noun = _ACCESSORS[kind]
    path = f"{_WORKSPACE}/{kind}_access"

    # Users and service accounts came first, and teams are done otherwise.
    @route("PUT" if kind == "team" else "POST", f"{path}/", permission="manage_workspace_users")
    def grant(cloud: PrefectCloud, request: Request) -> Answer:
        given = request.body if isinstance(request.body, list) else [request.body]
        return Answer(
            200, [_shown(_grant(cloud, request, kind, one, index)) for index, one in enumerate(given)]
        )

    @route("POST", f"{path}/filter", permission="see_workspace_users")
    def find(cloud: PrefectCloud, request: Request) -> Answer:
        workspace = request.names["workspace_id"].lower()
        found = cloud.store.all(
            "workspace_access",
            lambda one: one["workspace_id"] == workspace and one["accessor_type"] == type_,
        )
        return Answer(200, paged([_shown(one) for one in found], request.body))

    if kind != "team":

        @route("GET", f"{path}/{{access_id}}", permission="see_workspace_users")
        def read(cloud: PrefectCloud, request: Request) -> Answer:
            access = cloud.store.get("workspace_access", request.names["access_id"].lower(), f"{noun} access")
            if access["accessor_type"] != type_:
                raise gone(noun=f"{noun} access")
            return Answer(200, _shown(access))

    @route("DELETE", f"{path}/{{access_id}}", permission="manage_workspace_users")
    def drop(cloud: PrefectCloud, request: Request) -> Answer:
        wanted = request.names["access_id"].lower()
        by = "accessor_id" if kind == "team" else "id"
        found = _accesses(cloud, request.names["workspace_id"].lower(), type_)
        for access in (one for one in found if one[by] == wanted):
            cloud.store.drop("workspace_access", access["id"], f"{noun} access")
            return Answer(204)
        raise gone(noun=f"{noun} access")


# ---------------------------------------------------------------------- access lists


def _object_id(cloud: PrefectCloud, request: Request, collection: str) -> str:
    """The id of the object whose list is meant, which the real server has."""
    noun = {"block_documents": "Block document", "deployments": "Deployment", "work_pools": "Work pool"}
    place = f"/{collection}/{request.names['object']}"
    status, data, _ = cloud.ask_server(request.names["workspace_id"], "GET", place, b"", {})
    if status in (404, 422):
        raise gone(noun=noun[collection])
    if status != 200:
        raise Refusal(status, "The workspace's server does not answer")
    return str(json.loads(data)["id"])


def _named(cloud: PrefectCloud, id_: str) -> dict[str, Any] | None:
    """Who an id in a list is, as it is answered."""
    if id_ == "*":
        return {"id": "*", "name": "*", "email": None, "type": "*"}
    for team in cloud.store.actual("teams", lambda one: bool(one["id"] == id_)):
        return {"id": id_, "name": team["name"], "email": None, "type": "team"}
    for actor in cloud.store.actual("actors", lambda one: bool(one["id"] == id_)):
        kind = "user" if actor["type"] == "user" else "service_account"
        return {"id": id_, "name": actor.get("name"), "email": actor.get("email"), "type": kind}
    return None


def _written(cloud: PrefectCloud, request: Request, levels: tuple[str, ...]) -> dict[str, list[str]]:
    """The lists of a body, checked: every one of them, with those who there are."""
    control = request.body.get("access_control") if isinstance(request.body, dict) else None
    if not isinstance(control, dict):
        raise invalid(("body", "access_control"), "Field required", control)
    fields = {f"{level}_{whom}_ids": whom for level in levels for whom in ("actor", "team")}
    for surplus in control.keys() - fields.keys():
        raise invalid(("body", "access_control", surplus), "Extra inputs are not permitted", control[surplus])
    for name, whom in fields.items():
        if not isinstance(control.get(name), list):
            raise invalid(("body", "access_control", name), "Input should be a list", control.get(name))
        for index, id_ in enumerate(control[name]):
            found = _named(cloud, id_)
            if found is None or (found["type"] == "team") != (whom == "team"):
                raise invalid(("body", "access_control", name, index), f"There is no such {whom}", id_)
    return {name: list(dict.fromkeys(control[name])) for name in fields}


def _lists_of(collection: str) -> None:
    """What can be done with the access lists of one kind of object."""
    levels, path = LEVELS[collection], f"{_WORKSPACE}/{collection}/{{object}}/access"
    noun = {"block_documents": "blocks"}.get(collection, collection)

    @route("GET", path, permission=f"see_{noun}")
    def read(cloud: PrefectCloud, request: Request) -> Answer:
        id_ = _object_id(cloud, request, collection)
        everybody = {f"{level}_actor_ids": ["*"] for level in levels}
        found = cloud.store.all("access_lists", lambda one: bool(one["id"] == id_))
        lists = found[0]["lists"] if found else everybody
        return Answer(
            200,
            {
                f"{level}_actors": [
                    named
                    for whom in ("actor", "team")
                    for one in lists.get(f"{level}_{whom}_ids", [])
                    if (named := _named(cloud, one)) is not None
                ]
                for level in levels
            },
        )

    @route("PUT", path, permission="manage_access")
    def write(cloud: PrefectCloud, request: Request) -> Answer:
        id_ = _object_id(cloud, request, collection)
        lists = _written(cloud, request, levels)
        if cloud.store.actual("access_lists", lambda one: bool(one["id"] == id_)):
            cloud.store.change("access_lists", id_, "Access list", lists=lists)
        else:
            cloud.store.put("access_lists", id=id_, lists=lists)
        return Answer(204)


for _kind in _ACCESSORS:
    _routes_of(_kind)
for _collection in LEVELS:
    _lists_of(_collection)
