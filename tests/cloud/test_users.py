"""Users and their API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.cloud.ephemeral.user_api_key import UserApiKeyForARun
from prefect_provider.objects.cloud.user import User, UserLookup
from prefect_provider.objects.cloud.user_api_key import UserApiKey
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.diagnostics import Diagnostics
from tests.cloud.test_service_accounts import in_days, works
from tests.environment.prefect_cloud.cloud import OWNER_ID
from tests.environment.terraform import ROOT
from tests.objects.terraform_core import Managed, configuration, explain, shown, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_cloud import PrefectCloud
    from tests.environment.terraform import Workspace
    from tests.objects.terraform_core import World


def test_a_user_is_imported_changed_and_left(account_world: World) -> None:
    """It is never created and never deleted; what is left out is left as it is."""
    user = account_world.cloud.owner
    refused = Managed(account_world, User).plan(configuration(User, {"first_name": "A"}), prior=None)
    assert [one.summary for one in refused.diagnostics] == ["A user cannot be created"]

    managed = Managed.imported(account_world, User, user["id"])
    assert managed.changes({}) == []
    managed.apply({"first_name": "Ada", "handle": "ada"})
    assert (managed.held["email"], managed.held["last_name"]) == (user["email"], user["last_name"])
    managed.apply({"last_name": "Lovelace"})
    assert managed.held["first_name"] == "Ada"

    planned = account_world.run(lifecycle.plan(User, account_world.client, managed.state, None, {}, explain))
    assert [one.summary for one in planned.diagnostics] == ["The user stays"]
    managed.destroy()
    assert Managed.imported(account_world, User, user["id"]).held["last_name"] == "Lovelace"


def test_a_handle_has_a_form(account_world: World) -> None:
    """Capitals are refused when it is planned."""
    checked = Managed(account_world, User).validate({"handle": "Ada"})
    assert [one.path for one in checked] == [("handle",)]


def test_a_user_is_looked_up(account_world: World) -> None:
    """By id; another's is not shown."""
    user = account_world.cloud.owner
    given = configuration(UserLookup, {"id": user["id"]})
    found = account_world.run(lifecycle.read_data(UserLookup, account_world.client, given, explain))
    assert shown(found.diagnostics) == []
    assert found.state is not None
    assert found.state["email"] == user["email"]


def test_a_key_of_a_user(account_world: World) -> None:
    """It works, expires when it should, is not known after an import, and ends when it is destroyed."""
    cloud = account_world.cloud
    managed = Managed(account_world, UserApiKey)
    given = {"user_id": cloud.owner["id"], "name": unique("key"), "expiration": in_days(1)}
    managed.apply(given)
    key = managed.held["key"]
    assert works(cloud, key)

    for which in (managed.id, given["name"]):
        outcome = account_world.import_state(UserApiKey, f"{cloud.owner['id']},{which}")
        assert outcome.state is not None
        assert (outcome.state["id"], outcome.state["key"]) == (managed.id, None)
        assert [one.summary for one in outcome.diagnostics] == ["The text of the key is not known"]

    managed.destroy()
    assert not works(cloud, key)


def test_a_wrong_import_id_says_the_form(account_world: World) -> None:
    """A key is found by two ids."""
    outcome = account_world.import_state(UserApiKey, "x")
    assert "`<user id>,<name>` or `<user id>,<id>`" in shown(outcome.diagnostics)[0]


def test_a_key_for_a_run(account_world: World) -> None:
    """The ephemeral key works until it is closed, and expires by itself."""
    cloud = account_world.cloud
    private: dict[str, Any] = {}
    config = {"user_id": cloud.owner["id"], "name": None, "lifetime": 600} | dict.fromkeys(
        ("id", "expiration", "key")
    )
    opened = account_world.run(UserApiKeyForARun(account_world.client, Diagnostics(), private).open(config))
    assert works(cloud, opened.values["key"])
    [stored] = cloud.store.actual("keys", lambda one: bool(one["key"] == opened.values["key"]))
    assert stored["expires"] is not None

    account_world.run(UserApiKeyForARun(account_world.client, Diagnostics(), private).close())
    assert not works(cloud, opened.values["key"])


def test_the_example_of_a_key_for_a_run(
    prefect_clouds: Callable[..., PrefectCloud], terraform: Callable[..., Workspace]
) -> None:
    """Terraform makes keys for plan and apply and deletes them; neither state nor output has one."""
    cloud = prefect_clouds()
    example = ROOT / "examples" / "ephemeral-resources" / "prefect_user_api_key" / "ephemeral-resource.tf"
    used = (
        'resource "prefect_variable" "x" {\n  provider = prefect.run\n  name = "of_a_run"\n  value = 1\n}\n'
    )
    workspace = terraform(
        f"{example.read_text(encoding='utf-8')}\n{used}",
        api_url=cloud.api_url,
        env={"PREFECT_API_KEY": cloud.key, "TF_VAR_user_id": OWNER_ID},
    )
    workspace.apply()
    keys = f"/users/{OWNER_ID}/api_keys"
    made = [status for method, path, status in cloud.seen if (method, path) == ("POST", keys)]
    assert made
    assert set(made) == {201}
    assert [one["key"] for one in cloud.store.actual("keys")] == [cloud.key]
    left = (workspace.directory / "terraform.tfstate").read_text(encoding="utf-8")
    assert "pnu_" not in left + "".join(one.stdout + one.stderr for one in workspace.results)
    workspace.destroy()
