"""The distribution: built, installed where nothing else is, and used."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

from prefect_provider.version import VERSION
from tests.environment.processes import clean_environment
from tests.environment.terraform import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

pytestmark = pytest.mark.wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the working tree, built with the locked build system."""
    directory = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [*pip, "--wheel-dir", directory, ROOT], env=clean_environment(directory), cwd=directory, check=True
    )
    (built,) = directory.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has the wheel and what it requires, at the locked versions; no more."""
    directory = tmp_path_factory.mktemp("environment")
    venv.create(directory, symlinks=True, with_pip=False)
    python = directory / "bin" / "python"
    pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", wheel], env=clean_environment(directory), check=True)
    (packages,) = directory.glob("lib/python*/site-packages")
    for name in required([requirement for requirement in requirements(wheel) if "extra" not in requirement]):
        for entry in {file.parts[0] for file in metadata.files(name) or [] if file.parts[0] != ".."}:
            link = packages / entry
            if not link.exists():
                link.symlink_to(Path(str(metadata.distribution(name).locate_file(entry))))
    return directory / "bin"


def requirements(wheel: Path) -> list[str]:
    """What the wheel says that it needs."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines = archive.read(name).decode().splitlines()
    return [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]


def required(names: Iterable[str]) -> set[str]:
    """The distributions that are needed for some requirements, and for what those need."""
    found: set[str] = set()
    waiting = [Requirement(name) for name in names]
    while waiting:
        requirement = waiting.pop()
        if requirement.name in found or (
            requirement.marker and not requirement.marker.evaluate({"extra": ""})
        ):
            continue
        found.add(requirement.name)
        waiting += [Requirement(name) for name in metadata.requires(requirement.name) or []]
    return found


def test_the_wheel_has_what_it_should(wheel: Path) -> None:
    """Three packages, with their types and the licence, and nothing else of the tree."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {
        "prefect_constructs",
        "prefect_iac",
        "prefect_provider",
        f"prefect_iac-{VERSION}.dist-info",
    }
    assert {"prefect_constructs/py.typed", "prefect_provider/py.typed"} <= set(names)
    # Of the page that a report can be.
    assert {f"prefect_iac/output/html/page.{kind}" for kind in ("css", "html", "js")} <= set(names)
    assert "prefect_constructs/node/elements.js" in names
    assert f"prefect_iac-{VERSION}.dist-info/licenses/LICENSE" in names
    assert not [name for name in names if name.endswith(".pyc")]


def test_the_installed_provider_applies(
    installed: Path,
    terraform: Callable[..., Workspace],
    prefect_server: PrefectServer,
    tmp_path: Path,
) -> None:
    """`prefect-iac install-provider`, `terraform init` and an apply, from an environment with only what is required."""
    data = str(tmp_path / "data")
    env = clean_environment(tmp_path, XDG_DATA_HOME=data)
    where = "import prefect_provider, sys; print(prefect_provider.__file__); print(sys.path)"
    shown = subprocess.run(
        [installed / "python", "-c", where], env=env, capture_output=True, text=True, check=True
    ).stdout
    assert str(installed.parent) in shown.splitlines()[0]
    assert str(ROOT) not in shown
    mirror = tmp_path / "mirror"
    printed = subprocess.run(
        [installed / "prefect-iac", "install-provider", "--mirror", mirror],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    config = tmp_path / "terraformrc"
    config.write_text(printed[printed.index("disable_checkpoint") :], encoding="utf-8")
    workspace = terraform(
        'resource "prefect_variable" "this" {\n  name  = "from_the_wheel"\n  value = jsonencode({ a = [1] })\n}\n',
        # Nothing else on PATH may be started in its place.
        env={"TF_CLI_CONFIG_FILE": str(config), "XDG_DATA_HOME": data, "PATH": "/usr/bin:/bin"},
    )
    workspace.run("init", check=True)
    workspace.apply()
    stored = prefect_server.call("GET", "/variables/name/from_the_wheel")
    assert json.loads(stored["value"]) == {"a": [1]}
    workspace.assert_no_changes()
    workspace.destroy()
    assert not prefect_server.exists("/variables/name/from_the_wheel")


def test_apps_without_a_cdk(installed: Path, tmp_path: Path) -> None:
    """Where no CDK is installed, a program runs on what is there, whichever it imports first, and with the command."""
    program = (
        "from prefect_constructs import PrefectProvider, Variable\n"
        "from {module} import App, TerraformStack\n"
        "app = App()\nstack = TerraformStack(app, 's')\nPrefectProvider(stack, 'prefect')\n"
        "Variable(stack, 'v', value=1)\napp.synth()\n"
    )
    env = clean_environment(tmp_path, PATH="/nowhere")
    ways: dict[str, list[str | Path]] = {
        "prefect_constructs.native": [installed / "python"],
        "cdktn": [installed / "prefect-iac", "synth"],
    }
    texts = []
    for module, command in ways.items():
        (tmp_path / "main.py").write_text(program.format(module=module), encoding="utf-8")
        done = subprocess.run(
            [*command, "main.py"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        file = tmp_path / "cdktf.out" / "stacks" / "s" / "cdk.tf.json"
        texts.append(file.read_text(encoding="utf-8"))
        file.unlink()
    assert texts[0] == texts[1]
    assert json.loads(texts[0])["resource"]["prefect_variable"]["v"]["name"] == "v"
