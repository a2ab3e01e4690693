"""An account with its settings and the domain of its people."""

from cdktn import App, TerraformStack

from prefect_constructs import Account, PrefectProvider

app = App()
stack = TerraformStack(app, "account")
PrefectProvider(stack, "prefect")

Account(
    stack,
    "example",
    name="Example",
    handle="example",
    link="https://example.com",
    domain_names=["example.com"],
    settings={"allow_public_workspaces": False, "enforce_webhook_authentication": True},
)

app.synth()
