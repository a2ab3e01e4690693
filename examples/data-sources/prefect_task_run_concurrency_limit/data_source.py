"""The limit on task runs with a tag."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectTaskRunConcurrencyLimit, PrefectProvider, TaskRunConcurrencyLimit

app = App()
stack = TerraformStack(app, "existing-task-run-concurrency-limit")
PrefectProvider(stack, "prefect")

gpu = TaskRunConcurrencyLimit(stack, "gpu", tag="gpu", concurrency_limit=4)
found = DataPrefectTaskRunConcurrencyLimit(stack, "found", tag=gpu.tag)

TerraformOutput(stack, "gpus", value=found.concurrency_limit)

app.synth()
