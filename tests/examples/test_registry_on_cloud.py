"""The examples of what only Prefect Cloud has, on the simulator of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.prefect_cloud import PrefectCloud
from tests.environment.terraform import ROOT, Workspace
from tests.examples import registry
from tests.examples.registry import EXAMPLES, address_of
from tests.examples.synthesis import read_stack, run_python

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer

pytestmark = pytest.mark.terraform

MEMBER = "marvin@example.com"


@pytest.fixture(scope="module")
def member(prefect_cloud: PrefectCloud) -> str:
    """The person whom the examples name."""
    if not prefect_cloud.store.actual("users", lambda one: one["email"] == MEMBER):
        prefect_cloud.add_user(MEMBER)
    return MEMBER


@pytest.fixture(scope="module")
def plans(
    prefect_server: PrefectServer, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """What the examples make in Python and in HCL, planned for an account that has none of it."""
    chosen = registry.modules(cloud=True)
    programs = {
        name: folder / ("resource.py" if name.startswith("resource_") else "data_source.py")
        for name, folder in chosen.items()
    }
    directory = tmp_path_factory.mktemp("registry-cloud-synthesized")
    run_python(ROOT / "tests" / "examples" / "synthesize.py", *programs.values(), cwd=directory)
    stacks = {name: read_stack(directory, _stack(name)) for name in programs}
    python, hcl = (tmp_path_factory.mktemp(f"registry-cloud-{name}") for name in ("python", "hcl"))
    configurations = {
        python: registry.write_python(python, stacks),
        hcl: registry.write_hcl(hcl, chosen),
    }
    found = []
    with PrefectCloud(prefect_server.api_url) as cloud:
        cloud.add_user(MEMBER)
        for root, configuration in configurations.items():
            workspace = Workspace(
                root, configuration, api_url=cloud.api_url, env={"PREFECT_API_KEY": cloud.key}
            )
            workspace.run("get", check=True)
            found.append(registry.planned(workspace.plan()))
    return found[0], found[1]


@pytest.fixture(scope="module")
def applied(
    prefect_cloud: PrefectCloud,
    prefect_server: PrefectServer,
    plans: object,  # noqa: ARG001 - have to be made before anything is there
    member: str,  # noqa: ARG001 - some examples look the person up
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Workspace]:
    """The examples in HCL, applied."""
    root = tmp_path_factory.mktemp("registry-cloud")
    configuration = registry.write_hcl(root, registry.modules(cloud=True))
    env = {"PREFECT_API_KEY": prefect_cloud.key}
    workspace = Workspace(root, configuration, api_url=prefect_cloud.api_url, env=env)
    before = prefect_server.flow_ids()
    try:
        workspace.run("get", check=True)
        workspace.apply()
        yield workspace
    finally:
        workspace.destroy()
        # A flow that a deployment needed stays when the deployment goes; another test may want its name.
        for flow in prefect_server.flow_ids() - before:
            prefect_server.call("DELETE", f"/flows/{flow}")


def test_every_example_can_be_applied(applied: Workspace) -> None:
    """All of them together, after which another plan changes nothing."""
    applied.assert_no_changes()
    modules = registry.objects(applied.show_json())
    assert sorted(modules) == sorted(registry.modules(cloud=True))


def test_python_makes_the_same_objects(plans: tuple[Any, Any]) -> None:
    """What an example in Python plans is what its twin in HCL plans, in an account that has none of it."""
    python, hcl = plans
    assert sorted(python) == sorted(registry.modules(cloud=True))
    assert python == hcl


def _stack(module: str) -> str:
    return module.replace("resource_prefect_", "").replace("data_prefect_", "existing_")


def test_what_is_made_is_imported(applied: Workspace, tmp_path: Path) -> None:
    """The ids of the examples find their objects, in a workspace without a state, and no more is to be done."""
    chosen = registry.modules(resources_only=True, cloud=True)
    objects = registry.objects(applied.show_json())
    blocks = []
    for module in chosen:
        name = module.removeprefix("resource_")
        text = (EXAMPLES / "resources" / name / "import-by-string-id.tf").read_text(encoding="utf-8")
        blocks.append(text.replace(f"to = {name}", f"to = module.{module}.{name}"))
    workspace = Workspace(
        tmp_path,
        registry.write_hcl(tmp_path, chosen),
        api_url=applied.env["PREFECT_API_URL"],
        env={"PREFECT_API_KEY": applied.env["PREFECT_API_KEY"]},
    )
    blocks += _rest(objects)
    workspace.write("\n".join(blocks), "imports")
    workspace.run("get", check=True)
    plan = workspace.plan()
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}


@pytest.mark.usefixtures("newer_terraform")
def test_what_is_made_is_imported_by_its_identity(applied: Workspace, tmp_path: Path) -> None:
    """The identities of the examples, with the ids that there are, do the same."""
    chosen = registry.modules(resources_only=True, cloud=True)
    objects = registry.objects(applied.show_json())
    made = {one["address"]: one["values"] for module in chosen for one in objects[module]}
    account = applied.env["PREFECT_API_URL"].split("/accounts/")[1].partition("/")[0]
    workspace = Workspace(
        tmp_path,
        registry.write_hcl(tmp_path, chosen),
        api_url=applied.env["PREFECT_API_URL"],
        env={"PREFECT_API_KEY": applied.env["PREFECT_API_KEY"]},
    )
    blocks, wanted = _rest(objects), {}
    for module in chosen:
        name = module.removeprefix("resource_")
        address = f"module.{module}.{address_of(name)}"
        values = wanted[address] = made[address]
        text = (EXAMPLES / "resources" / name / "import-by-identity.tf").read_text(encoding="utf-8")
        text = text.replace(f"to = {name}", f"to = module.{module}.{name}")
        blocks.append(
            re.sub(
                r'(\w+)( += )"[0-9a-f-]{36}"',
                lambda one, of=values: f'{one[1]}{one[2]}"{of[one[1]] or account}"',  # type: ignore[misc]
                text,
            )
        )
    workspace.write("\n".join(blocks), "imports")
    workspace.run("get", check=True)
    plan = workspace.plan()
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
    found = {
        change["address"]: change["change"]["importing"]["identity"]
        for change in plan.json["resource_changes"]
        if change["address"] in wanted
    }
    assert found.keys() == wanted.keys()
    for address, values in wanted.items():
        own = {
            name: value
            for name, value in found[address].items()
            if name not in ("account_id", "workspace_id")
        }
        assert own == {name: values[name] for name in own}


@pytest.mark.usefixtures("newer_terraform")
def test_lists(applied: Workspace, tmp_path: Path) -> None:
    """`terraform query` finds the objects of the resources' examples with the lists of the examples."""
    env = {"PREFECT_API_KEY": applied.env["PREFECT_API_KEY"]}
    workspace = Workspace(tmp_path, "", api_url=applied.env["PREFECT_API_URL"], env=env)
    listed = [path.name for path in (EXAMPLES / "list-resources").iterdir() if path.name in registry.ON_CLOUD]
    for name in listed:
        text = (EXAMPLES / "list-resources" / name / "list-resource.tfquery.hcl").read_text(encoding="utf-8")
        (workspace.directory / f"{name}.tfquery.hcl").write_text(text, encoding="utf-8")
    done = workspace.run("query", "-json", check=True)
    found = {
        one["list_resource_found"]["resource_type"]
        for one in done.messages
        if one["type"] == "list_resource_found"
    }
    assert found == {*listed}


