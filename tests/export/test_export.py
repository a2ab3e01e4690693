"""Workspaces of real servers as code: the real terraform imports them, and changes nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.environment.fault_proxy import FaultProxy
from tests.environment.guides import commands_of, shell
from tests.environment.terraform import terraform_version
from tests.export.conftest import Export, imported, synthesized
from tests.export.worlds import GIVEN, SECRET
from tests.objects.crowds import Crowd, mix

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

OBJECTS = int(os.environ.get("TEST_EXPORT_OBJECTS", "150"))
"""How many objects the crowd has; a thousand are meant, and take a while."""


def count(files: dict[str, str], text: str) -> int:
    """How often a text is in the files."""
    return sum(one.count(text) for one in files.values())


def spaced(text: str) -> str:
    """A text without what aligns it."""
    return re.sub(" +", " ", text)


def place(workspace: Workspace, name: str = "") -> Path:
    """Where a workspace has its files; those that it comes with are taken away."""
    (workspace.directory / "main.tf").unlink(missing_ok=True)
    return workspace.directory / name


@pytest.mark.parametrize("single", [False, True], ids=["by-type", "single"])
def test_terraform_imports_all_and_changes_nothing(
    server: PrefectServer, terraform: Callable[..., Workspace], export: Export, single: bool
) -> None:
    """The plan of what is written is imports alone; after these there is nothing to do, and no secret was read."""
    workspace = terraform("", api_url=server.api_url, provider=False)
    options = ["--single-file"] if single else []
    files = export.into(place(workspace), *options)
    assert export.code == 0, export.errors
    assert ("prefect.tf" in files) is single

    assert workspace.run("fmt", "-check", "-diff").stdout == ""
    resources = count(files, '\nresource "prefect_')
    assert len(imported(workspace)) == resources == count(files, "\nimport {") > 140
    assert count(files, SECRET) == count(files, "open-secret") == 0
    assert f"exported {resources} objects; left out " in export.errors
    if not single:
        workspace.apply()
        workspace.assert_no_changes()

    # Once more, and everything is as it was.
    assert export.into(place(workspace), *options) == files


def test_by_identity(server: PrefectServer, terraform: Callable[..., Workspace], export: Export) -> None:
    """Where Terraform has identities, imports can name these."""
    if terraform_version() < (1, 12):
        pytest.skip("Terraform has identities since 1.12")
    workspace = terraform("", api_url=server.api_url, provider=False)
    files = export.into(place(workspace), "--import-by", "identity")
    assert len(imported(workspace)) == count(files, "\nimport {") == count(files, "identity = { id = ")


@pytest.mark.cdktf
@pytest.mark.parametrize("single", [False, True], ids=["by-type", "single"])
def test_the_constructs_import_all_and_change_nothing(
    server: PrefectServer,
    terraform: Callable[..., Workspace],
    export: Export,
    tmp_path: Path,
    single: bool,
) -> None:
    """The same in Python, which is as `ruff format` would have it; and the same each time."""
    by = "identity" if single and terraform_version() >= (1, 12) else "id"
    options = ["--to", "python", "--import-by", by, *(["--single-file"] if single else [])]
    files = export.into(tmp_path / "app", *options)
    assert export.code == 0, export.errors
    assert ("stack.py" in files) is not single
    assert count(files, SECRET) == count(files, "open-secret") == 0
    format_ = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "app"]
    assert subprocess.run(format_, cwd=tmp_path, capture_output=True, text=True, check=False).stdout == ""
    assert export.into(tmp_path / "again", *options) == files

    document = synthesized(tmp_path / "app", node=not single)
    workspace = terraform(document, api_url=server.api_url, provider=False)
    made = {type_: len(held) for type_, held in document["resource"].items()}
    assert len(imported(workspace, *GIVEN)) == sum(made.values()) > 140
    if not single:
        workspace.apply()
        workspace.assert_no_changes()


@pytest.mark.sqlite
@pytest.mark.cdktf
def test_a_crowd(
    prefect_servers: Callable[..., PrefectServer],
    terraform: Callable[..., Workspace],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """Very many objects are read by the page, planned as imports in both languages, and nothing changes."""
    server = prefect_servers(services=False)
    Crowd(**mix(OBJECTS)).settle(server)
    with FaultProxy(server.url) as proxy:
        proxy.calm = True
        export = Export(proxy.api_url, capsys)
        workspace = terraform("", api_url=server.api_url, provider=False)
        files = export.into(place(workspace))
        assert export.code == 0, export.errors
        # A page has 200 objects, and pages overlap.
        assert len(proxy.seen) <= 20 + OBJECTS // 50
        assert export.into(place(workspace)) == files
    assert len(imported(workspace)) == OBJECTS == count(files, "\nimport {")
    workspace.apply()
    workspace.assert_no_changes()

    Export(server.api_url, capsys).into(tmp_path / "app", "--to", "python")
    again = terraform(synthesized(tmp_path / "app"), api_url=server.api_url, provider=False)
    assert len(imported(again)) == OBJECTS


def test_objects_refer_to_each_other(export: Export) -> None:
    """What is exported is referred to, also in the labels of triggers; a circle of automations ends in an id."""
    text = spaced(export())
    for part in (
        "flow_id = prefect_flow.etl.id",
        "work_pool_name = prefect_work_pool.pool.name",
        "work_queue_name = prefect_work_queue.pool_fast.name",
        "storage_document_id = prefect_block.local_file_system_disk.id",
        "global_concurrency_limit_id = prefect_global_concurrency_limit.shared.id",
        "deployment_id = prefect_deployment.etl_nightly.id",
        "block_document_id = prefect_block.slack_webhook_alerts.id",
        "work_pool_id = prefect_work_pool.pool.id",
        "work_queue_id = prefect_work_queue.pool_fast.id",
        "automation_id = prefect_automation.other.id",
        '= "prefect.deployment.${prefect_deployment.etl_nightly.id}"',
        '"prefect.flow.${prefect_flow.etl.id}"',
        "type_slug = prefect_block_schema.house_rules_1_0.block_type",
        "block_type_id = prefect_block_type.house_rules.id",
        "# its id: a reference would lead in a circle",
    ):
        assert part in text, part


def test_what_is_not_exported_is_named(export: Export) -> None:
    """Without the others, an id is written with what people call the object; a name is just that."""
    text = spaced(
        export("--kind", "automation", "--kind", "deployment", "--name", "alert", "--name", "etl/*")
    )
    assert 'flow_name = "etl"' in text
    assert 'work_queue_name = "fast"' in text
    assert "# slack-webhook/alerts\n" in text
    assert "# pool/fast\n" in text
    assert "prefect_deployment.etl_nightly.id" in text


@pytest.mark.parametrize(
    ("options", "addresses"),
    [
        (["--tag", "prod"], ["prefect_deployment.etl_nightly"]),
        (["--tag", "prod", "--tag", "ops"], ["prefect_automation.alert", "prefect_deployment.etl_nightly"]),
        (["--tag", "prod", "--kind", "flow"], []),
        (
            ["--pool", "pool"],
            [
                "prefect_deployment.etl_nightly",
                "prefect_deployment.report_nightly",
                "prefect_work_pool.pool",
                "prefect_work_queue.pool_fast",
            ],
        ),
        (["--name", "report/*"], ["prefect_deployment.report_nightly"]),
        (["--name", "nightly", "--pool", "pool", "--tag", "prod"], ["prefect_deployment.etl_nightly"]),
        (["--kind", "work-queue"], ["prefect_work_queue.other_default", "prefect_work_queue.pool_fast"]),
    ],
)
def test_conditions(export: Export, options: list[str], addresses: list[str]) -> None:
    """All conditions are met, each by any of its values; a queue that every pool has counts once somebody set it."""
    lines = [line.split('"') for line in export(*options).splitlines() if line.startswith("resource ")]
    assert [f"{parts[1]}.{parts[3]}" for parts in lines] == addresses


def test_a_condition_that_cannot_be_is_refused(export: Export) -> None:
    """A misspelt type is an error that names the right one."""
    export("--kind", "deploymnet")
    assert export.code == 1
    assert export.errors == 'prefect-iac: --kind: expected `deployment`, got "deploymnet"\n'


def test_what_a_state_has_is_left_out(
    server: PrefectServer, terraform: Callable[..., Workspace], export: Export
) -> None:
    """Of a deployment in a state goes its flow as well; what refers to either has its id or its name."""
    workspace = terraform("", api_url=server.api_url, provider=False)
    export.into(place(workspace), "--name", "etl/nightly", "--name", "pool", "--name", "region")
    workspace.apply()
    text = export("--exclude-managed", workspace.directory / "terraform.tfstate")
    for gone in (
        "prefect_flow.etl",
        "prefect_deployment.etl_nightly",
        "prefect_work_pool.pool",
        "prefect_variable.region",
    ):
        assert f"  to = {gone}\n" not in text
    assert "prefect_deployment.report_nightly" in text
    assert 'work_pool_name = "pool"' in text
    assert "# etl/nightly\n" in text
    assert "4 that a state has" in export.errors


def test_schedules_of_a_state_stay_there(
    prefect_servers: Callable[..., PrefectServer],
    terraform: Callable[..., Workspace],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A deployment whose schedule is a resource of its own is exported without it, and both are planned together."""
    server = prefect_servers(services=False)
    flow = server.call("POST", "/flows/", {"name": "f"})["id"]
    deployment = server.call("POST", "/deployments/", {"name": "d", "flow_id": flow})["id"]
    workspace = terraform(
        f'resource "prefect_deployment_schedule" "s" {{\n  deployment_id = "{deployment}"\n  cron = "0 3 * * *"\n}}\n',
        api_url=server.api_url,
    )
    workspace.apply()
    (workspace.directory / "required_providers.tf.json").unlink()
    export = Export(server.api_url, capsys)
    assert "schedules" in export()
    files = export.into(
        workspace.directory, "--exclude-managed", str(workspace.directory / "terraform.tfstate")
    )
    assert "schedules" not in files["deployments.tf"]
    assert workspace.plan().actions() == {}
    workspace.apply()
    workspace.assert_no_changes()


