"""All service accounts with a name of one kind."""

from cdktn import App, Fn, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectServiceAccounts, PrefectProvider, ServiceAccount

app = App()
stack = TerraformStack(app, "existing-service-accounts")
PrefectProvider(stack, "prefect")

robots = [ServiceAccount(stack, name) for name in ("robot-a", "robot-b")]
found = DataPrefectServiceAccounts(stack, "found", name_like="robot-", depends_on=robots)

TerraformOutput(stack, "number", value=Fn.length_of(found.service_accounts))

app.synth()
