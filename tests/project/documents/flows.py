"""Flows that say something of themselves, each in its own way."""

from prefect import flow


@flow
def pinged(param_1: str = "", most: int = 3) -> str:
    """Takes what pinged it.

    Args:
        param_1: The event.
        most: How many at most.
    """
    return param_1 * most


@flow(name="Orders of the day", description="Loads what was ordered", version="2.1")
def load_orders(
    user_id: str, regions: list[str] | None = None, options: dict[str, str] | None = None
) -> None:
    """Not what the decorator says."""


@flow
def quiet(x: int = 0) -> None:
    pass
