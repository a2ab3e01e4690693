"""A service account by its name."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectServiceAccount, PrefectProvider, ServiceAccount

app = App()
stack = TerraformStack(app, "existing-service-account")
PrefectProvider(stack, "prefect")

reports = ServiceAccount(stack, "reports")
found = DataPrefectServiceAccount(stack, "found", name=reports.name)

TerraformOutput(stack, "actor_of_reports", value=found.actor_id)

app.synth()
