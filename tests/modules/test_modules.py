"""The Terraform modules: their own tests by `terraform test`, what they refuse, their examples and their pages."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.commands.main import main
from tests.environment.guides import commands_of, save_plan, shell
from tests.environment.terraform import ROOT
from tests.modules.conftest import MODULES, OURS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

NOWHERE = "http://127.0.0.1:9/api"
SOME_ID = "01234567-89ab-cdef-0123-456789abcdef"


@pytest.mark.parametrize("module", OURS)
def test_own_tests(module: str, copied: Callable[[str], Workspace], prefect_server: PrefectServer) -> None:
    """The guide's commands pass in each module: with a mocked provider where no server is, then on one."""
    workspace = copied(module)
    before = prefect_server.flow_ids()
    mocked, real = commands_of("modules.md")
    for command, server in ((mocked, NOWHERE), (real, prefect_server.api_url)):
        workspace.env["PREFECT_API_URL"] = server
        done = shell(workspace, command)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Success!" in done.stdout
        assert "Surprise" not in done.stdout
    assert prefect_server.flow_ids() == before


_TRIGGERS: list[dict[str, Any]] = [
    {},
    {"event": {}, "sequence": {"events": [{}]}},
    {"event": {"expect": ["a"]}, "parameters": "x"},
    {"event": {"expect": ["a"]}, "schedule_after": -1},
    {"event": {"expect": ["a"], "posture": "Eager"}},
    {"event": {"expect": ["a"], "threshold": 0}},
    {"event": {"expect": ["a"], "posture": "Proactive", "within": 5}},
    {"event": {"expect": ["a"], "posture": "Proactive", "after": ["b"]}},
    {"event": {"expect": ["a"], "posture": "Proactive", "for_each": ["prefect.resource.id"]}},
    {"sequence": {"events": []}},
    {"compound": {"require": "3", "events": [{"expect": ["a"]}]}},
    {"compound": {"require": "most", "events": [{"expect": ["a"]}]}},
]

_REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("work-pool-with-queues", "name", {"name": "prefect-pool"}),
    ("work-pool-with-queues", "type", {"type": " "}),
    ("work-pool-with-queues", "concurrency_limit", {"concurrency_limit": 1.5}),
    ("work-pool-with-queues", "base_job_template", {"base_job_template": "[]"}),
    ("work-pool-with-queues", "queues", {"queues": {"a": {"priority": 0}}}),
    ("work-pool-with-queues", "queues", {"queues": {"a": {"priority": 1}, "b": {"priority": 1}}}),
    ("work-pool-with-queues", "queues", {"queues": {"a": {"priority": 1}, "b": {}}}),
    ("work-pool-with-queues", "queues", {"queues": {"a": {"concurrency_limit": -1}}}),
    ("work-pool-with-queues", "queues", {"queues": {" ": {}}}),
    ("alerting", "name", {"name": ""}),
    ("alerting", "alerts", {"alerts": {}}),
    ("alerting", "alerts", {"alerts": {"failed": {"threshold": 0}}}),
    ("alerting", "alerts", {"alerts": {"failed": {"threshold": 2}}}),
    ("alerting", "alerts", {"alerts": {"late": {"within": -1}}}),
    ("alerting", "alerts", {"alerts": {"late": {"count_by": "team"}}}),
    ("alerting", "alerts", {"alerts": {"stuck": {"within": 9}}}),
    ("alerting", "scope", {"scope": {"tags": ["!a"]}}),
    ("deployment-with-triggers", "name", {"name": ""}),
    ("deployment-with-triggers", "entrypoint", {"entrypoint": "flows/etl.py"}),
    ("deployment-with-triggers", "flow", {"flow": {"name": ""}}),
    ("deployment-with-triggers", "parameters", {"parameters": "x"}),
    ("deployment-with-triggers", "parameter_schema", {"parameter_schema": "[]"}),
    ("deployment-with-triggers", "job_variables", {"job_variables": "x"}),
    ("deployment-with-triggers", "concurrency_limit", {"concurrency_limit": 0}),
    ("deployment-with-triggers", "collision_strategy", {"collision_strategy": "WAIT"}),
    ("deployment-with-triggers", "schedules", {"schedules": {"a": {}}}),
    ("deployment-with-triggers", "schedules", {"schedules": {"a": {"cron": "0 3 * * *", "parameters": "x"}}}),
    *(("deployment-with-triggers", "triggers", {"triggers": {"a": trigger}}) for trigger in _TRIGGERS),
]
"""What is refused for itself: the module, the variable, and inputs.

Terraform looks at what one variable says of another only where nothing else is wrong: the modules' own tests have that.
"""

