"""A role in the account by its name."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectAccountRole, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-account-role")
PrefectProvider(stack, "prefect")

found = DataPrefectAccountRole(stack, "found", name="Admin")

TerraformOutput(stack, "permissions", value=found.permissions)

app.synth()
