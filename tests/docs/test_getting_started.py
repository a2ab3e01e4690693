"""docs/getting-started.md from top to bottom, on a server of its own and with a real worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.docs.walk import Walk
from tests.environment.processes import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace
    from tests.environment.worker import Worker

NAME = "getting-started-guide"
DRIFT = "terraform state pull | prefect-iac drift"


def test_getting_started(
    prefect_server: PrefectServer,
    prefect_worker: Callable[[str], Worker],
    terraform: Callable[..., Workspace],
) -> None:
    """Every command is run; the visitor is greeted, the change is seen and put right, and nothing is left."""
    workspace = terraform("", provider=False)
    flows = prefect_server.flow_ids()

    def runs() -> list[dict[str, object]]:
        filters = {"deployments": {"name": {"any_": [NAME]}}}
        found: list[dict[str, object]] = prefect_server.call("POST", "/flow_runs/filter", filters)
        return found

    def see() -> None:
        wait_until(
            lambda: any(run["state_type"] == "COMPLETED" for run in runs()), what="a run", seconds=120.0
        )
        (run,) = runs()
        assert run["parameters"] == {"name": "Ada"}

    workers: list[Worker] = []
    walk = Walk(
        workspace,
        replaced={"getting-started": NAME, "visitor.came": "guide.visitor.came"},
        instead={
            "pip install prefect": lambda: None,
            "prefect server start": lambda: None,
            "pip install .": lambda: None,
            "export PREFECT_API_URL=http://127.0.0.1:4200/api": lambda: None,
            f"prefect worker start --pool {NAME}": lambda: workers.append(prefect_worker(NAME)),
        },
        before={
            f"prefect automation pause {NAME}": see,
            # One that polls meanwhile makes the pool again.
            "terraform destroy": lambda: workers.pop().stop(),
        },
        codes={DRIFT: 2},
    )
    walk.go("getting-started.md")

    assert "Plan: 3 to add, 0 to change, 0 to destroy." in walk.said["terraform plan"]
    assert "1 changed" in walk.said["terraform apply"]
    assert "enabled: true -> false" in walk.said[DRIFT]
    assert "3 added" in walk.said["prefect-iac apply main.py"]
    assert "3 destroyed" in walk.said["prefect-iac destroy main.py"]
    for flow in prefect_server.flow_ids() - flows:
        if prefect_server.call("GET", f"/flows/{flow}")["name"] == "hello":
            prefect_server.call("DELETE", f"/flows/{flow}")
