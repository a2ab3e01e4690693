"""Teams of an account, and who is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.environment.prefect_cloud.exchange import Answer, Refusal, gone, invalid
from tests.environment.prefect_cloud.routing import route
from tests.environment.prefect_cloud.store import meets, paged

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["list_teams"]

_TEAM = "/accounts/{account_id}/teams/{team_id}"


def _shown(cloud: PrefectCloud, team: dict[str, Any]) -> dict[str, Any]:
    """A team as it is answered: who is in it by name, which for a user is the e-mail address."""
    actors = {one["id"]: one for one in cloud.store.actual("actors")}
    memberships = [
        {
            "id": member["actor_id"],
            "name": actors[member["actor_id"]].get("email") or actors[member["actor_id"]].get("name"),
            "type": member["type"],
        }
        for member in team["members"]
        if member["actor_id"] in actors
    ]
    return {name: value for name, value in team.items() if name != "members"} | {"memberships": memberships}


def _written(cloud: PrefectCloud, request: Request, but: str = "") -> dict[str, Any]:
    """The fields of a team that a body has, checked; ``but`` is the team that may have the name."""
    body = request.body
    if not isinstance(body, dict):
        raise invalid(("body",), "Input should be an object", body)
    name, description = body.get("name"), body.get("description")
    if not isinstance(name, str) or not name:
        raise invalid(("body", "name"), "Input should be a string of one or more characters", name)
    if not isinstance(description, str | None):
        raise invalid(("body", "description"), "Input should be a string", description)
    for surplus in body.keys() - {"name", "description"}:
        raise invalid(("body", surplus), "Extra inputs are not permitted", body[surplus])
    if cloud.store.actual("teams", lambda one: one["name"] == name and one["id"] != but):
        raise Refusal(409, "A team with this name already exists.")
    return {"name": name, "description": description or ""}


@route("POST", "/accounts/{account_id}/teams", permission="manage_teams")
def make_team(cloud: PrefectCloud, request: Request) -> Answer:
    """A new team, with nobody in it."""
    written = _written(cloud, request)
    return Answer(201, _shown(cloud, cloud.store.put("teams", **written, members=[])))


@route("POST", "/accounts/{account_id}/teams/filter", permission="see_teams")
def list_teams(cloud: PrefectCloud, request: Request) -> Answer:
    """Those of certain names, or all, ordered by name; without who is in them."""
    found = cloud.store.all("teams", meets(request.body, "teams", "name"))
    shown = [{key: value for key, value in one.items() if key != "members"} for one in found]
    return Answer(200, paged(sorted(shown, key=lambda one: str(one["name"])), request.body))


@route("GET", _TEAM, permission="see_teams")
def read_team(cloud: PrefectCloud, request: Request) -> Answer:
    """A team with its members."""
    return Answer(200, _shown(cloud, cloud.store.get("teams", request.names["team_id"], "Team")))


@route("PUT", _TEAM, permission="manage_teams")
def change_team(cloud: PrefectCloud, request: Request) -> Answer:
    """The whole of a team anew, but for its members."""
    id_ = request.names["team_id"]
    if not cloud.store.actual("teams", lambda one: bool(one["id"] == id_)):
        raise gone(noun="Team")
    return Answer(
        200, _shown(cloud, cloud.store.change("teams", id_, "Team", **_written(cloud, request, id_)))
    )


@route("DELETE", _TEAM, permission="manage_teams")
def drop_team(cloud: PrefectCloud, request: Request) -> Answer:
    """A team goes, and with it what its members had as such."""
    id_ = request.names["team_id"]
    cloud.store.drop("teams", id_, "Team")
    for access in cloud.store.actual("workspace_access", lambda one: bool(one["accessor_id"] == id_)):
        cloud.store.drop("workspace_access", access["id"], "Access")
    return Answer(204)


@route("PUT", f"{_TEAM}/members", permission="manage_teams")
def add_members(cloud: PrefectCloud, request: Request) -> Answer:
    """Those who are named are in the team from now on, beside those who were."""
    id_ = request.names["team_id"]
    found = cloud.store.actual("teams", lambda one: bool(one["id"] == id_))
    if not found:
        raise gone(noun="Team")
    body = request.body if isinstance(request.body, dict) else {}
    if not isinstance(body.get("members"), list):
        raise invalid(("body", "members"), "Input should be a list", body.get("members"))
    members = {one["actor_id"]: one for one in found[0]["members"]}
    for index, given in enumerate(body["members"]):
        member = _member(cloud, given, index)
        members[member["actor_id"]] = member
    cloud.store.change("teams", id_, "Team", members=[*members.values()])
    return Answer(200, None)


def _member(cloud: PrefectCloud, given: Any, index: int) -> dict[str, Any]:
    """A user or a service account by its own id."""
    at = ("body", "members", index)
    kinds = {"user": ("users", "User"), "service_account": ("bots", "Service account")}
    kind = given.get("member_type") if isinstance(given, dict) else None
    if kind not in kinds:
        raise invalid((*at, "member_type"), "Input should be 'user' or 'service_account'", kind)
    try:
        wanted = str(UUID(given.get("member_id")))
    except (TypeError, ValueError):
        raise invalid((*at, "member_id"), "Input should be a valid UUID", given.get("member_id")) from None
    store, noun = kinds[kind]
    found = cloud.store.actual(store, lambda one: bool(one["id"] == wanted))
    if not found:
        raise gone(noun=noun)
    return {"actor_id": found[0]["actor_id"], "member_id": wanted, "type": kind}


@route("DELETE", f"{_TEAM}/members/{{actor_id}}", permission="manage_teams")
def drop_member(cloud: PrefectCloud, request: Request) -> Answer:
    """An actor leaves the team."""
    id_, actor_id = request.names["team_id"], request.names["actor_id"]
    found = cloud.store.actual("teams", lambda one: bool(one["id"] == id_))
    stay = [one for one in found[0]["members"] if one["actor_id"] != actor_id] if found else []
    if not found or len(stay) == len(found[0]["members"]):
        raise gone(noun="Team member" if found else "Team")
    cloud.store.change("teams", id_, "Team", members=stay)
    return Answer(204)
