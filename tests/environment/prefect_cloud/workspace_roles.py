"""Roles that actors have in workspaces: the built-in ones, and an account's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.environment.prefect_cloud.bodies import fields
from tests.environment.prefect_cloud.exchange import Answer, Refusal, gone, invalid
from tests.environment.prefect_cloud.permissions import SCOPES
from tests.environment.prefect_cloud.routing import route
from tests.environment.prefect_cloud.store import meets, paged

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["make_role"]

_FIELDS: Final = ("name", "description", "scopes", "inherited_role_id")
_PATH: Final = "/accounts/{account_id}/workspace_roles"


@route("POST", f"{_PATH}/", permission="manage_workspace_roles")
def make_role(cloud: PrefectCloud, request: Request) -> Answer:
    """A new role; 409 for a name that is taken, 422 for a scope that there is not."""
    given = fields(request.body, _FIELDS, needed=("name",))
    given = {"description": None, "inherited_role_id": None} | given | _scopes(given.get("scopes"))
    _check(cloud, given, "")
    return Answer(201, cloud.store.put("workspace_roles", account_id=cloud.account_id, **given))


@route("POST", f"{_PATH}/filter", permission="see_workspace_roles")
def find_roles(cloud: PrefectCloud, request: Request) -> Answer:
    """A page of the roles of these names, or of all, the built-in ones among them."""
    wanted = meets(request.body, "workspace_roles", "name")
    return Answer(200, paged(cloud.store.all("workspace_roles", wanted), request.body))


@route("GET", f"{_PATH}/{{role_id}}", permission="see_workspace_roles")
def read_role(cloud: PrefectCloud, request: Request) -> Answer:
    """One role."""
    return Answer(200, cloud.store.get("workspace_roles", request.names["role_id"], "Workspace role"))


@route("PATCH", f"{_PATH}/{{role_id}}", permission="manage_workspace_roles")
def change_role(cloud: PrefectCloud, request: Request) -> Answer:
    """Change what is given; 403 for a built-in role."""
    given, id_ = fields(request.body, _FIELDS), request.names["role_id"]
    _own(cloud, id_)
    if "scopes" in given:
        given |= _scopes(given["scopes"])
    _check(cloud, given, id_)
    cloud.store.change("workspace_roles", id_, "Workspace role", **given)
    return Answer(204)


@route("DELETE", f"{_PATH}/{{role_id}}", permission="manage_workspace_roles")
def delete_role(cloud: PrefectCloud, request: Request) -> Answer:
    """Gone; 403 for a built-in role."""
    _own(cloud, request.names["role_id"])
    cloud.store.drop("workspace_roles", request.names["role_id"], "Workspace role")
    return Answer(204)


def _own(cloud: PrefectCloud, id_: str) -> None:
    found = cloud.store.actual("workspace_roles", lambda one: bool(one["id"] == id_))
    if not found:
        raise gone(noun="Workspace role")
    if found[0]["account_id"] is None:
        raise Refusal(403, "Forbidden")


def _scopes(given: Any) -> dict[str, Any]:
    """The scopes, each once and in an order of their own."""
    unknown = [(place, one) for place, one in enumerate(given or ()) if one not in SCOPES]
    if unknown:
        place, one = unknown[0]
        raise invalid(("body", "scopes", place), "Input should be a workspace scope", one)
    return {"scopes": sorted(set(given or ()))}


def _check(cloud: PrefectCloud, given: dict[str, Any], id_: str) -> None:
    roles = cloud.store.actual("workspace_roles")
    if any(one["name"] == given.get("name") and one["id"] != id_ for one in roles):
        raise Refusal(409, "A workspace role with this name exists already")
    inherited = given.get("inherited_role_id")
    if inherited is not None and all(one["id"] != inherited or one["account_id"] for one in roles):
        raise invalid(("body", "inherited_role_id"), "Only a built-in role can be inherited", inherited)
