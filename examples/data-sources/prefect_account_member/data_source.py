"""A member by their e-mail address."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectAccountMember, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-account-member")
PrefectProvider(stack, "prefect")

found = DataPrefectAccountMember(stack, "found", email="marvin@example.com")

TerraformOutput(stack, "actor_id", value=found.actor_id)

app.synth()
