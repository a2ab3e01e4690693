"""A variable whose value is a JSON document."""

from cdktn import App, TerraformStack

from prefect_constructs import PrefectProvider, Variable

app = App()
stack = TerraformStack(app, "variable")
PrefectProvider(stack, "prefect")

Variable(
    stack,
    "report_settings",
    value={"days": 7, "recipients": ["finance@example.com"]},
    tags=["reports"],
)

app.synth()
