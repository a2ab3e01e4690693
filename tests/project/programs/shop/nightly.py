"""A flow of a package."""

from prefect import flow


@flow
def load(day: str = "yesterday") -> str:
    """Loads a day."""
    return day
