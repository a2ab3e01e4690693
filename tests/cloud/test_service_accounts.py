"""Service accounts: their keys are never lost, never null, and rotated only when that is planned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Client, resolve
from prefect_provider.objects.cloud.service_account import (
    ServiceAccount,
    ServiceAccountLookup,
    ServiceAccounts,
)
from prefect_provider.objects.existing import set_on_existing
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.values import UNKNOWN
from tests.objects.terraform_core import (
    Managed,
    World,
    assert_consistent,
    configuration,
    explain,
    shown,
    unique,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.plugin.language.values import Values
    from tests.environment.prefect_cloud import PrefectCloud


def in_days(days: float) -> str:
    """A time to come, to the second."""
    return (
        (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0).isoformat().replace("+00:00", "Z")
    )


def works(cloud: PrefectCloud, key: Any) -> bool:
    """Whether a key is let in."""
    headers = {"authorization": f"Bearer {key}"}
    return cloud.answer("GET", f"/accounts/{cloud.account_id}", headers, b"").status == 200


def bots(world: World) -> str:
    """Where service accounts are."""
    return f"/accounts/{world.cloud.account_id}/bots"


def direct(world: World, method: str, path: str, json: bytes = b"") -> Any:
    """What the owner is answered, behind Terraform's back."""
    answer = world.cloud.answer(method, path, {"authorization": f"Bearer {world.cloud.key}"}, json)
    assert answer.status < 400, answer
    return answer.data


