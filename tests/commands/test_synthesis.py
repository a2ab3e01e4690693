"""A Python program, synthesized without Node and handed to Terraform, by the real command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prefect_iac.synthesis import Stack, SynthesisError, choose_stack, terraform_program
from tests.environment import terraform as environment
from tests.environment.processes import clean_environment
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from tests.environment.prefect_server import PrefectServer

pytestmark = pytest.mark.measured

PROGRAM = Path(sys.executable).parent / "prefect-iac"

NATIVE = """
from prefect_constructs.native import App, TerraformStack
from prefect_constructs import PrefectProvider, Variable
app = App()
for name in {names}:
    stack = TerraformStack(app, name)
    PrefectProvider(stack, "prefect")
    Variable(stack, "v", name=f"of_{{name}}", value=name)
app.synth()
"""


def run(cwd: Path, *arguments: str, text: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run the command, with `text` piped in."""
    given = {"TF_CLI_ARGS": "-no-color", "CHECKPOINT_DISABLE": "1", **env}
    return subprocess.run(
        [PROGRAM, *arguments],
        input=text,
        env=clean_environment(cwd, **given),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def program(directory: Path, *names: str, text: str = NATIVE) -> None:
    """Write a program with stacks of these names."""
    (directory / "main.py").write_text(text.format(names=list(names)), encoding="utf-8")


def test_synth(tmp_path: Path) -> None:
    """The stacks are written where it says, and their files are named."""
    program(tmp_path, "one", "two")
    done = run(tmp_path, "synth", "main.py", "--output", "out/here")
    assert done.returncode == 0, done.stderr
    files = done.stdout.split()
    assert files == [f"out/here/stacks/{name}/cdk.tf.json" for name in ("one", "two")]
    document = json.loads((tmp_path / files[0]).read_text(encoding="utf-8"))
    assert document["resource"]["prefect_variable"]["v"]["name"] == "of_one"


def test_program_of_the_cdk(tmp_path: Path) -> None:
    """A program that imports the CDK, its constructs and jsii runs as it is, without any of them."""
    text = """
import sys
import jsii
from cdktn import App, IAspect, TerraformStack, Aspects
from constructs import Construct, IConstruct
from beside import NAME
from prefect_constructs import PrefectProvider, Variable
@jsii.implements(IAspect)
class Tagged:
    def visit(self, node: IConstruct) -> None:
        if isinstance(node, Variable):
            node.add_override("tags", ["x"])
app = App()
stack = TerraformStack(app, "one")
PrefectProvider(stack, "prefect")
Variable(Construct(stack, "team"), "v", name=NAME, value=1)
Aspects.of(stack).add(Tagged())
app.synth()
assert not [name for name in sys.modules if name.startswith(("jsii.", "cdktn.", "constructs."))]
assert __name__ == "__main__"
"""
    program(tmp_path, text=text)
    (tmp_path / "beside.py").write_text("NAME = 'beside'", encoding="utf-8")
    done = run(tmp_path, "synth", "main.py", PATH="/nowhere")
    assert done.returncode == 0, done.stderr
    document = json.loads((tmp_path / done.stdout.strip()).read_text(encoding="utf-8"))
    (only,) = document["resource"]["prefect_variable"].values()
    assert (only["name"], only["tags"]) == ("beside", ["x"])


@pytest.mark.cdktf
def test_on_the_cdk(tmp_path: Path) -> None:
    """With `--runtime` the CDK itself writes the same."""
    program(tmp_path, "one", text=NATIVE.replace("prefect_constructs.native", "cdktn"))
    texts = []
    for runtime in ("cdktn", "native"):
        done = run(tmp_path, "synth", "main.py", "--runtime", runtime)
        assert done.returncode == 0, done.stderr
        document = json.loads((tmp_path / done.stdout.strip()).read_text(encoding="utf-8"))
        texts.append({key: value for key, value in document.items() if key != "//"})
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "main.py wrote nothing to cdktf.out. It has to call `synth()` of its `App`"),
        ("raise SystemExit(3)", "main.py failed (exit code 3), and no stack was written"),
    ],
)
def test_no_stacks(text: str, message: str, tmp_path: Path) -> None:
    """A program that writes nothing, or fails, is said to, also where it was well before."""
    program(tmp_path, "one")
    assert run(tmp_path, "synth", "main.py").returncode == 0
    program(tmp_path, text=text)
    done = run(tmp_path, "synth", "main.py")
    assert done.returncode == 1
    assert message in done.stderr


def test_mistake_in_the_program(tmp_path: Path) -> None:
    """What is wrong with a construct is said with the line of the program, and without those of the library."""
    program(tmp_path, "one", text=NATIVE.replace("name=f", "names=f"))
    done = run(tmp_path, "synth", "main.py")
    assert done.returncode == 1
    assert 'main.py", line 8, in <module>' in done.stderr
    assert "one/v: There is no `names`. Did you mean `name`?" in done.stderr
    assert "prefect_constructs/" not in done.stderr
    assert "runpy" not in done.stderr


