"""The examples that Prefect itself takes: prefect.yaml, triggers, programs of its SDK, automations in files, REST."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.environment.prefect_programs import run_prefect
from tests.environment.prefect_server import prefect_program
from tests.environment.processes import Process, clean_environment, wait_until
from tests.environment.terraform import ROOT
from tests.examples.events import DeploymentRuns
from tests.examples.stored import AUTOMATIONS, stored_automations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer

EXAMPLES: Final = ROOT / "examples"
YAML: Final = sorted(file.stem for file in (EXAMPLES / "prefect_yaml").glob("*.yaml"))
SDK: Final = sorted(file.stem for file in (EXAMPLES / "sdk").glob("*.py") if file.stem != "order_events")
FILES: Final = sorted(file.stem for file in (EXAMPLES / "automations").glob("*.yaml"))
TRIGGERS: Final = sorted(file.stem for file in (EXAMPLES / "triggers").glob("*.sh"))
IMAGES: Final = {
    "variables": {"properties": {"image": {"type": "string"}}},
    "job_configuration": {"image": "{{ image }}"},
}


def rule(automation: dict[str, Any]) -> str:
    """When an automation acts and what it does; its name is what the form calls it."""
    return json.dumps([automation["trigger"], automation["actions"]], sort_keys=True)


def expected(use: str) -> list[str]:
    """The rules of a use, as its examples in HCL and Python make them."""
    # By its name, as the id of the upstream deployment is not known before it is made.
    text = json.dumps(list(AUTOMATIONS[use].values()))
    text = text.replace(
        '"prefect.resource.id": "prefect.deployment.<deployment upstream>"',
        '"prefect.resource.name": "upstream"',
    )
    return [rule(one) for one in json.loads(text)]


class Made:
    """What Prefect made of the examples."""

    def __init__(self, steps: dict[str, dict[str, dict[str, Any]]]) -> None:
        self._steps = steps

    def after(self, step: str) -> list[str]:
        """The rules on the server after a step, sorted."""
        return sorted(rule(one) for one in self._steps[step].values())


@pytest.fixture(scope="module")
def made(prefect_server: PrefectServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """All that `prefect` and programs make of the examples, with what was on the server after each."""
    flows, home = prefect_server.flow_ids(), tmp_path_factory.mktemp("forms")
    before = {one["id"] for one in prefect_server.listed("/automations")}
    prefect_server.call("POST", "/work_pools/", {"name": "examples", "type": "process"})
    prefect_server.call(
        "POST", "/work_pools/", {"name": "example-images", "type": "docker", "base_job_template": IMAGES}
    )
    steps: dict[str, tuple[Path, str | list[str]]] = {
        f"prefect_yaml/{use}": (
            EXAMPLES / "flows",
            ["--no-prompt", "deploy", "--all", "--prefect-file", f"../prefect_yaml/{use}.yaml"],
        )
        for use in YAML
    }
    steps |= {f"triggers/{name}": command_of(EXAMPLES / "triggers" / f"{name}.sh", home) for name in TRIGGERS}
    steps |= {f"sdk/{use}": (EXAMPLES / "sdk", f"{use}.py") for use in SDK}
    told = run_prefect(prefect_server, home, list(steps.values()))
    found = {
        step: stored_automations(prefect_server, [one for one in listed if one["id"] not in before])
        for step, listed in zip(steps, told, strict=True)
    }
    yield Made(found)
    for one in prefect_server.listed("/automations"):
        if one["id"] not in before:
            prefect_server.call("DELETE", f"/automations/{one['id']}")
    for flow in prefect_server.flow_ids() - flows:
        prefect_server.call("DELETE", f"/flows/{flow}")
    for pool in ("examples", "example-images"):
        prefect_server.call("DELETE", f"/work_pools/{pool}")


def command_of(script: Path, home: Path) -> tuple[Path, list[str]]:
    """Where a script runs `prefect`, and with which arguments: it is run with one that tells of them."""
    program = home / "bin" / "prefect"
    program.parent.mkdir(exist_ok=True)
    program.write_text(
        f"#!{sys.executable}\nimport json, os, sys\nprint(json.dumps([os.getcwd(), sys.argv[1:]]))\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    environment = clean_environment(home)
    environment["PATH"] = os.pathsep.join([str(program.parent), environment["PATH"]])
    done = subprocess.run(
        [script], env=environment, capture_output=True, text=True, check=True, timeout=120, cwd=home
    )
    directory, arguments = json.loads(done.stdout)
    return type(home)(directory), arguments


@pytest.mark.parametrize("use", [use for use in YAML if use != "slow_run_fallback"])
def test_prefect_yaml(made: Made, use: str) -> None:
    """`prefect deploy` makes of the file what the example in HCL makes, and of the others it leaves what there is."""
    assert set(expected(use)) <= set(made.after(f"prefect_yaml/{use}"))


@pytest.mark.parametrize("use", SDK)
def test_sdk(made: Made, use: str) -> None:
    """A program of the SDK makes what the example in HCL makes."""
    assert set(expected(use)) <= set(made.after(f"sdk/{use}"))


def test_triggers_come_in_the_place_of_the_files(made: Made) -> None:
    """Each way to give triggers makes those, and leaves none of the ways before, nor of the prefect.yaml."""

    def of_the_deployment(step: str) -> list[str]:
        return [one for one in made.after(step) if "<deployment test-deployment>" in one]

    for name in ("json_file", "yaml_file"):
        assert of_the_deployment(f"triggers/{name}") == sorted(expected("triggers_file"))
    (one,) = of_the_deployment("triggers/json_string")
    trigger, actions = json.loads(one)
    assert trigger["expect"] == ["prefect.flow-run.Completed"]
    assert trigger["match_related"] == {
        "prefect.resource.role": "deployment",
        "prefect.resource.name": "upstream",
    }
    assert [action["type"] for action in actions] == ["run-deployment"]


@pytest.mark.usefixtures("made")
def test_requests(prefect_server: PrefectServer, tmp_path: Path) -> None:
    """A POST of a program, and of a file, makes what the example in HCL makes."""
    ids = ["flow=build-names", "deployment=build-names/build-fewer-names"]
    commands = {
        "slow_run_fallback.py": ("slow_run_fallback", ["build-names", "build-names/build-fewer-names"]),
        **{f"../automations/{use}.yaml": (use, ids if use == "slow_run_fallback" else []) for use in FILES},
    }
    for file, (use, arguments) in commands.items():
        program = [file] if file.endswith(".py") else ["create_automation.py", file]
        done = subprocess.run(
            [sys.executable, *program, *arguments],
            cwd=EXAMPLES / "rest",
            env=clean_environment(tmp_path, PREFECT_API_URL=prefect_server.api_url),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        automation = prefect_server.call("GET", f"/automations/{done.stdout.strip()}")
        (stored,) = stored_automations(prefect_server, [automation]).values()
        assert [rule(stored)] == expected(use)
        prefect_server.call("DELETE", f"/automations/{automation['id']}")


@pytest.mark.usefixtures("made")
def test_a_served_flow_runs_to_its_end(prefect_server: PrefectServer, tmp_path: Path) -> None:
    """The events of the example make one run, of the user who completed the order, and it completes."""
    environment = clean_environment(
        tmp_path,
        PREFECT_API_URL=prefect_server.api_url,
        PREFECT_HOME=str(tmp_path / "home"),
        PREFECT_RUNNER_POLL_FREQUENCY="1",
        DO_NOT_TRACK="1",
    )
    python = prefect_program().with_name("python")
    served = Process(
        [python, "-u", "order_completed.py"],
        log=tmp_path / "served.log",
        env=environment,
        cwd=EXAMPLES / "sdk",
    )
    try:
        log = tmp_path / "served.log"
        wait_until(
            lambda: b"being served" in log.read_bytes(), what="a served flow", seconds=120.0, process=served
        )
        runs = DeploymentRuns(prefect_server, "post-order-complete", "post-order-complete")
        events = [python, EXAMPLES / "sdk" / "order_events.py"]
        subprocess.run(events, env=environment, check=True, timeout=120)
        assert runs.wait(1)[0]["parameters"] == {"user_id": "user_id_1"}
        wait_until(
            lambda: runs.now()[0]["state"]["type"] == "COMPLETED",
            what="end of the run",
            seconds=120.0,
            process=served,
        )
        assert len(runs.now()) == 1
        assert "User user_id_1 has completed an order" in log.read_text(encoding="utf-8")
    finally:
        served.stop()


def test_a_request_from_outside(prefect_server: PrefectServer, tmp_path: Path) -> None:
    """The script's request is the event that the example waits for, with the count that it was given."""
    flow = prefect_server.call("POST", "/flows/", {"name": "outside"})
    deployment = prefect_server.call("POST", "/deployments/", {"name": "outside", "flow_id": flow["id"]})
    (called,) = AUTOMATIONS["webhook_event"].values()
    automation = prefect_server.call(
        "POST",
        "/automations/",
        {**called, "actions": [{**called["actions"][0], "deployment_id": deployment["id"]}]},
    )
    try:
        runs = DeploymentRuns(prefect_server, "outside", "outside")
        subprocess.run(
            ["sh", "webhook_event.sh", "3"],
            cwd=EXAMPLES / "rest",
            env=clean_environment(tmp_path, PREFECT_API_URL=prefect_server.api_url),
            check=True,
            timeout=120,
        )
        assert runs.wait(1)[0]["parameters"] == {"count": 3}
    finally:
        prefect_server.call("DELETE", f"/automations/{automation['id']}")
        prefect_server.call("DELETE", f"/flows/{flow['id']}")


def test_every_form_is_in_the_index() -> None:
    """The table of docs/examples.md links each file, and each link of the page leads to one."""
    page = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
    links = set(re.findall(r"\]\(\.\./(examples/[^)#]+)\)", page))
    assert sorted(link for link in links if not (ROOT / link).exists()) == []
    files = {
        f"examples/{path.relative_to(EXAMPLES).as_posix()}"
        for form in ("prefect_yaml", "sdk", "rest", "triggers", "automations")
        for path in (EXAMPLES / form).iterdir()
        if path.is_file() and path.name not in ("api.py", "prefect.yaml")
    }
    assert sorted(files - links) == []