def test_the_key_is_known_and_survives_changes(account_world: World) -> None:
    """The key of the creation works, and is the same after other changes and refreshes."""
    managed = Managed(account_world, ServiceAccount)
    name = unique("worker")
    managed.apply({"name": name})
    key = managed.held["api_key"]
    assert works(account_world.cloud, key)
    assert managed.held["account_id"] == account_world.cloud.account_id

    managed.apply({"name": f"{name}-2", "old_key_expires_in_seconds": 60})
    managed.refresh()
    assert managed.held["api_key"] == key
    assert works(account_world.cloud, key)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"api_key_keepers": {"round": "1"}}),
        ({"api_key_keepers": {"round": "1"}}, {"api_key_keepers": {"round": "2"}}),
        ({"api_key_keepers": {"round": "1"}}, {}),
        ({}, {"api_key_expiration": in_days(10)}),
        ({"api_key_expiration": in_days(10)}, {"api_key_expiration": in_days(20)}),
        ({"api_key_expiration": in_days(10)}, {}),
    ],
)
def test_keepers_and_expiration_rotate(
    account_world: World, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """A change of either makes a new key, which the plan says, and ends the old one at once."""
    managed, name = Managed(account_world, ServiceAccount), unique("rotated")
    managed.apply({"name": name} | before)
    old = managed.held["api_key"]

    planned = managed.plan(configuration(ServiceAccount, {"name": name} | after), prior=managed.state)
    assert planned.state is not None
    for attribute in ("api_key", "api_key_id", "api_key_name", "api_key_created"):
        assert planned.state[attribute] == UNKNOWN
    managed.apply({"name": name} | after)

    assert managed.held["api_key"] != old
    assert works(account_world.cloud, managed.held["api_key"])
    assert not works(account_world.cloud, old)
    assert managed.held["api_key_expiration"] == after.get("api_key_expiration")


def test_no_keepers_are_as_good_as_none(account_world: World) -> None:
    """Null and an empty map are the same, so that a module's default rotates nothing."""
    managed, name = Managed(account_world, ServiceAccount), unique("kept")
    kept: tuple[dict[str, str] | None, ...] = (None, {}, None)
    for keepers in kept:
        managed.apply({"name": name, "api_key_keepers": keepers})
        assert len(account_world.cloud.store.actual("keys", lambda one: one["key"].startswith("pnb"))) == 1
        assert works(account_world.cloud, managed.held["api_key"])
    key = managed.held["api_key"]
    assert managed.changes({"name": name, "api_key_keepers": {}}) == []
    managed.apply({"name": name, "api_key_keepers": {"a": ""}})
    assert managed.held["api_key"] != key


def test_the_old_key_has_a_grace_period(account_world: World) -> None:
    """With `old_key_expires_in_seconds` both keys work after a rotation."""
    managed, name = Managed(account_world, ServiceAccount), unique("graceful")
    given = {"name": name, "old_key_expires_in_seconds": 600}
    managed.apply(given | {"api_key_keepers": {"a": "1"}})
    old = managed.held["api_key"]
    managed.apply(given | {"api_key_keepers": {"a": "2"}})
    assert works(account_world.cloud, old)
    assert works(account_world.cloud, managed.held["api_key"])


def test_an_expired_key_is_not_planned(account_world: World) -> None:
    """A new key that would be expired when it is made is an error of the plan."""
    given = configuration(ServiceAccount, {"name": unique("late"), "api_key_expiration": in_days(-1)})
    outcome = Managed(account_world, ServiceAccount).plan(given, prior=None)
    [error] = [one for one in outcome.diagnostics if one.severity == "error"]
    assert (error.summary, error.path) == ("The key would be expired", ("api_key_expiration",))


def test_a_rotation_by_others_is_said_until_it_is_answered(account_world: World) -> None:
    """Each refresh says that the key in state is no more the valid one; a rotation by Terraform ends that."""
    managed, name = Managed(account_world, ServiceAccount), unique("shared")
    managed.apply({"name": name})
    held = managed.held["api_key"]
    direct(account_world, "POST", f"{bots(account_world)}/{managed.id}/rotate_api_key")

    for _ in range(2):
        outcome = managed.refresh()
        assert [one.summary for one in outcome.diagnostics] == ["The key was rotated outside of Terraform"]
        assert managed.held["api_key"] == held
    assert managed.changes({"name": name}) == []

    managed.apply({"name": name, "api_key_keepers": {"answered": "yes"}})
    assert shown(managed.refresh().diagnostics) == []
    assert works(account_world.cloud, managed.held["api_key"])


def test_a_rotation_by_others_is_seen_in_a_state_of_the_official_provider(account_world: World) -> None:
    """Where nothing is noted of the key, the id in the state tells which it was."""
    managed = Managed(account_world, ServiceAccount)
    managed.apply({"name": unique("moved")})
    managed.private = {}
    direct(account_world, "POST", f"{bots(account_world)}/{managed.id}/rotate_api_key")
    assert [one.summary for one in managed.refresh().diagnostics] == [
        "The key was rotated outside of Terraform"
    ]


def test_an_import_has_no_key_until_it_is_rotated(account_world: World) -> None:
    """It is null and said to be; other changes leave it so, and a rotation gives one."""
    name = unique("imported")
    made = direct(account_world, "POST", f"{bots(account_world)}/", f'{{"name": "{name}"}}'.encode())
    for id_ in (made["id"], name, f"name/{name}"):
        outcome = account_world.import_state(ServiceAccount, id_)
        assert [one.summary for one in outcome.diagnostics] == ["The key of the service account is not known"]
    managed = Managed.imported(account_world, ServiceAccount, made["id"])
    managed.apply({"name": f"{name}-2"})
    assert managed.held["api_key"] is None
    managed.apply({"name": f"{name}-2", "api_key_keepers": {"a": "1"}})
    assert works(account_world.cloud, managed.held["api_key"])


class _Unanswered(ServiceAccount):
    """One whose creation is not answered, so that it is looked up."""

    async def make(self, *args: Any, **keywords: Any) -> dict[str, Any]:
        """What a look finds, which shows no key."""
        data = await super().make(*args, **keywords)
        reply = await self.scope({}).get(f"/bots/{data['id']}")
        return dict(reply.data)


def test_a_lost_answer_costs_no_key(account_world: World) -> None:
    """Where the answer to a creation has no key, another is made at once."""
    managed = Managed(account_world, _Unanswered)
    managed.apply({"name": unique("lost")})
    assert works(account_world.cloud, managed.held["api_key"])


class _Unreadable(ServiceAccount):
    """One that cannot be read after it was changed."""

    async def await_sight(self, written: Values) -> dict[str, Any] | None:
        """Fails."""
        msg = f"{written['id']} cannot be read"
        raise RuntimeError(msg)


def test_a_failure_after_the_rotation_keeps_the_new_key(account_world: World) -> None:
    """The state has the new key although the apply failed."""
    managed, name = Managed(account_world, ServiceAccount), unique("unlucky")
    managed.apply({"name": name})
    given = configuration(ServiceAccount, {"name": name, "api_key_keepers": {"a": "1"}})
    planned = managed.plan(given, prior=managed.state)
    assert planned.state is not None
    applied = account_world.run(
        lifecycle.apply(
            _Unreadable, account_world.client, managed.state, planned.state, given, planned.private, explain
        )
    )
    assert applied.diagnostics.has_errors
    assert applied.state is not None
    assert works(account_world.cloud, applied.state["api_key"])


def test_terraform_rotates_its_own_key(account_world: World) -> None:
    """Where the key that ends is Terraform's own, the new one is in state all the same, without an error."""
    cloud, name = account_world.cloud, unique("terraform")
    managed = Managed(account_world, ServiceAccount)
    managed.apply({"name": name, "account_role_name": "Admin"})
    owners, cloud.key = cloud.key, str(managed.held["api_key"])
    try:
        own = World(cloud)
    finally:
        cloud.key = owners
    given = configuration(
        ServiceAccount, {"name": name, "account_role_name": "Admin", "api_key_keepers": {"a": "1"}}
    )
    rotating = Managed(own, ServiceAccount, managed.state)
    planned = rotating.plan(given, prior=managed.state)
    assert planned.state is not None
    done = lifecycle.apply(
        ServiceAccount, own.client, managed.state, planned.state, given, planned.private, explain
    )
    applied = own.run(done)
    own.close()
    assert [one.summary for one in applied.diagnostics] == [
        "The service account could not be looked at afterwards"
    ]
    assert applied.state is not None
    assert works(cloud, str(applied.state["api_key"]))
    assert not works(cloud, str(managed.held["api_key"]))
    assert_consistent(planned.state, applied.state)
    assert str(applied.state["api_key"]) not in shown(applied.diagnostics)[0]


def test_reads_that_lag(account_world: World) -> None:
    """What is not seen at once is waited for: nothing is taken for gone, and nothing comes back as it was."""
    managed, name = Managed(account_world, ServiceAccount), unique("slow")
    account_world.cloud.store.lag = 2
    managed.apply({"name": name})
    managed.apply({"name": f"{name}-2", "api_key_keepers": {"a": "1"}})
    account_world.cloud.store.lag = 0
    assert managed.held["name"] == f"{name}-2"
    assert works(account_world.cloud, managed.held["api_key"])


def test_an_existing_account_is_refused_or_taken_over(account_world: World) -> None:
    """A name that is taken is refused with the import; adopted, the account keeps the key that others use."""
    name = unique("there")
    made = direct(account_world, "POST", f"{bots(account_world)}/", f'{{"name": "{name}"}}'.encode())
    managed = Managed(account_world, ServiceAccount)
    given = {"name": name, "account_role_name": "Member", "api_key_keepers": {"a": "1"}}
    refused = managed.plan(configuration(ServiceAccount, given), prior=None)
    assert [one.summary for one in refused.diagnostics] == ["The service account exists already"]

    set_on_existing(account_world.client, "adopt")
    managed.apply(given, warns=True)
    assert managed.id == made["id"]
    assert managed.held["api_key"] is None
    assert works(account_world.cloud, made["api_key"]["key"])


def test_data_sources(account_world: World) -> None:
    """By id and by name it is the same account, without a key; a list has all of a name's part."""
    stem = unique("found")
    managed = Managed(account_world, ServiceAccount)
    managed.apply({"name": f"{stem}-a"})
    Managed(account_world, ServiceAccount).apply({"name": f"{stem}-b"})
    for way in ({"id": managed.id}, {"name": f"{stem}-a"}):
        given = configuration(ServiceAccountLookup, way)
        found = account_world.run(
            lifecycle.read_data(ServiceAccountLookup, account_world.client, given, explain)
        )
        assert shown(found.diagnostics) == []
        assert found.state is not None
        assert (found.state["id"], found.state["actor_id"]) == (managed.id, managed.held["actor_id"])
        assert found.state["api_key"] is None
        assert found.state["api_key_id"] == managed.held["api_key_id"]
    given = configuration(ServiceAccounts, {"name_like": stem})
    listed = account_world.run(lifecycle.read_data(ServiceAccounts, account_world.client, given, explain))
    assert listed.state is not None
    assert [one["name"] for one in listed.state["service_accounts"]] == [f"{stem}-a", f"{stem}-b"]


@pytest.fixture
def elsewhere(account_world: World) -> Iterator[Client]:
    """A client of a server that is no Prefect Cloud."""
    client = Client(resolve({"endpoint": account_world.cloud.url}, {}))
    yield client
    account_world.run(client.aclose())


def test_only_prefect_cloud_has_them(account_world: World, elsewhere: Client) -> None:
    """On a self-hosted server the plan says so."""
    given = configuration(ServiceAccount, {"name": "x"})
    outcome = account_world.run(lifecycle.plan(ServiceAccount, elsewhere, None, given, {}, explain))
    assert "exists on Prefect Cloud only" in shown(outcome.diagnostics)[0]
