"""The simulator of Prefect Cloud keeps to what docs/cloud-contract.md says."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import httpx

from tests.environment.prefect_cloud import PrefectCloud
from tests.environment.terraform import ROOT


def asked(cloud: PrefectCloud, method: str, path: str, **more: Any) -> httpx.Response:
    """An answer to the owner's request, for a path below the account."""
    headers = {"Authorization": f"Bearer {more.pop('key', cloud.key)}"}
    url = f"{cloud.url}/accounts/{cloud.account_id}{path}"
    return httpx.request(method, url, headers=headers, **more)


def test_an_account_needs_its_key() -> None:
    """The owner's key reads the account; another is answered 401."""
    with PrefectCloud() as cloud:
        assert asked(cloud, "GET", "").json()["handle"] == "example"
        assert asked(cloud, "GET", "", key="other").status_code == 401
        assert [status for *_, status in cloud.seen] == [200, 401]


def test_a_role_decides_what_a_key_may_do() -> None:
    """A member reads the account, owns no workspace, and is answered 403 in one until a role is given there."""
    with PrefectCloud() as cloud:
        member = cloud.add_user("member@example.com")
        key = cloud.add_key(member["actor_id"])
        flows = f"/workspaces/{cloud.workspace_id}/flows/filter"
        assert asked(cloud, "GET", "", key=key).status_code == 200
        refused = asked(cloud, "POST", flows, key=key, json={})
        assert (refused.status_code, refused.json()) == (403, {"detail": "Forbidden"})

        [viewer] = cloud.store.actual("workspace_roles", lambda one: one["name"] == "Viewer")
        place = {"workspace_id": cloud.workspace_id, "workspace_role_id": viewer["id"]}
        cloud.store.put("workspace_access", accessor_type="USER", accessor_id=member["id"], **place)
        # There is no server behind it, and that is all that is wrong now.
        assert asked(cloud, "POST", flows, key=key, json={}).status_code == 404
        assert asked(cloud, "POST", f"/workspaces/{cloud.workspace_id}/flows/", key=key).status_code == 403


def test_workspaces_that_are_not_there(prefect_cloud: PrefectCloud) -> None:
    """What is asked of a workspace reaches the real server; another workspace is answered 404."""
    path = "/flows/filter"
    there = asked(prefect_cloud, "POST", f"/workspaces/{prefect_cloud.workspace_id}{path}", json={})
    assert there.status_code == 200
    missing = asked(prefect_cloud, "POST", f"/workspaces/{prefect_cloud.account_id}{path}", json={})
    assert (missing.status_code, missing.json()) == (404, {"detail": "Workspace not found"})


def test_the_contract_is_written_down() -> None:
    """docs/cloud-contract.md says what the lists of facts say."""
    script = ROOT / "scripts" / "generate_cloud_contract.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_more_requests_than_the_rate_allows() -> None:
    """A key that asks too often is answered 429 with the seconds to wait, and others are not."""
    with PrefectCloud() as cloud:
        member = cloud.add_user("member@example.com")
        cloud.rate = (2, 60.0)
        answers = [asked(cloud, "GET", "") for _ in range(3)]
        assert [one.status_code for one in answers] == [200, 200, 429]
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
        assert asked(cloud, "GET", "", key=cloud.add_key(member["actor_id"])).status_code == 200


def test_reads_may_lag() -> None:
    """For some reads a new workspace is not there, and a changed one as it was; then they are as they are."""
    with PrefectCloud() as cloud:
        cloud.store.lag = 2
        made = asked(cloud, "POST", "/workspaces/", json={"name": "late", "handle": "late"}).json()
        path = f"/workspaces/{made['id']}"
        assert [asked(cloud, "GET", path).status_code for _ in range(3)] == [404, 404, 200]
        asked(cloud, "PATCH", path, json={"name": "later"})
        assert [asked(cloud, "GET", path).json()["name"] for _ in range(3)] == ["late", "late", "later"]


def test_pages_of_members() -> None:
    """A filter answers 200 at most, in pages, and only those with an address that is asked for."""
    with PrefectCloud() as cloud:
        for number in range(205):
            cloud.add_user(f"member-{number}@example.com")
        path = "/account_memberships/filter"
        pages = [
            [one["email"] for one in asked(cloud, "POST", path, json={"offset": offset}).json()]
            for offset in (0, 200)
        ]
        assert [len(page) for page in pages] == [200, 6]
        assert not {*pages[0]} & {*pages[1]}
        one = {"account_memberships": {"email": {"any_": ["member-7@example.com"]}}}
        assert [found["email"] for found in asked(cloud, "POST", path, json=one).json()] == [
            "member-7@example.com"
        ]
        assert asked(cloud, "POST", path, json={"limit": 201}).status_code == 422


def test_who_sees_which_workspace() -> None:
    """A member sees the workspaces with a role of theirs, and makes none; the owner sees all."""
    with PrefectCloud() as cloud:
        key = cloud.add_key(cloud.add_user("member@example.com")["actor_id"])
        second = asked(cloud, "POST", "/workspaces/", json={"name": "second", "handle": "second"}).json()

        def seen(**more: str) -> list[str]:
            found = asked(cloud, "POST", "/workspaces/filter", json={}, **more).json()
            return [one["handle"] for one in found]

        assert (seen(), seen(key=key)) == (["first", "second"], [])
        [role] = cloud.store.actual("workspace_roles", lambda one: one["name"] == "Viewer")
        asked(cloud, "PATCH", f"/workspaces/{second['id']}", json={"default_workspace_role_id": role["id"]})
        assert seen(key=key) == ["second"]
        body = {"name": "third", "handle": "third"}
        assert asked(cloud, "POST", "/workspaces/", json=body, key=key).status_code == 403
        assert asked(cloud, "PATCH", f"/workspaces/{second['id']}", json=body, key=key).status_code == 403
        # The one handle is there already.
        assert asked(cloud, "POST", "/workspaces/", json=body | {"handle": "second"}).status_code == 409


def test_an_account_keeps_an_owner() -> None:
    """The role of the last owner cannot be taken away, and who lost a role may no longer do what it allowed."""
    with PrefectCloud() as cloud:
        other = cloud.add_user("other@example.com", account_role="Admin")
        key = cloud.add_key(other["actor_id"])
        roles = {one["name"]: one["id"] for one in cloud.call("POST", "A/account_roles/filter", {})}
        members = {
            one["email"]: f"/account_memberships/{one['id']}"
            for one in cloud.call("POST", "A/account_memberships/filter", {})
        }
        demoted = {"account_role_id": roles["Member"]}
        assert asked(cloud, "PATCH", members["owner@example.com"], json=demoted).status_code == 403
        assert asked(cloud, "PATCH", "", json={"location": "Here"}, key=key).status_code == 204
        assert asked(cloud, "PATCH", members["other@example.com"], json=demoted).status_code == 204
        assert asked(cloud, "PATCH", "", json={"location": "There"}, key=key).status_code == 403
        assert asked(cloud, "DELETE", members["other@example.com"]).status_code == 204
        assert asked(cloud, "GET", "", key=key).status_code == 403
