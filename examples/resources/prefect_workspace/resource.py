"""A workspace, and a variable in it."""

from cdktn import App, TerraformStack

from prefect_constructs import PrefectProvider, Variable, Workspace

app = App()
stack = TerraformStack(app, "workspace")
PrefectProvider(stack, "prefect")

staging = Workspace(
    stack, "staging", name="Staging", handle="staging", description="Where releases are tried"
)
# What belongs to the workspace names it, also in the apply that makes it.
Variable(stack, "environment", workspace_id=staging.id, name="environment", value="staging")

app.synth()
