"""A webhook by its name."""

import json

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectWebhook, PrefectProvider, Webhook

app = App()
stack = TerraformStack(app, "existing-webhook")
PrefectProvider(stack, "prefect")

EVENT = {"event": "model.refreshed", "resource": {"prefect.resource.id": "product.models.recommendations"}}
model = Webhook(stack, "model-refreshed", template=json.dumps(EVENT, separators=(",", ":")))
found = DataPrefectWebhook(stack, "found", name=model.name)

TerraformOutput(stack, "template_of_model", value=found.template)

app.synth()