_RIGHT: dict[str, dict[str, Any]] = {
    "work-pool-with-queues": {"name": "refused", "type": "process"},
    "alerting": {"name": "refused", "notification_block_id": SOME_ID},
    "deployment-with-triggers": {"name": "refused", "entrypoint": "flows.py:etl"},
}


def test_refused(terraform: Callable[..., Workspace]) -> None:
    """Each bad input is an error of the plan at the module's argument, whose text names the variable."""
    calls = {
        f"call_{index}": {"source": str(MODULES / module), **_RIGHT[module], **inputs}
        for index, (module, _, inputs) in enumerate(_REFUSED)
    }
    workspace = terraform({"module": calls}, api_url=NOWHERE, provider=False)
    workspace.run("get", check=True)

    plan = workspace.plan(check=False)

    told = [one for one in plan.errors if one.summary == "Invalid value for variable"]
    assert len(told) == len(plan.errors), plan.report()
    for index, (_, variable, inputs) in enumerate(_REFUSED):
        found = [one for one in told if f"/call_{index}/" in one.detail]
        assert [one.detail.partition(": ")[0] for one in found] == [variable], (inputs, found)
        assert found[0].snippet.startswith(
            (f'"{variable}": ', '"name": ', '"source": ', f'"call_{index}": ')
        ), found


def test_examples(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """The examples can be applied together; lint finds nothing to say of them, and the next plan is empty."""
    calls: dict[str, dict[str, Any]] = {
        module: {"source": f"./modules/{module}/examples/basic"} for module in OURS
    }
    calls["alerting"]["slack_webhook_url"] = "https://hooks.example.com/secret"
    workspace = terraform({"module": calls}, provider=False)
    shutil.copytree(MODULES, workspace.directory / "modules")
    workspace.run("get", check=True)
    before = prefect_server.flow_ids()

    save_plan(workspace)
    status = main(["lint", str(workspace.directory / "plan.json"), "--offline", "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    assert report["findings"] == []
    assert status == 0

    try:
        workspace.apply()
        workspace.assert_no_changes()
        assert "hooks.example.com" not in json.dumps(workspace.show_json())
    finally:
        workspace.destroy()
        for flow in prefect_server.flow_ids() - before:
            prefect_server.call("DELETE", f"/flows/{flow}")


def test_readmes(terraform: Callable[..., Workspace]) -> None:
    """What the READMEs show is valid with the modules as they are here."""
    shown = 'variable "slack_webhook_url" {\n  type      = string\n  ephemeral = true\n}\n'
    for module in OURS:
        text = (MODULES / module / "README.md").read_text(encoding="utf-8")
        block = text.partition("```hcl\n")[2].partition("```")[0]
        source = f"github.com/prefect-iac/prefect-iac//modules/{module}"
        assert source in block
        shown += block.replace(source, str(MODULES / module))
    workspace = terraform(shown, api_url=None, provider=False)
    workspace.run("get", check=True)
    assert workspace.validate().errors == []


def test_format(terraform: Callable[..., Workspace]) -> None:
    """The modules are written as `terraform fmt` writes them."""
    workspace = terraform("", api_url=None, provider=False)
    for module in OURS:
        done = workspace.run("fmt", "-check", "-recursive", str(MODULES / module))
        assert (done.exit_code, done.stdout) == (0, ""), module


def test_pages() -> None:
    """The tables of inputs and outputs in the READMEs are those of the code."""
    done = subprocess.run(
        [sys.executable, "scripts/generate_module_pages.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_module_is_told_of() -> None:
    """The guide names each module, and each has what the module registry looks for."""
    guide = (ROOT / "docs" / "modules.md").read_text(encoding="utf-8")
    for module in sorted(one.name for one in MODULES.iterdir()):
        assert f"(../modules/{module}/README.md)" in guide
        files = {str(file.relative_to(MODULES / module)) for file in (MODULES / module).rglob("*.*")}
        needed = {
            "main.tf",
            "variables.tf",
            "outputs.tf",
            "versions.tf",
            "README.md",
            "examples/basic/main.tf",
        }
        assert files >= needed
