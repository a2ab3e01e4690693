"""A message to Slack whenever a flow run fails or crashes.

The webhook's address is a secret: it comes from the variable `slack_webhook_url` (TF_VAR_slack_webhook_url),
and is sent to Prefect without being in the synthesized configuration, the plan or the state.
"""

from cdktn import App, TerraformStack, TerraformVariable

from prefect_constructs import Automation, Block, EventTrigger, PrefectProvider, SendNotification

BODY = """\
Flow run {{ flow_run.name }} of {{ flow.name }} entered state {{ flow_run.state.name }}.

Deployment: {{ deployment.name }}
Timestamp: {{ flow_run.state.timestamp }}
Flow run ID: {{ flow_run.id }}
State message: {{ flow_run.state.message }}
Link: {{ flow_run | ui_url }}
"""


class Failures(TerraformStack):
    """A block for Slack, and an automation that uses it."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        url = TerraformVariable(self, "slack_webhook_url", type="string", sensitive=True)
        url.add_override("ephemeral", True)
        slack = Block(
            self,
            "slack",
            name="on-call",
            type_slug="slack-webhook",
            data_wo={"url": url.string_value},
            data_wo_version=1,  # another number sends the address again
        )
        Automation(
            self,
            "tell-of-failures",
            trigger=EventTrigger(
                match={"prefect.resource.id": "prefect.flow-run.*"},
                expect=["prefect.flow-run.Failed", "prefect.flow-run.Crashed"],
            ),
            actions=SendNotification(
                slack,
                subject="Flow run {{ flow_run.name }} {{ flow_run.state.name | lower }}",
                body=BODY,
            ),
        )


if __name__ == "__main__":
    app = App()
    Failures(app, "failure-notification")
    app.synth()
