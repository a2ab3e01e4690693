"""Terraform in a directory of its own, with the provider of the working tree.

With TEST_PACKAGE, the directory that `make package` wrote to, it is the provider as it is packed there.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from tests.environment.processes import clean_environment

__all__ = [
    "Change",
    "Message",
    "Plan",
    "Result",
    "TerraformError",
    "Workspace",
    "terraform_program",
    "terraform_version",
]

ROOT = Path(__file__).resolve().parent.parent.parent
NEWER_TERRAFORM = ROOT / ".cache" / "terraform-1.15" / "terraform"

# A server on SQLite now and then waits 60 s for its database, and may do so for several requests of one command.
_SECONDS = 270.0

# Of a state or a plan in JSON, in the report of a failed test.
_SHOWN = 2000

# Without a block that says so, `prefect_...` resources would be looked for under hashicorp/prefect.
_REQUIRED_PROVIDERS = {"terraform": {"required_providers": {"prefect": {"source": "prefect-iac/prefect"}}}}


class Message(NamedTuple):
    """A diagnostic that terraform reported."""

    severity: str
    summary: str
    detail: str
    address: str
    """Of the resource, such as `prefect_flow.this`; empty when it belongs to none."""
    snippet: str
    """The line of configuration that it points at; empty when it points at none."""
    line: int | None


class Change(NamedTuple):
    """What a plan will do to one resource."""

    address: str
    actions: tuple[str, ...]
    """Such as ("create",), ("update",), ("delete", "create"), ("no-op",)."""
    before: Any
    after: Any
    after_unknown: Any
    replace_paths: list[list[str | int]]

    @property
    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Attributes whose values differ, as (before, after); what is known after apply shows as a text."""
        before, after, unknown = self.before or {}, dict(self.after or {}), self.after_unknown or {}
        after |= {name: "(known after apply)" for name, value in unknown.items() if value is True}
        names = sorted({*before, *after})
        return {
            name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)
        }


class TerraformError(AssertionError):
    """Terraform ended with an error that the test did not expect."""


class Result:
    """What a terraform command did."""

    def __init__(self, command: list[str], exit_code: int, stdout: str, stderr: str) -> None:
        """Hold the output as it was."""
        self.command = command
        self.exit_code = exit_code
        self.stdout = stdout
        self.stderr = stderr

    @cached_property
    def messages(self) -> list[dict[str, Any]]:
        """The lines of `-json` output, decoded; other lines are left out."""
        return [json.loads(line) for line in self.stdout.splitlines() if line.startswith('{"')]

    @cached_property
    def diagnostics(self) -> list[Message]:
        """Errors and warnings, in the order of their appearance."""
        if self.command[0] == "validate":
            return [_message(item) for item in json.loads(self.stdout)["diagnostics"]]
        return [_message(line["diagnostic"]) for line in self.messages if line.get("type") == "diagnostic"]

    @property
    def errors(self) -> list[Message]:
        """The diagnostics that are errors."""
        return [item for item in self.diagnostics if item.severity == "error"]

    @property
    def warnings(self) -> list[Message]:
        """The diagnostics that are warnings, without terraform's own about development overrides."""
        return [
            item
            for item in self.diagnostics
            if item.severity == "warning" and "development overrides" not in item.summary
        ]

    def only_error(self) -> Message:
        """Return the error; fail if there is none or more than one."""
        assert len(self.errors) == 1, self.report()
        return self.errors[0]

    def report(self) -> str:
        """Describe the run for a person."""
        lines = [f"terraform {' '.join(self.command)}: status {self.exit_code}"]
        for item in self.diagnostics:
            where = " ".join(part for part in (item.address, item.snippet) if part)
            lines += [f"{item.severity}: {item.summary} [{where}]", item.detail]
        if len(lines) == 1:
            lines.append(self.stdout if len(self.stdout) <= _SHOWN else f"{self.stdout[:_SHOWN]} ...")
        return "\n".join([*lines, self.stderr])


class Plan(Result):
    """A plan, with the changes that it holds; terraform is asked for them when somebody looks."""

    def __init__(self, result: Result, workspace: "Workspace", file: Path | None) -> None:
        """Hold what planning said, and the plan's file; None when planning failed."""
        super().__init__(result.command, result.exit_code, result.stdout, result.stderr)
        self._workspace = workspace
        self._file = file

    @cached_property
    def json(self) -> dict[str, Any]:
        """The whole plan, as `terraform show -json` gives it; empty when planning failed."""
        return {} if self._file is None else self._workspace.show_json(str(self._file))

    @cached_property
    def changes(self) -> list[Change]:
        """All resources but those that stay as they are."""
        changes = [_change(item) for item in self.json.get("resource_changes", [])]
        return [change for change in changes if change.actions not in (("no-op",), ("read",))]

    @cached_property
    def drift(self) -> list[Change]:
        """What was changed outside of terraform."""
        return [_change(item) for item in self.json.get("resource_drift", [])]

    def change(self, address: str) -> Change:
        """Return the change of a resource; fail if the plan leaves it as it is."""
        found = [change for change in self.changes if change.address == address]
        assert found, f"no change of {address}; changes: {_listed(self.changes)}"
        return found[0]

    def actions(self) -> dict[str, tuple[str, ...]]:
        """Return the actions for each address that changes."""
        return {change.address: change.actions for change in self.changes}


