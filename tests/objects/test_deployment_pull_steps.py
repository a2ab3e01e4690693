"""Pull steps: every step that Prefect can store is kept, and wrong ones are refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.server.deployment.pull_steps import (
    PullStep,
    check_pull_steps,
    pull_steps_from_api,
    pull_steps_to_api,
)
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.plugin.engine.reconciliation import differences
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.text.path import show_path
from tests.objects.terraform_core import Managed, unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

STEPS: list[dict[str, Any]] = [
    {
        "type": "git_clone",
        "repository": "https://example.com/r.git",
        "branch": "main",
        "commit_sha": "abc",
        "include_submodules": False,
        "access_token": "{{ prefect.blocks.secret.token }}",
        "credentials": "{{ prefect.blocks.github-credentials.c }}",
        "directories": ["a", "b"],
        "clone_directory_name": "code",
        "id": "clone",
        "requires": "prefect",
    },
    {"type": "set_working_directory", "directory": "{{ clone.directory }}"},
    {
        "type": "run_shell_script",
        "script": "echo $A",
        "directory": "/opt",
        "env": {"A": "1"},
        "stream_output": True,
        "expand_env_vars": False,
    },
    {
        "type": "pip_install_requirements",
        "requirements_file": "r.txt",
        "directory": ".",
        "stream_output": False,
    },
    {"type": "pull_from_azure_blob_storage", "container": "c", "folder": "f"},
    {"type": "pull_from_gcs", "bucket": "b", "folder": ""},
    {"type": "pull_from_s3", "bucket": "b", "folder": "f", "credentials": "c"},
    {"type": "company.steps.fetch", "inputs": '{"retries": 3, "deep": {"x": [null]}}', "bucket": "b"},
    {"type": "git_clone", "repository": "r", "inputs": '{"depth": 1}'},
]


def deployment(world: World, **values: Any) -> dict[str, Any]:
    """A configuration with a flow of its own."""
    flow = world.call("POST", "/flows/", {"name": unique("flow")})["id"]
    return {"name": unique("deployment"), "flow_id": flow} | values


def test_every_step_lives(world: World) -> None:
    """Each of Prefect's steps and any other, with every input, is stored, reordered, imported and removed."""
    managed = Managed(world, Deployment)
    given = deployment(world, pull_steps=STEPS)
    managed.apply(given)
    Managed.imported(world, Deployment, managed.id).assert_settled(given)
    managed.apply(given | {"pull_steps": STEPS[::-1]})
    managed.apply(given | {"pull_steps": STEPS[:1]})
    managed.apply(given | {"pull_steps": None})
    assert not world.call("GET", f"/deployments/{managed.id}")["pull_steps"]


def test_false_and_empty_inputs_are_sent(world: World) -> None:
    """False and empty text are values of an input, and not taken for none."""
    managed = Managed(world, Deployment)
    managed.apply(deployment(world, pull_steps=[STEPS[0], STEPS[5]]))
    clone, gcs = world.call("GET", f"/deployments/{managed.id}")["pull_steps"]
    assert clone["prefect.deployments.steps.git_clone"]["include_submodules"] is False
    assert gcs["prefect_gcp.deployments.steps.pull_from_gcs"] == {"bucket": "b", "folder": ""}


@pytest.mark.parametrize(
    "steps",
    [
        [{"my.steps.fetch": {"what": {"deep": [1, None]}, "n": 1}}],
        [{"prefect.deployments.steps.git_clone": {"repository": "r", "depth": 5}}],
        [{"prefect.deployments.steps.git_clone": {"repository": "r", "include_submodules": "{{ x }}"}}],
        [{"prefect.deployments.steps.run_shell_script": {"script": "s", "env": {"A": 1}}}],
        [{"prefect.deployments.steps.git_clone": {"repository": "r", "branch": None}}],
        [{"prefect.projects.steps.git_clone_project": {"repository": "r"}}],
    ],
    ids=lambda steps: json.dumps(steps)[2:60],
)
def test_unknown_pull_step_is_kept(world: World, steps: list[dict[str, Any]]) -> None:
    """A step or input that this provider does not know is in state after an import, and survives a change."""
    least = deployment(world)
    id_ = world.call("POST", "/deployments/", least | {"pull_steps": steps})["id"]
    imported = Managed.imported(world, Deployment, id_)
    given = least | {"pull_steps": imported.held["pull_steps"]}
    assert imported.changes(given) == []

    imported.apply(given | {"description": "changed"})

    kept = world.call("GET", f"/deployments/{id_}")["pull_steps"]
    assert kept == steps
    written = pull_steps_to_api(pull_steps_from_api(steps))
    assert [*written[0]] == [*steps[0]]
    [(ours, theirs)] = zip(written[0].values(), steps[0].values(), strict=True)
    assert ours == {key: value for key, value in theirs.items() if value is not None}


