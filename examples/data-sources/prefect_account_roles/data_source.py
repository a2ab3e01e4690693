"""All roles in the account."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectAccountRoles, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-account-roles")
PrefectProvider(stack, "prefect")

found = DataPrefectAccountRoles(stack, "found")

TerraformOutput(stack, "number", value=Fn.length_of(found.account_roles))

app.synth()
