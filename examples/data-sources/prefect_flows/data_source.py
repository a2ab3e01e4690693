"""All flows with a tag."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectFlows, Flow, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-flows")
PrefectProvider(stack, "prefect")

flows = [Flow(stack, name, tags=["ingest"]) for name in ("ingest-orders", "ingest-returns")]
found = DataPrefectFlows(stack, "found", tags=["ingest"], depends_on=flows)

TerraformOutput(stack, "number", value=Fn.length_of(found.flows))

app.synth()
