"""A team by its name."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectTeam, PrefectProvider, Team

app = App()
stack = TerraformStack(app, "existing-team")
PrefectProvider(stack, "prefect")

support = Team(stack, "support")
found = DataPrefectTeam(stack, "found", name=support.name)

TerraformOutput(stack, "id", value=found.id)

app.synth()
