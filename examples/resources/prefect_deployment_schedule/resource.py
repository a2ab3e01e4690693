"""A schedule that is declared apart from its deployment."""

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, PrefectDeploymentSchedule, PrefectProvider

app = App()
stack = TerraformStack(app, "deployment-schedule")
PrefectProvider(stack, "prefect")

# Without `schedules`: whoever runs the report on Mondays declares it apart.
sales_report = Deployment(stack, "on-demand", entrypoint="flows/sales.py:sales_report")

PrefectDeploymentSchedule(
    stack,
    "mondays",
    deployment=sales_report,
    slug="mondays",
    cron="0 7 * * 1",
    timezone="Europe/Berlin",
    parameters={"days": 7},
)

app.synth()
