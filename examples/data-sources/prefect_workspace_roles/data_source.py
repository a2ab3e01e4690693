"""All workspace roles."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectWorkspaceRoles, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-workspace-roles")
PrefectProvider(stack, "prefect")

found = DataPrefectWorkspaceRoles(stack, "found")

TerraformOutput(stack, "number", value=Fn.length_of(found.workspace_roles))

app.synth()
