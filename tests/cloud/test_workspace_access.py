"""`prefect_workspace_access`: users, service accounts and teams in a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.cloud.looks import note_write
from prefect_provider.objects.cloud.workspace_access import WorkspaceAccess
from prefect_provider.objects.existing import set_on_existing
from prefect_provider.objects.listing import listing_of
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.engine.listing import list_objects
from prefect_provider.plugin.language.values import UNKNOWN
from tests.cloud.planned import listed
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from prefect_provider.plugin.engine.listing import Listed
    from tests.objects.terraform_core import World

ELSEWHERE = "0198f3a4-9999-4222-8333-944455556666"
TYPES = ("USER", "SERVICE_ACCOUNT", "TEAM")


def accessor(world: World, type_: str) -> tuple[str, str]:
    """The id and the name of a new accessor."""
    name = unique("accessor")
    if type_ == "USER":
        return str(world.cloud.add_user(f"{name}@example.com")["id"]), f"{name}@example.com"
    if type_ == "TEAM":
        return str(world.cloud.store.put("teams", name=name, description="", members=[])["id"]), name
    return str(world.cloud.call("POST", "A/bots/", {"name": name})["id"]), name


def role(world: World, name: str) -> str:
    """The id of a role."""
    [found] = world.cloud.store.actual("workspace_roles", lambda one: bool(one["name"] == name))
    return str(found["id"])


def given(world: World, type_: str, **more: Any) -> dict[str, Any]:
    """A configuration for a new accessor."""
    return {"accessor_type": type_, "accessor_id": accessor(world, type_)[0]} | more


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("lag", [0, 3])
def test_a_life(account_world: World, type_: str, lag: int) -> None:
    """A role is given, by id and by name, changed in place, read, and taken away, also where reads lag."""
    base = given(account_world, type_)
    account_world.cloud.store.lag = lag
    one = Managed(account_world, WorkspaceAccess)
    one.apply(base | {"workspace_role_id": role(account_world, "Developer")})
    assert one.held["workspace_role_name"] == "Developer"
    id_ = one.id
    one.apply(base | {"workspace_role_name": "Viewer"})
    assert (one.id, one.held["workspace_role_id"]) == (id_, role(account_world, "Viewer"))
    one.apply(base | {"workspace_role_id": role(account_world, "Viewer").upper()})
    one.destroy()
    assert account_world.cloud.store.actual("workspace_access") == []


@pytest.mark.parametrize("type_", TYPES)
def test_drift_and_losses(account_world: World, type_: str) -> None:
    """Another role is seen, with its name; an access that somebody took away is gone."""
    base = given(account_world, type_, workspace_role_name="Viewer")
    one = Managed(account_world, WorkspaceAccess)
    one.apply(base)
    account_world.cloud.store.change(
        "workspace_access", one.id, "Access", workspace_role_id=role(account_world, "Owner")
    )
    note_write(account_world.client)
    one.refresh()
    assert one.held["workspace_role_name"] == "Owner"
    assert sorted(one.changes(base)) == ["workspace_role_id", "workspace_role_name"]
    one.apply(base)
    account_world.cloud.store.drop("workspace_access", one.id, "Access")
    note_write(account_world.client)
    one.refresh()
    assert one.state is None


@pytest.mark.parametrize("type_", TYPES)
def test_every_way_to_import(account_world: World, type_: str) -> None:
    """By type and accessor, by what people call it, and by id."""
    id_, name = accessor(account_world, type_)
    config = {"accessor_type": type_, "accessor_id": id_, "workspace_role_name": "Runner"}
    one = Managed(account_world, WorkspaceAccess)
    one.apply(config)
    place = account_world.cloud.workspace_id
    for import_id in (f"{type_}/{id_}", f"{type_}/{name}", one.id, f"{type_}/{id_},{place}"):
        found = Managed.imported(account_world, WorkspaceAccess, import_id)
        if import_id.endswith(place):
            assert found.held["workspace_id"] == place
        else:
            assert found.changes(config) == []
    for wrong in ("OTHER/x", "nobody"):
        [error] = account_world.import_state(WorkspaceAccess, wrong).diagnostics
        assert error.summary == "Wrong import id for prefect_workspace_access"
    [error] = account_world.import_state(WorkspaceAccess, f"{type_}/{ELSEWHERE}").diagnostics
    assert error.summary == "No such object"


def test_another_accessor_ends_the_former_access(account_world: World) -> None:
    """A change of accessor is a replacement: the former one has the workspace no more."""
    one = Managed(account_world, WorkspaceAccess)
    one.apply(given(account_world, "USER", workspace_role_name="Viewer"))
    other = given(account_world, "TEAM", workspace_role_name="Viewer")
    one.apply(other)
    [left] = account_world.cloud.store.actual("workspace_access")
    assert left["accessor_id"] == other["accessor_id"]


def test_a_role_that_is_not_there(account_world: World) -> None:
    """The plan says so at the name, with those that were probably meant; one of one's own is found."""
    account_world.cloud.store.put(
        "workspace_roles",
        name="Night watch",
        description="",
        scopes=["see_flows"],
        account_id=account_world.cloud.account_id,
        inherited_role_id=None,
    )
    config = given(account_world, "USER", workspace_role_name="night watsch")
    [error] = (
        Managed(account_world, WorkspaceAccess)
        .plan(configuration(WorkspaceAccess, config), prior=None)
        .diagnostics
    )
    assert error.path == ("workspace_role_name",)
    assert "Did you mean `Night watch`?" in error.detail
    Managed(account_world, WorkspaceAccess).apply(config | {"workspace_role_name": "Night watch"})


