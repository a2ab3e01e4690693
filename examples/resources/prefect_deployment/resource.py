"""A deployment that runs every hour, in a container, with its code from git."""

from cdktn import App, TerraformStack

from prefect_constructs import Cron, Deployment, DeploymentPullStep, PrefectProvider, WorkPool

app = App()
stack = TerraformStack(app, "deployment")
PrefectProvider(stack, "prefect")

invoices = WorkPool(stack, "invoices", type="docker")

Deployment(
    stack,
    "hourly",
    description="Loads the invoices of the last hour.",
    entrypoint="flows/invoices.py:load_invoices",
    work_pool=invoices,
    tags=["invoices"],
    parameters={"source": "s3://invoices", "full": False},
    job_variables={"image": "registry.example.com/invoices:1.4"},
    schedules=Cron("5 * * * *", timezone="Europe/Berlin", slug="hourly"),
    # A second run is cancelled while one is at work.
    concurrency_limit=1,
    collision_strategy="CANCEL_NEW",
    pull_steps=[
        DeploymentPullStep(
            type="git_clone", repository="https://github.com/example/flows.git", branch="main"
        ),
    ],
)

app.synth()
