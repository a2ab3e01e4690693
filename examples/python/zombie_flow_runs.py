"""A flow run that no longer sends heartbeats is marked as crashed.

Flow runs of deployments send heartbeats when PREFECT_RUNNER_HEARTBEAT_FREQUENCY is set where they run, to 30
seconds or more. Ninety seconds are three of them.
"""

from datetime import timedelta

from cdktn import App, TerraformStack

from prefect_constructs import Automation, ChangeFlowRunState, EventTrigger, Posture, PrefectProvider


class Zombies(TerraformStack):
    """An automation for all flow runs."""

    def __init__(self, app: App, name: str, *, within: timedelta = timedelta(seconds=90)) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        Automation(
            self,
            "crash-zombie-flow-runs",
            trigger=EventTrigger(
                posture=Posture.Proactive,
                match={"prefect.resource.id": "prefect.flow-run.*"},
                after="prefect.flow-run.heartbeat",
                # Another heartbeat, or any change of state, whatever the flow calls it.
                expect="prefect.flow-run.*",
                for_each="prefect.resource.id",
                within=within,
            ),
            actions=ChangeFlowRunState(
                "CRASHED", message="Flow run marked as crashed due to missing heartbeats."
            ),
        )


if __name__ == "__main__":
    app = App()
    Zombies(app, "zombie-flow-runs")
    app.synth()
