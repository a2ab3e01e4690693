"""Roles of users, service accounts and teams in a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.environment.prefect_cloud.contract.facts import Fact

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.contract.facts import Checked

__all__ = ["FACTS"]

_CLIENT: Final = "the official provider's client (`workspace_access.go`)"
_IDS: Final = {"user": "user_id", "bot": "bot_id", "team": "team_id"}


def _accesses(account: Checked, kind: str) -> list[dict[str, Any]]:
    answer = account.ask("POST", f"P/{kind}_access/filter", {"limit": 200, "offset": 0})
    assert answer.status == 200
    found: list[dict[str, Any]] = answer.data
    return found


def _team_filter(account: Checked) -> None:
    found = _accesses(account, "team")
    assert all({"id", "team_id", "workspace_role_id"} <= one.keys() for one in found)


def _other_filters(account: Checked) -> None:
    for kind in ("user", "bot"):
        found = _accesses(account, kind)
        assert all({"id", _IDS[kind], "workspace_role_id"} <= one.keys() for one in found)


def _one(account: Checked) -> None:
    for kind in ("user", "bot"):
        for access in _accesses(account, kind):
            found = account.ask("GET", f"P/{kind}_access/{access['id']}").data
            assert {name: found[name] for name in ("id", _IDS[kind], "workspace_role_id")} == {
                name: access[name] for name in ("id", _IDS[kind], "workspace_role_id")
            }
            return
    msg = "neither a user nor a service account has a role in the workspace"
    raise LookupError(msg)


def _pages(account: Checked) -> None:
    for kind in _IDS:
        found = _accesses(account, kind)
        if found:
            after = account.ask("POST", f"P/{kind}_access/filter", {"limit": 200, "offset": len(found)}).data
            assert after == []
            return
    msg = "nobody has a role in the workspace"
    raise LookupError(msg)


FACTS: Final = (
    Fact(
        "access-grant",
        "`POST P/user_access/` (with `user_id`), `POST P/bot_access/` (with `bot_id`) and `PUT P/team_access/` (with "
        "`team_id`) take a list of accesses, each with a `workspace_role_id`, and answer 200 with a list of them.",
        _CLIENT,
        "client",
    ),
    Fact(
        "access-one-each",
        "There is one access for each accessor and workspace: another role replaces the former and keeps the id.",
        f"{_CLIENT} calls it an upsert; that the id stays is a guess",
        "assumed",
    ),
    Fact(
        "access-read",
        "`GET P/user_access/{id}` and `GET P/bot_access/{id}` answer with one; teams have no such path.",
        _CLIENT,
        "client",
        _one,
    ),
    Fact(
        "access-team-filter",
        "`POST P/team_access/filter` lists the teams' accesses.",
        _CLIENT,
        "client",
        _team_filter,
    ),
    Fact(
        "access-other-filters",
        "`POST P/user_access/filter` and `POST P/bot_access/filter` do the same.",
        "by analogy with teams",
        "assumed",
        _other_filters,
    ),
    Fact(
        "access-pages",
        "These filters take `limit` (at most 200) and `offset`.",
        "by analogy with all other filters",
        "assumed",
        _pages,
    ),
    Fact(
        "access-delete",
        "An access is deleted by its id, a team's by the id of the team; the answer is 204.",
        _CLIENT,
        "client",
    ),
)
