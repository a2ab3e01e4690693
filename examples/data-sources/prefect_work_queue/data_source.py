"""A queue by its pool and its name."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectWorkQueue, PrefectProvider, WorkPool, WorkQueue

app = App()
stack = TerraformStack(app, "existing-work-queue")
PrefectProvider(stack, "prefect")

mail = WorkPool(stack, "mail", type="process")
newsletter = WorkQueue(stack, "newsletter", work_pool=mail)
found = DataPrefectWorkQueue(stack, "found", work_pool_name=newsletter.work_pool_name, name=newsletter.name)

TerraformOutput(stack, "priority", value=found.priority)

app.synth()
