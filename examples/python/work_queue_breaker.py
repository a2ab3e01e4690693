"""Three flow runs of one work queue crash within five minutes: the queue is paused, and what waits in it.

Which queue it is follows from the event.
"""

from datetime import timedelta

from cdktn import App, TerraformStack

from prefect_constructs import Automation, EventTrigger, PauseWorkQueue, PrefectProvider, WorkPool, WorkQueue


class Breaker(TerraformStack):
    """A work queue that pauses by itself."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "batch", type="process")
        queue = WorkQueue(self, "nightly", work_pool=pool)
        Automation(
            self,
            "pause-queue-of-crashes",
            trigger=EventTrigger(
                match={"prefect.resource.id": "prefect.flow-run.*"},
                match_related={
                    "prefect.resource.role": "work-queue",
                    "prefect.resource.id": f"prefect.work-queue.{queue.id}",
                },
                expect="prefect.flow-run.Crashed",
                for_each="related:work-queue:prefect.resource.id",
                threshold=3,
                within=timedelta(minutes=5),
            ),
            actions=PauseWorkQueue(source="inferred"),
        )


if __name__ == "__main__":
    app = App()
    Breaker(app, "work-queue-breaker")
    app.synth()
