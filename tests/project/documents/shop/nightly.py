"""A flow in a package."""

from prefect import flow


@flow
def close_books(day: str = "today") -> str:
    """Close the books of a day.

    Args:
        day: The day to close.
    """
    return day
