"""An API key of the user whose own key the provider uses."""

from cdktn import App, TerraformStack, TerraformVariable

from prefect_constructs import PrefectProvider, UserApiKey

app = App()
stack = TerraformStack(app, "user-api-key")
PrefectProvider(stack, "prefect")

user_id = TerraformVariable(
    stack,
    "user_id",
    type="string",
    description="The user whose key it is: the one whose own key the provider uses.",
)
UserApiKey(
    stack,
    "laptop",
    user_id=user_id.string_value,
    expiration="2099-01-01T00:00:00Z",
)

app.synth()