@pytest.mark.parametrize("stored", [["text"], [{"a": {}, "b": {}}], [{"a": 1}], [{}], [None]], ids=str)
def test_malformed_step_is_shown(stored: list[Any]) -> None:
    """What no worker could run, but a server holds, is shown as it is instead of ending the provider."""
    [step] = pull_steps_from_api(stored)
    assert step["type"] == "unreadable"
    assert json.loads(step["inputs"]) == {"step": stored[0]}


SHORT: list[dict[str, Any]] = [
    {
        "type": "git_clone",
        "repository": "r",
        "branch": "main",
        "directories": ["a"],
        "include_submodules": True,
    },
    {"type": "run_shell_script", "script": "s", "env": {"A": "1"}, "id": "x", "requires": "p"},
    {"type": "pip_install_requirements", "requirements_file": "r.txt"},
    {"type": "set_working_directory", "directory": "/opt"},
    {"type": "pull_from_s3", "bucket": "b", "folder": "f", "credentials": "c"},
    {"type": "pull_from_gcs", "bucket": "b", "folder": "f"},
    {"type": "pull_from_azure_blob_storage", "container": "c", "folder": "f"},
    {"type": "company.steps.fetch", "bucket": "b", "folder": "f", "inputs": '{"retries":3}'},
]
PATHS = {
    name: f"{package}.deployments.steps.{name}"
    for package, names in {
        "prefect": "git_clone run_shell_script pip_install_requirements set_working_directory",
        "prefect_aws": "pull_from_s3",
        "prefect_gcp": "pull_from_gcs",
        "prefect_azure": "pull_from_azure_blob_storage",
    }.items()
    for name in names.split()
}


def by_path(step: dict[str, Any]) -> dict[str, Any]:
    """The step, by its Python path."""
    return step | {"type": PATHS.get(step["type"], step["type"])}


def in_inputs(step: dict[str, Any]) -> dict[str, Any]:
    """The step, with everything in `inputs`."""
    inputs = json.loads(step.get("inputs", "{}"))
    inputs |= {key: value for key, value in step.items() if key not in ("type", "inputs")}
    return {"type": step["type"], "inputs": json.dumps(inputs)}


def half(step: dict[str, Any]) -> dict[str, Any]:
    """The step, with its first input in `inputs`."""
    _, first, *rest = [key for key in step if key != "inputs"]
    inputs = json.loads(step.get("inputs", "{}")) | {first: step[first]}
    return {"type": step["type"], "inputs": json.dumps(inputs), **{key: step[key] for key in rest}}


