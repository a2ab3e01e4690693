"""A flow run that is still running after half an hour is cancelled."""

from datetime import timedelta

from cdktn import App, TerraformStack

from prefect_constructs import Automation, CancelFlowRun, EventTrigger, Posture, PrefectProvider

NO_LONGER_RUNNING = [
    "Completed",
    "Failed",
    "TimedOut",
    "Crashed",
    "Cancelling",
    "Cancelled",
    "Paused",
    "Suspended",
    "AwaitingRetry",
]


class Stuck(TerraformStack):
    """An automation for all flow runs."""

    def __init__(self, app: App, name: str, *, within: timedelta = timedelta(minutes=30)) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        Automation(
            self,
            "cancel-stuck-flow-runs",
            trigger=EventTrigger(
                posture=Posture.Proactive,
                match={"prefect.resource.id": "prefect.flow-run.*"},
                after="prefect.flow-run.Running",
                expect=[f"prefect.flow-run.{state}" for state in NO_LONGER_RUNNING],
                for_each="prefect.resource.id",
                within=within,
            ),
            actions=CancelFlowRun(),
        )


if __name__ == "__main__":
    app = App()
    Stuck(app, "stuck-flow-runs")
    app.synth()
