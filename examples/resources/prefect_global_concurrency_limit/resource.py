"""A limit of slots that are given back, and a rate."""

from cdktn import App, TerraformStack

from prefect_constructs import GlobalConcurrencyLimit, PrefectProvider

app = App()
stack = TerraformStack(app, "global-concurrency-limit")
PrefectProvider(stack, "prefect")

GlobalConcurrencyLimit(stack, "database-connections", limit=5)

# A rate: slots become free by themselves, two in a second.
GlobalConcurrencyLimit(stack, "vendor-requests", limit=100, slot_decay_per_second=2)

app.synth()
