"""An automation that is described in a file of its own.

It is as it would be sent to the REST API, or given to
`prefect automation create --from-file automation.json`.
"""

import json
from pathlib import Path

from cdktn import App, TerraformStack

from prefect_constructs import Automation, PrefectProvider

HERE = Path(__file__).resolve().parent


class FromFile(TerraformStack):
    """The automation of a file."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        document = json.loads((HERE / "automation.json").read_text(encoding="utf-8"))
        Automation(self, "from-file", **document)


if __name__ == "__main__":
    app = App()
    FromFile(app, "automation-file")
    app.synth()
