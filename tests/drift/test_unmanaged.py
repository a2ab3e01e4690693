"""What is on a real server and in no state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from prefect_iac.commands.main import main
from prefect_iac.drift.ignoring import read_pattern
from prefect_iac.drift.unmanaged import find_unmanaged
from prefect_provider.objects.auditing import MARK, audit
from prefect_provider.objects.catalogue import Variable
from prefect_provider.plugin.language.types import STRING
from prefect_provider.plugin.language.values import Dynamic
from tests.drift.test_authors import waited
from tests.drift.test_drift import state_file, written
from tests.objects.terraform_core import Managed, World, unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer


@pytest.fixture
def world(prefect_servers: Callable[..., PrefectServer]) -> Iterator[World]:
    """A server of its own: what others make on a shared one would be unmanaged here."""
    world = World(prefect_servers())
    yield world
    world.close()


def found(world: World, *stored: Any, ignored: tuple[str, ...] = ()) -> dict[str, str]:
    """The addresses with what seems to have made each."""
    patterns = [read_pattern(text) for text in ignored]
    unmanaged, _, _ = world.run(find_unmanaged(stored, world.client, patterns))
    return {one.address: one.origin for one in unmanaged}


def made_elsewhere(server: PrefectServer) -> None:
    """Objects as `prefect deploy`, `flow.serve()` and people make them."""

    def post(path: str, **body: Any) -> Any:
        return server.call("POST", path, body)

    flow, served = post("/flows/", name="etl"), post("/flows/", name="served")
    post("/work_pools/", name="pool", type="process")
    post("/work_pools/pool/queues", name="fast")
    deployed = post(
        "/deployments/",
        name="nightly",
        flow_id=flow["id"],
        work_pool_name="pool",
        entrypoint="flows.py:etl",
        pull_steps=[{"prefect.deployments.steps.set_working_directory": {"directory": "/app"}}],
        concurrency_limit=2,
    )
    post("/deployments/", name="here", flow_id=served["id"], entrypoint="flows.py:s")
    trigger = {"type": "event", "posture": "Reactive", "expect": ["x"], "threshold": 1, "within": 0}
    run = {"type": "run-deployment", "source": "selected", "deployment_id": deployed["id"]}
    post("/automations/", name="nightly__automation_1", trigger=trigger, actions=[run])
    for _ in range(2):
        post("/automations/", name="twice", trigger=trigger, actions=[{"type": "do-nothing"}])
    post("/v2/concurrency_limits/", name="db", limit=2)
    post("/concurrency_limits/", tag="gpu", concurrency_limit=2)
    post("/block_types/", name="Own", slug="own")


def test_what_no_state_knows(world: World) -> None:
    """A new server has nothing; of what is made, each object is reported by its names, and what a state has is not."""
    assert found(world) == {}
    made_elsewhere(world.server)
    variable = Managed(world, Variable)
    variable.apply({"name": "mine", "value": Dynamic(STRING, "x")})
    world.call("POST", "/variables/", {"name": "theirs", "value": "hush"})
    [stored] = state_file(written(variable))

    everything = found(world, stored)

    twice = [address for address in everything if address.startswith('prefect_automation["twice')]
    assert len(twice) == 2
    assert {address: origin for address, origin in everything.items() if address not in twice} == {
        'prefect_automation["nightly__automation_1"]': "prefect deploy",
        'prefect_block_type["own"]': "",
        'prefect_deployment["etl/nightly"]': "prefect deploy",
        'prefect_deployment["served/here"]': "flow.serve()",
        'prefect_flow["etl"]': "prefect deploy",
        'prefect_flow["served"]': "flow.serve()",
        'prefect_global_concurrency_limit["db"]': "",
        'prefect_task_run_concurrency_limit["gpu"]': "",
        'prefect_variable["theirs"]': "",
        'prefect_work_pool["pool"]': "",
        'prefect_work_queue["pool/fast"]': "",
    }
    less = found(world, stored, ignored=("prefect_automation", 'prefect_variable["the*"]', "prefect_*_limit"))
    assert less.keys() == {
        address
        for address in everything
        if not address.startswith(("prefect_automation", "prefect_variable")) and "_limit[" not in address
    }


def tfstate(path: Path, name: str, id_: str, value: str) -> str:
    """A state file with a variable."""
    attributes = {"id": id_, "name": name, "value": {"type": "string", "value": value}, "tags": []}
    resource = {
        "mode": "managed",
        "type": "prefect_variable",
        "name": "this",
        "instances": [{"schema_version": 1, "attributes": attributes}],
    }
    path.write_text(json.dumps({"version": 4, "resources": [resource]}), encoding="utf-8")
    return str(path)


def test_the_command_with_several_states(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one of the states has is managed; a finding names its state; what is in none ends with 2, as drift does."""
    server = world.server
    made_elsewhere(server)
    mine, theirs = (
        server.call("POST", "/variables/", {"name": name, "value": "hush"})["id"]
        for name in ("mine", "theirs")
    )
    first = tfstate(tmp_path / "a.tfstate", "mine", mine, "hush")
    second = tfstate(tmp_path / "b.tfstate", "theirs", theirs, "changed")
    monkeypatch.setenv("PREFECT_API_URL", server.api_url)

    assert main(["drift", first, second, "--unmanaged", "--ignore", "prefect_automation"]) == 2
    text = capsys.readouterr().out
    assert f"{second}: prefect_variable.this has changed" in text
    assert 'prefect_deployment["etl/nightly"] is in no state (' in text
    assert "it looks as if made by prefect deploy" in text
    assert "prefect_variable[" not in text
    assert text.endswith("2 objects checked: 1 changed, 0 missing; 9 in no state; 3 ignored.\n"), text

    assert main(["drift", first, second, "--unmanaged", "--format", "json", "--ignore", "prefect_flow"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert document["version"] == 1
    assert document["changed"][0]["state"] == second
    assert document["summary"]["unmanaged"] == len(document["unmanaged"]) == 10
    assert "hush" not in json.dumps(document["unmanaged"])

    assert main(["drift", first, "--unmanaged"]) == 2
    assert main(["drift", first]) == 0


def test_what_another_state_has(world: World) -> None:
    """An object with the mark of an apply is another state's."""
    audit(world.client)
    variable = Managed(world, Variable)
    variable.apply({"name": unique("v"), "value": Dynamic(STRING, "x")})
    waited(world, f"prefect.variable.{variable.id}", MARK)

    assert list(found(world).values()) == ["Terraform, with another state"]
