"""Objects that were there before, under the real terraform: nothing is taken, or lost, without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

ADOPT = 'provider "prefect" {\n  on_existing = "adopt"\n}\n'


def _flow(address: str, name: str, more: str = "") -> str:
    return f'resource "prefect_flow" "{address}" {{\n  name = "{name}"\n{more}}}\n'


def _deployment(address: str, flow: str, more: str = "") -> str:
    return f'resource "prefect_deployment" "{address}" {{\n  name = "d"\n  flow_id = prefect_flow.{flow}.id\n{more}}}\n'


def _deploy(server: PrefectServer, flow: str) -> tuple[str, str]:
    """Make a flow and a deployment of it as `prefect deploy` does; their ids."""
    flow_id = server.call("POST", "/flows/", {"name": flow})["id"]
    made = server.call("POST", "/deployments/", {"name": "d", "flow_id": flow_id, "tags": ["theirs"]})
    return flow_id, made["id"]


def test_plan_refuses_what_exists_and_prints_the_block_that_imports_it(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """The printed block, with the name filled in, takes the objects over, and nothing was changed before."""
    name = unique("flow")
    flow_id, deployment_id = _deploy(prefect_server, name)
    before = prefect_server.call("GET", f"/deployments/{deployment_id}")
    workspace = terraform(
        _flow("this", name)
        + f'resource "prefect_deployment" "this" {{\n  name = "d"\n  flow_name = "{name}"\n}}\n'
    )

    refused = workspace.plan(check=False)

    assert {(error.address, error.summary, error.snippet) for error in refused.errors} == {
        ("prefect_flow.this", "The flow exists already", f'name = "{name}"'),
        ("prefect_deployment.this", "The deployment exists already", 'name = "d"'),
    }
    blocks = ""
    for error, id_ in zip(sorted(refused.errors), (deployment_id, flow_id), strict=True):
        block = "\n".join(line for line in error.detail.splitlines() if line.startswith("  "))
        assert id_ in block
        blocks += block.replace("<name>", "this") + "\n"
    assert not workspace.apply(check=False).stdout.count("Apply complete")
    assert prefect_server.call("GET", f"/deployments/{deployment_id}") == before

    workspace.write(blocks, "imports")
    plan = workspace.plan()
    assert plan.actions() == {"prefect_deployment.this": ("update",)}
    workspace.apply()
    assert workspace.state()["prefect_flow.this"]["id"] == flow_id
    assert workspace.state()["prefect_deployment.this"]["id"] == deployment_id


def test_adopting_is_announced_by_the_plan(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """With `adopt`, the plan warns of each object that the apply then takes over."""
    name = unique("flow")
    flow_id, _ = _deploy(prefect_server, name)
    workspace = terraform(ADOPT + _flow("this", name, '  tags = ["ours"]\n'))

    [warning] = workspace.plan().warnings
    assert warning.summary == "The flow exists already and is taken over"
    assert flow_id in warning.detail
    assert "deployments and runs" in warning.detail

    workspace.apply()
    assert workspace.state()["prefect_flow.this"]["id"] == flow_id
    assert prefect_server.call("GET", f"/flows/{flow_id}")["tags"] == ["ours"]
    workspace.assert_no_changes()


def test_replacements_are_not_taken_for_what_others_made(terraform: Callable[..., Workspace]) -> None:
    """A replacement by a change, by `-replace` and of a tainted object is planned, with what goes with the old one."""
    name = unique("flow")
    workspace = terraform(_flow("this", name, '  labels = { team = "a" }\n') + _deployment("this", "this"))
    workspace.apply()
    flow = workspace.state()["prefect_flow.this"]["id"]

    workspace.write(_flow("this", name, '  labels = { team = "b" }\n') + _deployment("this", "this"))
    plan = workspace.plan()
    assert plan.change("prefect_flow.this").actions == ("delete", "create")
    [warning] = plan.warnings
    assert (warning.address, warning.snippet) == ("prefect_flow.this", 'labels = { team = "b" }')
    assert '1 deployment ("d")' in warning.detail
    workspace.apply()
    workspace.assert_no_changes()
    other = workspace.state()["prefect_flow.this"]["id"]
    assert other != flow

    plan = workspace.plan("-replace=prefect_flow.this")
    assert plan.change("prefect_flow.this").actions == ("delete", "create")

    workspace.run("taint", "prefect_flow.this", check=True)
    for arguments in ((), ("-refresh=false",)):
        plan = workspace.plan(*arguments)
        assert plan.change("prefect_flow.this").actions == ("delete", "create")
        [warning] = plan.warnings
        assert '1 deployment ("d")' in warning.detail
    workspace.apply()
    workspace.assert_no_changes()
    workspace.destroy()


def test_replacements_of_what_is_partly_ignored(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """Where `ignore_changes` keeps what others changed, the new object is planned without it, and is no second one."""
    name = unique("flow")
    ignored = (
        "  lifecycle {\n    ignore_changes = [%s]\n    replace_triggered_by = [terraform_data.turn]\n  }\n"
    )
    schedule = (
        'resource "prefect_deployment_schedule" "this" {\n  deployment_id = prefect_deployment.this.id\n'
        '  slug = "hourly"\n  cron = "0 * * * *"\n' + ignored % "cron" + "}\n"
    )
    flow = _flow("this", name, '  tags = ["ours"]\n' + ignored % "tags")
    turn = 'resource "terraform_data" "turn" {\n  input = %d\n}\n'
    others = _flow("other", unique("flow")) + _deployment("this", "other")
    workspace = terraform(turn % 1 + flow + others + schedule)
    workspace.apply()
    before = {address: values["id"] for address, values in workspace.state().items()}
    deployment, hourly = before["prefect_deployment.this"], before["prefect_deployment_schedule.this"]
    prefect_server.call("PATCH", f"/flows/{before['prefect_flow.this']}", {"tags": ["theirs"]})
    theirs = {"schedule": {"cron": "1 * * * *"}}
    prefect_server.call("PATCH", f"/deployments/{deployment}/schedules/{hourly}", theirs)
    workspace.assert_no_changes()

    workspace.write(turn % 2 + flow + others + schedule)
    plan = workspace.plan()
    assert plan.change("prefect_flow.this").actions == ("delete", "create")
    assert plan.change("prefect_deployment_schedule.this").actions == ("delete", "create")
    workspace.apply()
    workspace.assert_no_changes()
    after = workspace.state()["prefect_flow.this"]
    assert (after["id"] != before["prefect_flow.this"], after["tags"]) == (True, ["ours"])

    # A second resource of that name is one all the same.
    workspace.write(flow + turn % 3 + _flow("two", name, '  tags = ["x"]\n'))
    refused = workspace.plan(check=False)
    assert refused.only_error().summary == "The flow is managed twice"


def test_new_address_of_an_object_needs_a_moved_block(terraform: Callable[..., Workspace]) -> None:
    """A resource that is only called otherwise is not destroyed and made anew: the plan asks for a `moved` block."""
    name = unique("flow")
    workspace = terraform(_flow("old", name))
    workspace.apply()
    flow = workspace.state()["prefect_flow.old"]["id"]

    workspace.write(_flow("new", name))
    refused = workspace.plan(check=False)
    error = refused.only_error()
    assert error.summary == "The flow would be destroyed and made anew"
    block = "\n".join(line for line in error.detail.splitlines() if line.startswith("  "))
    assert "moved" in block

    workspace.write(block.replace("<old name>", "old").replace("<new name>", "new"), "moved")
    assert workspace.plan().actions() == {}
    workspace.apply()
    assert workspace.state()["prefect_flow.new"]["id"] == flow
    workspace.destroy()


def test_two_resources_for_one_object(terraform: Callable[..., Workspace]) -> None:
    """A second resource for an object that another one manages is refused by the plan."""
    name = unique("flow")
    workspace = terraform(_flow("one", name))
    workspace.apply()
    workspace.write(_flow("one", name) + _flow("two", name, '  tags = ["x"]\n'))

    refused = workspace.plan(check=False)

    error = refused.only_error()
    assert error.summary == "The flow is managed twice"
    # Whichever Terraform plans last is told.
    assert error.address in ("prefect_flow.one", "prefect_flow.two")
    workspace.write(_flow("one", name))
    workspace.destroy()


@pytest.mark.parametrize("adopt", [False, True], ids=["error", "adopt"])
def test_created_before_destroyed(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer, *, adopt: bool
) -> None:
    """A replacement that is created first, and can only be the old object itself, loses nothing."""
    name = unique("flow")
    first = "  lifecycle {\n    create_before_destroy = true\n  }\n"
    provider = ADOPT if adopt else ""
    workspace = terraform(provider + _flow("this", name, first))
    workspace.apply()
    flow = workspace.state()["prefect_flow.this"]["id"]

    done = workspace.apply("-replace=prefect_flow.this", check=False)

    assert prefect_server.exists(f"/flows/{flow}")
    assert (done.exit_code == 0) is adopt
    if not adopt:
        assert "create_before_destroy" in done.only_error().detail
    assert workspace.state()["prefect_flow.this"]["id"] == flow
    workspace.assert_no_changes()


def test_terraform_test_touches_nothing_that_exists(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """`terraform test` of a configuration that is in production neither takes over nor destroys what is there."""
    name = unique("flow")
    configuration = _flow("f", name) + _deployment("d", "f")
    production = terraform(configuration)
    production.apply()
    state = production.state()

    other = terraform(configuration)
    (other.directory / "main.tftest.hcl").write_text(
        'run "apply" {\n  command = apply\n}\n', encoding="utf-8"
    )
    done = other.run("test")

    assert done.exit_code != 0
    assert "exists already" in done.stdout + done.stderr
    assert prefect_server.exists(f"/flows/{state['prefect_flow.f']['id']}")
    assert prefect_server.exists(f"/deployments/{state['prefect_deployment.d']['id']}")
    production.assert_no_changes()
    production.destroy()


def test_destruction_says_what_goes_with_the_flow(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """The plan of a destruction counts deployments and runs, also those that Terraform does not manage."""
    name = unique("flow")
    workspace = terraform(_flow("this", name))
    workspace.apply()
    flow = workspace.state()["prefect_flow.this"]["id"]
    assert workspace.plan("-destroy").warnings == []
    for number in range(5):
        prefect_server.call("POST", "/deployments/", {"name": f"d{number}", "flow_id": flow})
    for _ in range(2):
        prefect_server.call("POST", "/flow_runs/", {"flow_id": flow})

    [warning] = workspace.plan("-destroy").warnings

    assert warning.address == "prefect_flow.this"
    assert "deletes its 5 deployments" in warning.detail
    assert "2 runs" in warning.detail
    assert "prevent_destroy" in warning.detail
    workspace.destroy()


def test_plan_without_a_server(terraform: Callable[..., Workspace]) -> None:
    """A server that is down when planning keeps nothing from being planned; the apply looks then."""
    workspace = terraform(_flow("this", "f") + _deployment("this", "this"), api_url="http://127.0.0.1:9/api")
    assert workspace.plan().actions() == {
        "prefect_flow.this": ("create",),
        "prefect_deployment.this": ("create",),
    }
