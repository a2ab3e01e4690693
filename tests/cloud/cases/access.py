"""Teams and access."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.cloud.block_access import BlockAccess
from prefect_provider.objects.cloud.deployment_access import DeploymentAccess
from prefect_provider.objects.cloud.team import Team
from prefect_provider.objects.cloud.team_access import TeamAccess
from prefect_provider.objects.cloud.work_pool_access import WorkPoolAccess
from prefect_provider.objects.cloud.workspace_access import WorkspaceAccess
from tests.objects.table import Case
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

__all__ = ["CASES", "made_block", "made_deployment", "made_pool", "made_team"]

_A: Final = "0198f3a4-aaaa-4222-8333-944455556666"
_B: Final = "0198f3a4-bbbb-4222-8333-944455556666"
_T: Final = "0198f3a4-cccc-4222-8333-944455556666"
_U: Final = "0198f3a4-dddd-4222-8333-944455556666"

_ACCOUNT: Final = {"account_id": "see test_teams.py"}
_PLACE: Final = _ACCOUNT | {"workspace_id": "see test_access_lists.py"}


def made_team(world: World) -> str:
    """The id of a new team."""
    team = world.cloud.store.put("teams", name=unique("table"), description="", members=[])
    return str(team["id"])


def made_block(world: World) -> tuple[str, str]:
    """The id and the name of a new block of the type `secret`."""
    type_ = world.call("GET", "/block_types/slug/secret")
    wanted = {"block_schemas": {"block_type_id": {"any_": [type_["id"]]}}, "limit": 1}
    [schema] = world.call("POST", "/block_schemas/filter", wanted)
    name = unique("table")
    body = {"name": name, "data": {"value": "x"}}
    body |= {"block_type_id": type_["id"], "block_schema_id": schema["id"]}
    return str(world.call("POST", "/block_documents/", body)["id"]), name


def made_deployment(world: World) -> tuple[str, str]:
    """The id of a new deployment, and its name behind that of its flow."""
    flow, name = unique("table"), unique("table")
    flow_id = world.call("POST", "/flows/", {"name": flow})["id"]
    made = world.call("POST", "/deployments/", {"name": name, "flow_id": flow_id})
    return str(made["id"]), f"{flow}/{name}"


def made_pool(world: World) -> str:
    """The name of a new work pool."""
    name = unique("table")
    world.call("POST", "/work_pools/", {"name": name, "type": "process"})
    return name


def _narrowed(world: World, **of: str) -> dict[str, Any]:
    """A list that everybody may manage, in an account where all who are in the table are there."""
    store = world.cloud.store
    for id_ in (_A, _B):
        store.put("actors", id=id_, type="user", email=f"{id_}@example.com", name=id_, account_role="Member")
    for id_ in (_T, _U):
        store.put("teams", id=id_, name=id_, description="", members=[])
    return of | {"manage_actor_ids": ["*"]}


def _member(world: World) -> dict[str, Any]:
    user = world.cloud.add_user(f"{unique('table')}@example.com")
    ids = {"member_id": user["id"], "member_actor_id": user["actor_id"]}
    return {"team_id": made_team(world), "member_type": "user"} | ids


_ACTORS: Final = [[_A, _B], ["*"], [_B.upper()]]
_TEAMS: Final = [[_T, _U], [_U], []]

_NEVER_GONE: Final = "every object has a list; one that was widened is seen as changed"

CASES: Final = (
    Case(
        Team,
        lambda _world: {"name": unique("table")},
        {"name": [unique("table"), "a team: with “unicode” / and %"], "description": ["for tests", ""]},
        alone=_ACCOUNT,
    ),
    Case(
        TeamAccess,
        _member,
        {},
        alone=_ACCOUNT
        | dict.fromkeys(
            ("team_id", "member_id", "member_actor_id", "member_type"), "is what it is; see test_teams.py"
        ),
    ),
    Case(
        WorkspaceAccess,
        lambda world: {
            "accessor_type": "TEAM",
            "accessor_id": made_team(world),
            "workspace_role_name": "Viewer",
        },
        {},
        alone=_PLACE
        | dict.fromkeys(("accessor_type", "accessor_id"), "is what it is; see test_workspace_access.py")
        | dict.fromkeys(("workspace_role_id", "workspace_role_name"), "one goes with the other; see there"),
    ),
    Case(
        BlockAccess,
        lambda world: _narrowed(world, block_id=made_block(world)[0]),
        {
            "manage_actor_ids": _ACTORS,
            "view_actor_ids": [*_ACTORS, []],
            "manage_team_ids": _TEAMS,
            "view_team_ids": _TEAMS,
        },
        alone=_PLACE | {"block_id": "is what it is; see test_access_lists.py"},
        stays=_NEVER_GONE,
    ),
    Case(
        DeploymentAccess,
        lambda world: _narrowed(world, deployment_id=made_deployment(world)[0]),
        {
            "manage_actor_ids": _ACTORS,
            "run_actor_ids": [*_ACTORS, []],
            "view_actor_ids": [*_ACTORS, []],
            "manage_team_ids": _TEAMS,
            "run_team_ids": _TEAMS,
            "view_team_ids": _TEAMS,
        },
        alone=_PLACE | {"deployment_id": "is what it is; see test_access_lists.py"},
        stays=_NEVER_GONE,
    ),
    Case(
        WorkPoolAccess,
        lambda world: _narrowed(world, work_pool_name=made_pool(world)),
        {
            "manage_actor_ids": _ACTORS,
            "run_actor_ids": [*_ACTORS, []],
            "view_actor_ids": [*_ACTORS, []],
            "manage_team_ids": _TEAMS,
            "run_team_ids": _TEAMS,
            "view_team_ids": _TEAMS,
        },
        alone=_PLACE | {"work_pool_name": "is what it is; see test_access_lists.py"},
        stays=_NEVER_GONE,
    ),
)
