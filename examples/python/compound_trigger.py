"""A flow run once a resource was both pinged and replied to, in any order."""

from pathlib import Path

from cdktn import App, TerraformStack

from prefect_constructs import CompoundTrigger, Deployment, EventTrigger, PrefectProvider, WorkPool

FLOWS = Path(__file__).resolve().parent.parent / "flows"
RESOURCE = {"prefect.resource.id": "my.external.resource"}


class CompoundTriggered(TerraformStack):
    """A deployment that runs when two events have been seen."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "replies", type="process")
        replied = Deployment(
            self,
            "replied",
            work_pool=pool,
            path=str(FLOWS),
            code=FLOWS,
            entrypoint="pinged.py:decorated_fn",
        )
        replied.on(
            CompoundTrigger(
                require="all",
                triggers=[
                    EventTrigger(match=RESOURCE, expect="external.resource.pinged"),
                    EventTrigger(match=RESOURCE, expect="external.resource.replied"),
                ],
            ),
            parameters={"param_1": "{{ event }}"},
            name="run-when-pinged-and-replied",
        )


if __name__ == "__main__":
    app = App()
    CompoundTriggered(app, "compound-trigger")
    app.synth()
