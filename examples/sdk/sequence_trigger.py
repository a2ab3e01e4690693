"""A flow that is served, and runs when one event follows another within an hour."""

from datetime import timedelta
from typing import Any

from prefect import flow
from prefect.events import DeploymentEventTrigger, DeploymentSequenceTrigger


@flow(log_prints=True)
def decorated_fn(param_1: dict[str, Any]) -> None:
    """Print what happened."""
    print(param_1)


if __name__ == "__main__":
    decorated_fn.serve(
        name="load-export",
        triggers=[
            DeploymentSequenceTrigger(
                within=timedelta(hours=1),
                triggers=[
                    DeploymentEventTrigger(expect={"export.started"}),
                    DeploymentEventTrigger(expect={"export.finished"}),
                ],
                parameters={"param_1": "{{ event }}"},
            )
        ],
    )
