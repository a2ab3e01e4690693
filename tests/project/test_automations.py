"""Automations of a file: the API's shape, that of the SDK's objects and that of an export are the same objects."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING, Any

import pytest
from cdktn import App

import prefect_constructs as pc
from prefect_constructs.testing import Template
from prefect_iac.commands.main import main
from prefect_provider.functions.yaml_automations import YamlAutomations
from prefect_provider.plugin.language.function import ArgumentError
from prefect_provider.project.automations import read_automations
from tests.constructs.stacks import new_stack
from tests.environment.prefect_server import prefect_program
from tests.environment.processes import clean_environment
from tests.environment.terraform import ROOT
from tests.project.stored import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

NAMES = ["shapes: event", "shapes: absence", "shapes: compound", "shapes: sequence"]


class Shapes:
    """Automations that the SDK made, as the server has them, and files with each of their shapes."""

    def __init__(self, directory: Path, stored: list[dict[str, Any]]) -> None:
        self.stored = {one["name"]: one for one in stored}
        self.directory = directory


@pytest.fixture(scope="module")
def shapes(prefect_server: PrefectServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shapes]:
    """The automations of `sdk_automations.py`, which are gone from the server, and what was written of them."""
    directory = tmp_path_factory.mktemp("shapes")
    flow = prefect_server.call("POST", "/flows/", {"name": "shapes"})
    deployment = prefect_server.call("POST", "/deployments/", {"name": "shapes", "flow_id": flow["id"]})
    program = ROOT / "tests" / "project" / "sdk_automations.py"
    done = subprocess.run(
        [prefect_program().with_name("python"), program, deployment["id"], directory],
        env=clean_environment(
            directory,
            PREFECT_API_URL=prefect_server.api_url,
            PREFECT_HOME=str(directory / "home"),
            # Otherwise long texts are broken in two.
            PREFECT_CLI_WRAP_LINES="0",
            DO_NOT_TRACK="1",
        ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    listed = prefect_server.listed("/automations")
    stored = [one for one in listed if one["name"] in NAMES]
    assert len(stored) == len(NAMES)
    for one in stored:
        prefect_server.call("DELETE", f"/automations/{one['id']}")
    (directory / "api.json").write_text(json.dumps({"automations": stored}), encoding="utf-8")
    yield Shapes(directory, stored)
    prefect_server.call("DELETE", f"/flows/{flow['id']}")


def test_the_shapes_say_the_same(shapes: Shapes) -> None:
    """The answer of the API, the SDK's objects and both exports become the same values, nothing left out."""

    def read(text: str) -> dict[str, Any]:
        found: dict[str, Any] = asyncio.run(YamlAutomations().call(text)).value
        return found

    of_the_api = read((shapes.directory / "api.json").read_text(encoding="utf-8"))
    assert sorted(of_the_api) == sorted(NAMES)
    assert read((shapes.directory / "sdk.json").read_text(encoding="utf-8")) == of_the_api
    for ending in ("json", "yaml"):
        exported: dict[str, Any] = {}
        for number in range(len(NAMES)):
            file = shapes.directory / f"exported-{number}.{ending}"
            exported |= read(file.read_text(encoding="utf-8"))
        assert exported == of_the_api


def test_the_same_is_on_the_server(
    shapes: Shapes, terraform: Callable[..., Workspace], prefect_server: PrefectServer, tmp_path: Path
) -> None:
    """By the function, the construct and both conversions, each field is as that of what the SDK made."""
    modules = {}
    for name in ("function", "hcl", "python", "construct"):
        (tmp_path / name).mkdir()
        modules[name] = {"source": str(tmp_path / name)}
    head = (ROOT / "examples" / "hcl" / "event_trigger" / "versions.tf").read_text(encoding="utf-8")
    call = (ROOT / "examples" / "functions" / "yaml_automations" / "function.tf").read_text(encoding="utf-8")
    (tmp_path / "function" / "main.tf").write_text(head + call, encoding="utf-8")
    shutil.copy(shapes.directory / "sdk.json", tmp_path / "function" / "automations.yaml")
    out = tmp_path / "hcl" / "main.tf"
    assert main(["convert", str(shapes.directory / "api.json"), "--to", "hcl", "--out", str(out)]) == 0
    whole = tmp_path / "exported.yaml"
    texts = [(shapes.directory / f"exported-{number}.yaml").read_text("utf-8") for number in range(1, 4)]
    whole.write_text("".join(text.rstrip() + "\n" for text in texts), encoding="utf-8")
    program = tmp_path / "main.py"
    assert main(["convert", str(whole), "--to", "python", "--out", str(program)]) == 0
    _write_module(tmp_path / "python", run_path(str(program))["Project"](App(), "converted"))
    stack = new_stack("shapes")
    pc.AutomationsFile(stack, "first", shapes.directory / "exported-0.json")
    rest = pc.AutomationsFile(stack, "rest", whole)
    assert sorted(rest.automations) == sorted(NAMES[1:])
    _write_module(tmp_path / "construct", stack)

    workspace = terraform({"module": modules}, provider=False)
    workspace.run("get", check=True)
    workspace.apply()
    try:
        workspace.assert_no_changes()
        shown = workspace.show_json()["values"]["root_module"]["child_modules"]
        assert sorted(module["address"] for module in shown) == [f"module.{name}" for name in sorted(modules)]
        for module in shown:
            ids = [one["values"]["id"] for one in module["resources"]]
            made = [prefect_server.call("GET", f"/automations/{one}") for one in ids]
            # The program is made from the export of these.
            names = NAMES[1:] if module["address"] == "module.python" else NAMES
            expected = {name: _stored(shapes.stored[name]) for name in names}
            assert {one["name"]: _stored(one) for one in made} == expected
    finally:
        workspace.destroy()


