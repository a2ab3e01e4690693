"""A flow that an event starts."""

from typing import Any

from prefect import flow


@flow(log_prints=True)
def decorated_fn(param_1: dict[str, Any]) -> None:
    """Print what happened: `{{ event }}` alone is passed on as the whole event, not as text."""
    print(f"{param_1['event']} from {param_1['resource']['prefect.resource.id']}: {param_1['payload']}")
