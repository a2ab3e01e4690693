"""States of the official provider with teams and access: the first plan is empty, and later ones see drift."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.cloud.cases.access import made_block, made_deployment, made_pool
from tests.objects.terraform_core import World, unique
from tests.terraform.official_states import ADDRESS, OURS, Instance, state_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_cloud import PrefectCloud
    from tests.environment.terraform import Workspace

NOBODY = "00000000-0000-0000-0000-000000000000"


def lists(*levels: str, **given: list[str]) -> dict[str, list[str]]:
    """All lists of an object, as the official provider stores them: empty where none is configured."""
    return {f"{level}_{whom}_ids": [] for level in levels for whom in ("actor", "team")} | given


def test_teams_and_access(
    prefect_clouds: Callable[..., PrefectCloud], terraform: Callable[..., Workspace]
) -> None:
    """Each is taken over as it is; a list that somebody opens shows, and a destruction leaves all of them open."""
    cloud, name = prefect_clouds(), unique("switch")
    world = World(cloud)
    user = cloud.add_user(f"{name}@example.com")
    team = cloud.call("POST", "A/teams", {"name": name})
    member = {"member_id": user["id"], "member_type": "user"}
    cloud.call("PUT", f"A/teams/{team['id']}/members", {"members": [member]})
    [role] = cloud.store.actual("workspace_roles", lambda one: one["name"] == "Viewer")
    granted = {"team_id": team["id"], "workspace_role_id": role["id"]}
    [access] = cloud.call("PUT", "/team_access/", [granted])
    members = {"team_id": team["id"], "member_actor_id": user["actor_id"]} | member
    accessor = {"accessor_type": "TEAM", "accessor_id": team["id"], "workspace_role_id": role["id"]}
    some = {"manage_actor_ids": [user["actor_id"]], "view_team_ids": [team["id"]]}
    objects: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
        "prefect_block_access": (
            "/block_documents/{block_id}/access",
            {"block_id": made_block(world)[0]},
            ("manage", "view"),
        ),
        "prefect_deployment_access": (
            "/deployments/{deployment_id}/access",
            {"deployment_id": made_deployment(world)[0]},
            ("manage", "run", "view"),
        ),
        "prefect_work_pool_access": (
            "/work_pools/{work_pool_name}/access",
            {"work_pool_name": made_pool(world)},
            ("manage", "run", "view"),
        ),
    }
    given: dict[str, dict[str, dict[str, Any]]] = {
        "prefect_team": {"x": {"name": name}},
        "prefect_team_access": {"x": members},
        "prefect_workspace_access": {"x": accessor},
    }
    times = {part: f"{team[part][:19]}Z" for part in ("created", "updated")}
    instances = [
        Instance("prefect_team", "x", {"id": team["id"], "name": name, "description": ""} | times),
        # It never learns the id.
        Instance("prefect_team_access", "x", members | {"id": NOBODY}),
        Instance(
            "prefect_workspace_access",
            "x",
            accessor | {"id": access["id"], "workspace_id": cloud.workspace_id},
        ),
    ]
    given["prefect_workspace_access"]["x"]["workspace_id"] = cloud.workspace_id
    for type_name, (path, of, levels) in objects.items():
        cloud.call("PUT", path.format(**of), {"access_control": lists(*levels, **some)})
        given[type_name] = {"x": of | some}
        instances.append(Instance(type_name, "x", of | lists(*levels, **some)))
    workspace = terraform({"resource": given}, api_url=cloud.api_url, env={"PREFECT_API_KEY": cloud.key})
    workspace.write_json(state_file(instances), "terraform.tfstate")
    workspace.run("state", "replace-provider", "-auto-approve", ADDRESS, OURS, check=True)

    plan = workspace.plan()
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
    workspace.apply()
    workspace.assert_no_changes()

    path, of, levels = objects["prefect_deployment_access"]
    everybody = {f"{level}_actor_ids": ["*"] for level in levels}
    cloud.call("PUT", path.format(**of), {"access_control": lists(*levels, **everybody)})
    assert workspace.plan().actions() == {"prefect_deployment_access.x": ("update",)}
    workspace.apply()
    [only] = cloud.call("GET", path.format(**of))["manage_actors"]
    assert only["id"] == user["actor_id"]

    workspace.destroy()
    for path, of, levels in objects.values():
        found = cloud.call("GET", path.format(**of))
        assert [[one["id"] for one in found[f"{level}_actors"]] for level in levels] == [["*"]] * len(levels)
    assert not cloud.store.actual("teams", lambda one: one["name"] == name)
    world.close()
