"""A server from the environment, and a second one that is named."""

from cdktn import App, TerraformStack, TerraformVariable

from prefect_constructs import PrefectProvider

app = App()
stack = TerraformStack(app, "provider")

# Whatever is left out comes from the environment or from Prefect's active profile.
PrefectProvider(stack, "prefect")

password = TerraformVariable(stack, "prefect_password", type="string", sensitive=True)
password.add_override("ephemeral", True)

# For what names it: `provider=staging`.
staging = PrefectProvider(
    stack,
    "staging",
    alias="staging",
    endpoint="https://prefect.staging.example.com/api",
    basic_auth_key=f"admin:{password.string_value}",
)

app.synth()
