"""Without Lambda: what the module has EventBridge send, sent to a real server."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.aws.input_transformer import transformed
from tests.aws.told import event_of
from tests.environment.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

KEY = "in/ä b+c.csv"
API = "https://prefect.example.com/api"


def planned(aws: Callable[..., Workspace], modules: Path, **given: Any) -> dict[str, Any]:
    """The outputs of the module as it is planned."""
    block = {
        "source": str(modules / "modules" / "api-destination"),
        "name": "landed",
        "bucket": "incoming",
        "api_url": API,
        "api_key": "pnu_1",
        **given,
    }
    names = ("endpoint", "input_paths", "input_template")
    outputs = {name: {"value": f"${{module.it.{name}}}"} for name in names}
    plan = aws({"module": {"it": block}, "output": outputs}).plan()
    return {name: plan.json["planned_values"]["outputs"][name]["value"] for name in names}


def sent(server: PrefectServer, made: dict[str, Any], event: dict[str, Any]) -> Any:
    """Call the server as EventBridge would call it."""
    body = transformed(made["input_paths"], made["input_template"], event)
    return server.call("POST", made["endpoint"].removeprefix(API), json.loads(body))


def test_events(aws: Callable[..., Workspace], modules: Path, prefect_server: PrefectServer) -> None:
    """The body is a list with an event that Prefect takes, under EventBridge's own id; twice, it is there once."""
    made = planned(aws, modules)
    bucket = f"incoming-{uuid4().hex[:8]}"
    event = event_of(KEY, bucket=bucket, time=datetime.now(UTC).isoformat()) | {"id": str(uuid4())}
    for _ in range(2):
        sent(prefect_server, made, event)
    wanted = {"filter": {"resource": {"id": [f"s3.bucket.{bucket}"]}}}

    def stored() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = prefect_server.call("POST", "/events/filter", wanted)["events"]
        return found

    wait_until(lambda: bool(stored()), what="event of an object", seconds=150.0)
    (one,) = stored()
    assert one["id"] == event["id"]
    assert one["event"] == "s3.object.created"
    assert one["resource"] == {
        "prefect.resource.id": f"s3.bucket.{bucket}",
        "prefect.resource.name": bucket,
    }
    assert one["payload"] == {
        "bucket": bucket,
        "key": KEY,
        "size": 1024,
        "etag": event["detail"]["object"]["etag"],
    }


def test_runs(aws: Callable[..., Workspace], modules: Path, prefect_server: PrefectServer) -> None:
    """The body makes a run with parameters of any form, one for each request to S3, whatever the key has in it."""
    flow = prefect_server.call("POST", "/flows/", {"name": f"of-eventbridge-{uuid4().hex[:8]}"})
    try:
        body = {"name": "load", "flow_id": flow["id"]}
        deployment = prefect_server.call("POST", "/deployments/", body)
        parameters = {
            "key": "$.detail.object.key",
            "size": "$.detail.object.size",
            "about": "$.detail.object",
        }
        made = planned(aws, modules, deployment_id=deployment["id"], parameters=parameters)
        event = event_of('in/"quoted" \\ <b>.csv')
        run = sent(prefect_server, made, event)
        assert run["parameters"] == {
            "key": 'in/"quoted" \\ <b>.csv',
            "size": 1024,
            "about": event["detail"]["object"],
        }
        told_again = event | {"id": str(uuid4())}
        assert sent(prefect_server, made, told_again)["id"] == run["id"]
        stored_again = event | {"detail": event["detail"] | {"request-id": "C3D13FE58DE4C810"}}
        assert sent(prefect_server, made, stored_again)["id"] != run["id"]
    finally:
        prefect_server.call("DELETE", f"/flows/{flow['id']}")
