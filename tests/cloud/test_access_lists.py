"""The access lists of blocks, deployments and work pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from prefect_provider.objects.cloud.block_access import BlockAccess
from prefect_provider.objects.cloud.deployment_access import DeploymentAccess
from prefect_provider.objects.cloud.work_pool_access import WorkPoolAccess
from prefect_provider.objects.existing import set_on_existing
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.values import UNKNOWN
from tests.cloud.cases.access import made_block, made_deployment, made_pool
from tests.objects.terraform_core import Managed, World, configuration, explain, shown, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.objects.cloud.access_lists import AccessList
    from tests.environment.prefect_server import PrefectServer

KINDS: tuple[type[AccessList], ...] = (BlockAccess, DeploymentAccess, WorkPoolAccess)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.type_name)


class Subject(NamedTuple):
    """An object with a list, and who could be in it."""

    kind: type[AccessList]
    base: dict[str, Any]
    path: str
    import_ids: tuple[str, ...]
    actors: list[str]
    team: str


def subject(world: World, kind: type[AccessList]) -> Subject:
    """A new object."""
    actors = [str(world.cloud.add_user(f"{unique('in-list')}@example.com")["actor_id"]) for _ in range(2)]
    actors.append(str(world.cloud.call("POST", "A/bots/", {"name": unique("in-list")})["actor_id"]))
    team = str(world.cloud.store.put("teams", name=unique("team"), description="", members=[])["id"])
    if kind is WorkPoolAccess:
        name = made_pool(world)
        id_ = str(world.call("GET", f"/work_pools/{name}")["id"])
        return Subject(
            kind, {"work_pool_name": name}, f"/work_pools/{name}/access", (name, id_), actors, team
        )
    collection, (id_, name) = (
        ("block_documents", made_block(world))
        if kind is BlockAccess
        else ("deployments", made_deployment(world))
    )
    text = f"secret/{name}" if kind is BlockAccess else name
    return Subject(kind, {kind.of: id_}, f"/{collection}/{id_}/access", (text, id_), actors, team)


def everybody(kind: type[AccessList]) -> dict[str, Any]:
    """What the API answers for an object whose access nobody has narrowed."""
    named = [{"id": "*", "name": "*", "email": None, "type": "*"}]
    return {f"{level}_actors": named for level in kind.levels}


def write(world: World, one: Subject, **lists: list[str]) -> None:
    """Narrow a list behind Terraform's back."""
    names = [f"{level}_{whom}_ids" for level in one.kind.levels for whom in ("actor", "team")]
    control = {name: lists.get(name, []) for name in names}
    world.call("PUT", one.path, {"access_control": control})


def destruction(world: World, managed: Managed) -> list[str]:
    """What a plan to destroy says."""
    outcome = world.run(
        lifecycle.plan(managed.kind, world.client, managed.state, None, managed.private, explain)
    )
    return [f"{one.severity}: {one.summary}. {one.detail}" for one in outcome.diagnostics]


@pytest.fixture
def another_world(cloud_world: World) -> Iterator[World]:
    """A process of its own."""
    other = World(cloud_world.cloud)
    yield other
    other.close()


@every_kind
def test_a_list_in_any_order(cloud_world: World, kind: type[AccessList]) -> None:
    """Order, case and repetition are no change; another member is, and is seen when somebody else makes it."""
    one = subject(cloud_world, kind)
    first, second, third = one.actors
    managed = Managed(cloud_world, kind)
    managed.apply(one.base | {"manage_actor_ids": [first, second], "view_team_ids": [one.team]})
    assert (
        managed.changes(
            one.base
            | {"manage_actor_ids": [second.upper(), first, first], "view_team_ids": [one.team.upper()]}
        )
        == []
    )
    assert managed.changes(one.base | {"manage_actor_ids": [first, third], "view_team_ids": [one.team]}) == [
        "manage_actor_ids"
    ]
    write(cloud_world, one, manage_actor_ids=["*"])
    managed.refresh()
    assert managed.held["manage_actor_ids"] == ["*"]
    assert managed.held["view_team_ids"] == []


