"""Accounts and workspaces on a server that has none, and ids that are not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.catalogue import SERVER_RESOURCES
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic
from tests.objects.terraform_core import Managed, configuration, shown, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_provider.objects.remote import RemoteObject
    from tests.environment.terraform import Workspace
    from tests.objects.terraform_core import World

ID = "0198f3a4-3333-4222-8333-944455556666"

SETTINGS: dict[str, Any] = {
    "name": "workspace-test",
    "value": Dynamic(STRING, "x"),
    "work_pool_name": "workspace-pool",
    "type_slug": "secret",
    "data": '{"value": "x"}',
    "entrypoint": "a.py:workspace_flow",
    "trigger": {"event": {"posture": "Reactive", "expect": ["a"]}},
}


def _given(kind: type[RemoteObject], **place: Any) -> dict[str, Any]:
    taken = {name: value for name, value in SETTINGS.items() if name in kind.attributes}
    return configuration(kind, taken | place)


@pytest.mark.parametrize("attribute", ["workspace_id", "account_id"])
@pytest.mark.parametrize("kind", SERVER_RESOURCES, ids=lambda kind: kind.type_name)
def test_plan_refuses_a_workspace(world: World, kind: type[RemoteObject], attribute: str) -> None:
    """Every object's plan points to the id, says that the server has no workspaces, and what to remove."""
    found = Managed(world, kind).plan(_given(kind, **{attribute: ID}), prior=None)

    [error] = found.diagnostics
    assert error.path == (attribute,)
    assert (
        f"Only Prefect Cloud has accounts and workspaces; this server, {world.server.api_url}" in error.detail
    )
    assert f"Remove `{attribute}`." in error.detail


@pytest.mark.parametrize("kind", SERVER_RESOURCES, ids=lambda kind: kind.type_name)
def test_workspace_that_is_not_known_yet(world: World, kind: type[RemoteObject]) -> None:
    """A plan whose workspace is known after apply says nothing of it, and does not crash."""
    found = Managed(world, kind).plan(_given(kind, workspace_id=UNKNOWN), prior=None)
    assert shown(found.diagnostics) == []


def test_everywhere_in_terraform(terraform: Callable[..., Workspace]) -> None:
    """In a resource, a data source and the provider block, the plan shows the line with the id."""
    name = unique("workspace")
    resource = f'resource "prefect_variable" "v" {{\n  name  = "{name}"\n  value = "x"\n'
    data = 'data "prefect_deployment" "d" {\n  name      = "n"\n  flow_name = "f"\n'
    line = f'workspace_id = "{ID}"'
    for configuration_, summary in (
        (f"{resource}  {line}\n}}", "Invalid `workspace_id`"),
        (f"{data}  {line}\n}}", "Invalid `workspace_id`"),
        (f'provider "prefect" {{\n  {line}\n}}\n{resource}}}', "Invalid provider configuration"),
    ):
        error = terraform(configuration_).plan(check=False).only_error()
        assert error.summary == summary
        assert error.snippet.strip() == line
        assert "Only Prefect Cloud has accounts and workspaces" in error.detail
        assert "Remove" in error.detail


def test_ids_of_the_environment_are_left_aside(terraform: Callable[..., Workspace]) -> None:
    """What the environment says of Prefect Cloud does not keep anybody from a self-hosted server."""
    name = unique("workspace")
    workspace = terraform(
        f'resource "prefect_variable" "v" {{\n  name  = "{name}"\n  value = "x"\n}}',
        env={"PREFECT_CLOUD_ACCOUNT_ID": ID, "PREFECT_CLOUD_WORKSPACE_ID": ID},
    )
    workspace.apply()
    workspace.assert_no_changes()