def _stored(automation: dict[str, Any]) -> dict[str, Any]:
    return {**plain(automation), "tags": sorted(automation["tags"])}


def _write_module(directory: Path, stack: Any) -> None:
    document = {key: one for key, one in Template.from_stack(stack).document.items() if key != "provider"}
    document["terraform"] = {"required_providers": document["terraform"]["required_providers"]}
    (directory / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")


EVENT = "trigger: {posture: Reactive, expect: [a]}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ""),
        ("automations:\n", ""),
        ("[]", ""),
        ("3", "line 1: expected an automation, a list of them, or a mapping with `automations`, got 3."),
        ("automation: []", "line 1, automation: an automation has no field `automation`."),
        ("automations: []\nname: x", "line 2, name: a file of automations has no `name`."),
        (f"name: d\n{EVENT}labels: {{a: b}}", "line 3, labels: an automation has no field `labels`."),
        (f"name: d\n{EVENT}labels: {{}}", ""),
        (f"name: 3\n{EVENT}", "line 1, name: expected text, got 3."),
        (f"name: d\n{EVENT}enabled: maybe", "line 3, enabled: expected true or false"),
        (f"name: d\n{EVENT}tags: a", "line 3, tags: expected a list of texts"),
        ("name: d\nactions: []", "line 1: an automation needs a `trigger`."),
        ("name: d\ntrigger: [a]", "line 2, trigger: expected a mapping"),
        ("name: d\ntrigger:\n  expct: [a]", "line 3, trigger.expct: an event trigger has no field `expct`."),
        ("name: d\ntrigger:\n  within: soon", "line 3, trigger.within: expected a number of seconds"),
        (
            "name: d\ntrigger:\n  triggers:\n  - expect: [a]\n  - a",
            "line 5, trigger.triggers[1]: expected a trigger",
        ),
        (f"- name: d\n  {EVENT}- 3", "line 3, [1]: expected a mapping, got 3."),
        (
            f"- name: d\n  {EVENT}- name: d\n  {EVENT}",
            'line 3, [1].name: the automation "d" is there already',
        ),
        (f"name: d\n{EVENT}actions:\n- type: run-deploment", "line 4, actions[0].type: expected one of"),
        (f"name: d\n{EVENT}actions:\n- type: run-deployment", "line 4, actions[0].deployment_id: the action"),
        (f"name: d\n{EVENT}actions: {{}}", "line 3, actions: expected a list of actions, got {}."),
        (
            "name: d\ntriger: {}",
            "line 2, triger: an automation has no field `triger`. Did you mean `trigger`?",
        ),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    """Nothing is dropped: the error names the line and the key; what says nothing is nothing."""
    if not said:
        assert asyncio.run(YamlAutomations().call(text)).value.keys() <= {"d"}
        return
    with pytest.raises(ArgumentError) as caught:
        asyncio.run(YamlAutomations().call(text))
    assert any(line.startswith(said) for line in str(caught.value).splitlines()), str(caught.value)


def test_durations_and_nothing() -> None:
    """Durations may be texts, as Prefect reads them; null says nothing; ids inside of triggers are the server's."""
    text = "name: d\ndescription:\ntrigger: {type: sequence, id: x, within: PT1M, triggers: [{id: y, expect: [a]}]}\n"
    assert read_automations(text)["d"].fields == {
        "name": "d",
        "trigger": {"type": "sequence", "within": 60.0, "triggers": [{"expect": ["a"]}]},
    }


def test_lines_in_the_construct_and_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is said with the file and its line there as well, and nothing is made."""
    file = tmp_path / "automations.yaml"
    file.write_text(f"name: d\n{EVENT}enabld: true\n", encoding="utf-8")
    said = f"{file}: line 3, enabld: an automation has no field `enabld`. Did you mean `enabled`?"
    with pytest.raises(pc.PrefectConstructError, match="line 3, enabld") as caught:
        pc.AutomationsFile(new_stack("wrong"), "alerts", file)
    assert said in str(caught.value)
    assert main(["convert", str(file)]) == 1
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""
    with pytest.raises(pc.PrefectConstructError, match=r"nothing\.yaml cannot be read: No such file"):
        pc.AutomationsFile(new_stack("absent"), "alerts", tmp_path / "nothing.yaml")


def test_names_in_the_construct(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that Terraform would work out stands as it is, and so does that of a file in the current directory."""
    monkeypatch.chdir(tmp_path)
    Path("right.yaml").write_text(f"name: a ${{x}}\n{EVENT}", encoding="utf-8")
    stack = new_stack("names")
    made = pc.AutomationsFile(stack, "alerts", "right.yaml")
    assert [*made.automations] == ["a ${x}"]
    [automation] = Template.from_stack(stack).document["resource"]["prefect_automation"].values()
    assert automation["name"] == "a $${x}"

    Path("wrong.yaml").write_text("name: d\n", encoding="utf-8")
    with pytest.raises(pc.PrefectConstructError, match=r"In wrong\.yaml: line 1"):
        pc.AutomationsFile(new_stack("wrong"), "alerts", "wrong.yaml")


def test_triggers_for_a_file_of_automations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They have no deployment to run, which is said."""
    file = tmp_path / "automations.yaml"
    file.write_text(f"name: d\n{EVENT}", encoding="utf-8")
    assert main(["convert", str(file), "--trigger", 'd={"expect": ["a"]}']) == 1
    assert "the file has automations and no deployments" in capsys.readouterr().err
