"""A flow run for every `external.resource.pinged` event of one resource."""

from pathlib import Path

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, EventTrigger, PrefectProvider, WorkPool

FLOWS = Path(__file__).resolve().parent.parent / "flows"


class MatchedEvent(TerraformStack):
    """A deployment that runs on the events of a resource."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "pings", type="process")
        pinged = Deployment(
            self,
            "pinged",
            work_pool=pool,
            path=str(FLOWS),
            code=FLOWS,
            entrypoint="pinged.py:decorated_fn",
        )
        pinged.on(
            EventTrigger(
                match={"prefect.resource.id": "my.external.resource"}, expect="external.resource.pinged"
            ),
            parameters={"param_1": "{{ event }}"},
            name="run-when-pinged",
        )


if __name__ == "__main__":
    app = App()
    MatchedEvent(app, "matched-event")
    app.synth()
