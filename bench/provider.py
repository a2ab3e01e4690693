"""Times the provider: start to handshake, start to schema, and `terraform plan` of one object and of many.

Prints medians; needs `make setup`, and starts a Prefect server of its own. Timings depend on the machine: compare
within one run.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.environment.prefect_server import PrefectServer  # noqa: E402
from tests.environment.terraform import Workspace  # noqa: E402

COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
RUNS = 10


def handshake_seconds() -> float:
    """Seconds from the start of the process to its handshake line."""
    program = ROOT / ".cache" / "terraform" / "plugins" / "terraform-provider-prefect"
    environment = os.environ | {"TF_PLUGIN_MAGIC_COOKIE": COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "6"}
    started = time.perf_counter()
    with subprocess.Popen(
        [program], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - started
        process.terminate()
    if not line.startswith(b"1|6|unix|"):
        msg = f"no handshake: {line!r}"
        raise RuntimeError(msg)
    return taken


def mixed(count: int) -> dict[str, Any]:
    """A configuration of ``count`` objects: variables, flows, deployments, automations, in equal numbers."""
    each = count // 4
    names = [f"bench-{index}" for index in range(each)]
    return {
        "prefect_variable": {name: {"name": name, "value": {"n": name}} for name in names},
        "prefect_flow": {name: {"name": name, "tags": ["bench"]} for name in names},
        "prefect_deployment": {
            name: {"name": name, "flow_id": f"${{prefect_flow.{name}.id}}", "parameters": "{}"}
            for name in names
        },
        "prefect_automation": {
            name: {
                "name": name,
                "trigger": {"event": {"posture": "Reactive", "expect": ["bench.event"]}},
                "actions": [
                    {"type": "run-deployment", "deployment_id": f"${{prefect_deployment.{name}.id}}"}
                ],
            }
            for name in names
        },
    }


def median(measure: Callable[[], float], runs: int = RUNS) -> str:
    """The median of several runs, after one that does not count."""
    measure()
    taken = [measure() for _ in range(runs)]
    return f"median {statistics.median(taken):.3f} s (min {min(taken):.3f}, max {max(taken):.3f}, n={runs})"


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    print(f"start to handshake: {median(handshake_seconds)}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        server = PrefectServer(directory / "server")
        server.start()
        try:
            measure_plans(directory, server)
        finally:
            server.stop()


def measure_plans(directory: Path, server: PrefectServer) -> None:
    """Plans of a small and of a large configuration, before and after they were applied."""
    one = Workspace(directory / "one", "", api_url=server.api_url, env={}, provider=True)
    schema = median(lambda: seconds(lambda: one.run("providers", "schema", "-json")))
    print(f"start to schema (terraform providers schema): {schema}", flush=True)
    for label, resources in (
        ("one variable", {"prefect_variable": {"one": {"name": "one", "value": "x"}}}),
        ("500 mixed objects", mixed(500)),
    ):
        space = Workspace(
            directory / label.replace(" ", "-"),
            {"resource": resources},
            api_url=server.api_url,
            env={},
            provider=True,
        )
        runs = RUNS if len(json.dumps(resources)) < 1000 else 3
        print(
            f"plan of {label}, to create: {median(partial(seconds, partial(space.run, 'plan')), runs)}",
            flush=True,
        )
        print(f"apply of {label}: {seconds(space.apply):.1f} s", flush=True)
        print(
            f"plan of {label}, no changes: {median(partial(seconds, partial(space.run, 'plan')), runs)}",
            flush=True,
        )


if __name__ == "__main__":
    main()
