"""The schedules of a deployment that somebody else looks after."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import DataPrefectDeploymentSchedules, PrefectProvider

app = App()
stack = TerraformStack(app, "deployment-schedules")
PrefectProvider(stack, "prefect")

nightly = DataPrefectDeploymentSchedules(stack, "nightly", deployment="load-orders/nightly")
# Those that make no runs at present, by slug.
paused = f"[for schedule in {nightly.fqn}.deployment_schedules : schedule.slug if !schedule.active]"
TerraformOutput(stack, "paused_schedules", value=f"${{{paused}}}")

app.synth()
