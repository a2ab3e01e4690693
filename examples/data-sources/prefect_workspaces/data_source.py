"""All workspaces that the key may see."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectWorkspaces, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-workspaces")
PrefectProvider(stack, "prefect")

found = DataPrefectWorkspaces(stack, "found")

TerraformOutput(stack, "number", value=Fn.length_of(found.workspaces))

app.synth()
