"""Workspaces and their roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import uuid4

from tests.environment.prefect_cloud.contract.facts import Fact

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.contract.facts import Checked

__all__ = ["FACTS"]

_PEER: Final = "the official provider's client"


def _workspaces(account: Checked) -> None:
    found = account.ask("POST", "A/workspaces/filter", {}).data
    if not found:
        msg = "the key sees no workspace"
        raise LookupError(msg)
    wanted = {"id", "account_id", "name", "handle", "description", "default_workspace_role_id", "is_public"}
    assert wanted <= found[0].keys(), f"a workspace has {sorted(found[0])}"
    body = {"workspaces": {"handle": {"any_": [found[0]["handle"]]}}}
    by_handle = account.ask("POST", "A/workspaces/filter", body).data
    assert [one["id"] for one in by_handle] == [found[0]["id"]], f"a handle finds {len(by_handle)}"
    one = account.ask("GET", f"A/workspaces/{found[0]['id']}").data
    assert one["handle"] == found[0]["handle"], "its own address has another"


def _no_workspace(account: Checked) -> None:
    path = f"A/workspaces/{uuid4()}"
    assert account.ask("GET", path).status == 404, "another status"
    inside = account.ask("POST", f"{path}/flows/filter", {"limit": 1})
    assert inside.status == 404, f"below it, status {inside.status}"


def _inside(account: Checked) -> None:
    answer = account.ask("POST", "P/flows/filter", {"limit": 1})
    assert answer.status == 200, f"status {answer.status}"
    assert isinstance(answer.data, list), "no list"


def _description(account: Checked) -> None:
    path = f"A/workspaces/{account.workspace_id}"
    before = account.ask("GET", path).data["description"]
    for text in ("checked by prefect-iac", "", before):
        answer = account.ask("PATCH", path, {"description": text})
        assert answer.status in (200, 204), f"status {answer.status}"
        after = account.ask("GET", path).data["description"]
        assert (after or "") == (text or ""), f"it is {after!r} after {text!r}"


def _roles(account: Checked) -> None:
    found = account.ask("POST", "A/workspace_roles/filter", {}).data
    wanted = {"id", "name", "description", "scopes", "account_id", "inherited_role_id"}
    assert wanted <= found[0].keys(), f"a role has {sorted(found[0])}"
    body = {"workspace_roles": {"name": {"any_": ["Viewer"]}}}
    assert [one["name"] for one in account.ask("POST", "A/workspace_roles/filter", body).data] == ["Viewer"]


def _scopes(account: Checked) -> None:
    from tests.environment.prefect_cloud.permissions import WORKSPACE_ROLES

    found = {one["name"]: one for one in account.ask("POST", "A/workspace_roles/filter", {}).data}
    for name, scopes in WORKSPACE_ROLES.items():
        there = set(found[name]["scopes"])
        assert there == set(scopes), f"{name} has {', '.join(sorted(there ^ set(scopes)))} otherwise"


def _role_life(account: Checked) -> None:
    name = f"prefect-iac-check-{uuid4().hex[:8]}"
    body = {"name": name, "description": "", "scopes": ["see_flows", "see_blocks"], "inherited_role_id": None}
    made = account.ask("POST", "A/workspace_roles/", body)
    assert made.status == 201, f"status {made.status}"
    path = f"A/workspace_roles/{made.data['id']}"
    try:
        assert set(made.data["scopes"]) == {"see_flows", "see_blocks"}, f"scopes {made.data['scopes']}"
        taken = account.ask("POST", "A/workspace_roles/", body).status
        assert taken == 409, f"a second one of the name: status {taken}"
        assert account.ask("PATCH", path, {"scopes": []}).status == 204, "a change is not answered 204"
        after = account.ask("GET", path).data
        assert (after["name"], after["scopes"]) == (name, []), f"after a change of scopes: {after}"
        wrong = account.ask("PATCH", path, {"scopes": ["see_nothing_at_all"]}).status
        assert wrong == 422, f"a scope that there is not: status {wrong}"
    finally:
        gone = account.ask("DELETE", path).status
    assert gone == 204, f"a deletion: status {gone}"
    assert account.ask("GET", path).status == 404, "it is there after the deletion"


FACTS: Final = (
    Fact(
        "workspaces-read",
        "`POST A/workspaces/filter` lists the workspaces that the key may see, also by `workspaces.handle.any_`; "
        "`GET A/workspaces/{id}` answers one.",
        f"{_PEER} (`workspaces.go`)",
        "client",
        _workspaces,
    ),
    Fact(
        "workspaces-make",
        "`POST A/workspaces/` takes `name`, `handle` and `description`, and is answered 201; `PATCH A/workspaces/{id}` "
        "takes the same and `default_workspace_role_id`, `DELETE` is answered 200 or 204.",
        f"{_PEER} (`workspaces.go`)",
        "client",
    ),
    Fact(
        "workspaces-description",
        "A description may be empty or null, which a read may tell apart or not; the provider takes them for the same.",
        "nothing public; teams are known to answer an empty one for null (issue 610 of the official provider)",
        "assumed",
        _description,
        writes=True,
    ),
    Fact(
        "workspaces-unique",
        "Names and handles of workspaces are unique in the account; handles are of lowercase letters, digits and "
        "dashes. A second one is answered 409.",
        "docs.prefect.io, Manage workspaces (of names); the status is assumed",
        "assumed",
    ),
    Fact(
        "workspaces-missing",
        "A workspace that is not there is answered 404, and so is everything below it.",
        "nothing public; the official provider repeats requests that are answered 404 (`client.go`)",
        "assumed",
        _no_workspace,
    ),
    Fact(
        "workspaces-lag",
        "For a moment a new workspace may be answered 404, and a changed one as it was before; likewise what else "
        "belongs to an account.",
        "the official provider waits for both (`helpers/stabilization.go`)",
        "client",
    ),
    Fact(
        "workspaces-inside",
        "What a self-hosted server has at `/api`, Prefect Cloud has at `P`.",
        "docs.prefect.io, REST API",
        "documented",
        _inside,
    ),
    Fact(
        "workspaces-delete",
        "Deleting a workspace deletes everything in it.",
        "docs.prefect.io, Manage workspaces",
        "documented",
    ),
    Fact(
        "workspace-roles-read",
        "`POST A/workspace_roles/filter` lists Prefect's own roles and the account's, also by "
        "`workspace_roles.name.any_`.",
        f"{_PEER} (`workspace_roles.go`)",
        "client",
        _roles,
    ),
    Fact(
        "workspace-roles-scopes",
        "Prefect's own roles have the scopes that the simulator gives them.",
        "docs.prefect.io, Manage account roles, describes them; their names are guessed from the few published ones",
        "assumed",
        _scopes,
    ),
    Fact(
        "workspace-roles-life",
        "`POST A/workspace_roles/` is answered 201 and `PATCH` and `DELETE A/workspace_roles/{id}` 204; `PATCH` "
        "changes what is given; a name that is taken is answered 409, a scope that there is not 422.",
        f"{_PEER} (`workspace_roles.go`); 409 and 422 are assumed",
        "client",
        _role_life,
        writes=True,
    ),
    Fact(
        "workspace-roles-inherit",
        "A role can inherit one of Prefect's own; its `scopes` are those that it has besides, in no order.",
        "docs.prefect.io, Manage account roles; that the inherited ones are not among them is assumed",
        "assumed",
    ),
    Fact(
        "rate-limits",
        "More requests than a key, an account or a plan may send are answered 429, with the seconds to wait in "
        "`Retry-After`.",
        "docs.prefect.io, Rate limits",
        "documented",
    ),
)
