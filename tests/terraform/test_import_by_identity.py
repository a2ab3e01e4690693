"""Identities under the real terraform: every object has one in state, and is imported by it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.environment.terraform import terraform_version
from tests.objects.terraform_core import unique
from tests.terraform.every_object import ADDRESSES, CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.terraform import Workspace


@pytest.fixture(autouse=True)
def _needs_identities() -> None:
    if terraform_version() < (1, 12):
        pytest.skip("Terraform has identities since 1.12")


def test_every_object_is_imported_by_its_identity(terraform: Callable[..., Workspace]) -> None:
    """What one workspace has made, another takes over by identity alone, and nothing is left to do."""
    configuration = CONFIGURATION.format(name=unique("identity"))
    first = terraform(configuration)
    first.apply()
    identities = first.identities()
    assert sorted(identities) == sorted(ADDRESSES)
    ids = {address: values["id"] for address, values in first.state().items()}
    assert identities == {
        address: {"id": ids[address], "account_id": None, "workspace_id": None} for address in ADDRESSES
    }

    second = terraform(configuration)
    second.write(
        "\n".join(
            f'import {{\n  to = {address}\n  identity = {{ id = "{ids[address]}" }}\n}}'
            for address in ADDRESSES
        ),
        "imports",
    )
    plan = second.plan()
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
    imported = {
        change["address"]: change["change"]["importing"]["identity"]["id"]
        for change in plan.json["resource_changes"]
    }
    assert imported == ids
    second.apply()
    second.assert_no_changes()
    assert second.identities() == identities
    second.destroy()


def test_a_state_of_before_identities_gets_them_without_a_change(terraform: Callable[..., Workspace]) -> None:
    """Objects whose state has no identity plan nothing, and have one after the next refresh."""
    workspace = terraform(CONFIGURATION.format(name=unique("before")))
    workspace.apply()
    identities = workspace.identities()
    file = workspace.directory / "terraform.tfstate"
    state = json.loads(file.read_text())
    for resource in state["resources"]:
        for instance in resource["instances"]:
            del instance["identity"], instance["identity_schema_version"]
    file.write_text(json.dumps(state))
    assert workspace.identities() == {}

    workspace.assert_no_changes()
    workspace.apply()
    assert workspace.identities() == identities
    workspace.destroy()


def test_an_update_keeps_the_identity_and_a_replacement_gives_a_new_one(
    terraform: Callable[..., Workspace],
) -> None:
    """Identity follows the object: the same after a change, another after a replacement; and plans can be shown."""
    name = unique("kept")
    text = (
        'resource "prefect_work_pool" "p" {{\n  name = "{}"\n  type = "process"\n  description = "{}"\n}}\n'
    )
    workspace = terraform(text.format(name, "one"))
    assert workspace.plan().actions() == {"prefect_work_pool.p": ("create",)}
    workspace.apply()
    before = workspace.identities()

    workspace.write(text.format(name, "two"))
    workspace.apply()
    assert workspace.identities() == before

    workspace.write(text.format(f"{name}-2", "two"))
    assert workspace.plan().actions() == {"prefect_work_pool.p": ("delete", "create")}
    workspace.apply()
    after = workspace.identities()
    assert after != before
    assert after["prefect_work_pool.p"]["id"] == workspace.state()["prefect_work_pool.p"]["id"]
    workspace.destroy()


def test_a_wrong_identity_is_an_error_that_says_so(terraform: Callable[..., Workspace]) -> None:
    """An id that is none, an id of nothing, and a workspace on a server without any."""
    name = unique("wrong")
    workspace = terraform(f'resource "prefect_variable" "v" {{\n  name  = "{name}"\n  value = "x"\n}}\n')
    missing = "0198f3a4-4444-4222-8333-944455556666"
    for identity, summary, part in (
        ('id = "my-variable"', "Invalid value for `id` of an identity", 'got "my-variable"'),
        (f'id = "{missing}"', "No such object", f'There is no prefect_variable with `id` "{missing}"'),
        (
            f'id = "{missing}", workspace_id = "{missing}"',
            "Invalid `workspace_id`",
            "Only Prefect Cloud has accounts and workspaces",
        ),
    ):
        workspace.write(
            f"import {{\n  to = prefect_variable.v\n  identity = {{ {identity} }}\n}}\n", "imports"
        )
        error = workspace.plan(check=False).only_error()
        assert error.summary == summary
        assert part in error.detail
