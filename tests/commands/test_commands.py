"""The command line `prefect-iac`, as a function and as a program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.commands.main import main
from prefect_provider.version import VERSION
from tests.environment.processes import clean_environment, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.environment.prefect_server import PrefectServer

PROGRAM = Path(sys.executable).parent / "prefect-iac"


@pytest.fixture
def variable(prefect_server: PrefectServer) -> Iterator[dict[str, Any]]:
    """A variable on the server, as the state has it."""
    made = prefect_server.call("POST", "/variables/", {"name": "for_the_command", "value": "x"})
    yield made | {"value": {"type": "string", "value": "x"}, "account_id": None, "workspace_id": None}
    if prefect_server.exists(f"/variables/{made['id']}"):
        prefect_server.call("DELETE", f"/variables/{made['id']}")


def state(*attributes: dict[str, Any]) -> str:
    """A state file with these variables."""
    instances = [
        {"schema_version": 1, "index_key": number, "attributes": one} for number, one in enumerate(attributes)
    ]
    resource = {"mode": "managed", "type": "prefect_variable", "name": "v", "instances": instances}
    return json.dumps({"version": 4, "resources": [resource]})


def run(
    *arguments: str, api_url: str, text: str | None = None, cwd: Path
) -> subprocess.CompletedProcess[str]:
    """Run the program, with `text` piped in."""
    return subprocess.run(
        [PROGRAM, *arguments],
        input=text,
        stdin=subprocess.DEVNULL if text is None else None,
        env=clean_environment(cwd, PREFECT_API_URL=api_url),
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_exit_code_says_what_was_found(
    prefect_server: PrefectServer, variable: dict[str, Any], tmp_path: Path
) -> None:
    """The program ends with 0 for no drift, 2 for drift and 1 for what could not be read, in every form of input."""
    url = prefect_server.api_url
    file = tmp_path / "terraform.tfstate"
    file.write_text(state(variable), encoding="utf-8")

    same = run("drift", str(file), api_url=url, cwd=tmp_path)
    assert (same.returncode, same.stderr) == (0, "")
    assert same.stdout == "1 object checked: no drift.\n"

    changed = run("drift", text=state(variable | {"tags": ["t"]}), api_url=url, cwd=tmp_path)
    assert changed.returncode == 2
    assert "prefect_variable.v[0] has changed" in changed.stdout
    assert '    tags: removed "t"' in changed.stdout
    assert "\x1b" not in changed.stdout

    gone = variable | {"id": "0198f3a4-1111-4222-8333-944455556666"}
    missing = run("drift", "-", "--format", "json", text=state(variable, gone), api_url=url, cwd=tmp_path)
    assert missing.returncode == 2
    assert json.loads(missing.stdout)["missing"][0]["address"] == "prefect_variable.v[1]"

    unreadable = run(
        "drift", "-", text=state(variable, gone).replace("_variable", "_team"), api_url=url, cwd=tmp_path
    )
    assert unreadable.returncode == 1
    assert "could not be read" in unreadable.stdout


def test_state_in_the_working_directory(
    prefect_server: PrefectServer,
    variable: dict[str, Any],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As a function, the command reports on standard output and returns the exit code."""
    file = tmp_path / "other.tfstate"
    file.write_text(state(variable), encoding="utf-8")

    assert main(["drift", str(file), "--endpoint", prefect_server.api_url]) == 0
    assert capsys.readouterr().out == "1 object checked: no drift.\n"

    file.write_text(state(variable | {"name": "another"}), encoding="utf-8")
    assert main(["drift", "--endpoint", prefect_server.api_url, "--format", "json", str(file)]) == 2
    report = json.loads(capsys.readouterr().out)
    assert report["summary"] == {"checked": 1, "changed": 1, "missing": 0, "unreadable": 0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No state.", "cannot read the state from standard input: expected a Terraform state as JSON"),
        ('{"version": 3, "resources": []}', "terraform apply -refresh-only"),
        ('{"version": 4, "resources": [1]}', "the state is damaged"),
        ('{"format_version": "7.0"}', "got 7.0"),
    ],
    ids=["text", "old", "damaged", "new"],
)
def test_broken_input_is_refused(text: str, expected: str, tmp_path: Path) -> None:
    """What is no state ends with 1, nothing on standard output, and one line that says what was expected."""
    done = run("drift", text=text, api_url="http://127.0.0.1:1/api", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("prefect-iac: ")
    assert expected in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["", "\n", "{}", '{"format_version": "1.0"}', '{"version": 4, "resources": []}']
)
def test_state_without_objects(text: str, tmp_path: Path) -> None:
    """A workspace before its first apply has nothing that could differ, and no server is needed to say so."""
    done = run("drift", text=text, api_url="http://127.0.0.1:1/api", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 objects checked: no drift.\n", "")


def test_nothing_piped_is_no_empty_state(tmp_path: Path) -> None:
    """A job whose standard input is /dev/null reads the state file, and says so if there is none."""
    done = run("drift", api_url="http://127.0.0.1:1/api", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr
        == "prefect-iac: cannot read the state from terraform.tfstate: No such file or directory\n"
    )
    (tmp_path / "terraform.tfstate").write_text(state(), encoding="utf-8")
    assert run("drift", api_url="http://127.0.0.1:1/api", cwd=tmp_path).returncode == 0


def test_file_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is missing, or is no text, is an error of one line with its name or what is wrong."""
    assert main(["drift", str(tmp_path / "absent.tfstate")]) == 1
    assert "absent.tfstate: No such file or directory" in capsys.readouterr().err
    binary = tmp_path / "binary.tfstate"
    binary.write_bytes(b"\xff\xfe\x00")
    assert main(["drift", str(binary)]) == 1
    shown = capsys.readouterr().err
    assert "cannot read the state" in shown
    assert "expected text in UTF-8" in shown
    assert shown.count("\n") == 1


def test_input_that_is_no_text(tmp_path: Path) -> None:
    """Bytes that are no text, piped in, are an error of one line."""
    done = subprocess.run(
        [PROGRAM, "drift", "-"],
        input=b"\xff\xfe{\x00}\x00",
        env=clean_environment(tmp_path, PREFECT_API_URL="http://127.0.0.1:1/api", PYTHONUTF8="1"),
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"prefect-iac: cannot read the state from standard input: expected ")
    assert done.stderr.count(b"\n") == 1


def test_server_that_is_not_there(variable: dict[str, Any], tmp_path: Path) -> None:
    """Without a server there is one line, whatever the state's size, which says where the address came from."""
    url = f"http://127.0.0.1:{free_port()}/api"

    started = time.perf_counter()
    done = run("drift", text=state(*[variable] * 200), api_url=url, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert f"Cannot connect to Prefect at {url} (from PREFECT_API_URL)" in done.stderr
    assert done.stderr.count("\n") == 1
    assert time.perf_counter() - started < 60


def test_what_is_ignored(prefect_server: PrefectServer, variable: dict[str, Any], tmp_path: Path) -> None:
    """Patterns, on the command line and in files, leave out what they cover; a wrong one is refused."""
    url = prefect_server.api_url
    text = state(variable | {"tags": ["t"]}, variable | {"name": "other"})

    def drift(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run("drift", *arguments, text=text, api_url=url, cwd=tmp_path)

    assert drift().returncode == 2
    assert drift("--ignore", "prefect_variable.*.tags").returncode == 2
    both = drift("--ignore", "prefect_variable.*.tags", "--ignore", "prefect_variable.v[1]")
    assert (both.returncode, both.stdout) == (0, "1 object checked: no drift; 2 ignored.\n")
    patterns = tmp_path / "ignored"
    patterns.write_text(
        "# the catalogue sets them\nprefect_variable.*.tags\nprefect_variable.*.name\n", "utf-8"
    )
    shown = drift("--ignore-file", str(patterns), "--format", "json")
    assert shown.returncode == 0
    assert [item["attribute"] for item in json.loads(shown.stdout)["ignored"]] == ["tags", "name"]
    patterns.write_text("prefect_variable\na..b\n", "utf-8")
    for arguments, place in (
        (("--ignore-file", str(patterns)), "at line 2"),
        (("--ignore-file", str(tmp_path / "absent")), "No such file"),
        (("--ignore", "a["), "expected an address"),
    ):
        wrong = drift(*arguments)
        assert (wrong.returncode, wrong.stdout) == (1, "")
        assert place in wrong.stderr
        assert wrong.stderr.count("\n") == 1


def test_odd_characters_do_no_harm(tmp_path: Path) -> None:
    """Half characters, commands to a terminal and line breaks in a state are written as escapes."""
    resources: list[dict[str, Any]] = [
        {"mode": "managed", "type": "prefect_x", "name": name, "instances": [{}]}
        for name in ("\ud800", "\x1b[31mred", "a\nb", "\u00fc")
    ]
    text = json.dumps({"version": 4, "resources": resources})
    done = run("drift", text=text, api_url="http://127.0.0.1:1/api", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert [line.split(" ")[0] for line in done.stdout.splitlines()[:4]] == [
        "prefect_x.\\ud800",
        "prefect_x.\\x1b[31mred",
        "prefect_x.a\\nb",
        "prefect_x.\u00fc",
    ]
    shown = run("drift", "--format", "json", text=text, api_url="http://127.0.0.1:1/api", cwd=tmp_path)
    assert json.loads(shown.stdout)["unreadable"][0]["address"] == "prefect_x.\ud800"


def test_wrong_settings_are_explained(tmp_path: Path) -> None:
    """A setting that is wrong ends with 1 and one line that names the setting and the remedy."""
    for url, expected in (
        ("ftp://x", "PREFECT_API_URL"),
        ("https://api.prefect.cloud/api", "PREFECT_API_KEY"),
    ):
        done = run("drift", text=state(), api_url=url, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert expected in done.stderr
        assert "Traceback" not in done.stderr


def test_help_and_version(tmp_path: Path) -> None:
    """The program says what it can do, with examples and exit codes, and which version it is."""
    shown = run("drift", "--help", api_url="", cwd=tmp_path)
    assert shown.returncode == 0
    for text in ("terraform show -json | prefect-iac drift", "exit codes: 0 no drift, 2 drift", "--profile"):
        assert text in shown.stdout
    assert run("--version", api_url="", cwd=tmp_path).stdout == f"prefect-iac {VERSION}\n"
    nothing = run(api_url="", cwd=tmp_path)
    assert nothing.returncode == 2
    assert "usage: prefect-iac" in nothing.stderr


def test_module_is_the_program() -> None:
    """`python -m prefect_iac` is the command, under the same name."""
    done = subprocess.run(
        [sys.executable, "-m", "prefect_iac", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"prefect-iac {VERSION}\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["drift", "--format", "xml"], "argument --format: invalid choice: 'xml'"),
        (["drift", "--colour"], "unrecognized arguments: --colour"),
        (["drift", "--ignore"], "argument --ignore: expected one argument"),
        (["dirft"], "invalid choice: 'dirft'"),
    ],
)
def test_wrong_arguments(arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong command line is an error of one line, and does not end with the code that means drift."""
    assert main(arguments) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("prefect-iac: ")
    assert expected in shown.err
    assert "--help` lists" in shown.err
    assert shown.err.count("\n") == 1


def test_provider_is_installed_into_a_mirror(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider is put where terraform looks, and the command says what to write into its configuration."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    mirror = tmp_path / "mirror"

    assert main(["install-provider", "--mirror", str(mirror)]) == 0

    shown = capsys.readouterr().out
    installed = [path for path in mirror.rglob("terraform-provider-prefect*") if path.is_file()]
    assert installed
    assert all(str(path) in shown and os.access(path, os.X_OK) for path in installed)
    assert "filesystem_mirror" in shown
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["install-provider", "--mirror", str(tmp_path / "file" / "below")]) == 1
    wrong = capsys.readouterr().err
    assert wrong.startswith("prefect-iac: cannot write the provider to ")
    assert "--mirror" in wrong
    assert wrong.count("\n") == 1


def test_closed_pipe_is_no_traceback(
    prefect_server: PrefectServer, variable: dict[str, Any], tmp_path: Path
) -> None:
    """A reader that goes away early, such as `head`, is not answered with a traceback."""
    (tmp_path / "terraform.tfstate").write_text(state(*[variable | {"tags": ["t"]}] * 50), encoding="utf-8")
    done = subprocess.run(
        ["sh", "-c", f"'{PROGRAM}' drift terraform.tfstate --format json | true"],
        env=clean_environment(tmp_path, PREFECT_API_URL=prefect_server.api_url),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("redirection", ["> /dev/full", ">&-"])
@pytest.mark.parametrize("format_", ["text", "json"])
def test_output_that_cannot_be_written(redirection: str, format_: str, tmp_path: Path) -> None:
    """A full disk, or an output that is closed, is one line and exit code 1: what was to be said is not said."""
    (tmp_path / "plan.json").write_text('{"format_version":"1.2","resource_changes":[]}', encoding="utf-8")
    command = f"'{PROGRAM}' review plan.json --offline --format {format_} {redirection}"
    done = subprocess.run(
        ["sh", "-c", command],
        env=clean_environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("prefect-iac: cannot write to standard output: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_as_powershell_writes_them(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`terraform show -json tfplan > plan.json` in Windows PowerShell is UTF-16, with marks and other ends of lines."""
    plan = '{"format_version":"1.2",\r\n"resource_changes":[]}\r\n'
    (tmp_path / "plan.json").write_bytes(plan.encode(encoding))
    assert main(["review", str(tmp_path / "plan.json"), "--offline"]) == 0
    assert "changes nothing" in capsys.readouterr().out
    (tmp_path / "odd.json").write_bytes(plan.encode("utf-16")[:-1])
    assert main(["review", str(tmp_path / "odd.json"), "--offline"]) == 1
    assert "expected text in UTF-8" in capsys.readouterr().err
