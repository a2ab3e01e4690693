"""`prefect-iac review` on a real server, with plans of the real terraform."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from prefect_iac.commands.main import main
from tests.environment.fault_proxy import FaultProxy
from tests.plan.test_reading import RECORDED
from tests.review.plans import LOOP, OLD, SECRETS, planned, reviewed, with_history

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace


def of(document: Any, rule: str) -> list[Any]:
    """The findings of a rule."""
    return [one for one in document["findings"] if one["rule"].endswith(rule)]


def test_a_loop_is_told_before_it_is_applied_and_no_more_when_it_was_there(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace], capsys: pytest.CaptureFixture[str]
) -> None:
    """The plan that makes a loop has a finding; one that changes something else tells it apart, and fails nothing."""
    url = prefect_server.api_url
    configuration = LOOP.replace("NAME", "reviewed")
    workspace = terraform(configuration)

    code, document = reviewed(capsys, planned(workspace), "--endpoint", url)

    assert code == 2
    (loop,) = of(document, "/loop")
    assert "prefect_automation.restart" in loop["subject"]
    assert document["summary"]["changes"] == {"create": 3}
    assert document["backtest"]["events"] >= 0
    assert document["incomplete"] == []

    workspace.apply()
    workspace.write(configuration.replace('"etl.py:etl"', '"etl.py:main"'))
    code, document = reviewed(capsys, planned(workspace), "--endpoint", url)
    assert code == 0, document["findings"]
    assert of(document, "/loop") == []
    assert [one["subject"] for one in document["before"] if one["rule"].endswith("/loop")] == [
        loop["subject"]
    ]
    (change,) = document["changes"]
    assert [(one["attribute"], one["was"], one["is"]) for one in change["changes"]] == [
        ("entrypoint", "etl.py:etl", "etl.py:main")
    ]
    workspace.destroy()


def test_what_would_have_happened_and_what_is_lost(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace], capsys: pytest.CaptureFixture[str]
) -> None:
    """Runs that failed make the planned automation fire in the review; runs of a flow that goes are in the verdict."""
    workspace = terraform(
        LOOP.replace("NAME", "happened").partition('resource "prefect_automation"')[0] + OLD
    )
    plan = with_history(workspace, prefect_server, LOOP.replace("NAME", "happened"))

    code, document = reviewed(capsys, plan, "--endpoint", prefect_server.api_url)
    assert code == 2
    (tested,) = document["backtest"]["automations"]
    assert (tested["now"], tested["planned"]["least"]) == (None, 3)
    assert [one["numbers"]["runs"] for one in document["impact"]["effects"] if "runs" in one["numbers"]] == [
        2
    ]

    main(["review", str(plan), "--endpoint", prefect_server.api_url, "--format", "markdown"])
    lines = capsys.readouterr().out.splitlines()
    assert "1 flow destroyed; 2 runs lost; 1 to create." in lines[0]
    (row,) = (line for line in lines if line.startswith("| create |"))
    assert "would have fired 3 times in 7 days" in row
    (row,) = (line for line in lines if line.startswith("| destroy |"))
    assert "2 runs go with it" in row
    titles = [line for line in lines if line.startswith("<details>")]
    titles = [title.removeprefix("<details><summary>").removesuffix("</summary>") for title in titles]
    # The server is shared: other tests' automations may be there as well, and what is wrong with them.
    assert titles[0].startswith("Event graph (1 of ")
    assert [title for title in titles[1:] if not title.startswith("Was so before: ")] == [
        "Backtest",
        "Firings of happened-restart",
        "Plan by object",
    ]
    workspace.destroy()


def test_what_somebody_looks_away_from_is_counted(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace], capsys: pytest.CaptureFixture[str]
) -> None:
    """A comment beside the block, with a reason: the finding is suppressed, and fails nothing; its line is known."""
    configuration = LOOP.replace("NAME", "looked-away")
    comment = "# prefect-iac: ignore[lint/loop] the runs end by themselves\n"
    block = 'resource "prefect_automation" "restart"'
    workspace = terraform(configuration.replace(block, comment + block))
    plan = planned(workspace)
    arguments = (plan, "--endpoint", prefect_server.api_url, "--sources", workspace.directory)

    code, document = reviewed(capsys, *arguments)

    assert code == 0, document["findings"]
    (loop,) = of(document, "/loop")
    assert loop["suppressed"] == "the runs end by themselves"
    assert loop["location"]["file"].endswith("main.tf")
    assert document["summary"]["suppressed"] == 1
    assert main(["review", *map(str, arguments)]) == 0
    assert "1 suppressed. 3 to create." in capsys.readouterr().out


def test_a_server_as_it_is(
    prefect_servers: Callable[..., PrefectServer],
    terraform: Callable[..., Workspace],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Without a plan everything that is there counts: first nothing, and then a loop."""
    server = prefect_servers()
    code, document = reviewed(capsys, "--live", "--endpoint", server.api_url)
    assert (code, document["findings"], document["plan"], document["drift"]) == (0, [], None, None)
    workspace = terraform(LOOP.replace("NAME", "live"), api_url=server.api_url)
    workspace.apply()
    code, document = reviewed(capsys, "--live", "--endpoint", server.api_url)
    assert code == 2
    assert of(document, "/loop")
    assert (document["changes"], document["before"]) == ([], [])
    assert [one["name"] for one in document["backtest"]["automations"]] == ["live-restart"]
    workspace.destroy()


