"""Where a command's report goes: standard output, and the pull request."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from prefect_iac.commands.main import main
from prefect_iac.hosts.header import read_header
from tests.environment.processes import clean_environment
from tests.hosts.fakes import TOKEN, FakeGitHub

if TYPE_CHECKING:
    import pytest

    from tests.environment.prefect_server import PrefectServer

PROGRAM = Path(sys.executable).parent / "prefect-iac"


def state() -> str:
    """A state with one variable, which is not on the server."""
    attributes = {"id": str(uuid4()), "name": "gone", "value": {"type": "string", "value": "x"}}
    instance = {"schema_version": 1, "attributes": attributes}
    resource = {"mode": "managed", "type": "prefect_variable", "name": "gone", "instances": [instance]}
    return json.dumps({"version": 4, "resources": [resource]})


def test_a_drift_is_said_on_the_pull_request(prefect_server: PrefectServer, tmp_path: Path) -> None:
    """The program prints its report and keeps the comment; what it did is on standard error, the exit code stays."""
    root = tmp_path / "infra"
    root.mkdir()
    with FakeGitHub() as fake:
        env = clean_environment(
            tmp_path,
            PREFECT_API_URL=prefect_server.api_url,
            GITHUB_API_URL=fake.url,
            GITHUB_REPOSITORY="acme/data",
            GITHUB_WORKSPACE=str(tmp_path),
            GITHUB_SHA=fake.head,
            GITHUB_TOKEN=TOKEN,
        )
        command: list[str | Path] = [
            PROGRAM,
            "drift",
            "--comment",
            "github",
            "--pull-request",
            "7",
            "--check-run",
        ]
        done = [
            subprocess.run(
                command,
                input=text,
                env=env,
                cwd=root,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            for text in (state(), "")
        ]

        assert [one.returncode for one in done] == [2, 0], done
        assert "prefect_variable.gone is missing" in done[0].stdout
        assert done[0].stderr == "prefect-iac: comment created: there was no comment\n"
        assert done[1].stderr == "prefect-iac: comment edited: the comment was out of date\n"
        (body,) = fake.bodies()
        header = read_header(body)
        assert header is not None
        assert header.key == ("infra", "default", "drift")
        assert [check["conclusion"] for check in fake.checks] == ["failure", "success"]


def test_a_comment_that_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The report is printed all the same; one line says what is missing, and the exit code is 1."""
    for name in os.environ:
        if name.startswith(("GITHUB_", "GH_", "CI_", "GITLAB_", "BITBUCKET_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    (tmp_path / "empty.tfstate").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert main(["drift", "empty.tfstate", "--comment", "gitlab"]) == 1

    said = capsys.readouterr()
    assert said.out == "0 objects checked: no drift.\n"
    assert said.err.startswith("prefect-iac: The environment variable `GITLAB_TOKEN` is not set")


def test_options_that_go_with_a_comment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A label without a comment is a mistake that is said."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    path = tmp_path / "empty.tfstate"
    path.write_text("", encoding="utf-8")
    assert main(["drift", str(path), "--label", "x"]) == 1
    assert "go with --comment" in capsys.readouterr().err


def test_a_page_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the report on standard output; where it cannot be written, one line says so."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    path = tmp_path / "empty.tfstate"
    path.write_text("", encoding="utf-8")

    assert main(["drift", str(path), "--format", "markdown", "--html", str(tmp_path / "page.html")]) == 0

    assert capsys.readouterr().out == "### ✅ 0 objects checked: no drift.\n"
    assert "<h1>0 objects checked: no drift.</h1>" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert main(["drift", str(path), "--html", str(tmp_path / "no" / "page.html")]) == 1
    assert "cannot write the page to" in capsys.readouterr().err
