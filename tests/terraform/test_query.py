"""``terraform query``: objects that exist are found, and become configuration that imports them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.terraform import terraform_version
from tests.objects.terraform_core import unique
from tests.terraform.every_object import ADDRESSES, CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Result, Workspace

NOTHING = {"account_id": None, "workspace_id": None}


@pytest.fixture(autouse=True)
def _needs_lists() -> None:
    if terraform_version() < (1, 14):
        pytest.skip("Terraform lists resources since 1.14")


def listing(type_name: str, config: str, *, more: str = "") -> str:
    """A list block."""
    return (
        f'list "{type_name}" "all" {{\n  provider = prefect\n  {more}\n  config {{\n    {config}\n  }}\n}}\n'
    )


def query(workspace: Workspace, blocks: str, *arguments: str) -> Result:
    """Run a query; look at ``messages`` for what it found."""
    (workspace.directory / "all.tfquery.hcl").write_text(blocks)
    return workspace.run("query", "-json", *arguments)


def found(result: Result) -> dict[str, list[dict[str, Any]]]:
    """What was found, by the address of the list."""
    assert result.exit_code == 0, result.report()
    lists: dict[str, list[dict[str, Any]]] = {}
    for message in result.messages:
        if message["type"] == "list_resource_found":
            lists.setdefault(message["list_resource_found"]["address"], []).append(
                message["list_resource_found"]
            )
    return lists


def test_every_object_is_listed_and_generated_configuration_only_imports(
    terraform: Callable[..., Workspace],
) -> None:
    """Each type's list finds the object of a name, and the configuration that terraform writes for it imports it."""
    name = unique("query")
    owner = terraform(CONFIGURATION.format(name=name))
    owner.apply()
    ids = {address.split(".")[0]: values["id"] for address, values in owner.state().items()}
    blocks = "".join(listing(type_name, f'names = ["{name}"]') for type_name in ids)

    finder = terraform("")
    lists = found(query(finder, blocks))
    assert {address.split(".")[1]: [one["identity"] for one in them] for address, them in lists.items()} == {
        type_name: [{"id": id_} | NOTHING] for type_name, id_ in ids.items()
    }
    shown = {one["resource_type"]: one["display_name"] for them in lists.values() for one in them}
    assert shown == dict.fromkeys(ids, name) | {
        "prefect_deployment": f"{name}/{name}",
        "prefect_work_queue": f"{name}/{name}",
        "prefect_block": f"secret/{name}",
    }

    (finder.directory / "all.tfquery.hcl").write_text(blocks)
    finder.run("query", "-generate-config-out=generated.tf", check=True)
    (finder.directory / "all.tfquery.hcl").unlink()
    plan = finder.plan()
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
    imported = {
        change["type"]: change["change"]["importing"]["identity"]["id"]
        for change in plan.json["resource_changes"]
    }
    assert imported == ids
    assert len(imported) == len(ADDRESSES)
    finder.apply()
    finder.assert_no_changes()
    finder.destroy()


def test_a_list_has_its_limit_its_filters_and_whole_objects(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """No more are found than are asked for; conditions narrow the list; attributes come along where they are wanted."""
    name = unique("lists").replace("-", "_")
    for number in range(5):
        tags = ["odd" if number % 2 else "even", name]
        prefect_server.call(
            "POST", "/variables/", {"name": f"{name}_{number}", "value": number, "tags": tags}
        )
    workspace = terraform("")
    [(_, limited)] = found(
        query(workspace, listing("prefect_variable", f'tags = ["{name}"]', more="limit = 2"))
    ).items()
    assert len(limited) == 2
    whole = listing(
        "prefect_variable", f'name_like = "{name}"\n    tags = ["odd"]', more="include_resource = true"
    )
    [(_, odd)] = found(query(workspace, whole)).items()
    assert {one["display_name"]: one["resource_object"]["value"] for one in odd} == {
        f"{name}_1": 1,
        f"{name}_3": 3,
    }
    assert found(query(workspace, listing("prefect_variable", f'names = ["{name}"]'))) == {}


@pytest.mark.parametrize(
    ("type_name", "config", "summary"),
    [
        ("prefect_flow", 'filter_any = ["no id"]', "Invalid value for `filter_any[0]`"),
        ("prefect_flow", f'workspace_id = "{"0" * 8}-1111-4222-8333-944455556666"', "Invalid `workspace_id`"),
        ("prefect_work_queue", 'work_pool_name = "there-is-none"', "Not found"),
    ],
)
def test_a_wrong_condition_is_an_error_that_says_so(
    terraform: Callable[..., Workspace], type_name: str, config: str, summary: str
) -> None:
    """Ids that are none, places that the server does not have, and pools that are not there."""
    workspace = terraform("")
    result = query(workspace, listing(type_name, config))
    assert result.exit_code == 1
    assert summary in [error.summary for error in result.errors], result.report()
