"""What is on the server after `prefect deploy` is there after ours as well, field by field."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from re import findall
from runpy import run_path
from typing import TYPE_CHECKING, Any, Final

import pytest
from cdktn import App

import prefect_constructs as pc
from prefect_constructs.testing import Template
from prefect_iac.commands.main import main
from tests.constructs.stacks import new_stack
from tests.environment.prefect_server import prefect_program, prefect_version
from tests.environment.processes import clean_environment
from tests.project.comparison import difference, merge, without_sum
from tests.project.stored import remove_stored, stored, stored_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

DOCUMENTS: Final = Path(__file__).resolve().parent / "documents"
NAMES: Final = sorted(file.stem for file in DOCUMENTS.glob("*.yaml"))

ENVIRONMENT: Final = {
    "CORPUS_STAGE": "test",
    "CORPUS_VERSION": "1.4",
    "CORPUS_IMAGE": "example.com/flows",
    "CORPUS_POOL": "corpus",
}
VARIABLES: Final = {
    "corpus_text": "words",
    "corpus_list": ["a", "b"],
    "corpus_number": 7,
    "corpus_flag": False,
    "corpus_document": {"k": "v"},
    "corpus_cron": "15 4 * * *",
}
BLOCKS: Final = {
    "secret.corpus-registry": {"value": "registry.example.com"},
    "secret.corpus-json": {"value": {"a": {"b": 3, "list": [0, {"c": "deep"}]}}},
}
OUTPUTS: Final = {"commit": {"stdout": "0a1b2c"}}
TRIGGER: Final = json.dumps(
    {
        "enabled": True,
        "match": {"prefect.resource.id": "prefect.flow-run.*"},
        "expect": ["prefect.flow-run.Completed"],
    }
)
GIVEN: Final = [TRIGGER, "more/triggers.yaml", "more/triggers.json"]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project: the documents, and the flows that they deploy."""
    copy = tmp_path_factory.mktemp("corpus") / "documents"
    shutil.copytree(DOCUMENTS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


@pytest.fixture(scope="module")
def others(prefect_server: PrefectServer) -> frozenset[str]:
    """The ids of what other tests have left."""
    return stored_ids(prefect_server)


@pytest.fixture(scope="module")
def theirs(
    prefect_server: PrefectServer, directory: Path, others: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """What is on the server after `prefect deploy --all` of each document, and of one with `--trigger`."""
    if prefect_version() != "3.8.8":
        pytest.skip("it is compared with `prefect deploy` of Prefect 3.8.8")
    blocks = _make_world(prefect_server)
    commands = [["--all", "--prefect-file", f"{name}.yaml"] for name in NAMES if name != "given"]
    given = [part for one in GIVEN for part in ("--trigger", one)]
    commands.append(["--name", "given", "--prefect-file", "given.yaml", *given])
    _prefect_deploy(prefect_server, directory, commands)
    found = stored(prefect_server, others)
    remove_stored(prefect_server, others)
    yield found
    prefect_server.call("DELETE", "/work_pools/corpus")
    for name in VARIABLES:
        prefect_server.call("DELETE", f"/variables/name/{name}")
    for block in blocks:
        prefect_server.call("DELETE", f"/block_documents/{block}")


def _prefect_deploy(server: PrefectServer, directory: Path, commands: list[list[str]]) -> None:
    environment = clean_environment(
        directory.parent,
        PREFECT_API_URL=server.api_url,
        PREFECT_HOME=str(directory.parent / "home"),
        DO_NOT_TRACK="1",
        **ENVIRONMENT,
    )
    done = subprocess.run(
        [
            prefect_program().with_name("python"),
            Path(__file__).with_name("prefect_deploy.py"),
            *(json.dumps(command) for command in commands),
        ],
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Skipping" not in done.stdout, done.stdout


def _make_world(server: PrefectServer) -> list[str]:
    """The pool, its queues, the variables and the blocks that the documents name; returns the ids of the blocks."""
    server.call("POST", "/work_pools/", {"name": "corpus", "type": "process"})
    for queue in ("fast", "slow"):
        server.call("POST", "/work_pools/corpus/queues", {"name": queue})
    for name, value in VARIABLES.items():
        server.call("POST", "/variables/", {"name": name, "value": value})
    blocks = []
    for address, data in BLOCKS.items():
        kind, name = address.split(".")
        type_id = server.call("GET", f"/block_types/slug/{kind}")["id"]
        (schema, *_) = server.call(
            "POST", "/block_schemas/filter", {"block_schemas": {"block_type_id": {"any_": [type_id]}}}
        )
        body = {"name": name, "data": data, "block_type_id": type_id, "block_schema_id": schema["id"]}
        blocks.append(server.call("POST", "/block_documents/", body)["id"])
    return blocks


def hcl(directory: Path) -> dict[str, Any]:
    """A module with the deployments and triggers of all documents."""
    values = {
        "directory": str(directory),
        "environment": ENVIRONMENT,
        "variables": {
            name: f"${{data.prefect_variable.given[{json.dumps(name)}].value}}" for name in VARIABLES
        },
        "blocks": {
            name: f"${{nonsensitive(jsondecode(data.prefect_block.given[{json.dumps(name)}].data))}}"
            for name in BLOCKS
        },
        "outputs": OUTPUTS,
    }
    attributes = (
        *("name", "flow_name", "entrypoint", "description", "version", "tags", "paused", "parameters"),
        *("enforce_parameter_schema", "parameter_openapi_schema", "concurrency_limit", "concurrency_options"),
        *("work_pool_name", "work_queue_name", "job_variables", "schedules", "pull_steps"),
    )
    given = [TRIGGER, *(f'${{file("{directory}/{name}")}}' for name in GIVEN[1:])]
    texts = {name: f'${{file("{directory}/{name}.yaml")}}' for name in NAMES}
    local = {
        "values": values,
        "given": {"given": {"triggers": {"given": given}}},
        "texts": texts,
        "deployments": "${merge([for name, text in local.texts : provider::prefect::yaml_deployments(text, "
        "merge(local.values, try(local.given[name], {})))]...)}",
        "triggers": "${merge([for name, text in local.texts : provider::prefect::yaml_triggers(text, "
        "merge(local.values, try(local.given[name], {})))]...)}",
    }
    return {
        "locals": local,
        "data": {
            "prefect_variable": {"given": {"for_each": _set(VARIABLES), "name": "${each.key}"}},
            "prefect_block": {
                "given": {
                    "for_each": _set(BLOCKS),
                    "type_slug": '${split(".", each.key)[0]}',
                    "name": '${split(".", each.key)[1]}',
                }
            },
        },
        "resource": {
            "prefect_deployment": {
                "this": {
                    "for_each": "${local.deployments}",
                    **{name: f"${{each.value.{name}}}" for name in attributes},
                }
            },
            "prefect_automation": {
                "this": {
                    "for_each": "${local.triggers}",
                    **{
                        name: f"${{each.value.{name}}}"
                        for name in ("name", "description", "enabled", "trigger")
                    },
                    "actions": "${[merge(each.value.action, { deployment_id = "
                    "prefect_deployment.this[each.value.deployment].id })]}",
                }
            },
        },
    }


def _set(names: Iterable[str]) -> str:
    return f"${{toset({json.dumps(list(names))})}}"


def constructs(directory: Path) -> dict[str, Any]:
    """The same as a stack of constructs; variables and blocks are looked up by Terraform."""
    stack = new_stack("corpus")
    for name in NAMES:
        pc.PrefectYaml(
            stack,
            name,
            directory / f"{name}.yaml",
            environment=ENVIRONMENT,
            outputs=OUTPUTS,
            triggers={"given": GIVEN} if name == "given" else None,
        )
    return dict(Template.from_stack(stack).document)


def converted(directory: Path) -> dict[str, Any]:
    """Code that `prefect-iac convert` writes: for every other document a module in HCL, for the rest a program."""
    root: dict[str, Any] = {}
    modules: dict[str, dict[str, str]] = {}
    for index, name in enumerate(NAMES):
        as_hcl = bool(index % 2)
        out = directory.parent / "converted" / name / ("main.tf" if as_hcl else "main.py")
        out.parent.mkdir(parents=True, exist_ok=True)
        options = ["--output", "commit.stdout=0a1b2c"]
        if name == "given":
            options += [part for one in GIVEN for part in ("--trigger", f"given={one}")]
        language = "hcl" if as_hcl else "python"
        code = main(
            ["convert", str(directory / f"{name}.yaml"), "--to", language, "--out", str(out), *options]
        )
        assert code == 0
        if as_hcl:
            inputs = findall(r'variable "(\w+)"', out.read_text(encoding="utf-8"))
            modules[name] = {
                "source": str(out.parent),
                **{one: ENVIRONMENT[one.upper()] for one in inputs if one.upper() in ENVIRONMENT},
            }
        else:
            program = run_path(str(out))
            stack = program["Project"](App(), name)
            merge(root, Template.from_stack(stack).document)
    return {**root, "module": modules}


@pytest.mark.parametrize("way", [hcl, constructs, converted])
def test_the_same_is_on_the_server(
    way: Callable[[Path], dict[str, Any]],
    theirs: dict[str, Any],
    terraform: Callable[..., Workspace],
    prefect_server: PrefectServer,
    directory: Path,
    others: frozenset[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Deployments, schedules and automations of the corpus are equal in every field; nothing is there besides."""
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    workspace = terraform(way(directory), provider=way is hcl)
    if way is converted:
        workspace.run("get", check=True)
        theirs = {name: without_sum(one) for name, one in theirs.items()}
    workspace.apply()
    try:
        assert difference(theirs, stored(prefect_server, others)) == {}
        workspace.assert_no_changes()
    finally:
        workspace.destroy()
        remove_stored(prefect_server, others)


def test_who_owns_what(
    theirs: dict[str, Any],  # noqa: ARG001 - the world
    terraform: Callable[..., Workspace],
    prefect_server: PrefectServer,
    directory: Path,
    others: frozenset[str],
) -> None:
    """After both have deployed a file, the deployment is as Terraform has it, and each has automations of its own."""
    stack = new_stack("owners")
    for name in ("order", "fields"):
        pc.PrefectYaml(stack, name, directory / f"{name}.yaml", environment=ENVIRONMENT)
    workspace = terraform(dict(Template.from_stack(stack).document), provider=False)
    workspace.apply()
    try:
        ours = {one["id"] for one in prefect_server.listed("/automations")} - others
        commands = [["--all", "--prefect-file", f"{name}.yaml"] for name in ("order", "fields")]
        _prefect_deploy(prefect_server, directory, commands)
        found = [one for one in prefect_server.listed("/automations") if one["id"] not in others]
        assert {one["id"] for one in found} > ours
        assert len(found) == 2 * len(ours)
        plan = workspace.plan()
        changed = {address: actions for address, actions in plan.actions().items() if actions != ("no-op",)}
        assert changed == {}
    finally:
        workspace.destroy()
        remove_stored(prefect_server, others)
