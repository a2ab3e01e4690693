"""All members of the account."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectAccountMembers, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-account-members")
PrefectProvider(stack, "prefect")

found = DataPrefectAccountMembers(stack, "found")

TerraformOutput(stack, "number", value=Fn.length_of(found.members))

app.synth()
