"""A message when runs of one flow complete, also of those that no deployment made: `python examples/flows/users.py`.

The flow is known by its name, so that it need not be there yet. The address of the webhook is a secret, as in
failure_notification.
"""

from cdktn import App, TerraformStack, TerraformVariable

from prefect_constructs import Automation, Block, EventTrigger, PrefectProvider, SendNotification


class Completions(TerraformStack):
    """A block for Slack, and an automation that uses it."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        url = TerraformVariable(self, "slack_webhook_url", type="string", sensitive=True)
        url.add_override("ephemeral", True)
        slack = Block(
            self,
            "slack",
            name="team",
            type_slug="slack-webhook",
            data_wo={"url": url.string_value},
            data_wo_version=1,  # another number sends the address again
        )
        Automation(
            self,
            "tell-of-completed-runs",
            trigger=EventTrigger(
                match={"prefect.resource.id": "prefect.flow-run.*"},
                match_related={
                    "prefect.resource.role": "flow",
                    "prefect.resource.name": "clean-users",
                },
                expect="prefect.flow-run.Completed",
            ),
            actions=SendNotification(
                slack,
                subject="{{ flow.name }} is done",
                body="Flow run {{ flow_run.name }} entered state {{ flow_run.state.name }}.",
            ),
        )


if __name__ == "__main__":
    app = App()
    Completions(app, "completion-notification")
    app.synth()
