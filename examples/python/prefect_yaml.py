"""The deployments and triggers of a prefect.yaml, as its parser gives them.

What Terraform makes of it shows in a plan first, and keeps its ids when it changes. The automations are named
as `prefect deploy` names them.
"""

from pathlib import Path
from typing import Any

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, PrefectProvider, WorkPool

FLOWS = Path(__file__).resolve().parent.parent / "flows"

RESOURCE = {"prefect.resource.id": "my.external.resource"}

# yaml.safe_load(Path("prefect.yaml").read_text())["deployments"], with a parser for YAML installed.
DEPLOYMENTS: list[dict[str, Any]] = [
    {
        "name": "yaml-pinged",
        "entrypoint": "pinged.py:decorated_fn",
        "triggers": [
            {
                "type": "event",
                "enabled": True,
                "match": RESOURCE,
                "expect": ["external.resource.pinged"],
                "parameters": {"param_1": "{{ event }}"},
            },
        ],
    },
    {
        "name": "yaml-replied",
        "entrypoint": "pinged.py:decorated_fn",
        "triggers": [
            {
                "type": "compound",
                "require": "all",
                "parameters": {"param_1": "{{ event }}"},
                "triggers": [
                    {"type": "event", "match": RESOURCE, "expect": ["external.resource.pinged"]},
                    {"type": "event", "match": RESOURCE, "expect": ["external.resource.replied"]},
                ],
            },
        ],
    },
]


class FromYaml(TerraformStack):
    """The deployments, and an automation for each trigger."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        pool = WorkPool(self, "yaml-work-pool", name="yaml-work-pool", type="process")
        for document in DEPLOYMENTS:
            deployment = Deployment(
                self,
                document["name"],
                work_pool=pool,
                path=str(FLOWS),
                code=FLOWS,
                entrypoint=document["entrypoint"],
            )
            for trigger in document["triggers"]:
                deployment.on(trigger)


if __name__ == "__main__":
    app = App()
    FromYaml(app, "prefect-yaml")
    app.synth()
