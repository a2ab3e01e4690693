"""The user whose key the provider uses."""

from cdktn import App, TerraformOutput, TerraformStack, TerraformVariable

from prefect_constructs import DataPrefectUser, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-user")
PrefectProvider(stack, "prefect")

user_id = TerraformVariable(
    stack, "user_id", type="string", description="The user: the one whose key the provider uses."
)
me = DataPrefectUser(stack, "me", id=user_id.string_value)

TerraformOutput(stack, "handle", value=me.handle)

app.synth()
