"""The examples that the reference shows: applied, imported, listed, and the same in Python as in HCL."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.functions import functions
from prefect_provider.objects.catalogue import ACTIONS, DATA_SOURCES, EPHEMERAL_RESOURCES, RESOURCES
from prefect_provider.objects.listing import has_listing
from tests.environment.terraform import ROOT, Workspace, terraform_program
from tests.examples import registry
from tests.examples.registry import EXAMPLES, address_of
from tests.examples.synthesis import read_stack, run_python

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Plan

SENT_AGAIN = {"module.resource_prefect_block.prefect_block.crm_token": ("update",)}
"""What an import leaves to do: nobody can tell whether a write-only value is the one that the server has."""


class Applied:
    """The examples on the server."""

    def __init__(self, workspace: Workspace) -> None:
        workspace.run("get", check=True)
        self.workspace = workspace
        self.plan = workspace.plan()
        workspace.run("apply", "-json", "-input=false", "tfplan", check=True)
        self.objects = registry.objects(workspace.show_json())

    def resource(self, type_name: str) -> dict[str, Any]:
        """The attributes of the object that a resource's example imports."""
        address = f"module.resource_{type_name}.{address_of(type_name)}"
        (found,) = (one for one in self.objects[f"resource_{type_name}"] if one["address"] == address)
        values: dict[str, Any] = found["values"]
        return values


