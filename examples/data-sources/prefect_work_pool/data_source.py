"""A work pool by its name."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectWorkPool, PrefectProvider, WorkPool

app = App()
stack = TerraformStack(app, "existing-work-pool")
PrefectProvider(stack, "prefect")

shared = WorkPool(stack, "shared", type="process")
found = DataPrefectWorkPool(stack, "found", name=shared.name)

TerraformOutput(stack, "default_queue", value=found.default_queue_id)

app.synth()
