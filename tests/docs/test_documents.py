"""What README and the guides show is what happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.environment.processes import clean_environment
from tests.environment.terraform import terraform_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))


def _blocks(language: str) -> Iterator[tuple[str, str]]:
    for document in DOCUMENTS:
        blocks = re.findall(
            rf"^```{language}\n(.*?)^```", document.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        )
        for index, block in enumerate(blocks):
            yield f"{document.name}-{index}", block


def _programs() -> list[tuple[str, str]]:
    """The blocks that are whole programs: excerpts of the project's own code have no imports."""
    return [(name, block) for name, block in _blocks("python") if "import " in block]


@pytest.mark.cdktf
@pytest.mark.parametrize(
    "program", [block for _, block in _programs()], ids=[name for name, _ in _programs()]
)
def test_python_runs(program: str, tmp_path: Path) -> None:
    """Every Python program in the documents runs."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stderr


def test_the_readmes_configuration_applies(terraform: Callable[..., Workspace]) -> None:
    """The HCL in README is applied, and then there is nothing left to do."""
    (configuration,) = (block for name, block in _blocks("hcl") if name.startswith("README"))
    workspace = terraform(configuration, provider=False)

    workspace.apply()

    workspace.assert_no_changes()
    workspace.destroy()


@pytest.mark.cdktf
@pytest.mark.terraform
def test_the_readmes_app_is_deployed(prefect_server: PrefectServer, tmp_path: Path) -> None:
    """The app, the settings and the commands of README, in an empty directory and an empty home."""
    program = terraform_program()
    if program is None:
        pytest.skip("there is no terraform; install it on PATH, then run `make setup`")
    (app,) = (block for name, block in _blocks("python") if name.startswith("README"))
    (settings,) = (block for name, block in _blocks("json") if name.startswith("README"))
    commands = [block for name, block in _blocks("sh") if name.startswith("README")]
    (deploy,) = re.findall(r"^cdktn deploy[^#\n]*", "".join(commands), re.MULTILINE)
    assert re.findall(r"^prefect-iac install-provider ", "".join(commands), re.MULTILINE)
    home, directory = tmp_path / "home", tmp_path / "app"
    home.mkdir()
    directory.mkdir()
    (directory / "main.py").write_text(app, encoding="utf-8")
    (directory / "cdktf.json").write_text(settings, encoding="utf-8")
    env = clean_environment(
        home,
        PREFECT_API_URL=prefect_server.api_url,
        TERRAFORM_BINARY_NAME=str(program),
        CHECKPOINT_DISABLE="1",
    )
    programs = [str(Path(sys.executable).parent), str(ROOT / "node_modules" / ".bin"), env["PATH"]]
    env["PATH"] = os.pathsep.join(programs)

    def run(*command: str) -> str:
        done = subprocess.run(
            command,
            cwd=directory,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("prefect-iac", "install-provider")
    assert "3 added" in run(*deploy.split(), "--auto-approve")
    assert prefect_server.exists("/work_pools/my-work-pool")
    assert "3 destroyed" in run(*deploy.replace("deploy", "destroy").split(), "--auto-approve")


@pytest.mark.terraform
def test_apps_without_node(prefect_server: PrefectServer, tmp_path: Path) -> None:
    """The commands of the guide, with its app and that of README, where there is neither Node nor a CDK to be found."""
    program = terraform_program()
    if program is None:
        pytest.skip("there is no terraform; install it on PATH, then run `make setup`")
    settings = ROOT / ".cache" / "terraform" / "mirror.terraformrc"
    (readme,) = (block for name, block in _blocks("python") if name.startswith("README"))
    guide = next(block for name, block in _blocks("python") if name.startswith("without-node"))
    # Getting started is gone through in a test of its own.
    shells = {
        name.rpartition("-")[0]: block
        for name, block in _blocks("sh")
        if "prefect-iac apply" in block and not name.startswith("getting-started")
    }
    assert shells.keys() == {"README.md", "without-node.md"}
    env = clean_environment(
        tmp_path,
        PREFECT_API_URL=prefect_server.api_url,
        TERRAFORM_BINARY_NAME=str(program),
        TF_CLI_CONFIG_FILE=str(settings),
        CHECKPOINT_DISABLE="1",
        PATH=str(Path(sys.executable).parent),
        JSII_NODE="absent",
    )
    for document, app in {"README.md": readme, "without-node.md": guide}.items():
        directory = tmp_path / document
        directory.mkdir()
        (directory / "main.py").write_text(app, encoding="utf-8")
        commands = [line.partition("#")[0].split() for line in shells[document].splitlines()]
        if document == "README.md":
            commands.append([*commands[-1][:1], "destroy", "main.py", "--", "-auto-approve"])
        for command in commands:
            done = subprocess.run(
                command,
                cwd=directory,
                env=env,
                input="yes\n",
                capture_output=True,
                text=True,
                check=False,
                timeout=180,
            )
            assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        assert "destroyed" in done.stdout


def test_every_target_that_is_named_is_there() -> None:
    """`make` knows what the documents tell to make, and its help names all that is meant for people."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        target
        for document in [*DOCUMENTS, *DECISIONS]
        for target in re.findall(r"(?:`|^)make ([a-z-]+)", document.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {"demo", "lint", "setup", "test", "test-terraform"} <= named
    assert named <= targets


def test_the_house_is_as_it_is_drawn() -> None:
    """Every room and file in the drawing of the architecture is there."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawing = text.split("```")[1]
    missing: list[str] = []
    parents: list[tuple[int, Path]] = [(-1, ROOT)]
    for line in drawing.splitlines():
        found = re.match(r"( *)((?:[\w./-]+(?:/|\.py) *)+)", line)
        if not found:
            continue
        indent = len(found[1])
        while parents[-1][0] >= indent:
            parents.pop()
        paths = [parents[-1][1] / name for name in found[2].split()]
        missing += [str(path) for path in paths if not path.exists()]
        parents.append((indent, paths[0]))
    assert missing == []


@pytest.mark.parametrize("document", [*DOCUMENTS, *DECISIONS], ids=lambda document: document.name)
def test_links_lead_somewhere(document: Path) -> None:
    """Every link to a file of the project leads to one."""
    targets = re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8"))

    missing = [
        target for target in targets if "://" not in target and not (document.parent / target).exists()
    ]

    assert missing == []
