"""The workflows: in the form that GitHub asks for, and in step with what they run."""

from __future__ import annotations

import re
import subprocess
from typing import Any

import pytest
import yaml

from packing.system import system_name
from tests.ci.test_recipes import valid
from tests.environment.terraform import ROOT

WORKFLOWS = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / ".github" / "workflows").glob("*.yml"))
}
RELEASE = WORKFLOWS["release"]


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    """All steps of all jobs."""
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_github_takes_it(name: str) -> None:
    """It has the form of a workflow; nobody may do more than read unless a job says so; no job runs for ever."""
    workflow = WORKFLOWS[name]
    # To YAML, `on` is a truth value.
    valid("github-workflows", {("on" if key is True else key): value for key, value in workflow.items()})
    assert workflow["permissions"] == {"contents": "read"}
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


@pytest.mark.parametrize("name", WORKFLOWS)
def test_scripts_are_shells(name: str) -> None:
    """Every script parses, and gets what others can choose, such as the name of a tag, as variables only."""
    for step in steps(WORKFLOWS[name]):
        if script := step.get("run"):
            assert "${{" not in script
            subprocess.run(["bash", "-n", "-c", script], check=True)


def test_needs_name_jobs() -> None:
    """A job waits for jobs that there are, and takes artifacts that were uploaded before."""
    jobs = RELEASE["jobs"]
    assert all(job["needs"] in jobs for job in jobs.values() if "needs" in job)
    given = {
        step["with"]["name"]
        for step in steps(RELEASE)
        if step.get("uses", "").startswith("actions/upload-art")
    }
    taken = {
        step["with"]["name"]
        for step in steps(RELEASE)
        if step.get("uses", "").startswith("actions/download-art") and "name" in step["with"]
    }
    assert taken <= given


def test_five_platforms() -> None:
    """The matrix has the platforms that registries recommend, among them this machine's in a working way."""
    systems = {entry["system"] for entry in RELEASE["jobs"]["bundle"]["strategy"]["matrix"]["include"]}
    assert systems == {"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"}
    assert system_name() in systems


def test_the_tag_has_to_be_the_version() -> None:
    """The step that compares them takes the version of the project, and refuses another."""
    (step,) = (step for step in steps(RELEASE) if step.get("name", "").startswith("The tag"))
    version = re.search(
        r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert version
    for tag, code in ((f"v{version[1]}", 0), ("v0.0.0", 1), (version[1], 1)):
        script = step["run"].replace("$(python ", f"$({ROOT / '.venv' / 'bin' / 'python'} ")
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=ROOT,
            env={"TAG": tag, "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