@every_kind
def test_a_destruction_puts_back_what_was_there(cloud_world: World, kind: type[AccessList]) -> None:
    """For an object that nobody had narrowed everybody, and the plan warns of it; nothing else is opened."""
    one = subject(cloud_world, kind)
    assert cloud_world.call("GET", one.path) == everybody(kind)
    managed = Managed(cloud_world, kind)
    managed.apply(one.base | {"manage_actor_ids": one.actors[:1]})
    [warning] = destruction(cloud_world, managed)
    assert warning.startswith("warning: The ")
    assert "opens to everybody" in warning
    assert "`removed` block" in warning
    managed.destroy()
    assert cloud_world.call("GET", one.path) == everybody(kind)


@every_kind
def test_a_list_of_others(cloud_world: World, another_world: World, kind: type[AccessList]) -> None:
    """It is refused with the import block, or taken over; and then a destruction puts it back, opening nothing."""
    one = subject(cloud_world, kind)
    write(cloud_world, one, manage_actor_ids=one.actors[:1], view_team_ids=[one.team])
    theirs = cloud_world.call("GET", one.path)
    ours = one.base | {"manage_actor_ids": one.actors[1:]}
    [error] = Managed(cloud_world, kind).plan(configuration(kind, ours), prior=None).diagnostics
    assert error.summary.endswith("exists already")
    assert "import {" in error.detail
    set_on_existing(another_world.client, "adopt")
    managed = Managed(another_world, kind)
    [*_, warning] = managed.apply(ours, warns=True)
    assert "puts back what was there before" in warning.detail
    assert cloud_world.call("GET", one.path) != theirs
    [told] = destruction(another_world, managed)
    assert "those who could before" in told
    later = Managed(cloud_world, kind, managed.state)
    later.private = managed.private
    later.destroy()
    assert cloud_world.call("GET", one.path) == theirs


@every_kind
def test_imports(cloud_world: World, kind: type[AccessList]) -> None:
    """By what people call the object, and by its id; what is not there is said, and what can be no id refused."""
    one = subject(cloud_world, kind)
    write(cloud_world, one, manage_actor_ids=one.actors, manage_team_ids=[one.team])
    config = one.base | {"manage_actor_ids": one.actors, "manage_team_ids": [one.team]}
    for id_ in one.import_ids:
        assert Managed.imported(cloud_world, kind, id_).changes(config) == []
        placed = Managed.imported(cloud_world, kind, f"{id_},{cloud_world.cloud.workspace_id}")
        assert placed.held["workspace_id"] == cloud_world.cloud.workspace_id
    for id_ in (f"{one.import_ids[0]}-none", "0198f3a4-9999-4222-8333-944455556666"):
        [error] = cloud_world.import_state(kind, id_).diagnostics
        assert error.summary == "No such object"
    [error] = cloud_world.import_state(kind, "a/b/c%").diagnostics
    assert error.summary == f"Wrong import id for {kind.type_name}"
    [warning] = destruction(cloud_world, Managed.imported(cloud_world, kind, one.import_ids[0]))
    assert "opens to everybody" in warning


@every_kind
def test_two_resources_for_one_list(cloud_world: World, another_world: World, kind: type[AccessList]) -> None:
    """The plan refuses the second, whether it is new beside a new one or beside one that is there."""
    one = subject(cloud_world, kind)
    ours, others = (one.base | {"manage_actor_ids": [actor]} for actor in one.actors[:2])

    def planned(world: World, given: dict[str, Any]) -> list[str]:
        found = Managed(world, kind).plan(configuration(kind, given), prior=None)
        return [diagnostic.summary for diagnostic in found.diagnostics]

    assert planned(cloud_world, ours) == []
    assert planned(cloud_world, ours) == []
    [told] = planned(cloud_world, others)
    assert told.endswith("is managed twice")
    managed = Managed(another_world, kind)
    managed.apply(ours)
    assert managed.changes(ours) == []
    [told] = planned(another_world, others)
    assert told.endswith("is managed twice")


@every_kind
def test_reads_that_lag(cloud_world: World, prefect_clouds: Any, kind: type[AccessList]) -> None:
    """A list that is seen only after some reads is written once, and then is there."""
    del cloud_world
    world = World(prefect_clouds())
    one = subject(world, kind)
    world.cloud.store.lag = 3
    managed = Managed(world, kind)
    managed.apply(one.base | {"manage_actor_ids": one.actors})
    managed.apply(one.base | {"manage_actor_ids": one.actors[1:]})
    assert [method for method, path, _ in world.cloud.seen if path.endswith("/access")].count("PUT") == 2
    managed.destroy()
    world.close()


