"""A flow run that is still running after half an hour is cancelled."""

from datetime import timedelta

from cdktn import App, TerraformStack

from prefect_constructs import Automation, CancelFlowRun, EventTrigger, Posture, PrefectProvider


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
                match={"prefect.resource.id": "prefect.flow-run.*", "prefect.state-type": "*"},
                after="prefect.flow-run.Running",
                # Any other state, whatever the flow calls it; to run again after a retry begins the waiting anew.
                expect="prefect.flow-run.*",
                for_each="prefect.resource.id",
                within=within,
            ),
            actions=CancelFlowRun(),
        )


if __name__ == "__main__":
    app = App()
    Stuck(app, "stuck-flow-runs")
    app.synth()
