"""The recipes for build servers: in the form that each host asks for, and run as far as they run here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from tests.environment.processes import clean_environment
from tests.environment.terraform import terraform_program
from tests.hosts.fakes import TOKEN, FakeBitbucketCloud, FakeGitHub, FakeGitLab, FakeHost
from tests.hosts.test_upkeep import surroundings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.environment.prefect_server import PrefectServer

ROOT = Path(__file__).resolve().parent.parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
COMPONENT = (ROOT / "templates" / "prefect-iac.yml").read_text(encoding="utf-8")
SPEC, JOBS = yaml.safe_load_all(COMPONENT.replace("$[[ inputs.suffix ]]", ""))
GUIDE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
CONFIGURATION = """\
terraform {
  required_providers {
    prefect = {
      source = "prefect-iac/prefect"
    }
  }
}
resource "prefect_variable" "of_the_recipes" {
  name  = "of_the_recipes_%s"
  value = jsonencode("x")
}
"""
RECORDER = """\
#!/bin/sh
# Stands in for prefect-iac: notes what it is asked, says something, and ends as it is told.
printf '%s\\n' "$@" >> "$ASKED"
echo '### a report'
exit "${CODE:-0}"
"""


def valid(schema: str, document: Any) -> None:
    """Hold a document against a schema that check-jsonschema brings, from the host or from SchemaStore."""
    text = (files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{schema}.json").read_text(
        encoding="utf-8"
    )
    held = json.loads(text)
    kind = jsonschema.validators.validator_for(held)
    errors = [error.message for error in kind(held).iter_errors(document)]
    assert errors == []


def recipe(title: str) -> Any:
    """The YAML under a heading of the guide."""
    (found,) = re.findall(rf"^## {title}\n.*?^```yaml\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    return yaml.safe_load(found)


def step(name: str) -> dict[str, Any]:
    """A step of the action."""
    found: dict[str, Any]
    (found,) = (step for step in ACTION["runs"]["steps"] if step["name"] == name)
    return found


def test_the_action_has_githubs_form() -> None:
    """GitHub takes it; every input is described, used, and reaches scripts as a variable only."""
    valid("github-actions", ACTION)
    used = set(re.findall(r"inputs\.([\w-]+)", json.dumps(ACTION["runs"])))
    assert used == set(ACTION["inputs"])
    assert all(found["description"] for found in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))
    assert not [found["name"] for found in ACTION["runs"]["steps"] if "${{" in found["run"]]


def test_the_component_has_gitlabs_form() -> None:
    """GitLab takes its jobs; every input is described and used."""
    filled = json.loads(re.sub(r"\$\[\[ inputs\.(\w+) \]\]", "x", json.dumps(JOBS)))
    valid("gitlab-ci", filled)
    used = set(re.findall(r"\$\[\[ inputs\.(\w+) \]\]", COMPONENT))
    assert used == set(SPEC["spec"]["inputs"])
    assert all(found["description"] for found in SPEC["spec"]["inputs"].values())


def test_the_component_can_be_included_for_several_root_modules() -> None:
    """GitLab takes jobs of one name for one job; with a suffix all names are others, and lead to their own."""
    _, jobs = yaml.safe_load_all(COMPONENT.replace("$[[ inputs.suffix ]]", "-b"))
    assert not set(jobs) & set(JOBS)
    assert {job["extends"] for job in jobs.values() if "extends" in job} <= set(jobs)


def test_the_guides_recipes_have_their_hosts_form() -> None:
    """The workflow, and the pipelines; what is asked of action and component is there."""
    workflow = recipe("GitHub")
    valid("github-workflows", {("on" if key is True else key): value for key, value in workflow.items()})
    uses = [
        step for job in workflow["jobs"].values() for step in job["steps"] if "prefect-iac" in step["uses"]
    ]
    assert len(uses) == 2
    assert {name for step in uses for name in step["with"]} <= set(ACTION["inputs"])
    (component,) = recipe("GitLab")["include"]
    assert set(component["inputs"]) <= set(SPEC["spec"]["inputs"])
    required = {name for name, found in SPEC["spec"]["inputs"].items() if "default" not in found}
    assert required <= set(component["inputs"])
    valid("bitbucket-pipelines", recipe("Bitbucket"))
    valid("gitlab-ci", {"include": recipe("GitLab")["include"]})


def test_secrets_never_meet_forks() -> None:
    """Every job that reviews has the condition, and no recipe runs on pull_request_target."""
    assert "pull_request_target" not in json.dumps(recipe("GitHub"), default=str)
    assert "head.repo.full_name == github.repository" in recipe("GitHub")["jobs"]["review"]["if"]
    (rule,) = JOBS["prefect-iac-review"]["rules"]
    assert "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID" in rule["if"]


class Runner:
    """A directory as a build server has it: the sources, temporary files, and an environment."""

    def __init__(self, directory: Path, server: PrefectServer) -> None:
        self.temp, self.module = directory / "temp", directory / "sources" / "infra"
        self.temp.mkdir()
        self.module.mkdir(parents=True)
        configuration = CONFIGURATION % directory.parent.name.replace("-", "_")
        (self.module / "main.tf").write_text(configuration, encoding="utf-8")
        home = directory / "home"
        home.mkdir()
        self.output, self.summary, self.path = (directory / name for name in ("output", "summary", "path"))
        self.env = clean_environment(
            home,
            PREFECT_API_URL=server.api_url,
            CHECKPOINT_DISABLE="1",
            RUNNER_TEMP=str(self.temp),
            GITHUB_OUTPUT=str(self.output),
            GITHUB_STEP_SUMMARY=str(self.summary),
            GITHUB_PATH=str(self.path),
            GITHUB_WORKSPACE=str(directory / "sources"),
            CI_PROJECT_DIR=str(directory / "sources"),
            GITHUB_EVENT_NAME="schedule",
        )
        program = terraform_program()
        assert program is not None
        self.env["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), self.env["PATH"]])
        self.inputs = {name: str(found.get("default", "")) for name, found in ACTION["inputs"].items()}
        self.inputs |= {"terraform": str(program), "token": TOKEN}
        self.directory = self.temp

    def place(self) -> None:
        """Have the action find a place for its files, as each use of it does first."""
        done = self.step("Find a place")
        assert done.returncode == 0, done.stderr
        self.directory = Path(self.output.read_text(encoding="utf-8").rpartition("directory=")[2].strip())

    def step(self, name: str, **env: str) -> subprocess.CompletedProcess[str]:
        """Run a step of the action, as GitHub runs it."""
        found = step(name)
        known = {
            "${{ github.action_path }}": str(ROOT),
            "${{ steps.place.outputs.directory }}": str(self.directory),
            **{f"${{{{ inputs.{key} }}}}": value for key, value in self.inputs.items()},
        }
        filled = {key: known[value] for key, value in found.get("env", {}).items()}
        return self.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", found["run"]], **(filled | env)
        )

    def run(self, command: list[str], **env: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the root module."""
        return subprocess.run(
            command,
            cwd=self.module,
            env=self.env | env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def record(self) -> Path:
        """Put the stand-in for prefect-iac first on PATH; return where it notes what it is asked."""
        programs = self.temp / "programs"
        programs.mkdir()
        (programs / "prefect-iac").write_text(RECORDER, encoding="utf-8")
        (programs / "prefect-iac").chmod(0o755)
        self.env["PATH"] = os.pathsep.join([str(programs), self.env["PATH"]])
        self.env["ASKED"] = str(self.temp / "asked")
        return self.temp / "asked"


@pytest.fixture
def runner(tmp_path: Path, prefect_server: PrefectServer) -> Iterator[Runner]:
    """A build server with the provider installed, and a root module that was applied."""
    if terraform_program() is None:
        pytest.skip("there is no terraform; install it on PATH, then run `make setup`")
    made = Runner(tmp_path, prefect_server)
    done = made.run(["prefect-iac", "install-provider"])
    assert done.returncode == 0, done.stderr
    yield made
    done = made.run([str(terraform_program()), "destroy", "-auto-approve", "-input=false"])
    assert done.returncode == 0, done.stderr


def applied(runner: Runner, server: PrefectServer) -> str:
    """Apply the root module; return the id of the variable."""
    done = runner.run([str(terraform_program()), "apply", "-auto-approve", "-input=false"])
    assert done.returncode == 0, done.stderr
    name = re.findall(r'name  = "(.*)"', (runner.module / "main.tf").read_text(encoding="utf-8"))[0]
    return str(server.call("GET", f"/variables/name/{name}")["id"])


@pytest.mark.terraform
def test_the_action_finds_drift(runner: Runner, prefect_server: PrefectServer) -> None:
    """Initialize and report: quiet at first, then drift in the log, the summary, the page and the comment."""
    runner.inputs |= {"command": "drift", "label": "nightly"}
    assert runner.step("Initialize").returncode == 0
    variable = applied(runner, prefect_server)
    # With the lock file that there is now.
    done = runner.step("Initialize")
    assert done.returncode == 0, done.stderr

    quiet = runner.step("Report")
    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert "no drift" in quiet.stdout
    assert "exit-code=0" in runner.output.read_text(encoding="utf-8")

    prefect_server.call("PATCH", f"/variables/{variable}", {"value": "by hand"})
    with FakeGitHub() as fake:
        event = {
            "GITHUB_API_URL": fake.url,
            "GITHUB_REPOSITORY": "acme/data",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_SHA": fake.head,
            "GITHUB_EVENT_NAME": "pull_request",
        }
        found = runner.step("Report", **event)
        assert (found.returncode, found.stderr) == (2, "prefect-iac: comment created: there was no comment\n")
        assert '"label":"nightly"' in fake.bodies()[0]
        runner.inputs["fail-on-findings"] = "false"
        assert runner.step("Report", **event).returncode == 0
    assert "has changed" in runner.summary.read_text(encoding="utf-8")
    assert "exit-code=2" in runner.output.read_text(encoding="utf-8")
    assert "has changed" in (runner.temp / "prefect-iac.html").read_text(encoding="utf-8")
    assert not [path for path in runner.temp.iterdir() if path.suffix == ".json"]
    runner.inputs["command"] = "review; echo caught"
    wrong = runner.step("Report")
    assert wrong.returncode == 1
    assert "caught" not in wrong.stdout


@pytest.mark.terraform
def test_the_action_plans_and_reviews(runner: Runner) -> None:
    """The plan is made with the user's arguments, and reviewed with the options that the inputs ask for."""
    asked = runner.record()
    runner.inputs |= {
        "plan-arguments": "-lock=false\n-refresh=false\n",
        "arguments": "--since 7d",
        "check-run": "true",
        "label": "a b",
    }
    runner.place()
    (runner.directory / "tfplan").write_text("of another root module", encoding="utf-8")
    other = runner.directory
    runner.place()
    assert runner.step("Initialize").returncode == 0
    planned = runner.step("Plan", TF_LOG="INFO")
    assert planned.returncode == 0, planned.stderr
    # All lines of the arguments are told to terraform.
    assert '"-lock=false", "-refresh=false"' in planned.stderr
    assert (other / "tfplan").read_text(encoding="utf-8") == "of another root module"
    plan = json.loads((runner.directory / "plan.json").read_text(encoding="utf-8"))
    assert plan["resource_changes"][0]["change"]["actions"] == ["create"]

    done = runner.step("Report", GITHUB_EVENT_NAME="pull_request", CODE="2")

    assert done.returncode == 2
    page = str(runner.directory / "prefect-iac.html")
    assert asked.read_text(encoding="utf-8").splitlines() == [
        *("review", str(runner.directory / "plan.json"), "--since", "7d"),
        *("--format", "markdown", "--html", page, "--comment", "github", "--label", "a b", "--check-run"),
    ]
    assert runner.summary.read_text(encoding="utf-8") == "### a report\n"
    assert f"plan={runner.directory / 'tfplan'}" in runner.output.read_text(encoding="utf-8")


@pytest.mark.wheel
def test_the_action_installs(tmp_path: Path) -> None:
    """From its own sources where no version is named; the program is on PATH then, and the provider in its place."""
    source = tmp_path / "source"
    shutil.copytree(
        ROOT,
        source,
        ignore=shutil.ignore_patterns(".*", "node_modules", "tests", "__pycache__", "docs", "bench"),
    )
    home, path = tmp_path / "home", tmp_path / "path"
    home.mkdir()
    env = clean_environment(
        home, RUNNER_TEMP=str(tmp_path), GITHUB_PATH=str(path), REQUIREMENTS="", VERSION=""
    )
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", step("Install prefect-iac and the provider")["run"]],
        env=env | {"SOURCE": str(source)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    program = Path(path.read_text(encoding="utf-8").strip()) / "prefect-iac"
    assert program.is_file()
    assert "prefect-iac/prefect" in done.stdout


def script(name: str) -> str:
    """The script of a job of the component, as GitLab puts it together; what is installed is left out."""
    lines = JOBS[".prefect-iac"]["before_script"]
    kept = [line for line in lines if not re.search(r"venv|pip|export PATH|install-provider", line)]
    assert len(lines) - len(kept) == 4
    return "\n".join([*kept, *JOBS[name]["script"]])


@pytest.mark.terraform
def test_the_component_finds_drift_and_reviews(runner: Runner, prefect_server: PrefectServer) -> None:
    """Both jobs run in a plain shell; drift is a report of tests and a page, a review is asked for a comment."""
    variables = {
        "PREFECT_IAC_ROOT": "infra",
        "PREFECT_IAC_TERRAFORM": str(terraform_program()),
        "PREFECT_IAC_PLAN_ARGUMENTS": "-lock=false",
        "PREFECT_IAC_ARGUMENTS": "--since 7d",
        "PREFECT_IAC_LABEL": "",
        "PREFECT_IAC_FAIL": "true",
    }
    assert set(variables) <= set(JOBS[".prefect-iac"]["variables"])
    assert runner.run([str(terraform_program()), "init", "-input=false"]).returncode == 0
    variable = applied(runner, prefect_server)
    prefect_server.call("PATCH", f"/variables/{variable}", {"value": "by hand"})

    done = runner.run(["sh", "-ec", script("prefect-iac-drift")], **variables)

    assert done.returncode == 2, done.stderr
    sources = runner.module.parent
    assert 'failures="1"' in (sources / "prefect-iac.xml").read_text(encoding="utf-8")
    assert "has changed" in (sources / "prefect-iac.html").read_text(encoding="utf-8")
    variables["PREFECT_IAC_FAIL"] = "false"
    assert runner.run(["sh", "-ec", script("prefect-iac-drift")], **variables).returncode == 0

    asked = runner.record()
    done = runner.run(["sh", "-ec", script("prefect-iac-review")], **variables, CODE="1")
    assert done.returncode == 1, done.stderr
    words = asked.read_text(encoding="utf-8").splitlines()
    assert words[0] == "review"
    assert words[2:] == [
        "--comment",
        "gitlab",
        "--label",
        "",
        "--html",
        str(sources / "prefect-iac.html"),
        "--since",
        "7d",
    ]
    assert not Path(words[1]).exists()


@pytest.mark.terraform
def test_the_shell_commands_run(runner: Runner) -> None:
    """What the guide has for a plain shell, with nothing applied: no drift, in every form."""
    (commands,) = re.findall(r"^## A shell\n\n```sh\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    program = Path(str(terraform_program()))
    path = os.pathsep.join([str(program.parent), runner.env["PATH"]])
    done = runner.run(["bash", "-ec", commands], PATH=path)
    assert done.returncode == 0, done.stderr
    assert "no drift" in (runner.module / "drift.md").read_text(encoding="utf-8")
    assert json.loads((runner.module / "drift.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert (runner.module / "drift.xml").read_text(encoding="utf-8").startswith("<?xml")
    assert "<h1>" in (runner.module / "drift.html").read_text(encoding="utf-8")


def test_atlantis_goes_on_with_findings(tmp_path: Path) -> None:
    """Its step takes findings for no failure, and an error for one."""
    steps = recipe("Atlantis")["workflows"]["prefect"]["plan"]["steps"]
    (command,) = (step["run"] for step in steps if isinstance(step, dict) and "review" in step["run"])
    (tmp_path / "prefect-iac").write_text(RECORDER, encoding="utf-8")
    (tmp_path / "prefect-iac").chmod(0o755)
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    codes = []
    for code in ("0", "2", "1"):
        env = {"PATH": path, "ASKED": str(tmp_path / "asked"), "CODE": code, "PLANFILE": "plan"}
        codes.append(
            subprocess.run(["sh", "-c", command], env=env, capture_output=True, check=False).returncode
        )
    assert codes == [0, 0, 1]


def job_of(fake: FakeHost) -> dict[str, str]:
    """The variables of a job for the pull request of a fake."""
    return surroundings(fake)[1]


@pytest.mark.terraform
def test_the_action_reviews(runner: Runner) -> None:
    """Its steps with the real command: the plan is in the log, the summary, the page and the comment of its label."""
    runner.inputs |= {"arguments": "--since 7d --sources .", "label": "a b", "check-run": "true"}
    assert runner.step("Initialize").returncode == 0
    assert runner.step("Plan").returncode == 0
    with FakeGitHub() as fake:
        done = runner.step("Report", GITHUB_EVENT_NAME="pull_request", **job_of(fake))
        assert (done.returncode, done.stderr) == (0, "prefect-iac: comment created: there was no comment\n")
        (body,) = fake.bodies()
        assert '"label":"a b"' in body
        assert [check["conclusion"] for check in fake.checks] == ["success"]
    for text in (body, done.stdout, runner.summary.read_text(encoding="utf-8")):
        assert "1 to create" in text
        assert "prefect\\_variable.of\\_the\\_recipes" in text
    assert "1 to create" in (runner.temp / "prefect-iac.html").read_text(encoding="utf-8")
    assert not (runner.temp / "plan.json").exists()


@pytest.mark.terraform
def test_the_component_reviews(runner: Runner) -> None:
    """Its job with the real command."""
    variables = {
        "PREFECT_IAC_ROOT": "infra",
        "PREFECT_IAC_TERRAFORM": str(terraform_program()),
        "PREFECT_IAC_PLAN_ARGUMENTS": "",
        "PREFECT_IAC_ARGUMENTS": "--since 7d",
        "PREFECT_IAC_LABEL": "",
        "PREFECT_IAC_FAIL": "true",
    }
    assert runner.run([str(terraform_program()), "init", "-input=false"]).returncode == 0
    with FakeGitLab() as fake:
        done = runner.run(["sh", "-ec", script("prefect-iac-review")], **variables, **job_of(fake))
        assert done.returncode == 0, done.stderr
        (body,) = fake.bodies()
    assert '"root":"infra"' in body
    assert "1 to create" in body
    assert "<h1>" in (runner.module.parent / "prefect-iac.html").read_text(encoding="utf-8")


@pytest.mark.terraform
def test_bitbucket_and_atlantis_review(runner: Runner) -> None:
    """What the guide has for both, with the real command, in a root module that is initialized."""
    program = str(terraform_program())
    assert runner.run([program, "init", "-input=false"]).returncode == 0
    ((step,),) = recipe("Bitbucket")["pipelines"]["pull-requests"].values()
    lines = [line for line in step["step"]["script"] if re.search(r"terraform (plan|show)|review", line)]
    assert len(lines) == 3
    commands = "\n".join(lines).replace("/tmp/", f"{runner.temp}/")
    path = os.pathsep.join([str(Path(program).parent), runner.env["PATH"]])
    with FakeBitbucketCloud() as fake:
        top = str(runner.module.parent)
        done = runner.run(["sh", "-ec", commands], **job_of(fake), BITBUCKET_CLONE_DIR=top, PATH=path)
        assert done.returncode == 0, done.stderr
        (body,) = fake.bodies()
        assert "1 to create" in body
    steps = recipe("Atlantis")["workflows"]["prefect"]["plan"]["steps"]
    told = [one["run"] for one in steps if isinstance(one, dict)]
    done = runner.run(["sh", "-ec", "\n".join(told)], PLANFILE=str(runner.temp / "tfplan"), PATH=path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("### ✅ Nothing found. 1 to create.")
    assert not (runner.temp / "tfplan.json").exists()
