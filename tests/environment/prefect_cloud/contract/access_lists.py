"""Access lists of blocks, deployments and work pools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import uuid4

from tests.environment.prefect_cloud.contract.facts import Fact

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.contract.facts import Checked

__all__ = ["FACTS"]

_CLIENT: Final = (
    "the official provider's client (`deployment_access.go`, `work_pool_access.go`, `block_documents.go`)"
)
_TESTS: Final = "the official provider's acceptance tests (`work_pool_access_test.go`)"
_PAGE: Final = "docs.prefect.io, How to manage Access Control Lists"
_LEVELS: Final = ("manage", "run", "view")


def _read(account: Checked) -> None:
    for pool in account.ask("POST", "P/work_pools/filter", {"limit": 1}).data:
        found = account.ask("GET", f"P/work_pools/{pool['name']}/access")
        assert found.status == 200
        for level in _LEVELS:
            assert all({"id", "name", "type"} <= one.keys() for one in found.data[f"{level}_actors"])
        return
    msg = "the workspace has no work pool"
    raise LookupError(msg)


def _put(account: Checked) -> None:
    """Of a pool that is made for it: open to everybody, narrowed to one user, and opened again."""
    name = f"contract-{uuid4().hex[:8]}"
    assert account.ask("POST", "P/work_pools/", {"name": name, "type": "process"}).status == 201
    path = f"P/work_pools/{name}/access"
    try:
        found = account.ask("GET", path).data
        assert [one["id"] for one in found["manage_actors"]] == ["*"]
        users = account.ask("POST", "A/account_memberships/filter", {"limit": 1}).data
        control: dict[str, list[str]] = {
            f"{level}_{whom}_ids": [] for level in _LEVELS for whom in ("actor", "team")
        }
        one = {"manage_actor_ids": [users[0]["actor_id"]]}
        assert account.ask("PUT", path, {"access_control": control | one}).status == 204
        found = account.ask("GET", path).data
        assert [one["id"] for one in found["manage_actors"]] == [users[0]["actor_id"]]
        assert found["view_actors"] == []
        everybody = {f"{level}_actor_ids": ["*"] for level in _LEVELS}
        assert account.ask("PUT", path, {"access_control": control | everybody}).status == 204
        found = account.ask("GET", path).data
        assert [[one["id"] for one in found[f"{level}_actors"]] for level in _LEVELS] == [["*"]] * 3
    finally:
        account.ask("DELETE", f"P/work_pools/{name}")


FACTS: Final = (
    Fact(
        "list-read",
        "`GET P/deployments/{id}/access` and `GET P/work_pools/{name}/access` answer with `manage_actors`, "
        "`run_actors` and `view_actors`, `GET P/block_documents/{id}/access` without `run_actors`; each is a list of "
        "objects with `id`, `name`, `email` and `type` (`user`, `service_account`, `team` or `*`).",
        _CLIENT,
        "client",
        _read,
    ),
    Fact(
        "list-ids",
        "In these answers the `id` of a user or a service account is that of its actor, and a team's its own.",
        f"{_CLIENT} takes such ids and calls both by one name; its tests compare names only",
        "assumed",
        _put,
        writes=True,
    ),
    Fact(
        "list-write",
        "`PUT` at the same path takes `access_control` with all of `manage_actor_ids`, `run_actor_ids`, "
        "`view_actor_ids` and the same of teams, replaces the whole list, and is answered 204.",
        _CLIENT,
        "client",
    ),
    Fact(
        "list-everybody",
        'Unless somebody narrowed it, a list names everybody: one actor with the id `*`. `["*"]` puts it back.',
        _TESTS,
        "client",
    ),
    Fact(
        "list-empty",
        "A list that is empty names nobody.",
        f"{_TESTS}: since March 2026 a deletion writes `*`, and no longer an empty list; its page says the contrary",
        "assumed",
        _put,
        writes=True,
    ),
    Fact(
        "list-narrows",
        "Who is not in the list loses the access that a role in the workspace gives; owners of workspaces and admins "
        "of the account manage lists.",
        _PAGE,
        "documented",
    ),
    Fact(
        "list-of-pool-first",
        "The list of a work pool applies to all deployments that use the pool, instead of their own.",
        _PAGE,
        "documented",
    ),
)
