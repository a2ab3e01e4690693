"""A flow run when an export was started and then finished, in this order and within an hour."""

from datetime import timedelta
from pathlib import Path

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, EventTrigger, PrefectProvider, SequenceTrigger, WorkPool

FLOWS = Path(__file__).resolve().parent.parent / "flows"


class SequenceTriggered(TerraformStack):
    """A deployment that runs when one event follows another."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "exports", type="process")
        load = Deployment(
            self,
            "load-export",
            work_pool=pool,
            path=str(FLOWS),
            code=FLOWS,
            entrypoint="pinged.py:decorated_fn",
        )
        load.on(
            SequenceTrigger(
                triggers=[EventTrigger(expect="export.started"), EventTrigger(expect="export.finished")],
                within=timedelta(hours=1),
            ),
            parameters={"param_1": "{{ event }}"},
            name="run-when-exported",
        )


if __name__ == "__main__":
    app = App()
    SequenceTriggered(app, "sequence-trigger")
    app.synth()
