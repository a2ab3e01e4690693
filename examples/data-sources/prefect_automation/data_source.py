"""An automation by its name."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import Automation, CancelFlowRun, DataPrefectAutomation, EventTrigger, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-automation")
PrefectProvider(stack, "prefect")

late = Automation(
    stack,
    "cancel-late-runs",
    tags=["late"],
    trigger=EventTrigger(match={"prefect.resource.id": "prefect.flow-run.*"}, expect="prefect.flow-run.Late"),
    actions=CancelFlowRun(),
)
# By its name, if no other has it, or by `id`.
found = DataPrefectAutomation(stack, "found", name=late.name)

TerraformOutput(stack, "enabled", value=found.enabled)

app.synth()
