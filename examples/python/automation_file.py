"""Automations that are described in a file of their own.

It may be one as it would be sent to the REST API, or one, a list, or a list under `automations`, as they are given to
`prefect automation create --from-file automation.json`, and as `prefect automation inspect --json` prints them; YAML
and JSON are both read. All of it is taken: a field that is not known is an error that names it.
"""

from pathlib import Path
from typing import Any

import yaml
from cdktn import App, TerraformStack

from prefect_constructs import Automation, PrefectProvider

HERE = Path(__file__).resolve().parent


class FromFile(TerraformStack):
    """The automations of a file."""

    def __init__(self, app: App, name: str, *, file: Path = HERE / "automation.json") -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        # JSON is YAML as well.
        document: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        if isinstance(document, dict) and "automations" in document:
            document = document["automations"]
        for one in document if isinstance(document, list) else [document]:
            Automation.from_document(self, one["name"], one)


if __name__ == "__main__":
    app = App()
    FromFile(app, "automation-file")
    app.synth()
