"""The commands on Prefect Cloud: one configuration, from its apply to an export that changes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest

from prefect_iac.commands.main import main
from tests.environment.guides import commands_of, shell
from tests.environment.prefect_cloud import PrefectCloud
from tests.environment.processes import wait_until
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

CONFIGURATION: Final = """
resource "prefect_workspace" "staging" {{
  name   = "{name}"
  handle = "{name}"

  default_workspace_role_id = prefect_workspace_role.reader.id
}}

resource "prefect_workspace_role" "reader" {{
  name   = "{name}"
  scopes = ["see_flows"]
}}

resource "prefect_variable" "elsewhere" {{
  workspace_id = prefect_workspace.staging.id
  name         = "{variable}"
  value        = "x"
}}

resource "prefect_flow" "etl" {{
  name = "{name}"
}}

resource "prefect_work_pool" "managed" {{
  name        = "{name}"
  type        = "prefect:managed"
  description = "as applied"
}}

resource "prefect_deployment" "nightly" {{
  name           = "nightly"
  flow_id        = prefect_flow.etl.id
  work_pool_name = prefect_work_pool.managed.name
}}

resource "prefect_webhook" "landed" {{
  name               = "{name}"
  service_account_id = prefect_service_account.sender.id

  template = jsonencode({{ event = "{name}.landed", resource = {{ "prefect.resource.id" = "{name}" }} }})
}}

resource "prefect_service_account" "sender" {{
  name = "{name}"
}}

resource "prefect_team" "data" {{
  name = "{name}"
}}

resource "prefect_automation" "slow" {{
  name = "{name}"
  trigger = {{
    compound = {{
      require = "any"
      within  = 600
      triggers = [
        {{
          metric = {{
            match  = jsonencode({{ "prefect.resource.id" = "prefect.flow-run.*" }})
            metric = {{ name = "duration", operator = ">", threshold = 60, range = 300, firing_for = 300 }}
          }}
        }},
        {{ event = {{ posture = "Reactive", expect = ["prefect-cloud.webhook.received"] }} }},
      ]
    }}
  }}
  actions = [
    {{ type = "declare-incident" }},
    {{ type = "send-email-notification", emails = ["team@example.com"], subject = "slow", body = "look" }},
  ]
}}

resource "prefect_automation" "incidents" {{
  name    = "{name}-incidents"
  trigger = {{ event = {{ posture = "Reactive", expect = ["prefect-cloud.incident.declared"] }} }}
  actions = [{{ type = "pause-deployment", deployment_id = prefect_deployment.nightly.id }}]
}}
"""


class Commands:
    """Runs commands with a key of an account."""

    def __init__(
        self, cloud: PrefectCloud, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.cloud = cloud
        self.code = 0
        self.errors = ""
        self._patch = monkeypatch
        self._capsys = capsys
        self.use(cloud.key)

    def use(self, key: str) -> None:
        """From now on, with another key."""
        for name, value in self.cloud.environment(PREFECT_API_KEY=key).items():
            self._patch.setenv(name, value)

    def __call__(self, *arguments: str | Path) -> str:
        """What is printed; the exit code and what is said besides are kept."""
        self._capsys.readouterr()
        self.code = main([str(one) for one in arguments])
        captured = self._capsys.readouterr()
        self.errors = captured.err
        return captured.out


@pytest.fixture
def commands(
    prefect_servers: Callable[..., PrefectServer],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Commands]:
    """A function that runs commands with the owner's key, on a server of its own: they tell of all that is there."""
    with PrefectCloud(prefect_servers().api_url) as cloud:
        yield Commands(cloud, monkeypatch, capsys)


def key_of(cloud: PrefectCloud, name: str, *, role: str = "Owner", **names: str) -> str:
    """A key of a new user."""
    return cloud.add_key(cloud.add_user(f"{name}@example.com", account_role=role, **names)["actor_id"])


