"""What the guide for switching from the official provider tells to do works, with the real terraform, in its order."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.catalogue import RESOURCES
from tests.environment.processes import clean_environment
from tests.environment.terraform import ROOT, Workspace, terraform_program
from tests.objects.terraform_core import unique
from tests.terraform.official_stand_in import install
from tests.terraform.official_states import ADDRESS, Instance, Official, state_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer

GUIDE = ROOT / "docs" / "guides" / "switching-from-the-official-provider.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PEER = json.loads((ROOT / "tests" / "peer_schema.json").read_text(encoding="utf-8"))
SOURCE = {"terraform": {"required_providers": {"prefect": {"source": "prefecthq/prefect"}}}}
NOVELTY = {
    "mode": "managed",
    "type": "prefect_novelty",
    "name": "orders",
    "provider": f'provider["{ADDRESS}"]',
    "instances": [{"schema_version": 1, "attributes": {"id": "x", "name": "orders"}}],
}


def blocks(section: str, language: str) -> list[str]:
    """The code in a section, without the indentation of a list."""
    part = re.split(rf"^## {section}$", TEXT, flags=re.MULTILINE)[1]
    part = re.split(r"^## ", part, flags=re.MULTILINE)[0]
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", part, re.DOTALL | re.MULTILINE)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def shell(workspace: Workspace, script: str) -> str:
    """Run what the guide has for a shell, in the workspace; every command has to end well."""
    program = terraform_program()
    assert program is not None
    names = workspace.directory / ".bin"
    names.mkdir(exist_ok=True)
    if not (names / "terraform").exists():
        (names / "terraform").symlink_to(program)
    env = workspace.env | {"PATH": f"{names}:{workspace.env['PATH']}", "TF_INPUT": "0"}
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=workspace.directory,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def theirs(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> Workspace:
    """A workspace of the official provider, with a flow, a variable, a look-up, and what only Prefect Cloud has."""
    official, name = Official(prefect_server), unique("guide")
    official.add("prefect_flow", "f", "/flows/", {"name": name, "tags": ["b", "a"]})
    official.add("prefect_variable", "v", "/variables/", {"name": name, "value": "x"})
    workspace = terraform(official.configuration(), provider=False)
    workspace.write_json(SOURCE, "required_providers.tf.json")
    workspace.env["TF_CLI_CONFIG_FILE"] = str(ROOT / ".cache" / "terraform" / "mirror.terraformrc")
    looked_up = Instance(
        "prefect_variable", "d", official.instances["prefect_variable.v"].attributes, mode="data"
    )
    state = state_file([*official.instances.values(), looked_up])
    state["resources"].append(NOVELTY)
    workspace.write_json(state, "terraform.tfstate")
    return workspace


def test_switch_and_undo(theirs: Workspace) -> None:
    """Each command of the switch, as it is written; then the backup is pushed, and the switch made once more."""
    back_up, look, forget, hand_over, install_and_plan = blocks("Switch", "sh")
    [source] = blocks("Switch", "hcl")

    shell(theirs, back_up)
    assert shell(theirs, look).split() == ["prefect_novelty.orders"]
    shell(theirs, forget)
    shell(theirs, hand_over)
    (theirs.directory / "required_providers.tf.json").unlink()
    theirs.write(source, "required_providers")
    assert "No changes." in shell(theirs, install_and_plan)
    theirs.apply()

    shell(theirs, blocks("The way back", "sh")[1])

    restored = json.loads(shell(theirs, "terraform state pull"))
    assert {one["provider"] for one in restored["resources"]} == {f'provider["{ADDRESS}"]'}
    assert len(restored["resources"]) == 4
    shell(theirs, forget)
    shell(theirs, hand_over)
    assert "No changes." in shell(theirs, "terraform plan")
    theirs.destroy()


def test_what_the_look_lists(theirs: Workspace) -> None:
    """It leaves out every resource and data source of the official provider that is here, and nothing else."""
    look = blocks("Switch", "sh")[1]
    managed = [Instance(name, "x", {}) for name in PEER["resources"]]
    data = [Instance(name, "x", {}, mode="data") for name in PEER["data_sources"]]
    state = state_file([*managed, *data])
    theirs.write_json({**state, "resources": [*state["resources"], NOVELTY]}, "terraform.tfstate")

    assert {kind.type_name for kind in RESOURCES} == {one.kind for one in managed}
    assert shell(theirs, look).split() == ["prefect_novelty.orders"]


def test_side_by_side(
    terraform: Callable[..., Workspace], tmp_path: Path, prefect_server: PrefectServer
) -> None:
    """Both in one configuration, and an object that goes from the official provider (a stand-in) to this one."""
    [both] = blocks("Both providers side by side", "hcl")
    [hand_over] = blocks("Both providers side by side", "sh")
    name = unique("guide")
    both, hand_over = both.replace('"theirs"\n', f'"{name}"\n'), hand_over.replace(" theirs\n", f" {name}\n")
    official = Official(prefect_server)
    official.add("prefect_variable", "theirs", "/variables/", {"name": name, "value": "x"})
    workspace = terraform(both.replace('"ours"\n', f'"{unique("guide")}"\n'), provider=False)
    config = install(tmp_path, ROOT / ".cache" / "terraform" / "plugins")
    workspace.env["TF_CLI_CONFIG_FILE"] = str(config)
    workspace.write_json(state_file(official.instances.values()), "terraform.tfstate")
    assert workspace.validate().errors == []
    assert workspace.plan().actions() == {"prefect_variable.ours": ("create",)}
    workspace.apply()

    main = workspace.directory / "main.tf"
    main.write_text(main.read_text(encoding="utf-8").replace("  provider = official\n", ""), encoding="utf-8")
    shell(workspace, hand_over)

    workspace.assert_no_changes()
    id_ = official.instances["prefect_variable.theirs"].attributes["id"]
    assert workspace.state()["prefect_variable.theirs"]["id"] == id_
    workspace.destroy()


def test_the_state_is_handed_back(terraform: Callable[..., Workspace], tmp_path: Path) -> None:
    """The commands of the way back, after which the official provider (a stand-in) reads the state."""
    hand_back = blocks("The way back", "sh")[0]
    name = unique("guide")
    workspace = terraform({"resource": {"prefect_flow": {"f": {"name": name}}}}, provider=False)
    ours = {"terraform": {"required_providers": {"prefect": {"source": "prefect-iac/prefect"}}}}
    workspace.write_json(ours, "required_providers.tf.json")
    config = install(tmp_path, ROOT / ".cache" / "terraform" / "plugins")
    workspace.env["TF_CLI_CONFIG_FILE"] = str(config)
    workspace.apply()

    shell(workspace, hand_back)
    workspace.write_json(SOURCE, "required_providers.tf.json")

    assert workspace.plan().actions() == {}
    shell(workspace, "terraform state replace-provider -auto-approve prefecthq/prefect prefect-iac/prefect")
    workspace.write_json(ours, "required_providers.tf.json")
    workspace.destroy()


APP = """
from cdktn import App, TerraformStack
from prefect_constructs import Flow, PrefectProvider

