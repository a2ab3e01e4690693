"""A flow that is served, and runs for each user who created an order and completes it."""

from prefect import flow
from prefect.events import DeploymentEventTrigger


@flow(log_prints=True)
def post_order_complete(user_id: str) -> None:
    """Do what is to be done once a user has completed an order."""
    print(f"User {user_id} has completed an order")


if __name__ == "__main__":
    post_order_complete.serve(
        name="post-order-complete",
        triggers=[
            DeploymentEventTrigger(
                expect={"order.complete"},
                after={"order.created"},
                for_each={"prefect.resource.id"},
                parameters={"user_id": "{{ event.resource.id }}"},
            )
        ],
    )