def told(cloud: PrefectCloud, resource_id: str, event: str, place: str = "") -> None:
    """Wait until an event of an object can be seen."""
    asked = {"filter": {"event": {"name": [event]}, "resource": {"id": [resource_id]}}}
    wait_until(
        lambda: bool(cloud.call("POST", f"{place}/events/filter", asked)["events"]), what=event, seconds=30
    )


@pytest.mark.since("3.7.4")
def test_from_apply_to_export(
    terraform: Callable[..., Workspace], commands: Commands, tmp_path: Path
) -> None:
    """Applied, changed by two people behind its back, told who it was and not by address, reviewed, exported again.

    With a key that may see less, each command says so, and tells the rest.
    """
    cloud, name = commands.cloud, unique("cloud-commands")
    text = CONFIGURATION.format(name=name, variable=name.replace("-", "_"))
    env = {"PREFECT_API_KEY": cloud.key}
    workspace = terraform(text, api_url=cloud.api_url, env=env)
    workspace.apply()
    workspace.assert_no_changes()
    state = workspace.state()
    ids = {address: one["id"] for address, one in state.items()}
    staging = ids["prefect_workspace.staging"]

    # Two people, of whom one is known by an address only.
    ada = key_of(cloud, name, handle=f"{name}-ada")
    nameless = f"{name}-nobody@example.com"
    other = key_of(cloud, f"{name}-nobody", handle=nameless, first_name=nameless, last_name="")
    pool = ids["prefect_work_pool.managed"]
    cloud.call("PATCH", f"/work_pools/{name}", {"description": "behind its back"}, key=ada)
    cloud.call("PUT", f"/automations/{ids['prefect_automation.incidents']}", _renamed(cloud, ids), key=other)
    cloud.call("PATCH", f"A/workspace_roles/{ids['prefect_workspace_role.reader']}", {"scopes": []}, key=ada)
    elsewhere = f"A/workspaces/{staging}"
    variable = ids["prefect_variable.elsewhere"]
    cloud.call("PATCH", f"{elsewhere}/variables/{variable}", {"value": "y"}, key=ada)
    told(cloud, f"prefect.work-pool.{pool}", "prefect.work-pool.updated")
    told(cloud, f"prefect.automation.{ids['prefect_automation.incidents']}", "prefect.automation.updated")
    told(cloud, f"prefect.variable.{variable}", "prefect.variable.updated", elsewhere)

    stored, planned = tmp_path / "state.json", tmp_path / "plan.json"
    stored.write_text(json.dumps(workspace.show_json()), encoding="utf-8")
    planned.write_text(json.dumps(workspace.plan().json), encoding="utf-8")
    _page(workspace)
    _drift(commands, stored, planned, name)
    _review(commands, planned, name)
    _export(commands, terraform, name, tmp_path)
    _restore(commands, ids["prefect_automation.incidents"], name)
    _with_a_weaker_key(commands, stored, planned, name)


def _page(workspace: Workspace) -> None:
    """What docs/cloud.md shows is run as it is."""
    drift, export = commands_of("cloud.md")[:2]
    done = shell(workspace, drift)
    assert done.returncode == 2, done.stderr
    assert "from outside, by" in done.stdout
    done = shell(workspace, export)
    assert done.returncode == 0, done.stderr
    assert (workspace.directory / "cloud" / "webhooks.tf").is_file()


def _renamed(cloud: PrefectCloud, ids: dict[str, str]) -> dict[str, Any]:
    """What a PUT takes of an automation, with another description."""
    held = cloud.call("GET", f"/automations/{ids['prefect_automation.incidents']}")
    kept = ("name", "enabled", "trigger", "actions", "actions_on_trigger", "actions_on_resolve")
    return {field: held[field] for field in kept} | {"description": "behind its back"}


