"""An automation that marks flow runs without heartbeats as crashed, made with Prefect's SDK."""

from datetime import timedelta

from prefect.automations import Automation
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.states import StateType

if __name__ == "__main__":
    Automation(
        name="crash-zombie-flow-runs",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            # Another heartbeat, or any change of state, whatever the flow calls it.
            expect={"prefect.flow-run.*"},
            match=ResourceSpecification({"prefect.resource.id": "prefect.flow-run.*"}),
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=90),
        ),
        actions=[
            ChangeFlowRunState(
                state=StateType.CRASHED,
                message="Flow run marked as crashed due to missing heartbeats.",
            )
        ],
    ).create()
