"""A flow that is served, and runs for the events of one resource."""

from typing import Any

from prefect import flow
from prefect.events import DeploymentEventTrigger


@flow(log_prints=True)
def decorated_fn(param_1: dict[str, Any]) -> None:
    """Print what happened."""
    print(param_1)


if __name__ == "__main__":
    decorated_fn.serve(
        name="pinged",
        triggers=[
            DeploymentEventTrigger(
                enabled=True,
                match={"prefect.resource.id": "my.external.resource"},
                expect=["external.resource.pinged"],
                parameters={"param_1": "{{ event }}"},
            )
        ],
    )