@every_kind
def test_what_cannot_be(cloud_world: World, kind: type[AccessList]) -> None:
    """Ids that are none are refused at their place; nobody at all is worth a warning; what is unknown is neither."""
    one, other = subject(cloud_world, kind), subject(cloud_world, kind)
    managed = Managed(cloud_world, kind)
    wrong = {"manage_actor_ids": [one.actors[0], "marvin"], "view_team_ids": ["*"]}
    found = list(managed.validate(one.base | wrong))
    assert [error.path for error in found] == [("manage_actor_ids", 1), ("view_team_ids", 0)]
    assert "`*` for everybody" in found[0].detail
    [warning] = managed.plan(configuration(kind, one.base), prior=None).diagnostics
    assert warning.severity == "warning"
    assert warning.summary.startswith("Nobody may use")
    unknown = configuration(kind, other.base | {"manage_actor_ids": [UNKNOWN]})
    assert shown(Managed(cloud_world, kind).plan(unknown, prior=None).diagnostics) == []


@every_kind
def test_an_actor_who_is_not_there(cloud_world: World, kind: type[AccessList]) -> None:
    """What Prefect refuses is shown at the list, and leaves the object as it was."""
    one = subject(cloud_world, kind)
    given = configuration(kind, one.base | {"manage_actor_ids": ["0198f3a4-9999-4222-8333-944455556666"]})
    planned = Managed(cloud_world, kind).plan(given, prior=None)
    assert planned.state is not None
    outcome = cloud_world.run(
        lifecycle.apply(kind, cloud_world.client, None, planned.state, given, planned.private, explain)
    )
    [error] = outcome.diagnostics
    assert error.path == ("manage_actor_ids",)
    assert outcome.state is None
    assert cloud_world.call("GET", one.path) == everybody(kind)


@every_kind
def test_another_object_is_another_list(cloud_world: World, kind: type[AccessList]) -> None:
    """A change of the object is a replacement: the former one is not left narrowed."""
    one, other = subject(cloud_world, kind), subject(cloud_world, kind)
    managed = Managed(cloud_world, kind)
    managed.apply(one.base | {"manage_actor_ids": one.actors})
    managed.apply(other.base | {"manage_actor_ids": one.actors})
    assert cloud_world.call("GET", one.path) == everybody(kind)
    assert cloud_world.call("GET", other.path) != everybody(kind)


@every_kind
def test_an_object_that_is_gone(cloud_world: World, kind: type[AccessList]) -> None:
    """So is its list: the refresh says so, and a destruction is no error."""
    one = subject(cloud_world, kind)
    managed = Managed(cloud_world, kind)
    managed.apply(one.base | {"manage_actor_ids": one.actors})
    cloud_world.call("DELETE", one.path.removesuffix("/access"))
    again = Managed(cloud_world, kind, managed.state)
    managed.destroy()
    again.refresh()
    assert again.state is None


@every_kind
def test_a_state_of_the_official_provider(cloud_world: World, kind: type[AccessList]) -> None:
    """It has no id and knows no drift; the first plan is empty where nobody has changed anything."""
    one = subject(cloud_world, kind)
    write(cloud_world, one, manage_actor_ids=one.actors)
    state = {**dict.fromkeys(kind.attributes), **one.base}
    state |= {name: [] for name in kind.attributes if name.endswith("_ids")}
    managed = Managed(cloud_world, kind, state | {"manage_actor_ids": one.actors})
    assert managed.changes(one.base | {"manage_actor_ids": one.actors}) == []
    managed.refresh()
    assert managed.changes(one.base | {"manage_actor_ids": one.actors}) == []
    managed.apply(one.base | {"manage_actor_ids": one.actors[:1]})


def test_on_another_server(prefect_server: PrefectServer) -> None:
    """A self-hosted server has no such lists, and the plan says so."""
    world = World(prefect_server)
    given = configuration(DeploymentAccess, {"deployment_id": "0198f3a4-9999-4222-8333-944455556666"})
    [error] = Managed(world, DeploymentAccess).plan(given, prior=None).diagnostics
    assert error.summary == "A prefect_deployment_access exists on Prefect Cloud only"
    world.close()
