"""One deployment runs whenever a run of another has completed."""

from pathlib import Path

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, PrefectProvider, WorkPool

FLOWS = Path(__file__).resolve().parent.parent / "flows"


class Pipeline(TerraformStack):
    """Two deployments, the second of which follows the first."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "pipeline", type="process")
        upstream, downstream = (
            Deployment(
                self, flow, work_pool=pool, path=str(FLOWS), code=FLOWS, entrypoint=f"pipeline.py:{flow}"
            )
            for flow in ("upstream", "downstream")
        )
        downstream.on(upstream.when_completed(), name="run-downstream")


if __name__ == "__main__":
    app = App()
    Pipeline(app, "downstream-deployment")
    app.synth()
