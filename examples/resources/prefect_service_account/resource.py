"""A service account; a later expiration makes a new key."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import PrefectProvider, ServiceAccount

app = App()
stack = TerraformStack(app, "service-account")
PrefectProvider(stack, "prefect")

workers = ServiceAccount(
    stack,
    "workers",
    account_role_name="Member",
    api_key_expiration="2099-01-01T00:00:00Z",
)
TerraformOutput(stack, "key_of_the_workers", value=workers.api_key, sensitive=True)

app.synth()
