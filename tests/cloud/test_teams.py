"""`prefect_team`, `prefect_team_access`, and the data sources of teams."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from prefect_provider.objects.cloud.looks import note_write
from prefect_provider.objects.cloud.team import Team, TeamLookup, Teams
from prefect_provider.objects.cloud.team_access import TeamAccess
from prefect_provider.objects.existing import set_on_existing
from prefect_provider.plugin.engine import lifecycle
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    import pytest

    from prefect_provider.plugin.language.resource import DataSource
    from prefect_provider.plugin.language.values import Values
    from tests.objects.terraform_core import World

ELSEWHERE = "0198f3a4-9999-4222-8333-944455556666"


def member(world: World, team_id: str) -> dict[str, Any]:
    """The configuration of a new user's membership."""
    user = world.cloud.add_user(f"{unique('member')}@example.com")
    ids = {"member_id": user["id"], "member_actor_id": user["actor_id"]}
    return {"team_id": team_id, "member_type": "user"} | ids


def read(world: World, kind: type[DataSource], **given: Any) -> Values:
    """What a data source reads."""
    outcome = world.run(lifecycle.read_data(kind, world.client, configuration(kind, given), explain))
    assert shown(outcome.diagnostics) == []
    assert outcome.state is not None
    return outcome.state


def test_a_description_is_never_lost(account_world: World) -> None:
    """It comes back as it was written, or empty; what others have written is kept until it is configured."""
    team = Managed(account_world, Team)
    name = unique("team")
    team.apply({"name": name})
    assert team.held["description"] == ""
    account_world.cloud.store.change("teams", team.id, "Team", description="theirs")
    team.refresh()
    team.apply({"name": f"{name}-renamed"})
    assert account_world.cloud.store.actual("teams")[0]["description"] == "theirs"
    team.apply({"name": f"{name}-renamed", "description": "ours"})
    team.apply({"name": f"{name}-renamed"})
    assert account_world.cloud.store.actual("teams")[0]["description"] == ""


def test_reads_that_lag(account_world: World) -> None:
    """A team and its members that are seen only after some reads are made and changed once, and then are there."""
    user = account_world.cloud.add_user("late@example.com")
    account_world.cloud.store.lag = 3
    team, one = Managed(account_world, Team), Managed(account_world, TeamAccess)
    team.apply({"name": "late"})
    team.apply({"name": "late", "description": "changed"})
    ids = {"member_id": user["id"], "member_actor_id": user["actor_id"]}
    one.apply({"team_id": team.id, "member_type": "user"} | ids)
    writes = [(method, path.rpartition("/teams")[2]) for method, path, _ in account_world.cloud.seen]
    assert [write for write in writes if write[0] in ("POST", "PUT") and "filter" not in write[1]] == [
        ("POST", ""),
        ("PUT", f"/{team.id}"),
        ("PUT", f"/{team.id}/members"),
    ]


def test_a_team_that_exists_is_refused(account_world: World) -> None:
    """The plan says so, with the block that imports it; its import, by name or id, then changes nothing."""
    made = account_world.cloud.store.put("teams", name="theirs", description="", members=[])
    [error] = (
        Managed(account_world, Team).plan(configuration(Team, {"name": "theirs"}), prior=None).diagnostics
    )
    assert error.summary == "The team exists already"
    assert f'id = "{made["id"]}"' in error.detail
    for id_ in ("theirs", made["id"]):
        assert Managed.imported(account_world, Team, id_).changes({"name": "theirs"}) == []


def test_more_teams_than_a_page(account_world: World) -> None:
    """All of them are listed, in order; one that is not on the first page is found by its name."""
    for number in range(450):
        account_world.cloud.store.put("teams", name=f"team-{number:03}", description="", members=[])
    found = read(account_world, Teams)["teams"]
    assert [one["name"] for one in found] == [f"team-{number:03}" for number in range(450)]
    assert read(account_world, TeamLookup, name="team-449")["id"] == found[449]["id"]
    assert [one["name"] for one in read(account_world, Teams, names=["team-007"])["teams"]] == ["team-007"]


def test_many_teams_are_read_together(account_world: World) -> None:
    """A refresh of many asks for pages, and not for each."""
    made = [
        account_world.cloud.store.put("teams", name=f"many-{number}", description="", members=[])
        for number in range(250)
    ]
    states = [{**dict.fromkeys(Team.attributes), "id": one["id"], "name": one["name"]} for one in made]
    account_world.cloud.seen.clear()

    async def refresh_all() -> list[lifecycle.Outcome]:
        at_once = asyncio.Semaphore(10)

        async def one(state: dict[str, Any]) -> lifecycle.Outcome:
            async with at_once:
                return await lifecycle.refresh(Team, account_world.client, state, {}, explain)

        return await asyncio.gather(*(one(state) for state in states))

    outcomes = account_world.run(refresh_all())
    assert [outcome.state and outcome.state["id"] for outcome in outcomes] == [one["id"] for one in made]
    assert len(account_world.cloud.seen) < 25


def test_a_name_that_is_nobodys(account_world: World) -> None:
    """The look-up says which were probably meant."""
    account_world.cloud.store.put("teams", name="engineering", description="", members=[])
    config = configuration(TeamLookup, {"name": "enginering"})
    [error] = account_world.run(
        lifecycle.read_data(TeamLookup, account_world.client, config, explain)
    ).diagnostics
    assert "Did you mean `engineering`?" in error.detail