class Workspace:
    """A root module; its commands need no `init`, because the provider is a development override."""

    def __init__(
        self,
        directory: Path,
        configuration: str | Mapping[str, Any],
        *,
        api_url: str | None,
        env: Mapping[str, str],
        provider: bool = True,
    ) -> None:
        """Write the configuration, HCL or what becomes JSON, into `directory`.

        Unless `provider`, the configuration is not made to require this project's provider.
        """
        self.directory = directory
        self.results: list[Result] = []
        directory.mkdir(parents=True, exist_ok=True)
        home = directory / ".home"
        home.mkdir(exist_ok=True)
        given = {} if api_url is None else {"PREFECT_API_URL": api_url}
        self.env = clean_environment(
            home,
            TF_CLI_CONFIG_FILE=str(_cli_config()),
            TF_CLI_ARGS="-no-color",
            TF_IN_AUTOMATION="1",
            CHECKPOINT_DISABLE="1",
            **given,
        )
        self.env.update(env)
        if provider:
            self.write_json(_REQUIRED_PROVIDERS, "required_providers.tf.json")
        self.write(configuration)

    def write(self, configuration: str | Mapping[str, Any], name: str = "main") -> None:
        """Replace the configuration `name`: `name`.tf with HCL, or `name`.tf.json."""
        for suffix in (".tf", ".tf.json"):
            (self.directory / f"{name}{suffix}").unlink(missing_ok=True)
        if isinstance(configuration, str):
            (self.directory / f"{name}.tf").write_text(configuration, encoding="utf-8")
        else:
            self.write_json(configuration, f"{name}.tf.json")

    def write_json(self, content: object, name: str) -> Path:
        """Write a JSON file into the workspace."""
        path = self.directory / name
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")
        return path

    def validate(self) -> Result:
        """Run `terraform validate`; look at `errors` for what it found."""
        return self.run("validate", "-json")

    def plan(self, *arguments: str, check: bool = True) -> Plan:
        """Plan; with `check`, fail if there are errors."""
        file = self.directory / "tfplan"
        file.unlink(missing_ok=True)
        done = self.run("plan", "-json", "-input=false", f"-out={file}", *arguments, check=check)
        # With -detailed-exitcode, 2 says that there are changes.
        if not file.exists() or done.exit_code not in (0, 2):
            return Plan(done, self, None)
        # Under a name of its own, it is there to be looked at also after the next plan.
        kept = self.directory / f"tfplan.{len(self.results)}"
        kept.hardlink_to(file)
        return Plan(done, self, kept)

    def apply(self, *arguments: str, check: bool = True) -> Result:
        """Plan and apply; with `check`, fail if there are errors."""
        return self.run("apply", "-json", "-input=false", "-auto-approve", *arguments, check=check)

    def destroy(self, *arguments: str, check: bool = True) -> Result:
        """Destroy everything; with `check`, fail if there are errors."""
        return self.run("destroy", "-json", "-input=false", "-auto-approve", *arguments, check=check)

    def import_(self, address: str, identity: str, *, check: bool = True) -> Result:
        """Import an object; its resource has to be in the configuration. Errors are text in `stderr`."""
        return self.run("import", "-input=false", address, identity, check=check)

    def show_json(self, file: str | None = None) -> dict[str, Any]:
        """Return the state, or a plan file, in terraform's JSON form."""
        done = self.run("show", "-json", *([file] if file else []), check=True)
        shown: dict[str, Any] = json.loads(done.stdout)
        return shown

    def identities(self) -> dict[str, dict[str, Any]]:
        """Return the identity of each resource of the root module that has one, by address."""
        return {
            f"{resource['type']}.{resource['name']}{_index(instance)}": instance["identity"]
            for resource in self._state_file().get("resources", [])
            for instance in resource["instances"]
            if "module" not in resource and instance.get("identity")
        }

    def state(self) -> dict[str, dict[str, Any]]:
        """Return the attributes of each resource and data source of the root module, by address."""
        return {
            f"{prefix}{resource['type']}.{resource['name']}{_index(instance)}": _plain(instance["attributes"])
            for resource in self._state_file().get("resources", [])
            if "module" not in resource
            for prefix in ["data." if resource["mode"] == "data" else ""]
            for instance in resource["instances"]
            if "deposed" not in instance
        }

    def outputs(self) -> dict[str, Any]:
        """Return the values of all outputs."""
        return {name: item["value"] for name, item in self._state_file().get("outputs", {}).items()}

    def _state_file(self) -> dict[str, Any]:
        """Read the state as terraform wrote it, which takes no terraform and no provider."""
        file = self.directory / "terraform.tfstate"
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return content

    def assert_no_changes(self, *arguments: str) -> None:
        """Plan, and fail with the differences if anything would change, an output included."""
        plan = self.plan("-detailed-exitcode", *arguments, check=False)
        if plan.exit_code == 0:
            return
        if plan.exit_code != 2:
            raise TerraformError(plan.report())
        outputs = {
            name: item
            for name, item in plan.json.get("output_changes", {}).items()
            if item["actions"] != ["no-op"]
        }
        assert not plan.changes, f"the plan is not empty: {_listed(plan.changes)}"
        assert not outputs, f"the plan is not empty: outputs {outputs}"

    def run(self, *command: str, check: bool = False) -> Result:
        """Run any terraform command; with `check`, raise TerraformError unless it ends with status 0."""
        program = terraform_program()
        assert program is not None, "there is no terraform on PATH; run `make setup`"
        try:
            done = subprocess.run(
                [program, *command],
                cwd=self.directory,
                env=self.env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            msg = f"terraform {' '.join(command)} did not end within {_SECONDS} s: {error.stderr!r}"
            raise TerraformError(msg) from error
        result = Result(list(command), done.returncode, done.stdout, done.stderr)
        self.results.append(result)
        if check and result.exit_code != 0:
            raise TerraformError(result.report())
        return result


def terraform_program() -> Path | None:
    """Return the program that TEST_TERRAFORM names, or the one that `make setup` chose, or one on PATH, or None.

    Raises FileNotFoundError when the one that is named is not there.
    """
    named = os.environ.get("TEST_TERRAFORM")
    if named:
        chosen = shutil.which(named)
        if chosen is None:
            msg = f"TEST_TERRAFORM names {named}, which is no program; run `make setup`, or name another one"
            raise FileNotFoundError(msg)
        return Path(chosen).absolute()
    record = ROOT / ".cache" / "terraform" / "program"
    if record.exists():
        program = Path(record.read_text(encoding="utf-8").splitlines()[0])
        if program.exists():
            return program
    found = shutil.which("terraform") or shutil.which("tofu")
    return Path(found) if found else None


@cache
def terraform_version() -> tuple[int, int]:
    """Return the first two numbers of the version of the program that the tests use."""
    program = terraform_program()
    assert program is not None, "there is no terraform on PATH; run `make setup`"
    done = subprocess.run([program, "version", "-json"], capture_output=True, text=True, check=True)
    major, minor = json.loads(done.stdout)["terraform_version"].split(".")[:2]
    return int(major), int(minor)


def _cli_config() -> Path:
    packages = os.environ.get("TEST_PACKAGE")
    if packages:
        return Path(packages) / "override.terraformrc"
    own = Path(sys.prefix) / "terraform" / "terraformrc"
    config = own if own.exists() else ROOT / ".cache" / "terraform" / "terraformrc"
    if not config.exists():
        msg = f"there is no {config}, so terraform would not find the provider; run `make setup`"
        raise FileNotFoundError(msg)
    return config


def _index(instance: Mapping[str, Any]) -> str:
    """Return what `count` or `for_each` adds to an address."""
    key = instance.get("index_key")
    return "" if key is None else f"[{json.dumps(key)}]"


def _plain(value: Any) -> Any:
    """Return a value of the state file as `terraform show -json` gives it: without the types of dynamic values."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"value", "type"} and _is_type(value["type"]):
        return value["value"]
    return {name: _plain(item) for name, item in value.items()}


def _is_type(value: Any) -> bool:
    """Tell whether a value is what the state file writes for a type."""
    if isinstance(value, list):
        return len(value) == 2 and value[0] in ("list", "map", "object", "set", "tuple")
    return value in ("bool", "dynamic", "number", "string")


def _message(item: Mapping[str, Any]) -> Message:
    place = item.get("range") or {}
    snippet = item.get("snippet") or {}
    return Message(
        severity=item["severity"],
        summary=item["summary"],
        detail=item.get("detail", ""),
        address=item.get("address", ""),
        snippet=snippet.get("code", "").strip(),
        line=place.get("start", {}).get("line"),
    )


def _change(item: Mapping[str, Any]) -> Change:
    change = item["change"]
    return Change(
        address=item["address"],
        actions=tuple(change["actions"]),
        before=change.get("before"),
        after=change.get("after"),
        after_unknown=change.get("after_unknown"),
        replace_paths=change.get("replace_paths", []),
    )


def _listed(changes: Iterable[Change]) -> str:
    return "; ".join(
        f"{change.address} {'/'.join(change.actions)} {change.differences}" for change in changes
    )
