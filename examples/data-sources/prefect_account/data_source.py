"""The provider's account."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectAccount, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-account")
PrefectProvider(stack, "prefect")

found = DataPrefectAccount(stack, "found")

TerraformOutput(stack, "handle", value=found.handle)

app.synth()
