"""What was deleted on a real server, printed as code that makes it again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.commands.main import main
from prefect_iac.configuration.labels import label_of
from tests.environment.processes import wait_until
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

SECRET = "hush-hush-hush"
TRIGGER = {
    "type": "event",
    "posture": "Reactive",
    "expect": ["orders.*"],
    "match": {"prefect.resource.id": "shop.${not a template}.*"},
    "for_each": ["prefect.resource.id"],
    "threshold": 3,
    "within": 60,
}


@pytest.fixture
def server(prefect_server: PrefectServer, monkeypatch: pytest.MonkeyPatch) -> PrefectServer:
    """The server that the command asks."""
    monkeypatch.setenv("PREFECT_API_URL", prefect_server.api_url)
    return prefect_server


def deleted(server: PrefectServer, path: str, kind: str, body: dict[str, Any]) -> str:
    """Make an object and delete it; returns its id once the server has kept the event."""
    id_ = str(server.call("POST", f"{path}/", body)["id"])
    server.call("DELETE", f"{path}/{id_}")
    asked = {
        "filter": {
            "event": {"name": [f"prefect.{kind}.deleted"]},
            "resource": {"id": [f"prefect.{kind}.{id_}"]},
        }
    }
    wait_until(
        lambda: server.call("POST", "/events/filter", asked)["total"] > 0,
        what="the event of the deletion",
        seconds=120,
    )
    return id_


def without_ids(document: Any) -> Any:
    """A trigger without the ids that the server gives."""
    match document:
        case dict():
            return {key: without_ids(item) for key, item in document.items() if key != "id"}
        case list():
            return [without_ids(item) for item in document]
    return document


def test_everything_comes_back(
    server: PrefectServer,
    terraform: Callable[..., Workspace],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Terraform applies what is printed, and the server has the object as it was, though not its id."""
    names = {kind: unique(kind) for kind in ("automation", "variable", "limit", "tag")}
    value = {"region": "eu", "list": [1, None, "${x} %{y}"], "odd key": {"a": 'quote"\n'}}
    automation = {
        "name": names["automation"],
        "description": 'Says "no"\n${twice}',
        "enabled": False,
        "tags": ["a", "b"],
        "trigger": TRIGGER,
        "actions": [
            {"type": "do-nothing"},
            {"type": "run-deployment", "source": "inferred", "parameters": {"token": SECRET, "n": 1}},
        ],
    }
    made = server.call("POST", "/automations/", automation)
    before = server.call("GET", f"/automations/{made['id']}")
    server.call("DELETE", f"/automations/{made['id']}")
    deleted(server, "/automations", "automation", automation)
    deleted(server, "/variables", "variable", {"name": names["variable"], "value": value, "tags": ["t"]})
    deleted(
        server,
        "/v2/concurrency_limits",
        "concurrency-limit",
        {"name": names["limit"], "limit": 7, "slot_decay_per_second": 0.5},
    )
    deleted(server, "/concurrency_limits", "concurrency-limit", {"tag": names["tag"], "concurrency_limit": 4})
    written = []
    for name in names.values():
        assert main(["restore", name, "--show-values"]) == 0
        written.append(capsys.readouterr().out)
    assert f"1 more. Restore one by its id: {made['id']}\n" in written[0]
    assert main(["restore", made["id"]]) == 0
    assert f"its id was {made['id']}." in capsys.readouterr().out
    assert "import" not in "".join(written)

    head = 'terraform {\n  required_providers {\n    prefect = { source = "prefect-iac/prefect" }\n  }\n}\n'
    workspace = terraform(head + "\n".join(written), provider=False)
    workspace.apply()

    [again] = [one for one in server.listed("/automations") if one["name"] == names["automation"]]
    for field in ("description", "enabled", "tags", "trigger", "actions"):
        assert without_ids(again[field]) == without_ids(before[field]), field
    assert server.call("GET", f"/variables/name/{names['variable']}")["value"] == value
    limit = server.call("GET", f"/v2/concurrency_limits/{names['limit']}")
    assert (limit["limit"], limit["slot_decay_per_second"]) == (7, 0.5)
    assert server.call("GET", f"/concurrency_limits/tag/{names['tag']}")["concurrency_limit"] == 4
    workspace.run("fmt", "-check", "-diff", check=True)
    workspace.assert_no_changes()
    workspace.destroy()


def test_values_are_hidden(server: PrefectServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Unless asked for, neither a variable's value nor parameters are printed, and what is hidden cannot be applied."""
    variable, automation = unique("v"), unique("a")
    deleted(server, "/variables", "variable", {"name": variable, "value": SECRET})
    run = {"type": "run-deployment", "source": "inferred", "parameters": {"n": SECRET}}
    deleted(server, "/automations", "automation", {"name": automation, "trigger": TRIGGER, "actions": [run]})

    for name in (variable, automation):
        assert main(["restore", name]) == 0
        text = capsys.readouterr().out
        assert SECRET not in text
        assert "= null # hidden; --show-values prints it" in text


def test_by_address_and_by_state(
    server: PrefectServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address tells the type and the label, and a state which object was meant of those of a name."""
    name = unique("twin").replace("-", "_")
    first = deleted(server, "/variables", "variable", {"name": name, "value": "first"})
    deleted(server, "/variables", "variable", {"name": name, "value": "second"})
    deleted(server, "/v2/concurrency_limits", "concurrency-limit", {"name": name, "limit": 1})

    assert main(["restore", name]) == 1
    assert "prefect_global_concurrency_limit`, `prefect_variable`" in capsys.readouterr().err
    assert main(["restore", f"prefect_variable.{name}", "--show-values"]) == 0
    assert '"second"' in capsys.readouterr().out

    resource = {
        "mode": "managed",
        "type": "prefect_variable",
        "name": "region",
        "instances": [{"schema_version": 1, "attributes": {"id": first}}],
    }
    state = tmp_path / "s.tfstate"
    state.write_text(json.dumps({"version": 4, "resources": [resource]}), encoding="utf-8")
    assert main(["restore", "prefect_variable.region", "--state", str(state), "--show-values"]) == 0
    text = capsys.readouterr().out
    assert 'resource "prefect_variable" "region" {' in text
    assert '"first"' in text
    assert main(["restore", "prefect_variable.other", "--state", str(state)]) == 1
    assert "there is no prefect_variable.other in the state" in capsys.readouterr().err


def test_nothing_of_that_name(server: PrefectServer, capsys: pytest.CaptureFixture[str]) -> None:
    """What was not deleted, or too long ago, is said with the names that were; the exit code is 1."""
    name = unique("present")
    deleted(server, "/variables", "variable", {"name": name, "value": "x"})

    assert main(["restore", f"{name}x"]) == 1
    error = capsys.readouterr().err
    assert f'"{name}x" is in the events of deletions of the last 7 days. Deleted were `{name}`' in error
    assert main(["restore", "nothing-like-this-at-all"]) == 1


@pytest.mark.parametrize(
    ("name", "label"),
    [("a-b_c", "a-b_c"), ("Überall läuft", "berall_l_uft"), ("1st", "_1st"), ("!!", "restored")],
)
def test_labels(name: str, label: str) -> None:
    """A name becomes one that Terraform takes."""
    assert label_of(name) == label
