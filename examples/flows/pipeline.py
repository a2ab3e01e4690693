"""Two flows, the second of which is to follow the first."""

from prefect import flow


@flow(log_prints=True)
def upstream() -> None:
    """Make what the other needs."""
    print("upstream flow")


@flow(log_prints=True)
def downstream() -> None:
    """Use what the other made."""
    print("downstream flow")
