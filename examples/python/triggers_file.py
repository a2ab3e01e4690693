"""The triggers of a file that is also one for `prefect deploy --trigger triggers.json`.

The automations are named as that command names them.
"""

import json
from pathlib import Path

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, PrefectProvider, WorkPool

FLOWS = Path(__file__).resolve().parent.parent / "flows"
HERE = Path(__file__).resolve().parent


class Triggers(TerraformStack):
    """A deployment with the triggers of a file."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "tests", name="tests", type="process")
        deployment = Deployment(
            self,
            "test-deployment",
            work_pool=pool,
            path=str(FLOWS),
            code=FLOWS,
            entrypoint="pinged.py:decorated_fn",
        )
        for trigger in json.loads((HERE / "triggers.json").read_text(encoding="utf-8"))["triggers"]:
            deployment.on(trigger)


if __name__ == "__main__":
    app = App()
    Triggers(app, "triggers-file")
    app.synth()
