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
