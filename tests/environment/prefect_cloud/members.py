"""The members of the account, and what roles they may have in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.environment.prefect_cloud.bodies import fields
from tests.environment.prefect_cloud.exchange import Answer, Refusal, gone
from tests.environment.prefect_cloud.routing import route
from tests.environment.prefect_cloud.store import meets, paged

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["find_members"]


@route("POST", "/accounts/{account_id}/account_memberships/filter", permission="see_account_members")
def find_members(cloud: PrefectCloud, request: Request) -> Answer:
    """A page of those with one of these addresses, or of all."""
    wanted = meets(request.body, "account_memberships", "email")
    return Answer(200, paged(cloud.store.all("memberships", wanted), request.body))


@route(
    "PATCH", "/accounts/{account_id}/account_memberships/{membership_id}", permission="manage_account_members"
)
def change_member(cloud: PrefectCloud, request: Request) -> Answer:
    """Give a member another role."""
    given = fields(request.body, ("account_role_id",))
    wanted = str(given["account_role_id"]).lower()
    roles = cloud.store.actual("account_roles", lambda one: bool(one["id"] == wanted))
    if not roles:
        raise gone(noun="Account role")
    id_, role = request.names["membership_id"], roles[0]
    _keep_an_owner(cloud, id_, role["name"])
    changed = cloud.store.change(
        "memberships",
        id_,
        "Account membership",
        account_role_id=role["id"],
        account_role_name=role["name"],
    )
    cloud.store.change("actors", changed["actor_id"], "Actor", account_role=role["name"])
    return Answer(204)


@route(
    "DELETE",
    "/accounts/{account_id}/account_memberships/{membership_id}",
    permission="manage_account_members",
)
def remove_member(cloud: PrefectCloud, request: Request) -> Answer:
    """The member is none any more, and their keys open nothing here."""
    id_ = request.names["membership_id"]
    _keep_an_owner(cloud, id_, "")
    found = cloud.store.actual("memberships", lambda one: bool(one["id"] == id_))
    cloud.store.drop("memberships", id_, "Account membership")
    cloud.store.change("actors", found[0]["actor_id"], "Actor", account_role="")
    return Answer(204)


def _keep_an_owner(cloud: PrefectCloud, membership_id: str, role: str) -> None:
    owners = cloud.store.actual("memberships", lambda one: bool(one["account_role_name"] == "Owner"))
    if role != "Owner" and [one["id"] for one in owners] == [membership_id]:
        raise Refusal(403, "An account needs an owner")


@route("POST", "/accounts/{account_id}/account_roles/filter", permission="see_account_roles")
def find_account_roles(cloud: PrefectCloud, request: Request) -> Answer:
    """A page of the roles of these names, or of all."""
    wanted = meets(request.body, "account_roles", "name")
    return Answer(200, paged(cloud.store.all("account_roles", wanted), request.body))


@route("GET", "/accounts/{account_id}/account_roles/{role_id}", permission="see_account_roles")
def read_account_role(cloud: PrefectCloud, request: Request) -> Answer:
    """One role."""
    return Answer(200, cloud.store.get("account_roles", request.names["role_id"], "Account role"))