def test_what_only_the_cdk_has(tmp_path: Path) -> None:
    """A program that needs the CDK is told so by the name that it imports."""
    program(tmp_path, text="from cdktn import App, TerraformAsset")
    text = run(tmp_path, "synth", "main.py").stderr
    assert "ImportError: `TerraformAsset` of cdktn needs Node, and the program runs without" in text
    assert "--runtime cdktn" in text


def test_no_program(tmp_path: Path) -> None:
    """A program that is not there is named."""
    assert "there is no program absent.py" in run(tmp_path, "apply", "absent.py").stderr


def stacks(*names: str) -> list[Stack]:
    """Stacks of these names."""
    return [Stack(name, Path(name), Path(name, "cdk.tf.json")) for name in names]


@pytest.mark.parametrize(
    ("names", "wanted", "message"),
    [
        (["one", "two"], None, r"has 2 stacks: `one`, `two`\. Name one with --stack"),
        (["one", "two"], "ones", r"there is no stack ones\. Did you mean one\?"),
        (["one"], "other", r"there is no stack other\. There are `one`"),
        ([], None, "the program has no stack"),
    ],
)
def test_which_stack(names: list[str], wanted: str | None, message: str) -> None:
    """The only stack is taken; of several, one has to be named."""
    with pytest.raises(SynthesisError, match=message):
        choose_stack(stacks(*names), wanted)
    assert choose_stack(stacks("one"), None).name == "one"
    assert choose_stack(stacks("one", "two"), "two").name == "two"


def test_which_terraform(tmp_path: Path) -> None:
    """Terraform is taken, else OpenTofu, or what the CDK's own variable names."""
    with pytest.raises(SynthesisError, match="neither terraform nor tofu is on PATH"):
        terraform_program({"PATH": str(tmp_path)})
    for name in ("tofu", "terraform"):
        file = tmp_path / name
        file.write_text("#!/bin/sh\n", encoding="utf-8")
        file.chmod(0o755)
        assert terraform_program({"PATH": str(tmp_path)}) == name
    assert terraform_program({"PATH": str(tmp_path), "TERRAFORM_BINARY_NAME": "tofu"}) == "tofu"
    with pytest.raises(SynthesisError, match=r"other \(from TERRAFORM_BINARY_NAME\) is not on PATH"):
        terraform_program({"PATH": str(tmp_path), "TERRAFORM_BINARY_NAME": "other"})


@pytest.mark.terraform
@pytest.mark.server
def test_terraform(prefect_server: PrefectServer, tmp_path: Path) -> None:
    """Plan, apply and destroy are Terraform's own: its questions, its output, its exit codes."""
    env = {
        "TF_CLI_CONFIG_FILE": str(ROOT / ".cache" / "terraform" / "mirror.terraformrc"),
        "PREFECT_API_URL": prefect_server.api_url,
        "TERRAFORM_BINARY_NAME": str(environment.terraform_program()),
    }
    program(tmp_path, "synth_one", "synth_two")
    of_one = ["main.py", "--stack", "synth_one"]
    assert "Name one with --stack" in run(tmp_path, "plan", "main.py", **env).stderr
    planned = run(tmp_path, "plan", *of_one, "--", "-detailed-exitcode", **env)
    assert planned.returncode == 2, planned.stdout + planned.stderr
    assert "prefect_variable.v will be created" in planned.stdout
    refused = run(tmp_path, "apply", *of_one, text="no\n", **env)
    assert refused.returncode == 1
    assert "Apply cancelled" in refused.stdout
    applied = run(tmp_path, "apply", *of_one, text="yes\n", **env)
    assert applied.returncode == 0, applied.stdout + applied.stderr
    assert prefect_server.call("GET", "/variables/name/of_synth_one")["value"] == "synth_one"
    assert run(tmp_path, "plan", *of_one, "--", "-detailed-exitcode", **env).returncode == 0
    destroyed = run(tmp_path, "destroy", *of_one, "--", "-auto-approve", **env)
    assert destroyed.returncode == 0, destroyed.stderr
    assert not prefect_server.exists("/variables/name/of_synth_one")


@pytest.mark.terraform
def test_no_init(tmp_path: Path) -> None:
    """Where the provider cannot be had, what Terraform says of it is shown, and its exit code is returned."""
    program(tmp_path, "one")
    nothing = tmp_path / "nothing.terraformrc"
    nothing.write_text(
        f'provider_installation {{\n  filesystem_mirror {{\n    path = "{tmp_path}"\n  }}\n}}\n',
        encoding="utf-8",
    )
    env = {"TF_CLI_CONFIG_FILE": str(nothing), "TERRAFORM_BINARY_NAME": str(environment.terraform_program())}
    done = run(tmp_path, "plan", "main.py", **env)
    assert done.returncode == 1
    assert "prefect-iac/prefect" in done.stderr
