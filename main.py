"""A deployment that runs when an event is seen, as code.

`cdktn deploy` (or `cdktf deploy`) shows the plan and applies it, to the Prefect server that the environment
names: PREFECT_API_URL and, for Prefect Cloud, PREFECT_API_KEY.
"""

from pathlib import Path

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, EventTrigger, PrefectProvider, WorkPool


class PrefectStack(TerraformStack):
    """A work pool, a deployment, and an automation that runs it."""

    def __init__(self, app: App, name: str) -> None:
        """Declare them."""
        super().__init__(app, name)

        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "my-work-pool", type="process")

        deployment = Deployment(
            self,
            "my-deployment",
            entrypoint="pinged.py:decorated_fn",
            path=str(Path(__file__).parent / "examples" / "flows"),
            work_pool=pool,
        )

        deployment.on(
            EventTrigger(
                match={"prefect.resource.id": "my.external.resource"},
                expect=["external.resource.pinged"],
            ),
            parameters={"param_1": "{{ event }}"},
            name="my-automation",
        )


app = App()
PrefectStack(app, "prefect")
app.synth()
