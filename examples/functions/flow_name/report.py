"""A flow whose name is not that of its function."""

from prefect import flow


@flow(name="Weekly report")
def weekly() -> None:
    """Write the report."""
