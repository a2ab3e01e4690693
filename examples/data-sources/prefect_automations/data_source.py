"""All automations with a tag."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import (
    Automation,
    CancelFlowRun,
    DataPrefectAutomations,
    EventTrigger,
    PrefectProvider,
)

app = App()
stack = TerraformStack(app, "existing-automations")
PrefectProvider(stack, "prefect")

housekeeping = Automation(
    stack,
    "cancel-runs-at-night",
    tags=["housekeeping"],
    trigger=EventTrigger(match={"prefect.resource.id": "prefect.flow-run.*"}, expect="prefect.flow-run.Late"),
    actions=CancelFlowRun(),
)
found = DataPrefectAutomations(stack, "found", tags=["housekeeping"], depends_on=[housekeeping])

TerraformOutput(stack, "number", value=Fn.length_of(found.automations))

app.synth()
