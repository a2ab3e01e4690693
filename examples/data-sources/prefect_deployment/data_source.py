"""A deployment by the names of its flow and its own."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectDeployment, Deployment, PrefectProvider

app = App()
stack = TerraformStack(app, "existing-deployment")
PrefectProvider(stack, "prefect")

backup = Deployment(stack, "nightly", entrypoint="flows/backup.py:backup")
# By the names of its flow and its own, or by `id`.
found = DataPrefectDeployment(stack, "found", flow_name="backup", name=backup.name)

TerraformOutput(stack, "entrypoint", value=found.entrypoint)

app.synth()
