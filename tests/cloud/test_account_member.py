"""``prefect_account_member``: found by e-mail address, given roles by name, and removed only with a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.cloud.account_member import AccountMember, AccountMemberLookup, AccountMembers
from prefect_provider.objects.cloud.account_role import AccountRoleLookup, AccountRoles
from prefect_provider.objects.existing import set_on_existing
from prefect_provider.plugin.language.values import UNKNOWN
from tests.cloud.planned import destruction, errors_of_apply, first_plan, listed
from tests.objects.terraform_core import Managed, configuration
from tests.objects.test_lookups import look_up, refused

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

EMAIL = "marvin@example.com"


@pytest.fixture
def world(account_world: World) -> World:
    """An account with a member besides the owner."""
    account_world.cloud.add_user(EMAIL)
    return account_world


def role_id(world: World, name: str) -> str:
    """The id of a role in the account."""
    [role] = world.cloud.store.actual("account_roles", lambda one: one["name"] == name)
    return str(role["id"])


def membership(world: World) -> dict[str, Any]:
    """The member as the simulator has it."""
    [found] = world.cloud.store.actual("memberships", lambda one: one["email"] == EMAIL)
    return found


def test_import_by_email_and_id(world: World) -> None:
    """Either leads to the member, in upper and lower case; an address of nobody leads to nobody."""
    by_email = Managed.imported(world, AccountMember, EMAIL)
    assert Managed.imported(world, AccountMember, by_email.id).held == by_email.held
    assert by_email.held["account_role_name"] == "Member"
    # As the official provider's configurations have it, and with what ours may say.
    for given in ({}, {"account_role_id": role_id(world, "Member")}, {"email": "Marvin@Example.com"}):
        by_email.assert_settled(given)
    assert world.import_state(AccountMember, "nobody@example.com").diagnostics.has_errors


def test_roles_by_name_and_by_id(world: World) -> None:
    """Either sets the other, and the member has the role afterwards; what is left out stays."""
    managed = Managed.imported(world, AccountMember, EMAIL)
    managed.apply({"account_role_name": "Admin"})
    assert membership(world)["account_role_id"] == managed.held["account_role_id"] == role_id(world, "Admin")
    managed.apply({"account_role_id": role_id(world, "Member").upper()})
    assert managed.held["account_role_name"] == membership(world)["account_role_name"] == "Member"
    managed.apply({"account_role_name": "Admin"})
    managed.apply({})
    assert membership(world)["account_role_name"] == "Admin"
    planned = managed.plan(configuration(AccountMember, {"account_role_id": UNKNOWN}), prior=managed.state)
    assert planned.state is not None
    assert planned.state["account_role_name"] is UNKNOWN


def test_roles_that_there_are_not(world: World) -> None:
    """The plan names the roles, and the one that was probably meant; two roles at once are refused."""
    managed = Managed.imported(world, AccountMember, EMAIL)

    def error(**given: Any) -> Any:
        [found] = managed.plan(configuration(AccountMember, given), prior=managed.state).diagnostics
        return found

    wrong = error(account_role_name="Admni")
    assert (wrong.summary, wrong.path) == ("No such account role", ("account_role_name",))
    assert "`Admin`, `Member`, `Owner`" in wrong.detail
    assert "Did you mean `Admin`?" in wrong.detail
    both = error(account_role_name="Admin", account_role_id=role_id(world, "Member"))
    assert both.summary == "Two roles for one member"


def test_nobody_is_made_a_member(world: World) -> None:
    """The plan points to the import of a member who is there, and says of others that they have to be invited."""
    managed = Managed(world, AccountMember)
    [there] = first_plan(managed, email=EMAIL)
    assert there.summary == "The account member exists already"
    assert f'id = "{membership(world)["id"]}"' in there.detail
    [missing] = first_plan(managed, email="nobody@example.com")
    assert (missing.summary, missing.path) == ("No such account member", ("email",))
    [which] = first_plan(managed, account_role_name="Admin")
    assert which.summary == "Which member?"

    set_on_existing(world.client, "adopt")
    managed.apply({"email": EMAIL, "account_role_name": "Admin"}, warns=True)
    assert membership(world)["account_role_name"] == "Admin"
    managed.apply({"email": EMAIL})


def test_a_member_is_removed_with_a_word_only(world: World) -> None:
    """Neither a destruction nor another address removes a person by the way."""
    managed = Managed.imported(world, AccountMember, EMAIL)
    [error] = destruction(managed)
    assert error.summary == "The account member is protected from deletion"
    assert errors_of_apply(managed)
    replaced = managed.plan(configuration(AccountMember, {"email": "owner@example.com"}), prior=managed.state)
    assert "The account member is protected from deletion" in [one.summary for one in replaced.diagnostics]

    managed.apply({"deletion_protection": False})
    assert destruction(managed) == []
    state = managed.state
    managed.destroy()
    assert world.cloud.store.actual("memberships", lambda one: one["email"] == EMAIL) == []
    managed.state = state
    managed.destroy()


def test_another_address_of_the_same_person(world: World) -> None:
    """Who has another e-mail address by now is found by the id, and stays managed."""
    managed = Managed.imported(world, AccountMember, EMAIL)
    world.cloud.store.change("memberships", managed.id, "Membership", email="m@example.com")
    managed.refresh()
    assert managed.held["email"] == "m@example.com"


def test_reads_that_lag(world: World) -> None:
    """A role that was given is waited for."""
    managed = Managed.imported(world, AccountMember, EMAIL)
    world.cloud.store.lag = 2
    managed.apply({"account_role_name": "Admin"})


def test_all_members_are_listed(world: World) -> None:
    """However many there are, and by the addresses that are wanted; a look-up finds one of them."""
    for number in range(250):
        world.cloud.add_user(f"member-{number:03}@example.com")
    members = look_up(world, AccountMembers)["members"]
    emails = [one["email"] for one in members]
    assert len(emails) == 252
    assert emails == sorted(emails)
    assert {"actor_id", "user_id", "account_role_name"} <= members[0].keys()
    wanted = ["member-249@example.com", EMAIL]
    assert [one["email"] for one in look_up(world, AccountMembers, emails=wanted)["members"]] == sorted(
        wanted
    )
    assert listed(world, AccountMember, emails=wanted) == [EMAIL, "member-249@example.com"]
    found = look_up(world, AccountMemberLookup, email="member-249@example.com")
    assert look_up(world, AccountMemberLookup, id=found["id"])["email"] == "member-249@example.com"
    error = refused(world, AccountMemberLookup, email="member-24@example.com")
    assert "member-" in error.detail
    assert 'data "prefect_account_members"` lists them' in error.detail


def test_account_roles(world: World) -> None:
    """They are looked up by name and id, and listed, with what they allow."""
    admin = look_up(world, AccountRoleLookup, name="Admin")
    assert admin["is_system_role"] is True
    assert "manage_account" in admin["permissions"]
    assert look_up(world, AccountRoleLookup, id=role_id(world, "Admin"))["name"] == "Admin"
    roles = look_up(world, AccountRoles)["account_roles"]
    assert [one["name"] for one in roles] == ["Admin", "Member", "Owner"]
    assert "Did you mean `Admin`?" in refused(world, AccountRoleLookup, name="Admn").detail.replace('"', "`")


def test_an_address_in_other_letters(world: World) -> None:
    """Upper and lower case of an address are the same, also where the API compares them letter by letter."""
    world.cloud.add_user("Ada.Lovelace+x@Example.COM", handle="ada")
    lower = "ada.lovelace+x@example.com"
    set_on_existing(world.client, "adopt")
    adopted = Managed(world, AccountMember)
    adopted.apply({"email": lower, "account_role_name": "Admin"}, warns=True)
    there = Managed.imported(world, AccountMember, "Ada.Lovelace+x@Example.COM")
    assert there.id == adopted.id
    assert Managed.imported(world, AccountMember, lower).held == there.held
    there.assert_settled({"email": lower})
    assert look_up(world, AccountMemberLookup, email=lower)["id"] == there.id