def test_a_server_that_is_not_the_one_of_the_plan(
    prefect_server: PrefectServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the plan destroys elsewhere is no plan without consequences: review and impact say that they cannot tell."""
    plan = tmp_path / "plan.json"
    change = {"actions": ["delete"], "before": {"id": str(uuid4()), "name": "elsewhere"}, "after": None}
    provider = "registry.terraform.io/prefect-iac/prefect"
    flow = {
        "address": "prefect_flow.away",
        "type": "prefect_flow",
        "provider_name": provider,
        "change": change,
    }
    plan.write_text(json.dumps({"format_version": "1.2", "resource_changes": [flow]}), encoding="utf-8")

    code, document = reviewed(capsys, plan, "--endpoint", prefect_server.api_url, "--no-history")
    [said] = document["findings"]
    assert (code, said["rule"], said["level"]) == (2, "review/incomplete", "warning")
    assert "prefect_flow.away" in said["message"]
    assert "--endpoint" in said["message"]
    assert main(["impact", str(plan), "--endpoint", prefect_server.api_url]) == 2
    assert "prefect_flow.away is not on this server" in capsys.readouterr().out
    assert main(["lint", str(plan), "--endpoint", prefect_server.api_url]) in (0, 2)
    assert "prefect_flow.away" in capsys.readouterr().err
    # Without a server nothing is missed.
    assert reviewed(capsys, plan, "--offline")[0] == 0


def test_nothing_to_say(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace], capsys: pytest.CaptureFixture[str]
) -> None:
    """A plan without changes is 0, and one line of verdict."""
    workspace = terraform('resource "prefect_flow" "one" { name = "review-silent" }')
    workspace.apply()
    plan = planned(workspace)
    assert main(["review", str(plan), "--endpoint", prefect_server.api_url]) == 0
    assert "Nothing found. The plan changes nothing in Prefect." in capsys.readouterr().out
    workspace.destroy()


def test_what_is_lost_comes_first(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace], capsys: pytest.CaptureFixture[str]
) -> None:
    """A flow that goes takes a deployment of others with it: in the verdict, and in the first row."""
    name = "review-lost"
    configuration = f'resource "prefect_flow" "etl" {{ name = "{name}" }}'
    workspace = terraform(configuration)
    workspace.apply()
    flow = workspace.state()["prefect_flow.etl"]["id"]
    prefect_server.call("POST", "/deployments/", {"name": "adhoc", "flow_id": flow})
    workspace.write('resource "prefect_flow" "other" { name = "review-other" }')
    plan = planned(workspace)

    main(["review", str(plan), "--endpoint", prefect_server.api_url, "--format", "markdown"])
    lines = capsys.readouterr().out.splitlines()

    assert lines[0].startswith("### ")
    assert "1 flow destroyed" in lines[0]
    assert "1 deployment" in lines[0]
    rows = [line for line in lines if line.startswith(("| destroy", "| create"))]
    assert rows[0].startswith("| destroy | prefect\\_flow.etl (review-lost)")
    assert "review-lost/adhoc" in rows[0]
    assert "not managed here" in rows[0]
    assert rows[1].startswith("| create | prefect\\_flow.other (review-other)")
    workspace.apply()


def test_drift_before_the_plan_has_its_author(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace], capsys: pytest.CaptureFixture[str]
) -> None:
    """What somebody changed behind Terraform's back is told with what the evidence carries."""
    configuration = """
resource "prefect_work_pool" "pool" {
  name        = "review-drift"
  type        = "process"
  description = "as configured"
}
"""
    workspace = terraform(configuration)
    workspace.apply()
    prefect_server.call("PATCH", "/work_pools/review-drift", {"description": "by hand"})
    plan = planned(workspace)

    code, document = reviewed(capsys, plan, "--endpoint", prefect_server.api_url)

    assert code == 0
    (changed,) = document["drift"]["changed"]
    (place,) = changed["changes"]
    assert (place["attribute"], place["was"], place["is"]) == ("description", "as configured", "by hand")
    assert place["cause"]["kind"] in ("outside", "unknown")
    main(["review", str(plan), "--endpoint", prefect_server.api_url])
    shown = capsys.readouterr().out
    assert "Drift before this plan: 1 object" in shown
    assert '"as configured" -> "by hand"' in shown
    main(["review", str(plan), "--offline"])
    assert "who" not in capsys.readouterr().out
    workspace.destroy()


def test_one_reading_serves_all(
    prefect_servers: Callable[..., PrefectServer],
    terraform: Callable[..., Workspace],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With fifty objects that change, a review asks no more often than with one, and changes nothing."""
    server = prefect_servers(services=False)
    asked: dict[int, list[tuple[str, str]]] = {}
    for number in (1, 50):
        configuration = f"""
resource "prefect_automation" "each" {{
  count   = {number}
  name    = "review-many-${{count.index}}"
  trigger = {{ event = {{ posture = "Reactive", expect = ["orders.${{count.index}}"] }} }}
  actions = [{{ type = "do-nothing" }}]
}}
resource "prefect_flow" "each" {{
  count = {number}
  name  = "review-many-${{count.index}}"
}}
"""
        workspace = terraform(configuration, api_url=server.api_url)
        workspace.apply()
        workspace.write(
            configuration.replace('"orders.', '"bills.').replace("name  =", 'tags = ["a"]\n  name  =')
        )
        plan = planned(workspace)
        with FaultProxy(server.url) as proxy:
            code, document = reviewed(capsys, plan, "--endpoint", proxy.api_url)
            asked[number] = [(exchange.method, exchange.path) for exchange in proxy.seen]
        assert code in (0, 2)
        assert document["summary"]["changes"] == {"update": 2 * number}
        workspace.destroy()
    assert sorted(asked[50]) == sorted(asked[1])
    assert len(asked[50]) <= 15
    assert {method for method, _ in asked[50]} <= {"GET", "POST"}
    reading = ("/filter", "/count", "/next", "/count-by/event")
    assert [path for method, path in asked[50] if method == "POST" and not path.endswith(reading)] == []


def test_whatever_a_plan_does_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Each kind of change with what there is to tell of it, what is lost first; and the action that Terraform does."""
    code, document = reviewed(capsys, RECORDED / "terraform-1.15.json", "--offline")
    assert code == 0
    told = {one["action"]: (one["address"], one["notes"]) for one in document["changes"]}
    assert list(told) == ["destroy", "replace", "update", "create", "import", "move", "forget", "invoke"]
    assert told["replace"] == ("prefect_flow.renamed", ["replaced because of name"])
    assert told["move"] == ("prefect_flow.new", ["moved from prefect_flow.old"])
    created = "after create of prefect_deployment.created"
    assert told["invoke"] == ("action.prefect_run_deployment.first", [created])
    assert [one["address"] for one in document["drift"]["changed"]] == ["prefect_variable.drifted"]


def test_a_server_that_is_away_hides_nothing_of_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    """The plan is reviewed all the same; that the server was not seen is one warning."""
    plan = RECORDED / "terraform-1.11.json"
    code, document = reviewed(capsys, plan, "--endpoint", "http://127.0.0.1:9/api")
    assert code == 2
    assert [(one["rule"], one["subject"]) for one in document["findings"]] == [
        ("review/incomplete", "the server")
    ]
    code, offline = reviewed(capsys, plan, "--offline")
    assert code == 0
    assert document["changes"] == offline["changes"]
    assert offline["summary"]["changes"]["destroy"] == 1
    assert main(["review", "--live", "--endpoint", "http://127.0.0.1:9/api"]) == 1
    assert "127.0.0.1:9" in capsys.readouterr().err


class Refusing(FaultProxy):
    """A gateway that lets nobody see some things."""

    def __init__(self, upstream: str, *hidden: str) -> None:
        super().__init__(upstream)
        self.hidden = hidden

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """The server's answer, or a refusal."""
        if any(one in path for one in self.hidden):
            return 403, "application/json", b'{"detail": "Forbidden"}'
        return super().ask(method, path, body, headers)


def test_what_may_not_be_seen_hides_nothing_else(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the right to see events and blocks the loop is found; the events are a warning, the blocks a note."""
    workspace = terraform(LOOP.replace("NAME", "refused"))
    plan = planned(workspace)
    with Refusing(prefect_server.url, "/events", "/block_documents") as proxy:
        code, document = reviewed(capsys, plan, "--endpoint", proxy.api_url)
    assert code == 2
    assert of(document, "/loop")
    levels = {one["subject"]: one["level"] for one in of(document, "review/incomplete")}
    assert levels == {"the history": "warning", "prefect_block": "note"}


@pytest.mark.parametrize("damage", ["object", "errored"])
def test_a_damaged_object_hides_no_other(
    damage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One object that cannot be read, and a plan that ended early, are findings; the rest is reviewed."""
    document = json.loads((RECORDED / "terraform-1.11.json").read_text(encoding="utf-8"))
    if damage == "object":
        (created,) = (
            one for one in document["resource_changes"] if one["address"] == "prefect_deployment.created"
        )
        created["change"]["after"]["name"] = {"odd": 1}
    else:
        document["errored"] = True
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document), encoding="utf-8")
    code, found = reviewed(capsys, plan, "--offline")
    assert code == 2
    subject = "prefect_deployment.created" if damage == "object" else "the plan"
    assert [one["subject"] for one in of(found, "review/incomplete")] == [subject]
    assert found["summary"]["changes"]["destroy"] == 1


@pytest.mark.parametrize("format_", ["text", "markdown", "json", "sarif", "junit", "page"])
def test_no_secret_is_in_any_format(
    format_: str,
    prefect_server: PrefectServer,
    terraform: Callable[..., Workspace],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Values of variables, blocks, parameters and environments are nowhere; that they change is told."""
    name = f"hushed-{format_}-{uuid4().hex[:4]}"
    configuration = SECRETS.replace("NAME", name).replace("UNDER", name.replace("-", "_"))
    workspace = terraform(configuration.replace("VERSION", "1"))
    plans = [planned(workspace).rename(workspace.directory / "first.json")]
    workspace.apply()
    workspace.write(configuration.replace("VERSION", "2"))
    plans.append(planned(workspace))
    for plan in plans:
        page = workspace.directory / "page.html"
        arguments = ["--html", str(page)] if format_ == "page" else ["--format", format_]
        assert main(["review", str(plan), "--endpoint", prefect_server.api_url, *arguments]) in (0, 2)
        shown = page.read_text(encoding="utf-8") if format_ == "page" else capsys.readouterr().out
        assert "hush-" not in shown
        if format_ in ("text", "markdown", "json", "page"):
            assert "(sensitive)" in shown
    if format_ == "json":
        found = json.loads(shown)
        told = {(one["type"], place["attribute"]) for one in found["changes"] for place in one["changes"]}
        assert {
            ("prefect_variable", "value"),
            ("prefect_block", "data"),
            ("prefect_deployment", "parameters"),
            ("prefect_deployment", "job_variables.env"),
            ("prefect_deployment", "schedules.daily.parameters"),
            ("prefect_automation", "actions[0].parameters"),
            ("prefect_automation", "actions[0].job_variables"),
        } <= told
        assert ("prefect_deployment", "schedules.daily.cron") in told
    workspace.destroy()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "expected either a plan or --live"),
        (["{plan}", "--offline", "--no-history", "--events", "x.ndjson"], "--no-history"),
        (["{plan}", "--offline", "--since", "soon"], "--since"),
        (["{plan}", "--offline", "--label", "x"], "--comment"),
        (["no-such-file", "--offline"], "No such file"),
    ],
)
def test_what_cannot_be_done(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It is one line on standard error, and 1."""
    plan = str(RECORDED / "terraform-1.11.json")
    assert main(["review", *(plan if one == "{plan}" else one for one in arguments)]) == 1
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1
