"""The triggers of a file that is also one for `prefect deploy --trigger triggers.json`.

The automations are named as that command names them. YAML and JSON are both read, and all of a trigger is taken: a
field that is not known is an error that names it.
"""

from pathlib import Path

import yaml
from cdktn import App, TerraformStack

from prefect_constructs import Deployment, PrefectProvider, WorkPool

HERE = Path(__file__).resolve().parent
FLOWS = HERE.parent / "flows"


class Triggers(TerraformStack):
    """A deployment with the triggers of a file."""

    def __init__(self, app: App, name: str, *, file: Path = HERE / "triggers.json") -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        # JSON is YAML as well.
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        if document.keys() != {"triggers"}:
            msg = f"{file}: expected `triggers` alone, got {', '.join(document) or 'nothing'}"
            raise ValueError(msg)

        pool = WorkPool(self, "tests", type="process")
        Deployment(
            self,
            "test-deployment",
            work_pool=pool,
            path=str(FLOWS),
            code=FLOWS,
            entrypoint="pinged.py:decorated_fn",
            triggers=document["triggers"],
        )


if __name__ == "__main__":
    app = App()
    Triggers(app, "triggers-file")
    app.synth()
