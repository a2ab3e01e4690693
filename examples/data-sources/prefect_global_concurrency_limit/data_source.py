"""A limit by its name, with the slots that are taken."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectGlobalConcurrencyLimit, GlobalConcurrencyLimit, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-global-concurrency-limit")
PrefectProvider(stack, "prefect")

licences = GlobalConcurrencyLimit(stack, "licences", limit=2)
found = DataPrefectGlobalConcurrencyLimit(stack, "found", name=licences.name)

TerraformOutput(stack, "taken", value=found.active_slots)

app.synth()
