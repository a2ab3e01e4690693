"""All webhooks with a name of one kind."""

import json

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectWebhooks, PrefectProvider, Webhook

app = App()
stack = TerraformStack(app, "existing-webhooks")
PrefectProvider(stack, "prefect")

stages = [
    Webhook(
        stack,
        name,
        template=json.dumps(
            {"event": "stage.done", "resource": {"prefect.resource.id": name}}, separators=(",", ":")
        ),
    )
    for name in ("stage-raw", "stage-clean")
]
found = DataPrefectWebhooks(stack, "found", name_like="stage-", depends_on=stages)

TerraformOutput(stack, "number", value=Fn.length_of(found.webhooks))

app.synth()
