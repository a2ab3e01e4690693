"""A team."""

from cdktn import App, TerraformStack

from prefect_constructs import PrefectProvider, Team

app = App()
stack = TerraformStack(app, "team")
PrefectProvider(stack, "prefect")

Team(stack, "data-engineering", description="Owns the nightly loads.")

app.synth()
