"""A workspace by its handle."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectWorkspace, PrefectProvider, Workspace

app = App()
stack = TerraformStack(app, "existing-workspace")
PrefectProvider(stack, "prefect")

research = Workspace(stack, "research", name="Research", handle="research")
found = DataPrefectWorkspace(stack, "found", handle=research.handle)

TerraformOutput(stack, "id", value=found.id)

app.synth()