@pytest.fixture(scope="module")
def python_plan(prefect_server: PrefectServer, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """What the examples in Python make, planned on a server that has none of it."""
    _need_terraform()
    directory = tmp_path_factory.mktemp("registry-synthesized")
    chosen = registry.modules()
    programs = {
        name: folder / ("resource.py" if name.startswith("resource_") else "data_source.py")
        for name, folder in chosen.items()
    }
    run_python(ROOT / "tests" / "examples" / "synthesize.py", *programs.values(), cwd=directory)
    stacks = {name: read_stack(directory, _stack(name)) for name in programs}
    root = tmp_path_factory.mktemp("registry-python")
    workspace = Workspace(root, registry.write_python(root, stacks), api_url=prefect_server.api_url, env={})
    workspace.run("get", check=True)
    return workspace.plan()


@pytest.fixture(scope="module")
def applied(
    prefect_server: PrefectServer,
    python_plan: Plan,  # noqa: ARG001 - has to be made before anything is there
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Applied]:
    """The examples in HCL, applied."""
    root = tmp_path_factory.mktemp("registry-hcl")
    configuration = registry.write_hcl(root, registry.modules())
    workspace = Workspace(root, configuration, api_url=prefect_server.api_url, env={})
    before = prefect_server.flow_ids()
    try:
        yield Applied(workspace)
    finally:
        workspace.destroy()
        # A flow that a deployment needed stays when the deployment goes; another test may want its name.
        for flow in prefect_server.flow_ids() - before:
            prefect_server.call("DELETE", f"/flows/{flow}")


def _need_terraform() -> None:
    if terraform_program() is None:
        if os.environ.get("CI"):
            pytest.fail("there is no terraform; install it on PATH")
        pytest.skip("there is no terraform; install it on PATH, then run `make setup`")


def _stack(module: str) -> str:
    """The stack that an example synthesizes, by its module's name."""
    return module.replace("resource_prefect_", "").replace("data_prefect_", "existing_")


def test_there_are_no_others() -> None:
    """Every folder of examples is that of something that there is."""
    wanted = {
        "actions": [kind.type_name for kind in ACTIONS],
        "data-sources": [kind.type_name for kind in DATA_SOURCES],
        "ephemeral-resources": [kind.type_name for kind in EPHEMERAL_RESOURCES],
        "functions": sorted(function.name for function in functions()),
        "list-resources": [kind.type_name for kind in RESOURCES if has_listing(kind)],
        "resources": [kind.type_name for kind in RESOURCES],
    }
    for folder, names in wanted.items():
        assert sorted(path.name for path in (EXAMPLES / folder).iterdir()) == names


def test_python_makes_the_same_objects(python_plan: Plan, applied: Applied) -> None:
    """What an example in Python plans is what its twin in HCL plans, attribute by attribute."""
    planned = registry.planned(python_plan)
    assert sorted(planned) == sorted(registry.modules())
    assert planned == registry.planned(applied.plan)


def test_second_plan(applied: Applied) -> None:
    """Another plan after the apply of all examples changes nothing."""
    applied.workspace.assert_no_changes()


def test_data_sources_find_what_is_there(applied: Applied) -> None:
    """A look-up finds the object of its example, a list those of its example and no others."""
    for name in registry.DATA_SOURCES:
        found = applied.objects[f"data_{name}"]
        (data,) = (one["values"] for one in found if one["mode"] == "data")
        made = {
            one["values"]["id"]
            for one in found
            if one["mode"] == "managed" and one["type"] in (name, name.removesuffix("s"))
        }
        if name.endswith("s"):
            (listed,) = (value for key, value in data.items() if key == name.removeprefix("prefect_"))
            assert {one["id"] for one in listed} == made, name
            assert len(made) > 0
        elif made:
            assert {data["id"]} == made, name
    assert applied_data(applied, "prefect_block_type")["name"] == "Slack Webhook"
    assert "kubernetes" in applied_data(applied, "prefect_worker_metadata")["base_job_templates"]


def applied_data(applied: Applied, name: str) -> dict[str, Any]:
    """What a data source's example has read."""
    (found,) = (one for one in applied.objects[f"data_{name}"] if one["mode"] == "data")
    values: dict[str, Any] = found["values"]
    return values


def _importing(applied: Applied, directory: Path, blocks: Mapping[str, str]) -> Workspace:
    """A workspace without a state that imports all that the resources' examples made.

    Each example's object by its block, the rest by ids.
    """
    chosen = registry.modules(resources_only=True)
    given = {f"module.resource_{type_name}.{address_of(type_name)}" for type_name in blocks}
    rest = [
        f'import {{\n  to = {one["address"]}\n  id = "{one["values"]["id"]}"\n}}'
        for name in chosen
        for one in applied.objects[name]
        if one["address"] not in given
    ]
    own = [
        block.replace(
            f"to = {address_of(type_name)}", f"to = module.resource_{type_name}.{address_of(type_name)}"
        )
        for type_name, block in blocks.items()
    ]
    directory.mkdir()
    configuration = registry.write_hcl(directory, chosen)
    api_url = applied.workspace.env["PREFECT_API_URL"]
    workspace = Workspace(directory, configuration, api_url=api_url, env={})
    workspace.write("\n".join(own + rest), "imports")
    workspace.run("get", check=True)
    return workspace


def _imported(plan: Plan) -> dict[str, Any]:
    """What a plan imports."""
    return {
        change["address"]: change["change"]["importing"]
        for change in plan.json["resource_changes"]
        if "importing" in change["change"]
    }


def test_import_by_id(applied: Applied, tmp_path: Path) -> None:
    """The ids of the examples find their objects, and no more is to be done."""
    blocks = {
        name: (EXAMPLES / "resources" / name / "import-by-string-id.tf").read_text(encoding="utf-8")
        for name in registry.RESOURCES
    }
    workspace = _importing(applied, tmp_path / "by-id", blocks)
    plan = workspace.plan()
    assert plan.actions() == SENT_AGAIN, {change.address: change.differences for change in plan.changes}
    made = {one["address"] for name in registry.modules(resources_only=True) for one in applied.objects[name]}
    assert set(_imported(plan)) == made
    workspace.run("apply", "-json", "-input=false", "tfplan", check=True)
    workspace.assert_no_changes()


@pytest.mark.usefixtures("newer_terraform")
def test_import_by_identity(applied: Applied, tmp_path: Path) -> None:
    """The identities of the examples, with the ids that there are, do the same."""

    def block(name: str) -> str:
        text = (EXAMPLES / "resources" / name / "import-by-identity.tf").read_text(encoding="utf-8")
        values = applied.resource(name)
        return re.sub(r'(\w+)( += )"[0-9a-f-]{36}"', lambda one: f'{one[1]}{one[2]}"{values[one[1]]}"', text)

    plan = _importing(
        applied, tmp_path / "by-identity", {name: block(name) for name in registry.RESOURCES}
    ).plan()
    assert plan.actions() == SENT_AGAIN, {change.address: change.differences for change in plan.changes}
    imported = _imported(plan)
    for name in registry.RESOURCES:
        identity = imported[f"module.resource_{name}.{address_of(name)}"]["identity"]
        assert identity["id"] == applied.resource(name)["id"]


def test_import_on_the_command_line(applied: Applied, tmp_path: Path) -> None:
    """The commands of the examples import what their blocks do."""
    api_url = applied.workspace.env["PREFECT_API_URL"]
    workspace = Workspace(tmp_path / "shell", "", api_url=api_url, env=_VARIABLES)
    script = ["set -e\n"]
    for name in registry.RESOURCES:
        folder = EXAMPLES / "resources" / name
        workspace.write((folder / "resource.tf").read_text(encoding="utf-8"), name)
        script.append((folder / "import.sh").read_text(encoding="utf-8"))
    program = terraform_program()
    assert program is not None
    path = os.pathsep.join([str(program.parent), workspace.env["PATH"]])
    done = subprocess.run(
        ["sh", "-c", "".join(script)],
        cwd=workspace.directory,
        env=workspace.env | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    ids = {address: values["id"] for address, values in workspace.state().items()}
    assert ids == {address_of(name, "import.sh"): applied.resource(name)["id"] for name in registry.RESOURCES}


_VARIABLES = {f"TF_VAR_{name}": value for given in registry.INPUTS.values() for name, value in given.items()}


@pytest.mark.usefixtures("newer_terraform")
def test_lists(applied: Applied, tmp_path: Path) -> None:
    """`terraform query` finds the objects of the resources' examples with the lists of the examples."""
    api_url = applied.workspace.env["PREFECT_API_URL"]
    workspace = Workspace(tmp_path / "lists", "", api_url=api_url, env={})
    listed = registry.LISTED
    for name in listed:
        text = (EXAMPLES / "list-resources" / name / "list-resource.tfquery.hcl").read_text(encoding="utf-8")
        (workspace.directory / f"{name}.tfquery.hcl").write_text(text, encoding="utf-8")
    done = workspace.run("query", "-json", check=True)
    found: dict[str, set[str]] = {}
    for message in done.messages:
        if message["type"] == "list_resource_found":
            one = message["list_resource_found"]
            found.setdefault(one["resource_type"], set()).add(one["identity"]["id"])
    assert sorted(found) == listed
    for name in listed:
        assert applied.resource(name)["id"] in found[name]


@pytest.mark.usefixtures("newer_terraform")
def test_provider(prefect_server: PrefectServer, tmp_path: Path) -> None:
    """The provider's example is valid, in HCL and in Python, and says the same."""
    text = (EXAMPLES / "provider" / "provider.tf").read_text(encoding="utf-8")
    workspace = Workspace(tmp_path / "hcl", text, api_url=prefect_server.api_url, env={}, provider=False)
    assert workspace.validate().errors == []
    run_python(EXAMPLES / "provider" / "provider.py", cwd=tmp_path)
    stack = read_stack(tmp_path, "provider")
    assert stack["provider"]["prefect"] == [
        {},
        {
            "alias": "staging",
            "endpoint": "https://prefect.staging.example.com/api",
            "basic_auth_key": "admin:${var.prefect_password}",
        },
    ]


@pytest.mark.usefixtures("newer_terraform")
def test_format(tmp_path: Path) -> None:
    """All of them are written as `terraform fmt` writes them, lists included."""
    workspace = Workspace(tmp_path / "format", "", api_url=None, env={})
    done = workspace.run("fmt", "-check", "-recursive", str(EXAMPLES))
    assert (done.exit_code, done.stdout) == (0, "")
