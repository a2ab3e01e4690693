"""A flow that an event starts."""

from prefect import flow


@flow(log_prints=True)
def decorated_fn(param_1: str) -> None:
    """Print what it was told."""
    print(param_1)
