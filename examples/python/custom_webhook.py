"""Requests from outside start flow runs: webhooks of Prefect Cloud make events of them, and automations answer those.

curl "$(terraform output -raw names_address)" -d run_count=3

for state in created complete; do
  curl "$(terraform output -raw orders_address)" --json '{"state": "'$state'", "user_id": "user_id_1"}'
done
"""

from pathlib import Path

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import Deployment, EventTrigger, PrefectProvider, Webhook, WorkPool

FLOWS = Path(__file__).resolve().parent.parent / "flows"

# A form, as curl sends it with -d: what it says is text, so the number is made one.
NAMES = """\
{
  "event": "names.requested",
  "resource": {"prefect.resource.id": "names"},
  "payload": {"count": {{ body.run_count | int }}}
}
"""

# JSON; the state of the order is part of the event's name, and the user is its resource.
ORDERS = """\
{
  "event": "shop.order.{{ body.state }}",
  "resource": {"prefect.resource.id": "shop.user.{{ body.user_id }}"},
  "payload": {{ body | tojson }}
}
"""


class Webhooks(TerraformStack):
    """Two webhooks, each with a deployment that runs when it is called."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")
        pool = WorkPool(self, "webhooks", type="process")

        names = Webhook(
            self, "names", description="Asks for as many names as the request says.", template=NAMES
        )
        self.deployment(pool, "requested-names", "names.py:build_names").on(
            EventTrigger(match={"prefect.resource.id": "names"}, expect="names.requested"),
            parameters={"count": "{{ event.payload.count }}"},
            name="build-names-when-requested",
        )

        orders = Webhook(
            self, "orders", description="The shop tells what happens to its orders.", template=ORDERS
        )
        self.deployment(pool, "order-of-the-shop", "orders.py:post_order_complete").on(
            EventTrigger(
                match={"prefect.resource.id": "shop.user.*"},
                after="shop.order.created",
                expect="shop.order.complete",
                for_each="prefect.resource.id",
            ),
            parameters={"user_id": "{{ event.payload.user_id }}"},
            name="run-when-order-of-the-shop-complete",
        )

        # Whoever knows an address can send events.
        TerraformOutput(self, "names_address", value=names.endpoint, sensitive=True)
        TerraformOutput(self, "orders_address", value=orders.endpoint, sensitive=True)

    def deployment(self, pool: WorkPool, name: str, entrypoint: str) -> Deployment:
        """A deployment of one of the flows beside this example."""
        return Deployment(
            self,
            name,
            work_pool=pool,
            path=str(FLOWS),
            code=FLOWS,
            entrypoint=entrypoint,
            parameter_schema_from_code=True,
        )


if __name__ == "__main__":
    app = App()
    Webhooks(app, "custom-webhook")
    app.synth()