def _drift(commands: Commands, stored: Path, planned: Path, name: str) -> None:
    for format_ in ("text", "json", "markdown", "sarif"):
        shown = commands("drift", planned, "--who", "--format", format_)
        assert (commands.code, commands.errors) == (2, "")
        assert "@example.com" not in shown
        assert f"{name}-ada" in shown
    document = json.loads(commands("drift", planned, "--who", "--format", "json"))
    causes = {one["address"]: one["changes"][0]["cause"] for one in document["changed"]}
    assert causes.keys() == {
        "prefect_automation.incidents",
        "prefect_variable.elsewhere",
        "prefect_work_pool.managed",
        "prefect_workspace_role.reader",
    }
    assert causes.pop("prefect_automation.incidents")["actor"].startswith("prefect-cloud.actor.")
    assert {one["actor"] for one in causes.values()} == {f"{name}-ada"}

    found = json.loads(commands("drift", stored, "--unmanaged", "--format", "json"))["unmanaged"]
    unmanaged = {one["address"] for one in found}
    assert 'prefect_workspace["first"]' in unmanaged
    assert f'prefect_workspace_role["{name}"]' not in unmanaged
    # A state without anything of the account says nothing of the account.
    (empty := stored.with_name("empty.json")).write_text("{}", encoding="utf-8")
    found = json.loads(commands("drift", empty, "--unmanaged", "--format", "json"))["unmanaged"]
    assert {one["type"] for one in found} & {"prefect_workspace", "prefect_flow"} == {"prefect_flow"}


def _review(commands: Commands, planned: Path, name: str) -> None:
    shown = commands("review", planned, "--since", "30d")
    assert f'by "{name}-ada"' in shown or f"{name}-ada" in shown
    assert "could not be looked at" not in shown
    assert "@example.com" not in shown
    assert "no difference" in commands("backtest", planned, "--since", "30d")
    assert "an incident" in commands("graph", "--live")
    # The server is shared: what is wrong with other tests' automations is theirs.
    found = json.loads(commands("lint", planned, "--format", "json"))["findings"]
    assert [one for one in found if one["subject"].startswith("prefect_") or name in one["subject"]] == []
    commands("impact", planned)
    assert commands.code == 0
    [event, *_] = commands.cloud.call("POST", "/events/filter", {"filter": {}})["events"]
    shown = commands("why", f"{name}-incidents", event["id"])
    cloud = commands.cloud
    assert f"https://app.prefect.cloud/account/{cloud.account_id}/workspace/{cloud.workspace_id}" in shown


def _export(commands: Commands, terraform: Callable[..., Workspace], name: str, directory: Path) -> None:
    written = commands("export", "--account", "--name", f"{name}*", "--out", directory / "export")
    assert (commands.code, written) == (0, "")
    files = {one.name: one.read_text(encoding="utf-8") for one in (directory / "export").glob("*.tf")}
    assert {"workspaces.tf", "workspace_roles.tf", "automations.tf"} <= files.keys()
    assert "block_document_id" not in files["automations.tf"]
    assert "service_account_id = prefect_service_account." in files["webhooks.tf"]
    assert "pnb_" not in "".join(files.values())
    env = {"PREFECT_API_KEY": commands.cloud.key}
    again = terraform("", api_url=commands.cloud.api_url, env=env, provider=False)
    for file, text in files.items():
        again.write(text, file.removesuffix(".tf"))
    plan = again.plan()
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
    assert {one["type"] for one in plan.json["resource_changes"]} == {
        "prefect_account_member",
        "prefect_automation",
        "prefect_deployment",
        "prefect_flow",
        "prefect_service_account",
        "prefect_work_pool",
        "prefect_team",
        "prefect_webhook",
        "prefect_workspace",
        "prefect_workspace_role",
    }
    program = commands("export", "--account", "--to", "python", "--name", f"{name}*")
    assert "service_account_id=service_account_" in program
    native = program.replace("from cdktn import", "from prefect_constructs.native import")
    (directory / "main.py").write_text(native, encoding="utf-8")
    subprocess.run([sys.executable, "main.py"], cwd=directory, check=True, capture_output=True, timeout=60)
    assert (directory / "cdktf.out" / "stacks" / "prefect" / "cdk.tf.json").is_file()
    members = commands("export", "--kind", "account-member", "--name", f"{name}@example.com")
    assert 'account_role_name = "Owner"' in members
    assert "account_role_id" not in members


