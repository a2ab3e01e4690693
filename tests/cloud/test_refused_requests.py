"""Requests that Prefect Cloud refuses in the middle of an object's life: nothing is lost, and nothing made twice."""

from __future__ import annotations

import copy
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from prefect_provider.objects.cloud.account_member import AccountMember
from prefect_provider.objects.cloud.looks import note_write
from prefect_provider.objects.listing import listing_of
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.engine.listing import list_objects
from tests.cloud.cases import CASES
from tests.cloud.planned import errors_of_apply, listed
from tests.environment.prefect_cloud.exchange import Refusal
from tests.objects.attribute_life import each_object
from tests.objects.terraform_core import Managed, configuration, explain, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.environment.prefect_cloud import PrefectCloud
    from tests.objects.table import Case
    from tests.objects.terraform_core import World

KINDS = (
    "access_lists",
    "bots",
    "keys",
    "slas",
    "teams",
    "webhooks",
    "workspace_access",
    "workspace_roles",
    "workspaces",
)
MOST = 12
"""More requests than the creation of any object takes."""


class Refused:
    """The requests that came, of which some were refused."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.number = 0


@contextmanager
def refusing(cloud: PrefectCloud, first: int, status: int, *, then_all: bool) -> Iterator[Refused]:
    """Refuse a request, by its place in their order, and perhaps all that follow."""
    told = Refused()

    def refuse(method: str, path: str) -> Refusal | None:
        place = len(told.came)
        told.came.append(f"{method} {path}")
        if place < first or (place > first and not then_all):
            return None
        told.number += 1
        return Refusal(status, "No", {"Retry-After": "0.01"} if status == 429 else {})

    cloud.refuse = refuse
    try:
        yield told
    finally:
        cloud.refuse = None


def there(world: World) -> dict[str, set[str]]:
    """The ids of all that the account has."""
    return {kind: {one["id"] for one in world.cloud.store.actual(kind)} for kind in KINDS}


def secrets(world: World) -> list[str]:
    """The texts of all keys."""
    return [one["key"] for one in world.cloud.store.actual("keys")]


@pytest.mark.parametrize("then_all", [False, True])
@each_object(CASES)
def test_a_creation_that_is_refused(cloud_world: World, case: Case, *, then_all: bool) -> None:
    """Whichever request of plan and apply is answered 403: what was made is in state, whole, and not to be made anew.

    What is said names the request, and no key.
    """
    world = cloud_world
    for first in range(MOST):
        given, managed = case.base(world), Managed(world, case.resource)
        before = there(world)
        wanted = configuration(case.resource, given)
        with refusing(world.cloud, first, 403, then_all=then_all) as refused:
            planned = managed.plan(copy.deepcopy(wanted), prior=None)
            assert not planned.diagnostics.has_errors, shown(planned.diagnostics)
            assert planned.state is not None
            applied = world.run(
                lifecycle.apply(
                    case.resource, world.client, None, planned.state, wanted, planned.private, explain
                )
            )
        told = shown(applied.diagnostics)
        changed = there(world) != before or bool(applied.state)
        assert not [key for key in secrets(world) if key in "".join(told)]
        assert (applied.state is None) == applied.diagnostics.has_errors, told
        if applied.state is None:
            assert not changed, f"request {first}, {refused.came[-1]}: lost what was made"
            assert "answered 403 to" in told[0]
            continue
        managed.state, managed.private = applied.state, applied.private
        managed.assert_settled(given)
        managed.destroy()
        if not refused.number:
            break
    else:
        pytest.fail(f"{case.resource.type_name} takes more than {MOST} requests")


@each_object(CASES)
def test_a_refusal_of_any_other_step(cloud_world: World, case: Case) -> None:
    """A refresh or a deletion that is answered 403 is an error, and the object stays in state and where it is."""
    world = cloud_world
    managed = Managed(world, case.resource)
    managed.apply(case.base(world))
    before = there(world)
    # No look from before serves it.
    note_write(world.client)
    with refusing(world.cloud, 0, 403, then_all=True):
        read = world.run(
            lifecycle.refresh(
                case.resource, world.client, copy.deepcopy(managed.held), managed.private, explain
            )
        )
        [error] = errors_of_apply(managed)
    assert read.state == managed.held
    assert [one.summary for one in (*read.diagnostics, error)] == ["Prefect does not allow this"] * 2
    assert there(world) == before
    managed.refresh()
    managed.destroy()


@each_object(CASES)
def test_a_rate_limit_at_every_write(cloud_world: World, case: Case) -> None:
    """429 with Retry-After, once for each write of a life: it is waited for, and everything is done once."""
    world = cloud_world
    given, managed = case.base(world), Managed(world, case.resource)
    before, limited = there(world), set[str]()

    def refuse(method: str, path: str) -> Refusal | None:
        asked = f"{method} {path}"
        if method == "GET" or "/filter" in path or "/by-owner/" in path or asked in limited:
            return None
        limited.add(asked)
        return Refusal(429, "Too many requests", {"Retry-After": "0.01"})

    world.cloud.refuse = refuse
    try:
        managed.apply(given)
        made = {kind: len(ids - before[kind]) for kind, ids in there(world).items()}
        managed.destroy()
    finally:
        world.cloud.refuse = None
    assert limited
    assert all(number <= 1 for number in made.values()), made
    # A list that was narrowed once stays one of its own.
    assert there(world) | {"access_lists": set()} == before | {"access_lists": set()}


def test_lists_that_are_refused(account_world: World) -> None:
    """A list in `terraform query` that is answered 403 says so; one that is limited comes whole, page by page."""
    cloud = account_world.cloud
    for number in range(205):
        cloud.add_user(f"p{number}@example.com")
    with refusing(cloud, 1, 429, then_all=False) as refused:
        found = listed(account_world, AccountMember)
    assert refused.number == 1
    assert len(found) == len({*found}) == 206

    async def read() -> list[str]:
        lister = listing_of(AccountMember)
        config = dict.fromkeys(lister.attributes)
        found = list_objects(lister, account_world.client, config, explain, whole=True)
        return [text async for one in found for text in shown(one.diagnostics)]

    with refusing(cloud, 0, 403, then_all=True):
        [told] = account_world.run(read())
    assert "answered 403 to POST" in told
