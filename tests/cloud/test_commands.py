"""The commands against Prefect Cloud: what a workspace has is exported from it as from a server."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from prefect_iac.commands.main import main
from tests.environment.prefect_cloud import PrefectCloud
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace


def test_export_of_a_workspace(
    prefect_cloud: PrefectCloud,
    terraform: Callable[..., Workspace],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is exported is imported by the plan, which changes nothing."""
    name = unique("export")
    flow = prefect_cloud.call("POST", "/flows/", {"name": name})
    prefect_cloud.call("POST", "/deployments/", {"name": name, "flow_id": flow["id"]})
    monkeypatch.setenv("PREFECT_API_KEY", prefect_cloud.key)
    out = tmp_path / "exported"
    try:
        code = main(["export", "--endpoint", prefect_cloud.api_url, "--out", str(out), "--name", f"{name}*"])
        assert code == 0
        configuration = "\n".join(path.read_text(encoding="utf-8") for path in sorted(out.glob("*.tf")))
        workspace = terraform(
            configuration,
            api_url=prefect_cloud.api_url,
            env={"PREFECT_API_KEY": prefect_cloud.key},
            provider=False,
        )
        plan = workspace.plan()
        assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
        assert {one["type"] for one in plan.json["resource_changes"]} >= {"prefect_flow"}
    finally:
        prefect_cloud.call("DELETE", f"/flows/{flow['id']}")


def test_a_workspace_with_a_server_of_its_own(prefect_server: PrefectServer) -> None:
    """A workspace can be given another server than the others have, before it is made or afterwards."""
    with contextlib.ExitStack() as stack:
        cloud = stack.enter_context(PrefectCloud())
        cloud.next_upstreams.append(prefect_server.api_url)
        made = cloud.call("POST", "A/workspaces/", {"name": "own", "handle": "own"})
        assert cloud.call("POST", f"A/workspaces/{made['id']}/flows/filter", {"limit": 1}) is not None
        other = cloud.call("POST", "A/workspaces/", {"name": "none", "handle": "none"})
        for place, status in ((cloud.workspace_id, 404), (other["id"], 404), (made["id"], 200)):
            path = f"/api/accounts/{cloud.account_id}/workspaces/{place}/flows/filter"
            answer = cloud.answer("POST", path, {"authorization": f"Bearer {cloud.key}"}, b'{"limit": 1}')
            assert answer.status == status
