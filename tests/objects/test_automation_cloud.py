"""What only Prefect Cloud has, against a stand-in that stores automations as Cloud is documented to."""

from __future__ import annotations

import asyncio
import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from prefect_provider.api import Client, resolve
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.plugin.engine import lifecycle
from tests.api.fake_transport import FakeTransport, answer
from tests.objects.automation_terraform import OTHER, UUID, config
from tests.objects.terraform_core import configuration, explain, shown

if TYPE_CHECKING:
    from prefect_provider.api import Answer, Outgoing
    from prefect_provider.plugin.language.values import Values

CLOUD = f"https://api.prefect.cloud/api/accounts/{UUID}/workspaces/{OTHER}"

EMAIL = {"type": "send-email-notification", "emails": ["a@b.example"], "subject": "s", "body": "b"}
METRIC = {
    "match": json.dumps({"prefect.resource.id": "prefect.deployment.*"}),
    "metric": {"name": "successes", "operator": "<", "threshold": 1, "range": 300, "firing_for": 600},
}


class StandIn:
    """A workspace of Prefect Cloud; it makes the block of an email that comes without one."""

    def __init__(self) -> None:
        self.stored: dict[str, dict[str, Any]] = {}
        self.client = Client(
            resolve({"endpoint": CLOUD, "api_key": "k"}, {}), transport=FakeTransport(self._answer)
        )

    def _answer(self, outgoing: Outgoing) -> Answer:
        assert outgoing.url.startswith(f"{CLOUD}/automations/")
        id_ = outgoing.url.removeprefix(f"{CLOUD}/automations/")
        if outgoing.method == "GET":
            return answer(200, self.stored[id_])
        data = json.loads(outgoing.body or b"")
        for action in data["actions"]:
            if action["type"] == EMAIL["type"]:
                action.setdefault("block_document_id", str(uuid4()))
        moment = "2030-01-01T00:00:00Z"
        id_ = id_ or str(uuid4())
        self.stored[id_] = data | {"id": id_, "created": moment, "updated": moment}
        return answer(201, self.stored[id_]) if outgoing.method == "POST" else answer(204)

    async def apply(self, prior: Values | None, given: dict[str, Any]) -> Values:
        """Validate, plan and apply without a complaint; the new state."""
        wanted = configuration(Automation, given)
        assert shown(await lifecycle.validate_config(Automation, wanted, explain)) == []
        planned = await lifecycle.plan(Automation, self.client, prior, wanted, {}, explain)
        assert shown(planned.diagnostics) == []
        applied = await lifecycle.apply(
            Automation, self.client, prior, deepcopy(planned.state), wanted, {}, explain
        )
        assert shown(applied.diagnostics) == []
        assert applied.state is not None
        again = await lifecycle.plan(Automation, self.client, applied.state, wanted, {}, explain)
        assert again.state == applied.state
        return applied.state


def test_metric_and_email_live() -> None:
    """A metric trigger and an email are stored as written, and the block that Prefect made for it is kept."""

    async def live() -> None:
        cloud = StandIn()
        given = config(
            trigger={"metric": METRIC}, actions=[EMAIL, {"type": "cancel-flow-run", "force": True}]
        )
        state = await cloud.apply(None, given)
        [stored] = cloud.stored.values()
        assert stored["trigger"] == {
            "type": "metric",
            "posture": "Metric",
            "match": {"prefect.resource.id": "prefect.deployment.*"},
            "match_related": {},
            "metric": {
                "name": "successes",
                "operator": "<",
                "threshold": 1.0,
                "range": 300.0,
                "firing_for": 600.0,
            },
        }
        block = stored["actions"][0]["block_document_id"]
        assert state["actions"][0]["block_document_id"] == block
        assert stored["actions"][1] == {"type": "cancel-flow-run", "force": True}

        state = await cloud.apply(state, given | {"description": "changed"})
        [stored] = cloud.stored.values()
        assert stored["actions"][0]["block_document_id"] == block
        refreshed = await lifecycle.refresh(Automation, cloud.client, state, {}, explain)
        assert refreshed.state == state

    asyncio.run(live())
