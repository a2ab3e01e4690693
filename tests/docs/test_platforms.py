"""The pages of platforms: files in the form that each asks for, and their commands run in their order."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import yaml

from prefect_provider.version import VERSION
from tests.docs.walk import blocks_of
from tests.environment.terraform import ROOT, terraform_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.terraform import Workspace

PAGES = sorted((ROOT / "docs" / "platforms").glob("*.md"))
IMAGES = ("docker", "atlantis", "hcp-terraform")
CONFIGURATION = """\
terraform {
  required_providers {
    prefect = {
      source = "prefect-iac/prefect"
    }
  }
}

resource "prefect_variable" "platform" {
  name  = "platform_NAME"
  value = "x"
}
"""


def only(page: str, language: str) -> str:
    """The one block of a language on a page."""
    (text,) = (block.text for block in blocks_of(f"platforms/{page}.md") if block.language == language)
    return text


def valid(schema: str, document: Any) -> None:
    """Hold a document against a schema that check-jsonschema brings."""
    file = files("check_jsonschema") / "builtin_schemas" / "vendor" / f"{schema}.json"
    held = json.loads(file.read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(held)
    assert [error.message for error in kind(held).iter_errors(document)] == []


def pipeline(workspace: Workspace, name: str, lines: list[str]) -> str:
    """Run the commands of a job in `infra`, with a lock file that is committed; return what they said."""
    program = terraform_program()
    assert program is not None
    infra = workspace.directory / "infra"
    names = workspace.directory / ".bin"
    for directory in (infra, names):
        directory.mkdir()
    (names / "terraform").symlink_to(program)
    (infra / "main.tf").write_text(CONFIGURATION.replace("NAME", name), encoding="utf-8")
    env = workspace.env | {
        "PATH": os.pathsep.join([str(names), str(Path(sys.executable).parent), workspace.env["PATH"]]),
        "TF_CLI_CONFIG_FILE": str(ROOT / ".cache" / "terraform" / "mirror.terraformrc"),
        "RUNNER_TEMP": str(workspace.directory),
        "GITHUB_STEP_SUMMARY": str(workspace.directory / "summary"),
    }
    said = ""
    for line in ["cd infra && terraform init", *lines]:
        command = line.replace("/tmp/", f"{workspace.directory}/")
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", f"cd infra && {command}" if line in lines else command],
            cwd=workspace.directory,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        said += done.stdout
    subprocess.run(
        [names / "terraform", "destroy", "-auto-approve"], cwd=infra, env=env, check=True, timeout=180
    )
    return said


def test_github(terraform: Callable[..., Workspace]) -> None:
    """GitHub takes the workflow; its lines apply what was planned and reviewed."""
    workflow = yaml.safe_load(only("github-actions", "yaml"))
    valid("github-workflows", {("on" if key is True else key): value for key, value in workflow.items()})
    (job,) = workflow["jobs"].values()
    assert job["defaults"]["run"]["working-directory"] == "infra"
    lines = [step["run"] for step in job["steps"] if "run" in step]
    assert lines[:2] == [f"pip install prefect-iac=={VERSION}", "prefect-iac install-provider"]
    workspace = terraform("", provider=False)
    assert "1 added, 0 changed, 0 destroyed" in pipeline(workspace, "github", lines[2:])
    assert "platform_github" in (workspace.directory / "summary").read_text(encoding="utf-8")


def test_gitlab(terraform: Callable[..., Workspace]) -> None:
    """GitLab takes the pipeline; its component has these inputs, and the script applies what was planned."""
    document = yaml.safe_load(only("gitlab", "yaml"))
    valid("gitlab-ci", document)
    spec = next(yaml.safe_load_all((ROOT / "templates" / "prefect-iac.yml").read_text(encoding="utf-8")))
    assert set(document["include"][0]["inputs"]) <= set(spec["spec"]["inputs"])
    change, *lines = document["apply"]["script"]
    assert change == "cd infra"
    assert "1 added, 0 changed, 0 destroyed" in pipeline(terraform("", provider=False), "gitlab", lines)


def test_images_have_the_provider(terraform: Callable[..., Workspace]) -> None:
    """The line of all images installs it where terraform finds it without any configuration, whoever runs it."""
    pattern = re.compile(r"prefect-iac install-provider .*?(?= \\$|$)", re.MULTILINE)
    (command,) = {found for page in IMAGES for found in pattern.findall(only(page, "dockerfile"))}
    workspace = terraform("", provider=False)
    share = workspace.directory / "share"
    empty = workspace.directory / "empty.terraformrc"
    empty.touch()
    env = workspace.env | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), workspace.env["PATH"]]),
        "TF_CLI_CONFIG_FILE": str(empty),
        "XDG_DATA_DIRS": str(share),
    }
    install = command.replace("/usr/local/share/", f"{share}/")
    assert install != command
    subprocess.run(install, shell=True, env=env, check=True, capture_output=True, timeout=120)  # noqa: S602
    workspace.env = env
    workspace.write(CONFIGURATION.replace("NAME", "image"))
    workspace.run("init", check=True)
    assert not list((workspace.directory / ".home").iterdir())
    workspace.apply()
    workspace.assert_no_changes()
    workspace.destroy()


def test_hcp_terraform(terraform: Callable[..., Workspace]) -> None:
    """The configuration is as `terraform fmt` has it."""
    workspace = terraform(only("hcp-terraform", "hcl"), provider=False)
    assert workspace.run("fmt", "-check", "-diff").stdout == ""


def test_versions() -> None:
    """Pages name the version that there is, and say in the end what was tried."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert set(re.findall(r"prefect-iac(?:==|@|:)(\d[\d.]+\d)", text)) <= {VERSION}, page.name
        assert "\n## What was tried\n" in text, page.name
