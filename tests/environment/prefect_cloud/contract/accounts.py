"""The account and its members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.environment.prefect_cloud.contract.facts import Fact

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.contract.facts import Checked

__all__ = ["FACTS"]

_PEER: Final = "the official provider's client"
_SETTINGS: Final = {"allow_public_workspaces", "ai_log_summaries", "managed_execution"}


def _account(account: Checked) -> None:
    answer = account.ask("GET", "A")
    # A library may have followed the redirect to the form with a slash.
    assert answer.status in (200, 307), f"status {answer.status}"
    found = account.ask("GET", "A/").data if answer.status == 307 else answer.data
    assert found["id"] == account.account_id.lower(), "it has another id"
    assert {"name", "handle", "location", "link", "settings"} <= found.keys(), f"it has {sorted(found)}"


def _without_slash(account: Checked) -> None:
    assert account.ask("GET", "A").status == 200, "the address without a slash is not the account's own"


def _settings(account: Checked) -> None:
    found = account.ask("GET", "A").data["settings"]
    assert found.keys() >= _SETTINGS, f"they are {sorted(found)}"
    assert "enforce_webhook_authentication" in found, f"they are {sorted(found)}"


def _domains(account: Checked) -> None:
    answer = account.ask("GET", "A/domains")
    if answer.status in (403, 404):
        msg = f"status {answer.status}: the key may not see them, or the plan has none"
        raise LookupError(msg)
    assert all("name" in one for one in answer.data), "a domain has no name"


def _members(account: Checked) -> None:
    found = account.ask("POST", "A/account_memberships/filter", {}).data
    wanted = {"id", "actor_id", "user_id", "email", "handle", "account_role_id", "account_role_name"}
    assert found, "there are no members"
    assert wanted <= found[0].keys(), f"a member has {sorted(found[0])}"


def _members_by_email(account: Checked) -> None:
    everybody = account.ask("POST", "A/account_memberships/filter", {}).data
    email = everybody[0]["email"]
    body = {"account_memberships": {"email": {"any_": [email]}}}
    found = account.ask("POST", "A/account_memberships/filter", body).data
    assert [one["email"] for one in found] == [email], f"it finds {len(found)} members"


def _members_in_pages(account: Checked) -> None:
    pages = [
        account.ask("POST", "A/account_memberships/filter", {"limit": 1, "offset": offset}).data
        for offset in (0, 1)
    ]
    assert len(pages[0]) == 1, "a limit of 1 is not kept to"
    if not pages[1]:
        msg = "there is one member only"
        raise LookupError(msg)
    assert pages[0][0]["id"] != pages[1][0]["id"], "an offset is not kept to"


def _role(account: Checked) -> None:
    found = account.ask(
        "POST", "A/account_roles/filter", {"account_roles": {"name": {"any_": ["Member"]}}}
    ).data
    assert [one["name"] for one in found] == ["Member"], f"it finds {len(found)} roles"
    one = account.ask("GET", f"A/account_roles/{found[0]['id']}").data
    assert {"permissions", "is_system_role"} <= one.keys(), f"a role has {sorted(one)}"


FACTS: Final = (
    Fact(
        "account-read",
        "`GET A` answers the account with `name`, `handle`, `location`, `link` and `settings`.",
        f"{_PEER} (`accounts.go`)",
        "client",
        _account,
    ),
    Fact(
        "account-no-slash",
        "The account's own address has no slash at its end; the other form is redirected by 307. (The provider asks "
        "the other form where it is redirected.)",
        "the official provider asks the form with a slash, by a library that follows redirects",
        "assumed",
        _without_slash,
    ),
    Fact(
        "account-change",
        "`PATCH A` changes what is given of `name`, `handle`, `location` and `link`, and is answered 200 or 204.",
        f"{_PEER} (`accounts.go`); that what is left out stays is assumed",
        "client",
    ),
    Fact(
        "account-settings",
        "`settings` has `allow_public_workspaces`, `ai_log_summaries`, `managed_execution` and "
        "`enforce_webhook_authentication`; `PATCH A/settings` takes them at its top level.",
        f"{_PEER} (`accounts.go`)",
        "client",
        _settings,
    ),
    Fact(
        "account-domains",
        "`GET A/domains` lists domains with a `name`; `PATCH A/domains` takes all of them as `domain_names`, is "
        "answered 204, and need not keep their order.",
        f"{_PEER} (`accounts.go`); that the order may change is assumed",
        "client",
        _domains,
    ),
    Fact(
        "account-billing-email",
        "The address for invoices is kept by the payment service; no request of the API changes it.",
        "the official provider's guide to version 3",
        "documented",
    ),
    Fact(
        "account-delete",
        "`DELETE A` deletes the account with everything in it. Nobody can make one by the API.",
        f"{_PEER} (`accounts.go`) and its documentation of `prefect_account`",
        "documented",
    ),
    Fact(
        "members-read",
        "`POST A/account_memberships/filter` lists members with the ids of membership, actor, user and role, the "
        "role's name, the names, handle and e-mail address; there is no address for one member.",
        f"{_PEER} (`account_memberships.go`)",
        "client",
        _members,
    ),
    Fact(
        "members-by-email",
        "Its `account_memberships.email.any_` finds members by their e-mail addresses.",
        f"{_PEER} (`account_memberships.go`)",
        "client",
        _members_by_email,
    ),
    Fact(
        "members-in-pages",
        "It takes `limit` (at most 200, which is the default) and `offset`, as other filters do.",
        "the official provider pages teams so (`teams.go`)",
        "assumed",
        _members_in_pages,
    ),
    Fact(
        "members-role",
        "`PATCH A/account_memberships/{id}` takes `account_role_id`, `DELETE` removes the member; both are answered "
        "204.",
        f"{_PEER} (`account_memberships.go`)",
        "client",
    ),
    Fact(
        "members-last-owner",
        "The last owner of an account keeps that role: 403.",
        "nothing public",
        "assumed",
    ),
    Fact(
        "roles-by-name",
        "`POST A/account_roles/filter` takes `account_roles.name.any_`; `GET A/account_roles/{id}` answers one, with "
        "`permissions` and `is_system_role`.",
        f"{_PEER} (`account_roles.go`)",
        "client",
        _role,
    ),
)
