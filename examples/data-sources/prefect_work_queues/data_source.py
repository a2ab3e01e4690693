"""All queues of a pool whose names start in the same way."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectWorkQueues, PrefectProvider, WorkPool, WorkQueue

app = App()
stack = TerraformStack(app, "existing-work-queues")
PrefectProvider(stack, "prefect")

exports = WorkPool(stack, "exports", type="process")
queues = [WorkQueue(stack, name, work_pool=exports) for name in ("customer-a", "customer-b")]
found = DataPrefectWorkQueues(
    stack,
    "found",
    work_pool_name=exports.name,
    name_starts_with=["customer-"],
    depends_on=queues,
)

TerraformOutput(stack, "number", value=Fn.length_of(found.work_queues))

app.synth()
