"""Service accounts, users and their API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from tests.environment.prefect_cloud.contract.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.environment.prefect_cloud.contract.facts import Checked

__all__ = ["FACTS"]

_API: Final = "Prefect Cloud's OpenAPI document"
_BOTS: Final = f"{_API} (bots); the official provider's client (`service_accounts.go`)"
_USERS: Final = f"{_API} (users); the official provider's client (`users.go`)"


def _one(account: Checked) -> Iterator[dict[str, Any]]:
    """A service account for a check, deleted afterwards."""
    made = account.ask("POST", "A/bots/", {"name": f"contract-{uuid4().hex[:12]}"})
    assert made.status == 201
    try:
        yield made.data
    finally:
        assert account.ask("DELETE", f"A/bots/{made.data['id']}").status == 204


def _shown_once(account: Checked) -> None:
    for bot in _one(account):
        assert bot["api_key"]["key"]
        read = account.ask("GET", f"A/bots/{bot['id']}").data
        assert "key" not in read["api_key"]
        assert read["api_key"]["id"] == bot["api_key"]["id"]
        assert account.ask("GET", "A", key=bot["api_key"]["key"]).status == 200


def _role(account: Checked) -> None:
    for bot in _one(account):
        assert bot["account_role_name"] == "Member"


def _rotation(account: Checked) -> None:
    for bot in _one(account):
        rotated = account.ask(
            "POST", f"A/bots/{bot['id']}/rotate_api_key", {"old_key_expires_in_seconds": 600}
        )
        assert rotated.status == 201
        for key in (bot["api_key"]["key"], rotated.data["api_key"]["key"]):
            assert account.ask("GET", "A", key=key).status == 200
        assert account.ask("POST", f"A/bots/{bot['id']}/rotate_api_key", {}).status == 201
        assert account.ask("GET", "A", key=rotated.data["api_key"]["key"]).status == 401


def _grace(account: Checked) -> None:
    for bot in _one(account):
        body = {"old_key_expires_in_seconds": 172_801}
        assert account.ask("POST", f"A/bots/{bot['id']}/rotate_api_key", body).status == 422


def _unique(account: Checked) -> None:
    for bot in _one(account):
        again = account.ask("POST", "A/bots/", {"name": bot["name"]})
        if again.status == 201:
            account.ask("DELETE", f"A/bots/{again.data['id']}")
        assert again.status == 409


def _filter(account: Checked) -> None:
    for bot in _one(account):
        wanted = {"service_accounts": {"name": {"any_": [bot["name"]]}}}
        assert [one["id"] for one in account.ask("POST", "A/bots/filter", wanted).data] == [bot["id"]]


def _own_user(account: Checked) -> None:
    me = account.ask("GET", "me/").data
    read = account.ask("GET", f"users/{me['id']}")
    assert (read.status, read.data["handle"]) == (200, me["handle"])


def _user_key(account: Checked) -> None:
    me = account.ask("GET", "me/").data
    path = f"users/{me['id']}/api_keys"
    made = account.ask("POST", path, {"name": "contract", "expiration": "2099-01-01T00:00:00Z"})
    assert made.status == 201
    try:
        read = account.ask("GET", f"{path}/{made.data['id']}")
        assert (read.status, read.data["name"]) == (200, "contract")
        assert "key" not in read.data
    finally:
        assert account.ask("DELETE", f"{path}/{made.data['id']}").status == 204
    assert account.ask("GET", "me/", key=made.data["key"]).status == 401


FACTS: Final = (
    Fact(
        "bot-key-shown-once",
        "`POST A/bots/` answers 201 with the key's text in `api_key.key`; reads have `api_key.id`, `name`, `created` "
        "and `expiration` only (and a masked text).",
        _BOTS,
        "documented",
        _shown_once,
        writes=True,
    ),
    Fact(
        "bot-role-default",
        "A service account that is made without `account_role_id` is a Member.",
        _API,
        "documented",
        _role,
        writes=True,
    ),
    Fact(
        "bot-rotate",
        "`POST A/bots/{id}/rotate_api_key` answers 201 with a new key. The old one ends at once, or after "
        "`old_key_expires_in_seconds`.",
        _BOTS,
        "documented",
        _rotation,
        writes=True,
    ),
    Fact(
        "bot-rotate-most",
        "`old_key_expires_in_seconds` is at most 172800 (two days); more is answered 422.",
        _API,
        "documented",
        _grace,
        writes=True,
    ),
    Fact(
        "bot-rotate-twice",
        "Rotating twice leaves the newest key valid; a key in its grace period keeps that.",
        f"{_API}: `read_bot_api_keys` has one active key and several that are rotating out",
        "assumed",
    ),
    Fact(
        "bot-key-unchangeable",
        "The expiration of a key that there is cannot be changed: `PATCH A/bots/{id}` takes `name` and "
        "`account_role_id` only.",
        _BOTS,
        "documented",
    ),
    Fact(
        "bot-name-unique",
        "A service account's name is unique in its account; another of the name is answered 409.",
        "docs.prefect.io, Manage service accounts, says unique; the status is assumed",
        "assumed",
        _unique,
        writes=True,
    ),
    Fact(
        "bot-filter",
        "`POST A/bots/filter` takes `service_accounts` with `id.any_`, `name.any_` and `name.like_`, and `limit` and "
        "`offset`.",
        _API,
        "documented",
        _filter,
        writes=True,
    ),
    Fact(
        "bot-deleted-keys",
        "The keys of a service account end when it is deleted; webhooks that it guards stay.",
        "nothing says otherwise",
        "assumed",
    ),
    Fact(
        "user-own",
        "`GET /users/{id}` shows a key's own user, and `PATCH /users/{id}` changes it, with 204; another's is answered "
        "403.",
        f"{_USERS}; the 403 is assumed",
        "assumed",
        _own_user,
    ),
    Fact(
        "user-null",
        "`PATCH /users/{id}` takes null for what it leaves.",
        f"{_API}: every field may be null and left out",
        "assumed",
    ),
    Fact(
        "user-key-shown-once",
        "`POST /users/{id}/api_keys` answers 201 with the text in `key`; `GET /users/{id}/api_keys/{key id}` has no "
        "text. A deleted key ends at once.",
        _USERS,
        "client",
        _user_key,
        writes=True,
    ),
    Fact(
        "user-keys-names",
        "Several keys of a user may share a name; `GET /users/{id}/api_keys?name=` lists those of one.",
        f"{_API}: `name` is a condition, and nothing says unique",
        "assumed",
    ),
)
