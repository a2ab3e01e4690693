"""The deployment trigger of Prefect's documentation: a run for every `external.resource.pinged` event."""

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, EventTrigger, PrefectProvider, WorkPool


class EventTriggered(TerraformStack):
    """A deployment, and an automation that runs it."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "my-work-pool", type="process")
        deployment = Deployment(
            self,
            "my-deployment",
            work_pool=pool,
            work_queue="default",
            entrypoint="path/to/flow.py:decorated_fn",
        )
        deployment.on(
            EventTrigger(expect=["external.resource.pinged"], threshold=1, within=0),
            parameters={"param_1": "{{ event }}"},
            name="my-automation",
        )


if __name__ == "__main__":
    app = App()
    EventTriggered(app, "event-trigger")
    app.synth()
