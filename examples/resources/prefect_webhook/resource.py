"""A webhook for what happens to the orders of a shop.

curl "$(terraform output -raw address_of_orders)" --json '{"state": "complete", "id": 17, "customer": "Ada"}'
"""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import PrefectProvider, Webhook

TEMPLATE = """\
{
  "event": "order.{{ body.state }}",
  "resource": {
    "prefect.resource.id": "order.{{ body.id }}",
    "prefect.resource.name": {{ body.customer | default("somebody") | tojson }}
  },
  "payload": {{ body | tojson }}
}
"""

app = App()
stack = TerraformStack(app, "webhook")
PrefectProvider(stack, "prefect")

orders = Webhook(stack, "orders", description="The shop tells what happens to its orders.", template=TEMPLATE)
# Whoever knows the address can send events.
TerraformOutput(stack, "address_of_orders", value=orders.endpoint, sensitive=True)

app.synth()