SPELLINGS: dict[str, list[dict[str, Any]]] = {
    "short": SHORT,
    "path": [by_path(step) for step in SHORT],
    "inputs": [in_inputs(step) for step in SHORT],
    "path and inputs": [by_path(in_inputs(step)) for step in SHORT],
    "half": [half(step) for step in SHORT],
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_spellings_of_one_step_are_the_same(world: World, spelling: str) -> None:
    """However a step is written, it is stored, settles, is imported, and can be rewritten, without a change."""
    managed = Managed(world, Deployment)
    given = deployment(world, pull_steps=SPELLINGS[spelling])
    managed.apply(given)
    stored = world.call("GET", f"/deployments/{managed.id}")["pull_steps"]
    assert stored == pull_steps_to_api([dict(step) for step in SHORT])
    Managed.imported(world, Deployment, managed.id).assert_settled(given)
    for other in SPELLINGS.values():
        managed.assert_settled(given | {"pull_steps": other})


def test_change_of_one_step_shows_that_step(world: World) -> None:
    """A change elsewhere is shown at what changed, and the other steps and inputs keep the spelling that is held."""
    managed = Managed(world, Deployment)
    given = deployment(world, pull_steps=SPELLINGS["path and inputs"])
    managed.apply(given)
    steps = world.call("GET", f"/deployments/{managed.id}")["pull_steps"]
    steps[0]["prefect.deployments.steps.git_clone"]["branch"] = "other"
    world.call("PATCH", f"/deployments/{managed.id}", {"pull_steps": steps})
    before = managed.held

    managed.refresh()

    [difference] = differences(Deployment, managed.held, before)
    assert show_path(difference.path) == "pull_steps[0].inputs"
    assert json.loads(difference.now)["branch"] == "other"


def test_spelling_of_what_is_known_only_later() -> None:
    """A step of which a part is known only when it is applied comes back as it was written."""
    inputs = '{"repository":"r"}'
    step = {"type": PATHS["git_clone"], "inputs": UNKNOWN, "branch": "main"}
    held = dict.fromkeys(PullStep.attributes) | step
    [back] = pull_steps_from_api([{PATHS["git_clone"]: {"repository": "r", "branch": "main"}}], [held])
    assert back["type"] == PATHS["git_clone"]
    assert (back["inputs"], back["branch"], back["repository"]) == (inputs, "main", None)


def test_order_of_steps_matters(world: World) -> None:
    """Steps that were exchanged elsewhere are a difference."""
    managed = Managed(world, Deployment)
    given = deployment(world, pull_steps=STEPS[:2])
    managed.apply(given)
    steps = world.call("GET", f"/deployments/{managed.id}")["pull_steps"]
    world.call("PATCH", f"/deployments/{managed.id}", {"pull_steps": steps[::-1]})
    managed.refresh()
    assert managed.changes(given) == ["pull_steps"]
    managed.apply(given)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"type": PATHS["git_clone"]}, "pull_steps[0].repository", "needs `repository`"),
    (
        {"type": PATHS["pull_from_s3"], "inputs": '{"bucket": "b"}'},
        "pull_steps[0].folder",
        "needs `folder`",
    ),
    (
        {"type": PATHS["set_working_directory"], "directory": "d", "script": "s"},
        "pull_steps[0].script",
        "got `script`",
    ),
    (
        {"type": "git_clone", "repository": "r", "inputs": '{"repository": "s"}'},
        "pull_steps[0].inputs",
        "given by itself and in `inputs`",
    ),
    ({"type": "set_working_directory"}, "pull_steps[0].directory", "needs `directory`"),
    ({"type": "git_clone"}, "pull_steps[0].repository", "needs `repository`"),
    ({"type": "git_clone", "repository": "r", "bucket": "b"}, "pull_steps[0].bucket", "got `bucket`"),
    ({"type": "git_clone", "repository": "r", "script": "s"}, "pull_steps[0].script", "got `script`"),
    ({"type": "pull_from_s3", "bucket": "b"}, "pull_steps[0].folder", "needs `folder`"),
    (
        {"type": "pull_from_gcs", "bucket": "b", "folder": "f", "container": "c"},
        "pull_steps[0].container",
        "expected one of `bucket`, `folder`, got `container`",
    ),
    (
        {"type": "run_shell_script", "script": "s", "requirements_file": "r"},
        "pull_steps[0].requirements_file",
        "got `requirements_file`",
    ),
    ({"type": "git clone", "repository": "r"}, "pull_steps[0].type", "Python path"),
    ({"type": "my.step", "inputs": "[]"}, "pull_steps[0].inputs", "a JSON object"),
]


@pytest.mark.parametrize(("step", "path", "text"), WRONG, ids=lambda value: str(value)[:50])
def test_wrong_step_is_refused(world: World, step: dict[str, Any], path: str, text: str) -> None:
    """A step without what it needs, or with what it does not take, is refused with its place."""
    [error] = Managed(world, Deployment).validate({"name": "d", "entrypoint": "f.py:f", "pull_steps": [step]})
    assert show_path(error.path) == path
    assert text in error.detail


def test_inputs_count_as_given() -> None:
    """What a step needs may stand in `inputs`, and inputs that are not known yet may hold it."""
    for inputs in ('{"repository": "r"}', UNKNOWN):
        diagnostics = Diagnostics()
        check_pull_steps([{"type": "git_clone", "inputs": inputs}], diagnostics)
        assert not diagnostics.has_errors


@pytest.mark.parametrize("kind", PATHS)
def test_inputs_of_other_steps_may_be_null_in_the_end(kind: str) -> None:
    """One configuration for all steps is no error while it is not known which of its inputs are null."""
    diagnostics = Diagnostics()
    step = {**dict.fromkeys(PullStep.attributes, UNKNOWN), "type": kind}
    check_pull_steps([step], diagnostics)
    check_pull_steps([{**step, "type": "git_clone", "inputs": '{"repository": "r"}'}], diagnostics)
    assert list(diagnostics) == []


def test_misspelt_type_is_suggested_right(world: World) -> None:
    """A bare type that is none of Prefect's steps, and so no Python path, is refused with the likely one."""
    [error] = Managed(world, Deployment).validate(
        {"name": "d", "entrypoint": "f.py:f", "pull_steps": [{"type": "git_clon", "repository": "r"}]}
    )
    assert show_path(error.path) == "pull_steps[0].type"
    assert "`git_clone`" in error.detail
