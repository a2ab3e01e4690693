"""`prefect-iac backtest` and `prefect-iac why` as people call them: on a real server, with real plans and events."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from prefect_iac.backtest.subjects import subjects_of
from prefect_iac.commands.main import main
from prefect_iac.history.sources import save_events
from prefect_iac.plan.placeholders import placeholder, with_values
from prefect_iac.plan.reading import read_plan
from prefect_iac.workspace.outlook import outlook_of
from prefect_provider.events.behaviour import NEWEST
from prefect_provider.events.triggers import CompositeTrigger, EventTrigger, compile_automation
from tests.backtest.made import change, plan_text
from tests.environment.guides import commands_of, save_plan, shell
from tests.environment.processes import wait_until
from tests.graph.made import automation, on, run
from tests.history.made_up import event
from tests.objects.terraform_core import unique
from tests.plan.test_proof import AUTOMATIONS, HOLDING

if TYPE_CHECKING:
    from collections.abc import Callable

    from prefect_provider.events.triggers import Trigger
    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

ROOT = Path(__file__).resolve().parent.parent.parent

_CONFIGURATION = """
resource "prefect_automation" "alert" {
  name = "late-orders"
  trigger = { event = {
    posture   = "Reactive"
    expect    = ["STEM.late"]
    threshold = 1
    within    = 600
  } }
  actions = [{ type = "do-nothing" }]
}
"""


def _emitted(server: PrefectServer, stem: str, number: int = 6) -> list[str]:
    """The ids of events of the last hours, one every ten minutes, that the server keeps."""
    begin = datetime.now(UTC) - timedelta(hours=3)
    events = [
        {
            "id": str(uuid4()),
            "occurred": (begin + timedelta(minutes=20 * place)).isoformat(),
            "event": f"{stem}.late",
            "resource": {"prefect.resource.id": f"order.{place}"},
            "payload": {"token": "hunter2-hunter2"},
        }
        for place in range(number)
    ]
    server.call("POST", "/events", events)
    asked = {"filter": {"event": {"name": [f"{stem}.late"]}}, "limit": 0}
    wait_until(
        lambda: server.call("POST", "/events/filter", asked)["total"] >= number,
        what="the server to keep the events",
        seconds=120,
    )
    return [str(one["id"]) for one in events]


def test_commands_of_the_guide(prefect_server: PrefectServer, terraform: Callable[..., Workspace]) -> None:
    """Every command of docs/backtest.md works as it is written, and counts what happened before the plan is applied."""
    stem = unique("orders")
    ids = _emitted(prefect_server, stem)
    workspace = terraform(_CONFIGURATION.replace("STEM", stem))
    workspace.apply()
    workspace.write(_CONFIGURATION.replace("STEM", stem).replace("threshold = 1", "threshold = 2"))
    save_plan(workspace)
    commands = commands_of("backtest.md")
    assert len(commands) == 8
    for command in commands:
        done = shell(workspace, command.replace("EVENT-ID", ids[-1]))
        assert done.returncode in (0, 2), (command, done.stderr)
        assert "hunter2" not in done.stdout + done.stderr
        if "backtest" in command and "--live" not in command and "--check" not in command:
            assert done.returncode == 2, (command, done.stdout)
            assert re.search(r"~ late-orders +6 +0", done.stdout), (command, done.stdout)
        if "--check" in command:
            assert done.returncode == 0
        if " why " in command:
            assert done.returncode == (2 if "--plan" in command else 0), done.stdout
    page = (workspace.directory / "review.html").read_text(encoding="utf-8")
    assert "late-orders" in page
    assert "hunter2" not in page
    found = json.loads(shell(workspace, "prefect-iac backtest plan.json --format json").stdout)
    (one,) = found["automations"]
    assert (one["now"]["most"], one["planned"]["most"], one["no_longer"]["count"]) == (6, 0, 6)
    # The page is under the day of the event, which need not be that of the firing.
    [event] = prefect_server.call("POST", "/events/filter", {"filter": {"id": {"id": [ids[-1]]}}})["events"]
    assert one["no_longer"]["samples"][-1]["page"] == (
        f"{prefect_server.url}/events/event/{event['occurred'][:10]}/{ids[-1]}"
    )
    workspace.destroy()


def _form(trigger: Trigger) -> Any:
    """All that a trigger is evaluated by."""
    if isinstance(trigger, EventTrigger):
        return dict(trigger.fields)
    assert isinstance(trigger, CompositeTrigger)
    return [trigger.kind, trigger.needed, trigger.within, [_form(child) for child in trigger.children]]


def test_what_is_evaluated_is_what_is_stored(
    prefect_server: PrefectServer, terraform: Callable[..., Workspace]
) -> None:
    """Automations of every kind: what is evaluated of the plan is, after the apply, what is stored, to the byte.

    The plan is made when none of the objects exists, so that ids in it are placeholders.
    """
    workspace = terraform((HOLDING + AUTOMATIONS).replace("proof-", "evaluated-"))
    outlook = outlook_of(read_plan(json.dumps(workspace.plan().json)), None)
    planned = {one.address: one.planned for one in subjects_of(outlook, NEWEST).subjects}
    workspace.apply("tfplan")
    state = workspace.state()
    ids = {placeholder(address): values["id"] for address, values in state.items()}

    assert len(planned) == 5
    for address, contender in planned.items():
        assert contender is not None
        stored = compile_automation(prefect_server.call("GET", f"/automations/{state[address]['id']}"))
        evaluated = contender.automation
        assert (evaluated.name, evaluated.enabled) == (stored.name, stored.enabled)
        forms = with_values(_form(evaluated.trigger), ids), _form(stored.trigger)
        assert json.dumps(forms[0]) == json.dumps(forms[1])
    workspace.destroy()


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """A plan that makes one automation quieter and another louder, and events of two days."""
    quiet = automation("quiet", on("a.b", threshold=2, within=600))
    plan = plan_text(
        change(automation("quiet", on("a.b")), quiet),
        change(None, automation("restart", on("prefect.flow-run.Failed"), run("a"))),
    )
    (tmp_path / "plan.json").write_text(plan, encoding="utf-8")
    same = automation("same", on("a.b"))
    (tmp_path / "same.json").write_text(
        plan_text(change(same, {**same, "description": "x"})), encoding="utf-8"
    )
    events = [event(60 * number, number=number + 1) for number in range(10)]
    save_events(events, str(tmp_path / "events.ndjson"))
    return {
        "{plan}": str(tmp_path / "plan.json"),
        "{same}": str(tmp_path / "same.json"),
        "{events}": str(tmp_path / "events.ndjson"),
        "{kept}": str(tmp_path / "kept.ndjson.gz"),
        "{id}": events[1]["id"],
    }


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["backtest", "{plan}"], 2, "1 would fire otherwise than now"),
        (["backtest", "{plan}", "--automation", "restart"], 0, "no difference"),
        (
            ["backtest", "{plan}", "--automation", "prefect_automation.quiet", "--automation", "restart"],
            2,
            "quiet",
        ),
        (["backtest", "{same}", "--all"], 0, "no difference"),
        (["backtest", "{plan}", "--engine", "dask"], 2, "1 would fire otherwise than now"),
        (["backtest", "{plan}", "--check", "--max-per-day", "5"], 0, "quiet"),
        (["backtest", "{same}", "--check", "--max-per-day", "5"], 2, "would fire 10 times on 20 Nov 2026"),
        (["backtest", "{plan}", "--since", "2026-11-20T12:05:00Z"], 2, "5 events read"),
        (["backtest", "{plan}", "--save-events", "{kept}"], 2, "10 events read"),
        (["why", "quiet", "{id}", "--plan", "{plan}"], 0, "it fired"),
        (["why", "restart", "{id}", "--plan", "{plan}"], 2, "not about this event"),
    ],
)
# What Dask itself leaves behind in a process that ends its cluster at once.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_without_a_server(
    arguments: list[str], code: int, said: str, places: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A plan and a file of events are enough; the exit code says whether there is anything to look at."""
    given = [places.get(one, one) for one in arguments]

    assert main([*given, "--offline", "--events", places["{events}"]]) == code

    shown = capsys.readouterr()
    assert said in shown.out
    assert not shown.err
    if "--save-events" in arguments:
        assert Path(places["{kept}"]).stat().st_size


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["backtest"], "expected either a plan or --live"),
        (["backtest", "{plan}", "--offline"], "--events"),
        (["backtest", "{plan}", "--offline", "--events", "{events}", "--check"], "--check and --max-per-day"),
        (["backtest", "{plan}", "--offline", "--events", "{events}", "--max-per-day", "3"], "--check"),
        (
            ["backtest", "{plan}", "--offline", "--events", "{events}", "--automation", "none"],
            'no automation "none"',
        ),
        (["backtest", "{plan}", "--offline", "--events", "no.ndjson"], "no such file"),
        (["backtest", "{plan}", "--offline", "--events", "{events}", "--engine", "spark"], "--engine"),
        (["backtest", "{plan}", "--endpoint", "http://127.0.0.1:9/api"], "127.0.0.1:9"),
        (["why", "quiet", "{id}", "--plan", "{plan}", "--offline"], "--events"),
        (["why", "quiet", "{id}", "--offline"], "got both"),
        (["why", "quiet", "gone", "--plan", "{plan}", "--offline", "--events", "{events}"], "no event gone"),
        (
            ["why", "none", "{id}", "--plan", "{plan}", "--offline", "--events", "{events}"],
            'no automation "none"',
        ),
        (["why", "quiet", "{id}", "--plan", "{plan}", "--offline", "--events", "no.ndjson"], "no such file"),
    ],
)
def test_what_cannot_be_done(
    arguments: list[str], said: str, places: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is one line on standard error, and 1."""
    assert main([places.get(one, one) for one in arguments]) == 1
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1
    assert not shown.out


def test_an_event_that_a_server_does_not_have(
    prefect_server: PrefectServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An id that is none, and one that is not there, are said."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_server.api_url)
    name = unique("here")
    prefect_server.call(
        "POST", "/automations/", {"name": name, "trigger": on("a.b"), "actions": [{"type": "do-nothing"}]}
    )

    assert main(["why", name, "seven"]) == 1
    assert 'expected a UUID, got "seven"' in capsys.readouterr().err
    assert main(["why", name, str(uuid4())]) == 1
    assert "on the server, which deletes old ones" in capsys.readouterr().err
