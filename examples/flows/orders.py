"""A flow for what follows an order."""

from prefect import flow


@flow(log_prints=True)
def post_order_complete(user_id: str) -> None:
    """Do what is to be done once a user has completed an order."""
    print(f"User {user_id} has completed an order")
