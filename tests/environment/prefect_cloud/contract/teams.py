"""Teams and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from tests.environment.prefect_cloud.contract.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.environment.prefect_cloud.contract.facts import Checked

__all__ = ["FACTS"]

_CLIENT: Final = "the official provider's client (`teams.go`)"
_MEMBERS: Final = "the official provider's client (`team_access.go`)"


def _all(account: Checked) -> list[dict[str, Any]]:
    answer = account.ask("POST", "A/teams/filter", {"limit": 200, "offset": 0})
    assert answer.status == 200
    found: list[dict[str, Any]] = answer.data
    return found


def _some(account: Checked) -> dict[str, Any]:
    for team in _all(account):
        return team
    msg = "the account has no team"
    raise LookupError(msg)


def _filter(account: Checked) -> None:
    team = _some(account)
    found = account.ask("POST", "A/teams/filter", {"teams": {"name": {"any_": [team["name"]]}}}).data
    assert [one["id"] for one in found] == [team["id"]]
    assert account.ask("POST", "A/teams/filter", {"limit": 1, "offset": len(_all(account))}).data == []


def _members(account: Checked) -> None:
    team = _some(account)
    found = account.ask("GET", f"A/teams/{team['id']}").data
    assert found["name"] == team["name"]
    assert all({"id", "type"} <= one.keys() for one in found["memberships"])


def _made(account: Checked, **body: Any) -> Iterator[dict[str, Any]]:
    answer = account.ask("POST", "A/teams", body)
    assert answer.status == 201
    try:
        yield answer.data
    finally:
        assert account.ask("DELETE", f"A/teams/{answer.data['id']}").status == 204


def _description(account: Checked) -> None:
    for team in _made(account, name=f"contract-{uuid4().hex[:8]}"):
        assert team["description"] in (None, "")
        path = f"A/teams/{team['id']}"
        changed = account.ask("PUT", path, {"name": team["name"], "description": "for a check"})
        assert (changed.status, changed.data["description"]) == (200, "for a check")
        changed = account.ask("PUT", path, {"name": team["name"], "description": ""})
        assert changed.data["description"] in (None, "")


def _name_unique(account: Checked) -> None:
    for team in _made(account, name=f"contract-{uuid4().hex[:8]}"):
        assert account.ask("POST", "A/teams", {"name": team["name"]}).status in (409, 422)


FACTS: Final = (
    Fact(
        "team-create",
        "`POST A/teams` (without a slash at its end) takes `name` and `description` and answers 201 with the team.",
        _CLIENT,
        "client",
    ),
    Fact(
        "team-description",
        'A description that is left out or null comes back as `""`; `PUT A/teams/{id}` takes the whole of it.',
        f"{_CLIENT}; its users report an inconsistent result for a null description",
        "client",
        _description,
        writes=True,
    ),
    Fact(
        "team-name-unique",
        "No two teams of an account have the same name; the second is answered 409.",
        "the official provider calls the name unique; the status is a guess",
        "assumed",
        _name_unique,
        writes=True,
    ),
    Fact(
        "team-filter",
        "`POST A/teams/filter` takes `teams.name.any_`, `limit` (at most 200) and `offset`.",
        _CLIENT,
        "client",
        _filter,
    ),
    Fact(
        "team-members",
        "`GET A/teams/{id}` has `memberships`, each with the `id` of an actor and a `type` (`user` or "
        "`service_account`); a filter's answer is not relied on to have them.",
        _MEMBERS,
        "client",
        _members,
    ),
    Fact(
        "team-members-put",
        "`PUT A/teams/{id}/members` adds those in `members`, each a `member_id` (the id of a user or service account, "
        "not its actor's) and a `member_type`; those who were in the team stay.",
        _MEMBERS,
        "client",
    ),
    Fact(
        "team-members-delete",
        "`DELETE A/teams/{id}/members/{actor_id}` removes one, by the actor's id, and is answered 204.",
        _MEMBERS,
        "client",
    ),
    Fact(
        "team-members-late",
        "A new member may be missing from the team's answer for some seconds.",
        f"{_MEMBERS} waits up to twenty times for it",
        "client",
    ),
    Fact(
        "team-delete-access",
        "With a team goes the access to workspaces that it was given.",
        "nothing else would be left to hold it",
        "assumed",
    ),
)
