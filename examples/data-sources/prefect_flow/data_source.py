"""A flow by its name."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectFlow, Flow, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-flow")
PrefectProvider(stack, "prefect")

billing = Flow(stack, "billing")
found = DataPrefectFlow(stack, "found", name=billing.name)

TerraformOutput(stack, "labels", value=found.labels)

app.synth()
