"""Times the constructs: import, and a stack of many automations that an event runs, up to its JSON.

Takes how many (1,000 when left out) and the runtime (`cdktn`). Needs Node. Timings depend on the machine:
compare within one run.
"""

import sys
import time
from importlib import import_module

NUMBER = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
RUNTIME = sys.argv[2] if len(sys.argv) > 2 else "cdktn"


def main() -> None:
    """Import, construct, synthesize; print the seconds that each took."""
    times = [time.perf_counter()]
    cdk = import_module(RUNTIME)
    times.append(time.perf_counter())
    constructs = import_module("prefect_constructs")
    times.append(time.perf_counter())
    stack = cdk.TerraformStack(cdk.Testing.app(), "stack")
    constructs.PrefectProvider(stack, "prefect")
    deployment = constructs.Deployment(stack, "d", flow_name="f")
    for index in range(NUMBER):
        deployment.on(
            constructs.EventTrigger(match={"prefect.resource.id": f"resource.{index}"}, expect=["pinged"]),
            parameters={"param_1": "{{ event }}"},
            name=f"a-{index}",
        )
    times.append(time.perf_counter())
    size = len(cdk.Testing.synth(stack))
    times.append(time.perf_counter())
    steps = (
        f"import {RUNTIME}",
        "import prefect_constructs",
        f"construct {NUMBER}",
        f"synthesize {size // 1000} kB",
    )
    for step, before, after in zip(steps, times[:-1], times[1:], strict=True):
        print(f"{step:30} {after - before:6.2f} s")


if __name__ == "__main__":
    main()