def _restore(commands: Commands, id_: str, name: str) -> None:
    commands.cloud.call("DELETE", f"/automations/{id_}")
    told(commands.cloud, f"prefect.automation.{id_}", "prefect.automation.deleted")
    assert "prefect-cloud.incident.declared" in commands("restore", f"{name}-incidents")
    assert commands.code == 0


def _with_a_weaker_key(commands: Commands, stored: Path, planned: Path, name: str) -> None:
    """A member who may see flows, deployments and pools, and neither events nor automations."""
    cloud = commands.cloud
    scopes = ["see_workspace", "see_flows", "see_deployments", "see_work_pools", "see_work_queues"]
    role = cloud.call("POST", "A/workspace_roles/", {"name": f"{name}-weak", "scopes": scopes})
    user = cloud.add_user(f"{name}-weak@example.com")
    cloud.store.put(
        "workspace_access",
        workspace_id=cloud.workspace_id,
        accessor_type="USER",
        accessor_id=user["id"],
        workspace_role_id=role["id"],
    )
    commands.use(cloud.add_key(user["actor_id"]))
    shown = commands("drift", stored, "--who")
    assert commands.code == 1
    assert "who changed what cannot be told" in commands.errors
    assert "prefect_work_pool.managed has changed" in shown
    assert "prefect_automation.slow could not be read" in shown
    shown = commands("drift", stored, "--unmanaged")
    assert "prefect_automation could not be read: Prefect answered 403" in shown
    assert "is in no state" in shown
    assert "prefect_automation could not be looked at" in commands("review", planned)
    [line] = [line for line in commands("impact", planned).splitlines() if "prefect_automation:" in line]
    assert line.startswith("  prefect_automation: Prefect answered 403")
    assert not line.endswith("..")
    shown = commands("export", "--account", "--name", f"{name}*")
    assert commands.code == 1
    assert "prefect_automation is left out" in commands.errors
    assert 'resource "prefect_work_pool"' in shown


def test_an_account_without_a_workspace(
    prefect_clouds: Callable[..., PrefectCloud],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """The address of an account is enough for what belongs to it, and twenty objects cost one question."""
    cloud = prefect_clouds(server=False)
    commands = Commands(cloud, monkeypatch, capsys)
    monkeypatch.setenv("PREFECT_API_URL", f"{cloud.url}/accounts/{cloud.account_id}")
    made = [
        cloud.call("POST", "A/workspace_roles/", {"name": f"role-{number}", "scopes": ["see_flows"]})
        for number in range(20)
    ]
    cloud.call("PATCH", f"A/workspace_roles/{made[0]['id']}", {"scopes": []}, key=key_of(cloud, "ada"))
    cloud.call("DELETE", f"A/workspace_roles/{made[1]['id']}", key=key_of(cloud, "bob"))
    resources = [
        {
            "mode": "managed",
            "type": "prefect_workspace_role",
            "name": one["name"],
            "provider": 'provider["registry.terraform.io/prefect-iac/prefect"]',
            "instances": [{"schema_version": 0, "attributes": {**one, "scopes": ["see_flows"]}}],
        }
        for one in made
    ]
    state = tmp_path / "terraform.tfstate"
    state.write_text(json.dumps({"version": 4, "resources": resources}), encoding="utf-8")

    cloud.seen.clear()
    document = json.loads(commands("drift", state, "--who", "--unmanaged", "--format", "json"))
    assert commands.code == 2
    assert [one["changes"][0]["cause"]["actor"] for one in document["changed"]] == ["ada"]
    assert [one["cause"]["actor"] for one in document["missing"]] == ["bob"]
    assert [one["address"] for one in document["unmanaged"]] == ['prefect_workspace["first"]']
    roles = [path for _, path, _ in cloud.seen if "/workspace_roles/" in path]
    # Together in drift, and once more for what is in no state; who is gone is asked for by itself.
    assert len(roles) <= 4, roles

    written = commands("export", "--account")
    assert commands.code == 0
    assert written.count('resource "prefect_workspace_role"') == 19
    assert 'resource "prefect_account_member" "owner_example_com"' in written
