"""An HTTP request from outside starts a deployment that is not managed here, such as one of `prefect deploy`.

In Prefect Cloud the request goes to a webhook that makes an event of it; elsewhere to the API itself:

    curl "$PREFECT_API_URL/events" --json '[{"event": "demo.called", "payload": {"run_count": 3},
      "resource": {"prefect.resource.id": "demo"}, "id": "'$(uuidgen)'", "occurred": "'$(date -u +%FT%TZ)'"}]'
"""

from cdktn import App, TerraformStack

from prefect_constructs import Deployment, EventTrigger, PrefectProvider


class Called(TerraformStack):
    """An automation that runs a deployment which is looked up."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(app, name)
        PrefectProvider(self, "prefect")

        deployment = Deployment.from_name(self, "called", flow_name="demo", name="made-elsewhere")
        deployment.on(
            EventTrigger(match={"prefect.resource.id": "demo"}, expect="demo.called"),
            parameters={"count": "{{ event.payload.run_count }}"},
            name="run-when-called",
        )


if __name__ == "__main__":
    app = App()
    Called(app, "webhook-event")
    app.synth()
