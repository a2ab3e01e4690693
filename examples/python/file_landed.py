"""A flow run for files that land in object storage.

Whoever sees them land, such as an AWS Lambda function, only tells Prefect of it (`send_events` of ../aws_lambda);
what then happens is decided here. Files that land in one bucket within a minute make one run, which starts half a
minute after the first.
"""

from datetime import timedelta
from pathlib import Path

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, EventTrigger, PrefectProvider, Variable, WorkPool

FLOWS = Path(__file__).resolve().parent.parent / "flows"


class Landing(TerraformStack):
    """A deployment that runs on files, and what it loads them into."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "landing", type="process")
        warehouse = Variable(
            self,
            "warehouse",
            value={"host": "warehouse.example.com", "schema": "landing"},
        )
        deployment = Deployment(
            self,
            "load-files",
            work_pool=pool,
            path=str(FLOWS),
            code=FLOWS,
            entrypoint="files.py:load_files",
        )
        deployment.on(
            EventTrigger(
                match={"prefect.resource.id": "s3.bucket.*"},
                expect="s3.object.created",
                for_each="prefect.resource.id",
                within=timedelta(minutes=1),
            ),
            parameters={
                "bucket": "{{ event.payload.bucket }}",
                "first_key": "{{ event.payload.key }}",
                # Looked up when the run is made, so that a change of the variable needs no apply here.
                "warehouse": {"__prefect_kind": "workspace_variable", "variable_name": warehouse.name},
            },
            schedule_after=timedelta(seconds=30),
            name="load-files-that-landed",
        )


if __name__ == "__main__":
    app = App()
    Landing(app, "file-landed")
    app.synth()
