"""A flow run when a user who created an order completes it; users are told apart by the event's resource."""

from pathlib import Path

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, EventTrigger, PrefectProvider, WorkPool

FLOWS = Path(__file__).resolve().parent.parent / "flows"


class Orders(TerraformStack):
    """A deployment that runs for each user who completes an order."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "orders", type="process")
        deployment = Deployment(
            self,
            "post-order-complete",
            work_pool=pool,
            path=str(FLOWS),
            code=FLOWS,
            entrypoint="orders.py:post_order_complete",
            parameter_schema_from_code=True,
        )
        deployment.on(
            EventTrigger(after="order.created", expect="order.complete", for_each="prefect.resource.id"),
            parameters={"user_id": "{{ event.resource.id }}"},
            name="run-when-order-complete",
        )


if __name__ == "__main__":
    app = App()
    Orders(app, "order-completed")
    app.synth()
