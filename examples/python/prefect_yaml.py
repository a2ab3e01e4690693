"""The deployments of a prefect.yaml, with their schedules and triggers.

What Terraform makes of it shows in a plan first, and keeps its ids when it changes. The automations are named
as `prefect deploy` names them. All of the file is taken: what Terraform cannot do, such as building an image, is an
error that names the key.
"""

from pathlib import Path
from typing import Any

import yaml
from cdktn import App, TerraformStack

from prefect_constructs import Deployment, PrefectProvider, WorkPool

HERE = Path(__file__).resolve().parent
FLOWS = HERE.parent / "flows"

TAKEN = ("deployments", "pull")
SAYS_NOTHING = ("definitions", "name", "prefect-version")
DONE_BEFORE = ("build", "push")


class FromYaml(TerraformStack):
    """The work pools that the file names, its deployments, and an automation for each trigger."""

    def __init__(self, app: App, name: str, *, file: Path = HERE / "prefect.yaml") -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        document: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        for key, value in document.items():
            if key in TAKEN or key in SAYS_NOTHING or (key in DONE_BEFORE and not value):
                continue
            remedy = "do what it describes before, and remove it" if key in DONE_BEFORE else "remove it"
            msg = f"{file}: `{key}` is not taken over; {remedy}"
            raise ValueError(msg)

        entries: list[dict[str, Any]] = document.get("deployments") or []
        named = {(entry.get("work_pool") or {}).get("name") for entry in entries}
        pools = {pool: WorkPool(self, pool, type="process") for pool in sorted(filter(None, named))}
        for entry in entries:
            if entry.get("pull") is None:
                entry["pull"] = document.get("pull")
            Deployment.from_document(
                self,
                entry["name"],
                entry,
                work_pool=pools.get((entry.get("work_pool") or {}).get("name")),
                path=str(FLOWS),
                code=FLOWS,
            )


if __name__ == "__main__":
    app = App()
    FromYaml(app, "prefect-yaml")
    app.synth()
