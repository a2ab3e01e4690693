"""The teams of certain names."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectTeams, PrefectProvider, Team

app = App()
stack = TerraformStack(app, "existing-teams")
PrefectProvider(stack, "prefect")

names = ["office-berlin", "office-boston"]
offices = [Team(stack, name) for name in names]
found = DataPrefectTeams(stack, "found", names=names, depends_on=offices)

TerraformOutput(stack, "number", value=Fn.length_of(found.teams))

app.synth()
