"""A call to a webhook when a work pool has had no worker for five minutes, with all that the event says."""

from datetime import timedelta

from cdktn import App, TerraformStack, TerraformVariable

from prefect_constructs import (
    Automation,
    Block,
    CallWebhook,
    EventTrigger,
    Posture,
    PrefectProvider,
    WorkPool,
)

PAYLOAD = """\
Work pool {{ work_pool.name }} is {{ work_pool.status }}.
Automation: {{ automation.name }}
Description: {{ automation.description }}
Event: {{ event.id }}
{% for label, value in event.resource %}
{{ label }}: {{ value }}
{% endfor %}
"""


class WorkPoolStatus(TerraformStack):
    """A work pool that is watched."""

    def __init__(self, app: App, name: str, *, within: timedelta = timedelta(minutes=5)) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        url = TerraformVariable(self, "webhook_url", type="string", sensitive=True)
        url.add_override("ephemeral", True)
        pool = WorkPool(self, "production", type="process")
        pager = Block(
            self,
            "pager",
            type_slug="webhook",
            data_wo={"method": "POST", "url": url.string_value},
            data_wo_version=1,
        )
        Automation(
            self,
            "tell-of-work-pool",
            description="The work pool has no worker",
            trigger=EventTrigger(
                posture=Posture.Proactive,
                match={"prefect.resource.id": f"prefect.work-pool.{pool.id}"},
                after="prefect.work-pool.not-ready",
                expect="prefect.work-pool.ready",
                for_each="prefect.resource.id",
                within=within,
            ),
            actions=CallWebhook(pager, payload=PAYLOAD),
        )


if __name__ == "__main__":
    app = App()
    WorkPoolStatus(app, "work-pool-status")
    app.synth()
