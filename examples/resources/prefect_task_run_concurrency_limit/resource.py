"""At most three task runs with a tag at once."""

from cdktn import App, TerraformStack

from prefect_constructs import PrefectProvider, TaskRunConcurrencyLimit

app = App()
stack = TerraformStack(app, "task-run-concurrency-limit")
PrefectProvider(stack, "prefect")

TaskRunConcurrencyLimit(stack, "browser", tag="browser", concurrency_limit=3)

app.synth()
