"""Makes an automation with a POST: when a run of a flow takes too long, a deployment runs it again with less to do.

`python slow_run_fallback.py build-names build-names/build-fewer-names`, with PREFECT_API_URL set, and PREFECT_API_KEY
for Prefect Cloud.
"""

import sys

from api import call, id_of


def create_automation(flow: str, deployment: str) -> str:
    """Make it; return its id."""
    ended = ("Completed", "Failed", "TimedOut", "Crashed", "Cancelled")
    automation = {
        "name": "build-fewer-names-when-slow",
        "trigger": {
            "type": "event",
            "posture": "Proactive",
            "match": {"prefect.resource.id": "prefect.flow-run.*"},
            "match_related": [
                {"prefect.resource.role": "flow", "prefect.resource.id": f"prefect.flow.{id_of(flow)}"}
            ],
            "after": ["prefect.flow-run.Running"],
            "expect": [f"prefect.flow-run.{state}" for state in ended],
            "for_each": ["prefect.resource.id"],
            "within": 30,
        },
        "actions": [
            {
                "type": "run-deployment",
                "source": "selected",
                "deployment_id": id_of(deployment),
                "parameters": {"count": 10},
            }
        ],
    }
    return str(call("POST", "/automations/", automation)["id"])


if __name__ == "__main__":
    print(create_automation(*sys.argv[1:]))
