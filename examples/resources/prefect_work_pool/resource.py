"""A work pool of a cluster, with at most twenty runs at once."""

from cdktn import App, TerraformStack

from prefect_constructs import PrefectProvider, WorkPool

app = App()
stack = TerraformStack(app, "work-pool")
PrefectProvider(stack, "prefect")

WorkPool(
    stack,
    "kubernetes-production",
    type="kubernetes",
    description="Runs on the production cluster.",
    concurrency_limit=20,
)

app.synth()