def test_a_role_that_is_known_after_apply(account_world: World) -> None:
    """Neither an unknown id nor an unknown name is a mistake."""
    for name in ("workspace_role_id", "workspace_role_name"):
        config = configuration(WorkspaceAccess, given(account_world, "USER", **{name: UNKNOWN}))
        assert shown(Managed(account_world, WorkspaceAccess).plan(config, prior=None).diagnostics) == []


@pytest.mark.parametrize(
    ("wrong", "at"),
    [
        ({"accessor_id": "nobody"}, "accessor_id"),
        ({"accessor_type": "user"}, "accessor_type"),
        ({"workspace_role_name": "Viewer"}, ""),
        ({"workspace_role_id": None}, ""),
    ],
)
def test_what_a_validation_refuses(account_world: World, wrong: dict[str, Any], at: str) -> None:
    """An id that is none, another type, both or neither of a role's id and name."""
    right = {"accessor_type": "USER", "accessor_id": ELSEWHERE, "workspace_role_id": ELSEWHERE}
    [error] = Managed(account_world, WorkspaceAccess).validate(right | wrong)
    assert error.path == ((at,) if at else error.path)


def test_an_access_that_exists(account_world: World) -> None:
    """It is refused with its import block, or taken over where the provider is set to that."""
    config = given(account_world, "TEAM", workspace_role_name="Viewer")
    first = Managed(account_world, WorkspaceAccess)
    first.apply(config)
    other = type(account_world)(account_world.cloud)
    second = Managed(other, WorkspaceAccess)
    wanted = config | {"workspace_role_name": "Owner"}
    [error] = second.plan(configuration(WorkspaceAccess, wanted), prior=None).diagnostics
    assert error.summary == "The workspace access exists already"
    assert f'id = "{first.id}"' in error.detail
    set_on_existing(other.client, "adopt")
    second.apply(wanted, warns=True)
    assert second.id == first.id
    other.close()


def test_one_accessor_twice(account_world: World) -> None:
    """Two resources that give one accessor different roles are refused by the plan."""
    config = given(account_world, "USER")
    found = [
        Managed(account_world, WorkspaceAccess).plan(
            configuration(WorkspaceAccess, config | {"workspace_role_name": name}), prior=None
        )
        for name in ("Viewer", "Owner")
    ]
    assert shown(found[0].diagnostics) == []
    [error] = found[1].diagnostics
    assert error.summary == "The workspace access is managed twice"


def test_a_key_that_may_not(account_world: World) -> None:
    """The answer of a key without the permission is the error, and nothing is in the state."""
    key = "pnu_of_a_member"
    account_world.cloud.add_user("member@example.com", key=key)
    config = given(account_world, "USER", workspace_role_id=role(account_world, "Viewer"))
    account_world.cloud.key, owners = key, account_world.cloud.key
    other = type(account_world)(account_world.cloud)
    account_world.cloud.key = owners
    outcome = other.run(_created(other, config))
    assert outcome.state is None
    assert [error.severity for error in outcome.diagnostics] == ["error"]
    assert (
        "permission" in next(iter(outcome.diagnostics)).detail.lower()
        or "403" in next(iter(outcome.diagnostics)).detail
    )
    other.close()


async def _created(world: World, config: dict[str, Any]) -> Any:
    from prefect_provider.plugin.engine import lifecycle
    from tests.objects.terraform_core import explain

    whole = configuration(WorkspaceAccess, config)
    planned = await lifecycle.plan(WorkspaceAccess, world.client, None, whole, {}, explain)
    assert planned.state is not None
    return await lifecycle.apply(
        WorkspaceAccess, world.client, None, planned.state, whole, planned.private, explain
    )


def test_a_list_of_all_of_them(account_world: World) -> None:
    """`terraform query` lists the roles of users, service accounts and teams, all of them however many."""
    viewer = role(account_world, "Viewer")
    wanted = [given(account_world, type_, workspace_role_id=viewer) for type_ in TYPES for _ in range(2)]
    wanted += [given(account_world, "TEAM", workspace_role_id=viewer) for _ in range(203)]
    for one in wanted:
        path, field = {
            "USER": ("user_access", "user_id"),
            "SERVICE_ACCOUNT": ("bot_access", "bot_id"),
            "TEAM": ("team_access", "team_id"),
        }[one["accessor_type"]]
        method = "PUT" if path == "team_access" else "POST"
        account_world.call(method, f"/{path}/", [{field: one["accessor_id"], "workspace_role_id": viewer}])
    found = listed(account_world, WorkspaceAccess)
    assert len(found) == len(wanted) == 209
    assert {*found} == {f"{one['accessor_type']}/{one['accessor_id']}" for one in wanted}


def test_what_is_listed_is_what_is_imported(account_world: World) -> None:
    """An access is listed with its role, by id and by name, and with an identity that imports the same."""
    managed = Managed(account_world, WorkspaceAccess)
    managed.apply(given(account_world, "USER", workspace_role_name="Runner"))
    lister = listing_of(WorkspaceAccess)

    async def read() -> list[Listed]:
        config = dict.fromkeys(lister.attributes)
        return [one async for one in list_objects(lister, account_world.client, config, explain, whole=True)]

    [one] = account_world.run(read())
    assert shown(one.diagnostics) == []
    assert one.state == managed.held
    imported = lifecycle.import_identity(WorkspaceAccess, account_world.client, one.identity or {}, explain)
    assert account_world.run(imported).state == managed.held
