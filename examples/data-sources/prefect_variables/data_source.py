"""All variables with a tag."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectVariables, PrefectProvider, Variable

app = App()
stack = TerraformStack(app, "existing-variables")
PrefectProvider(stack, "prefect")

variables = [
    Variable(stack, "feature_dark_mode", value=True, tags=["feature"]),
    Variable(stack, "feature_search", value=False, tags=["feature"]),
]
found = DataPrefectVariables(stack, "found", tags=["feature"], depends_on=variables)

TerraformOutput(stack, "number", value=Fn.length_of(found.variables))

app.synth()
