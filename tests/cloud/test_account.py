"""``prefect_account``: imported or taken over, changed part by part, and deleted only with a word."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from prefect_provider.objects.cloud.account import Account, AccountLookup
from prefect_provider.objects.existing import set_on_existing
from prefect_provider.plugin.engine import lifecycle
from tests.api.fake_transport import FakeTransport, answer, client
from tests.cloud.planned import destruction, errors_of_apply, first_plan
from tests.objects.terraform_core import Managed, configuration, explain, shown
from tests.objects.test_lookups import look_up, refused

if TYPE_CHECKING:
    from prefect_provider.api import Answer, Outgoing
    from tests.objects.terraform_core import World

GIVEN: dict[str, Any] = {"name": "Example", "handle": "example"}
SETTINGS = {
    "allow_public_workspaces": False,
    "ai_log_summaries": True,
    "managed_execution": True,
    "enforce_webhook_authentication": False,
}


def imported(world: World, id_: str = "") -> Managed:
    """The account, as `terraform import` brings it."""
    return Managed.imported(world, Account, id_ or world.cloud.account_id)


def actual(world: World) -> dict[str, Any]:
    """The account as the simulator has it."""
    [account] = world.cloud.store.actual("accounts")
    return account


def test_import_by_id_and_handle(account_world: World) -> None:
    """Either leads to the account, of which the plan then changes nothing; another handle leads to none."""
    for id_ in (account_world.cloud.account_id, "example"):
        managed = imported(account_world, id_)
        assert managed.id == account_world.cloud.account_id
        managed.assert_settled(GIVEN)
    [error] = account_world.import_state(Account, "other").diagnostics
    assert "other" in error.detail


def test_each_part_is_changed_at_its_own_address(account_world: World) -> None:
    """One attribute is one request, settings that are left out stay, and domains have no order."""
    managed, cloud = imported(account_world), account_world.cloud

    def writes() -> list[tuple[str, str]]:
        place = f"/accounts/{cloud.account_id}"
        return [(method, path.removeprefix(place)) for method, path, _ in cloud.seen if method != "GET"]

    cloud.seen.clear()
    managed.apply(GIVEN | {"location": "Berlin"})
    managed.apply(GIVEN | {"location": "Berlin", "settings": {"managed_execution": False}})
    domains = ["example.com", "a.example.com"]
    managed.apply(GIVEN | {"location": "Berlin", "domain_names": domains})
    assert writes() == [("PATCH", ""), ("PATCH", "/settings"), ("PATCH", "/domains")]
    assert actual(account_world)["settings"] == SETTINGS | {"managed_execution": False}
    assert actual(account_world)["domain_names"] == sorted(domains)
    assert managed.held["domain_names"] == domains

    managed.apply(GIVEN | {"link": "https://example.com"})
    assert actual(account_world)["location"] is None
    # Domains that the configuration leaves out stay, and an empty list removes them.
    assert actual(account_world)["domain_names"] == sorted(domains)
    managed.apply(GIVEN | {"domain_names": []})
    assert actual(account_world)["domain_names"] == []


def test_changes_of_others_are_seen(account_world: World) -> None:
    """A refresh shows what somebody else changed, and the next apply heals it."""
    managed = imported(account_world)
    given = GIVEN | {"settings": {"ai_log_summaries": True}, "domain_names": ["example.com"]}
    managed.apply(given)
    account_world.call("PATCH", "A/settings", {"ai_log_summaries": False})
    account_world.call("PATCH", "A/domains", {"domain_names": ["other.example.com"]})
    account_world.call("PATCH", "A", {"name": "Theirs"})
    managed.refresh()
    assert sorted(managed.changes(given)) == ["domain_names", "name", "settings"]
    managed.apply(given)


def test_reads_that_lag(account_world: World) -> None:
    """What was written is waited for, so that no apply ends with the values from before."""
    managed = imported(account_world)
    account_world.cloud.store.lag = 2
    managed.apply(GIVEN | {"name": "Later"})
    assert managed.held["name"] == "Later"


def test_no_account_is_made(account_world: World) -> None:
    """The plan says that it is there, with the block that imports it; with `adopt` it is taken over, and changed."""
    managed = Managed(account_world, Account)
    [error] = first_plan(managed, **GIVEN)
    assert error.summary == "The account exists already"
    assert f'id = "{account_world.cloud.account_id}"' in error.detail

    set_on_existing(account_world.client, "adopt")
    managed.apply(GIVEN | {"name": "Ours", "settings": {"managed_execution": False}}, warns=True)
    assert managed.id == account_world.cloud.account_id
    assert actual(account_world)["name"] == "Ours"
    assert actual(account_world)["settings"] == SETTINGS | {"managed_execution": False}


def test_an_account_is_deleted_with_a_word_only(account_world: World) -> None:
    """Plan and apply refuse it until the state says that it may be; then it is deleted."""
    managed = imported(account_world)
    [error] = destruction(managed)
    assert error.summary == "The account is protected from deletion"
    assert "removed {" in error.detail
    assert errors_of_apply(managed)
    for word in (None, True):
        managed.apply(GIVEN | {"deletion_protection": word})
        assert [one.severity for one in destruction(managed)] == ["error"]

    managed.apply(GIVEN | {"deletion_protection": False})
    assert destruction(managed) == []
    state = managed.state
    managed.destroy()
    assert account_world.cloud.store.actual("accounts") == []
    managed.state = state
    managed.destroy()


def test_domains_that_the_key_may_not_see(account_world: World) -> None:
    """The account is read without them, and what the state has of them stays."""
    managed, cloud = imported(account_world), account_world.cloud
    managed.apply(GIVEN | {"domain_names": ["example.com"]})
    actor = cloud.owner["actor_id"]
    cloud.store.change("actors", actor, "Actor", account_role="Member")
    managed.refresh()
    assert managed.held["domain_names"] == ["example.com"]


def test_data_source(account_world: World) -> None:
    """It needs nothing, takes an id, and holds what is set against what there is."""
    cloud = account_world.cloud
    found = look_up(account_world, AccountLookup)
    assert found["id"] == cloud.account_id
    assert found["settings"] == SETTINGS
    assert found["domain_names"] == []
    assert look_up(account_world, AccountLookup, id=cloud.account_id, handle="example") == found
    error = refused(account_world, AccountLookup, settings={"managed_execution": False})
    assert error.summary == "The account has another `settings.managed_execution`"
    assert refused(account_world, AccountLookup, handle="other").path == ("handle",)
    missing = refused(account_world, AccountLookup, id=cloud.workspace_id)
    assert "no account" in missing.detail
    assert missing.path == ("id",)
    # There is no list of accounts to look into.
    assert "prefect_accounts" not in missing.detail


def test_the_address_may_end_with_a_slash() -> None:
    """Where the account's own address is redirected to the one with a slash, that one is asked."""
    id_ = "0198f3a4-1111-4222-8333-944455556666"
    account = {"id": id_, "created": None, "updated": None, **GIVEN}

    def reply(outgoing: Outgoing) -> Answer:
        if outgoing.url.endswith(id_):
            return answer(307, None, location=f"{outgoing.url}/")
        if outgoing.url.endswith("/domains"):
            return answer(200, [])
        return answer(200, account) if outgoing.method == "GET" else answer(204)

    transport = FakeTransport(reply)
    asked = client(transport, endpoint=f"https://api.prefect.cloud/api/accounts/{id_}", api_key="key")

    async def run() -> None:
        found = await lifecycle.import_state(Account, asked, id_, explain)
        assert shown(found.diagnostics) == []
        assert found.state is not None
        wanted = configuration(Account, GIVEN | {"name": "New"})
        account["name"] = "New"
        done = await lifecycle.apply(
            Account, asked, found.state, found.state | {"name": "New"}, wanted, {}, explain
        )
        assert shown(done.diagnostics) == []

    asyncio.run(run())
    assert f"/accounts/{id_}/" in {
        one.url.partition(".cloud/api")[2] for one in transport.sent if one.method == "PATCH"
    }
