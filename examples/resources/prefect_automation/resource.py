"""A run for each item that is low, told of by an event."""

from cdktn import App, TerraformStack

from prefect_constructs import Automation, Deployment, EventTrigger, PrefectProvider, RunDeployment

app = App()
stack = TerraformStack(app, "automation")
PrefectProvider(stack, "prefect")

reorder = Deployment(stack, "reorder", entrypoint="flows/stock.py:reorder")

Automation(
    stack,
    "stock-changed",
    description="Orders what runs out, one run for each item.",
    tags=["stock"],
    trigger=EventTrigger(
        match={"prefect.resource.id": "shop.item.*"},
        expect="shop.stock.low",
        for_each="prefect.resource.id",
    ),
    actions=RunDeployment(reorder, parameters={"item": "{{ event.resource.id }}"}),
)

app.synth()
