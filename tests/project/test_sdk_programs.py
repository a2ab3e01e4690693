"""What is on the server after programs that serve and deploy is there after ours as well, field by field."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from runpy import run_path
from typing import TYPE_CHECKING, Any, Final

import pytest
from cdktn import App

from prefect_constructs.testing import Template
from prefect_iac.commands.main import main
from tests.environment.prefect_programs import run_prefect
from tests.environment.prefect_server import prefect_version
from tests.project.comparison import difference, merge, without_sum
from tests.project.stored import remove_stored, stored, stored_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

PROGRAMS: Final = Path(__file__).resolve().parent / "programs"
NAMES: Final = sorted(file.name for file in PROGRAMS.glob("[!_]*.py"))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs, which run there, and a repository."""
    copy = tmp_path_factory.mktemp("sdk") / "programs"
    shutil.copytree(PROGRAMS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    git = ["git", "-c", "user.name=n", "-c", "user.email=e@example.com"]
    for command in (
        [*git, "init", "--quiet", "--initial-branch", "main", "repository.git"],
        ["cp", "-r", "shop", "repository.git"],
        [*git, "-C", "repository.git", "add", "shop"],
        [*git, "-C", "repository.git", "commit", "--quiet", "--message", "a flow"],
    ):
        subprocess.run(command, cwd=copy, check=True, timeout=120)
    return copy


@pytest.fixture(scope="module")
def others(prefect_server: PrefectServer) -> frozenset[str]:
    """The ids of what other tests have left."""
    return stored_ids(prefect_server)


@pytest.fixture(scope="module")
def theirs(
    prefect_server: PrefectServer, directory: Path, others: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """What is on the server after each program has run."""
    if prefect_version() != "3.8.8":
        pytest.skip("it is compared with Prefect 3.8.8")
    image = {
        "variables": {"properties": {"image": {"type": "string"}}},
        "job_configuration": {"image": "{{ image }}"},
    }
    prefect_server.call(
        "POST", "/work_pools/", {"name": "programs-images", "type": "docker", "base_job_template": image}
    )
    prefect_server.call("POST", "/work_pools/", {"name": "programs-local", "type": "process"})
    prefect_server.call("POST", "/work_pools/programs-images/queues", {"name": "fast"})
    run_prefect(prefect_server, directory.parent, [(directory, name) for name in NAMES])
    found = stored(prefect_server, others)
    remove_stored(prefect_server, others)
    yield {name: without_sum(one) for name, one in found.items()}
    for pool in ("programs-images", "programs-local"):
        prefect_server.call("DELETE", f"/work_pools/{pool}")


def test_the_same_is_on_the_server(
    theirs: dict[str, Any],
    terraform: Callable[..., Workspace],
    prefect_server: PrefectServer,
    directory: Path,
    others: frozenset[str],
) -> None:
    """Every other program becomes HCL, the rest Python: all deployments, schedules and automations are equal."""
    root: dict[str, Any] = {}
    modules: dict[str, dict[str, str]] = {}
    for index, name in enumerate(NAMES):
        language, out = ("hcl", "main.tf") if index % 2 else ("python", "main.py")
        file = directory.parent / "converted" / name / out
        file.parent.mkdir(parents=True)
        options = ["--code", str(directory), "--to", language, "--out", str(file)]
        assert main(["convert", str(directory / name), *options]) == 0
        if language == "hcl":
            modules[name.removesuffix(".py")] = {"source": str(file.parent)}
        else:
            stack = run_path(str(file))["Project"](App(), name.removesuffix(".py"))
            merge(root, Template.from_stack(stack).document)
    workspace = terraform({**root, "module": modules}, provider=False)
    workspace.run("get", check=True)
    workspace.apply()
    try:
        assert difference(theirs, stored(prefect_server, others)) == {}
        workspace.assert_no_changes()
    finally:
        workspace.destroy()
        remove_stored(prefect_server, others)