def _rest(objects: Mapping[str, list[dict[str, Any]]]) -> list[str]:
    """The blocks that import by their ids what is in the examples beside the object that each is of."""
    given = {f"module.resource_{name}.{address_of(name)}" for name in registry.ON_CLOUD}
    blocks = []
    for module in registry.modules(resources_only=True, cloud=True):
        for one in objects[module]:
            if one["mode"] == "managed" and one["address"] not in given:
                where = one["values"].get("workspace_id")
                id_ = one["values"]["id"] + (f",{where}" if where else "")
                blocks.append(f'import {{\n  to = {one["address"]}\n  id = "{id_}"\n}}')
    return blocks


@pytest.mark.parametrize("name", sorted(registry.NOT_MADE & {*registry.ON_CLOUD}))
def test_what_nobody_can_make_is_taken_over(
    prefect_clouds: Callable[..., PrefectCloud], terraform: Callable[..., Workspace], name: str
) -> None:
    """The example is imported by the command that is beside it, and one apply makes it what it says."""
    cloud = prefect_clouds()
    cloud.add_user(MEMBER)
    folder = EXAMPLES / "resources" / name
    workspace = terraform(
        (folder / "resource.tf").read_text(encoding="utf-8"),
        api_url=cloud.api_url,
        env={"PREFECT_API_KEY": cloud.key},
    )
    command = (folder / "import.sh").read_text(encoding="utf-8").split()[2:]
    ids = {"prefect_account": cloud.account_id}
    id_ = ids.get(name, command[1])
    assert re.fullmatch(r"prefect_\w+\.\w+", command[0])
    workspace.run("import", command[0], id_, check=True)
    workspace.apply()
    workspace.assert_no_changes()
