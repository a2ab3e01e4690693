"""When a run of a flow takes too long, the deployment runs it again with less to do."""

from datetime import timedelta
from pathlib import Path

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, EventTrigger, Flow, Posture, PrefectProvider, WorkPool

FLOWS = Path(__file__).resolve().parent.parent / "flows"
ENDED = ["Completed", "Failed", "TimedOut", "Crashed", "Cancelled"]


class SlowRuns(TerraformStack):
    """A flow, and a deployment for when it is slow."""

    def __init__(self, app: App, name: str, *, within: timedelta = timedelta(seconds=30)) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "names", type="process")
        flow = Flow(self, "build-names")
        fallback = Deployment(
            self,
            "build-fewer-names",
            flow=flow,
            work_pool=pool,
            path=str(FLOWS),
            code=FLOWS,
            entrypoint="names.py:build_names",
        )
        fallback.on(
            EventTrigger(
                posture=Posture.Proactive,
                match={"prefect.resource.id": "prefect.flow-run.*"},
                match_related=[
                    {"prefect.resource.role": "flow", "prefect.resource.id": f"prefect.flow.{flow.id}"},
                ],
                after="prefect.flow-run.Running",
                expect=[f"prefect.flow-run.{state}" for state in ENDED],
                for_each="prefect.resource.id",
                within=within,
            ),
            parameters={"count": 10},
            name="build-fewer-names-when-slow",
        )


if __name__ == "__main__":
    app = App()
    SlowRuns(app, "slow-run-fallback")
    app.synth()