def test_members_stay_beside_each_other(account_world: World) -> None:
    """Each membership adds and removes its own member only, and many are read with one request."""
    team = Managed(account_world, Team)
    team.apply({"name": "several"})
    members = [Managed(account_world, TeamAccess) for _ in range(5)]
    for one in members:
        one.apply(member(account_world, team.id))
    assert len(account_world.cloud.store.actual("teams")[0]["members"]) == 5

    account_world.cloud.seen.clear()
    note_write(account_world.client)

    async def refresh_all() -> list[lifecycle.Outcome]:
        return await asyncio.gather(
            *(lifecycle.refresh(TeamAccess, account_world.client, one.held, {}, explain) for one in members)
        )

    assert all(outcome.state for outcome in account_world.run(refresh_all()))
    assert len(account_world.cloud.seen) == 1
    members[0].destroy()
    assert len(account_world.cloud.store.actual("teams")[0]["members"]) == 4


def test_another_member_ends_the_former_membership(account_world: World) -> None:
    """A change of the member, or of the team, is a replacement: nobody is left in a team without a resource."""
    team, other = Managed(account_world, Team), Managed(account_world, Team)
    team.apply({"name": "one"})
    other.apply({"name": "other"})
    one = Managed(account_world, TeamAccess)
    given = member(account_world, team.id)
    one.apply(given)
    for now in (given | {"team_id": other.id}, member(account_world, other.id)):
        assert one.plan(configuration(TeamAccess, now), prior=one.state).replace
        one.apply(now)
    teams = {team["name"]: team["members"] for team in account_world.cloud.store.actual("teams")}
    assert (len(teams["one"]), len(teams["other"])) == (0, 1)


def test_a_membership_that_exists(account_world: World) -> None:
    """It is refused with its import block, by ids and by names; or taken over where the provider is set to that."""
    team = Managed(account_world, Team)
    team.apply({"name": "members"})
    given = member(account_world, team.id)
    one, twice = Managed(account_world, TeamAccess), Managed(account_world, TeamAccess)
    one.apply(given)
    users = account_world.cloud.store.actual("users", lambda user: user["id"] == given["member_id"])
    for id_ in (one.id, f"members,{users[0]['email']}", f"{team.id},{given['member_actor_id']}"):
        assert Managed.imported(account_world, TeamAccess, id_).changes(given) == []
    fresh = Managed(type(account_world)(account_world.cloud), TeamAccess)
    [error] = fresh.plan(configuration(TeamAccess, given), prior=None).diagnostics
    assert f'id = "{one.id}"' in error.detail
    set_on_existing(account_world.client, "adopt")
    twice.apply(given, warns=True)
    assert twice.id == one.id
    fresh.world.close()


def test_a_service_account_in_a_team(account_world: World) -> None:
    """It is added by its id and known by its actor's; its name imports it."""
    bot = account_world.cloud.call("POST", "A/bots/", {"name": "loader"})
    team, one = Managed(account_world, Team), Managed(account_world, TeamAccess)
    team.apply({"name": "machines"})
    ids = {"member_id": bot["id"], "member_actor_id": bot["actor_id"]}
    given = {"team_id": team.id, "member_type": "service_account"} | ids
    one.apply(given)
    assert Managed.imported(account_world, TeamAccess, "machines,loader").changes(given) == []
    one.destroy()
    assert account_world.cloud.call("GET", f"A/teams/{team.id}")["memberships"] == []


def test_a_member_with_another_actor(account_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids that do not belong together are reported at the actor's, with the right one."""
    monkeypatch.setattr("prefect_provider.objects.cloud.settling._WAITS_S", ())
    team = Managed(account_world, Team)
    team.apply({"name": "mistaken"})
    given = member(account_world, team.id)
    wrong = given | {"member_actor_id": ELSEWHERE}
    planned = Managed(account_world, TeamAccess).plan(configuration(TeamAccess, wrong), prior=None)
    assert planned.state is not None
    outcome = account_world.run(
        lifecycle.apply(
            TeamAccess,
            account_world.client,
            None,
            planned.state,
            configuration(TeamAccess, wrong),
            planned.private,
            explain,
        )
    )
    [error] = outcome.diagnostics
    assert error.path == ("member_actor_id",)
    assert given["member_actor_id"] in error.detail


def test_a_state_of_the_official_provider(account_world: World) -> None:
    """Its memberships have an id of zeros, and teams a description that is null: neither is a change."""
    team = Managed(account_world, Team)
    team.apply({"name": "theirs"})
    given = member(account_world, team.id)
    one = Managed(account_world, TeamAccess)
    one.apply(given)
    one.state = one.held | {"id": "00000000-0000-0000-0000-000000000000"}
    team.state = team.held | {"description": None}
    for managed, config in ((one, given), (team, {"name": "theirs"})):
        managed.refresh()
        assert managed.changes(config) == []


def test_another_account(account_world: World) -> None:
    """An account that the key does not know is asked for, and what comes of it is said."""
    given = {"name": "there", "account_id": ELSEWHERE}
    outcome = Managed(account_world, Team).plan(configuration(Team, given), prior=None)
    assert any(f"/accounts/{ELSEWHERE}/" in path for _, path, _ in account_world.cloud.seen)
    assert outcome.state is not None
    assert outcome.state["account_id"] == ELSEWHERE
