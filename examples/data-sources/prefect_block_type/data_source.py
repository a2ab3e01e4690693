"""A type of block by its slug."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectBlockType, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-block-type")
PrefectProvider(stack, "prefect")

# Types that Prefect brings are found as well as one's own.
slack = DataPrefectBlockType(stack, "slack", slug="slack-webhook")

TerraformOutput(stack, "documentation", value=slack.documentation_url)

app.synth()
