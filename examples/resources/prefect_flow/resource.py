"""A flow with tags and labels."""

from cdktn import App, TerraformStack

from prefect_constructs import Flow, PrefectProvider

app = App()
stack = TerraformStack(app, "flow")
PrefectProvider(stack, "prefect")

Flow(stack, "daily-report", tags=["finance", "reports"], labels={"team": "finance"})

app.synth()
