"""What is promised of a nightly report."""

from cdktn import App, TerraformStack, TerraformVariable

from prefect_constructs import PrefectProvider, ResourceSla

app = App()
stack = TerraformStack(app, "resource-sla")
PrefectProvider(stack, "prefect")

deployment_id = TerraformVariable(
    stack,
    "deployment_id",
    type="string",
    description="The deployment; of one that is managed here, prefect_deployment.<name>.id.",
)

ResourceSla(
    stack,
    "nightly_report",
    resource_id=f"prefect.deployment.{deployment_id.string_value}",
    slas=[
        # A run takes ten minutes at most.
        {"name": "duration", "severity": "high", "duration": 600},
        # It begins within five minutes of its time.
        {"name": "lateness", "severity": "moderate", "within": 300},
        # There is one in every 25 hours.
        {"name": "frequency", "severity": "critical", "stale_after": 90000},
        # And within a day there are new sales to report.
        {
            "name": "freshness",
            "severity": "low",
            "within": 86400,
            "expected_event": "order.complete",
            "resource_match": {"prefect.resource.id": "order.*"},
        },
    ],
)

app.synth()