app = App()
stack = TerraformStack(app, "dev")
PrefectProvider(stack, "prefect")
Flow(stack, "nightly", name="{name}")
app.synth()
"""


@pytest.mark.cdktf
def test_an_app(terraform: Callable[..., Workspace], prefect_server: PrefectServer) -> None:
    """The state of an app is handed over, and the app with our constructs, under the same ids, changes nothing."""
    [hand_over] = blocks("Constructs", "sh")
    official, name = Official(prefect_server), unique("guide")
    official.add("prefect_flow", "nightly", "/flows/", {"name": name})
    workspace = terraform({}, provider=False)
    state = workspace.write_json(state_file(official.instances.values()), "terraform.dev.tfstate")
    stack = workspace.directory / "cdktf.out" / "stacks" / "dev"
    stack.mkdir(parents=True)
    backend: dict[str, Any] = {"terraform": {"backend": {"local": {"path": str(state)}}}}
    (stack / "cdk.tf.json").write_text(json.dumps(backend), encoding="utf-8")
    workspace.env["TF_CLI_CONFIG_FILE"] = str(ROOT / ".cache" / "terraform" / "mirror.terraformrc")
    held = state.rename(state.with_suffix(".held"))
    shell(workspace, "terraform -chdir=cdktf.out/stacks/dev init")
    held.rename(state)

    shell(workspace, hand_over)
    app = workspace.directory / "main.py"
    app.write_text(APP.format(name=name), encoding="utf-8")
    subprocess.run(
        [sys.executable, str(app)],
        cwd=workspace.directory,
        env=clean_environment(workspace.directory / ".home", PATH=f"{ROOT / '.venv' / 'bin'}:/usr/bin:/bin"),
        capture_output=True,
        check=True,
        timeout=120,
    )
    shell(workspace, "terraform -chdir=cdktf.out/stacks/dev init")

    assert "No changes." in shell(workspace, "terraform -chdir=cdktf.out/stacks/dev plan")
    assert json.loads(state.read_text(encoding="utf-8"))["resources"][0]["provider"].endswith(
        'prefect-iac/prefect"]'
    )
    shell(workspace, "terraform -chdir=cdktf.out/stacks/dev destroy -auto-approve")
    shutil.rmtree(stack)


def test_the_page_is_one_of_the_registrys() -> None:
    """Its head has what the registry wants, and its links lead to files and sections that there are."""
    assert TEXT.startswith('---\npage_title: "Switching from the official provider"\nsubcategory: ""\n---\n')
    headings = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    sections = {re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        file, _, section = target.partition("#")
        assert (GUIDE.parent / file).exists(), target
        assert not section or section in sections, target


def test_what_the_table_names_is_there() -> None:
    """Every object and attribute in the table is one of the official provider, and of ours."""
    kinds = {kind.type_name: kind for kind in RESOURCES}
    rows = re.findall(r"^\| (`(\w+)`)? ?\| (.*?) \| .* \|$", TEXT, re.MULTILINE)
    assert len(rows) > 20
    current = ""
    for _, name, attributes in rows:
        current = name or current
        if current:
            text = json.dumps(PEER["resources"][current]["attributes"])
            for attribute in re.findall(r"`(\w+)`", attributes):
                known = attribute in kinds[current].attributes
                assert f'"{attribute}"' in text or known, (current, attribute)
