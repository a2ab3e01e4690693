"""The schedules of a deployment, and which of them make no runs at present."""

from cdktn import App, TerraformOutput, TerraformStack

from prefect_constructs import (
    DataPrefectDeploymentSchedules,
    Deployment,
    PrefectDeploymentSchedule,
    PrefectProvider,
)

app = App()
stack = TerraformStack(app, "existing-deployment-schedules")
PrefectProvider(stack, "prefect")

load_orders = Deployment(stack, "scheduled-apart", entrypoint="flows/orders.py:load_orders")
schedules = [
    PrefectDeploymentSchedule(stack, slug, deployment=load_orders, slug=slug, cron=cron, active=active)
    for slug, cron, active in (("nightly", "0 2 * * *", True), ("weekly", "0 2 * * 0", False))
]
found = DataPrefectDeploymentSchedules(stack, "found", deployment_id=load_orders.id, depends_on=schedules)

# Those that make no runs at present, by slug.
paused = f"[for schedule in {found.fqn}.deployment_schedules : schedule.slug if !schedule.active]"
TerraformOutput(stack, "paused_schedules", value=f"${{{paused}}}")

app.synth()
