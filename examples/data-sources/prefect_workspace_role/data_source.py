"""A workspace role by its name."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectWorkspaceRole, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-workspace-role")
PrefectProvider(stack, "prefect")

found = DataPrefectWorkspaceRole(stack, "found", name="Developer")

TerraformOutput(stack, "scopes", value=found.scopes)

app.synth()