def test_secrets_are_inputs(
    server: PrefectServer, terraform: Callable[..., Workspace], export: Export
) -> None:
    """Given the secrets that the blocks have, nothing is planned; others are a change."""
    workspace = terraform("", api_url=server.api_url, provider=False)
    export.into(place(workspace), "--kind", "block")
    assert len(imported(workspace, *GIVEN)) == 6
    plan = workspace.plan("-var=secret_secret_token_value=another")
    assert plan.actions() == {"prefect_block.secret_token": ("update",)}
    # One of two is not enough to know the data.
    assert len(imported(workspace, f"-var=secret_house_rules_rules_password={SECRET}")) == 6


def test_what_cannot_be_exported_is_said(
    prefect_servers: Callable[..., PrefectServer],
    terraform: Callable[..., Workspace],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What the provider would refuse is left out with the reason, the rest is exported, and the exit code tells."""
    server = prefect_servers(services=False)
    flow = server.call("POST", "/flows/", {"name": "f"})["id"]
    schema = {"type": "object", "properties": {"x": {"type": "string"}}}
    deployment = {"name": "d", "flow_id": flow, "parameters": {"y": 1}, "parameter_openapi_schema": schema}
    server.call("POST", "/deployments/", {**deployment, "enforce_parameter_schema": False})
    server.call("POST", "/variables/", {"name": "large", "value": 1e300})
    server.call("POST", "/variables/", {"name": "password", "value": "hush"})
    steps = [{"prefect.deployments.steps.git_clone": {"repository": "r", "access_token": SECRET}}]
    server.call("POST", "/deployments/", {"name": "cloned", "flow_id": flow, "pull_steps": steps})
    export = Export(server.api_url, capsys)
    workspace = terraform("", api_url=server.api_url, provider=False)
    files = export.into(place(workspace))
    assert export.code == 1
    assert 'prefect_variable "large" is left out: Number too large or too precise' in export.errors
    assert (
        "nothing can be planned without the variable secret_deployment_f_cloned_access_token" in export.errors
    )
    assert count(files, SECRET) == 0
    assert len(imported(workspace, f"-var=secret_deployment_f_cloned_access_token={SECRET}")) == count(
        files, "\nimport {"
    )


def test_what_may_be_secret_is_said(
    prefect_servers: Callable[..., PrefectServer], capsys: pytest.CaptureFixture[str]
) -> None:
    """Values that sound like secrets and are none of a block's are written, and named without being shown."""
    server = prefect_servers(services=False)
    server.call("POST", "/variables/", {"name": "settings", "value": {"db_password": "hush-hush"}})
    export = Export(server.api_url, capsys)
    assert "hush-hush" in export()
    assert "prefect_variable.settings: value is written as it is, and may hold a secret\n" in export.errors
    assert "hush-hush" not in export.errors


def test_files_of_others_stay(export: Export, tmp_path: Path) -> None:
    """A file that somebody else wrote is not replaced; one of an earlier export is, or goes when it is no longer."""
    files = export.into(tmp_path, "--kind", "variable", "--kind", "flow")
    (tmp_path / "providers.tf").write_text('provider "prefect" {}\n')
    left = export.into(tmp_path, "--kind", "flow")
    assert sorted(files) == ["flows.tf", "imports.tf", "terraform.tf", "variables.tf"]
    assert sorted(left) == ["flows.tf", "imports.tf", "providers.tf", "terraform.tf"]
    assert "deleted variables.tf, which an earlier export has written" in export.errors

    (tmp_path / "flows.tf").write_text("# mine\n")
    before = export.into(tmp_path, "--kind", "variable", "--kind", "flow")
    assert export.code == 1
    assert "`flows.tf` in " in export.errors
    assert "would be replaced, which no export has written" in export.errors
    assert before["flows.tf"] == "# mine\n"
    assert "variables.tf" not in before


def test_names_stay_when_others_come(
    prefect_servers: Callable[..., PrefectServer], capsys: pytest.CaptureFixture[str]
) -> None:
    """Of names that come to the same, the older one keeps it; a condition changes no name either."""
    server = prefect_servers(services=False)
    export = Export(server.api_url, capsys)

    def labels(*options: str) -> dict[str, str]:
        blocks: list[Any] = export("--kind", "flow", *options).split('resource "prefect_flow" "')[1:]
        return {one.split('name = "')[1].split('"')[0]: one.split('"')[0] for one in blocks}

    server.call("POST", "/flows/", {"name": "b.a"})
    assert labels() == {"b.a": "b_a"}
    id_ = server.call("POST", "/flows/", {"name": "B a"})["id"]
    assert labels() == {"b.a": "b_a", "B a": f"b_a_{id_[:8]}"}
    assert labels("--name", "B a") == {"B a": f"b_a_{id_[:8]}"}


def test_commands_of_the_guide(server: PrefectServer, terraform: Callable[..., Workspace]) -> None:
    """Every command of docs/export.md works as it is written."""
    workspace = terraform(
        'resource "prefect_variable" "v" { \n name = "guide"\n value = 1\n}', api_url=server.api_url
    )
    workspace.apply()
    commands = commands_of("export.md")
    assert len(commands) == 6
    for command in commands:
        done = shell(workspace, command)
        assert done.returncode == 0, (command, done.stderr)
    assert " to import, 0 to add, 0 to change, 0 to destroy." in done.stdout
    assert 'name = "guide"' not in (workspace.directory / "rest" / "variables.tf").read_text(encoding="utf-8")
    server.call("DELETE", "/variables/name/guide")
