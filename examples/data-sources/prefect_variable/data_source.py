"""A variable by its name."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectVariable, PrefectProvider, Variable

app = App()
stack = TerraformStack(app, "existing-variable")
PrefectProvider(stack, "prefect")

region = Variable(stack, "region", value={"name": "eu-central-1", "zones": 3})
found = DataPrefectVariable(stack, "found", name=region.name)

TerraformOutput(stack, "region_of_flows", value=found.value)

app.synth()
