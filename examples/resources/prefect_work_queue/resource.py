"""A queue that is served before the others of its pool."""

from cdktn import App, TerraformStack

from prefect_constructs import PrefectProvider, WorkPool, WorkQueue

app = App()
stack = TerraformStack(app, "work-queue")
PrefectProvider(stack, "prefect")

nightly = WorkPool(stack, "nightly-batch", type="process")

WorkQueue(
    stack,
    "urgent",
    work_pool=nightly,
    description="Served before everything else.",
    priority=1,
    concurrency_limit=5,
)

app.synth()
