"""A flow that is served under its own name, which is not that of its function."""

from prefect import flow


@flow(name="Orders of the day", description="Loads what was ordered", version="2.1")
def load_orders(user_id: str, regions: list[str] | None = None) -> None:
    """Not what the decorator says."""


if __name__ == "__main__":
    load_orders.serve()
