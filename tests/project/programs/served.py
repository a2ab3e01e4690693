"""One flow that is served, with what a call may say of it."""

from datetime import timedelta

from prefect import flow
from prefect.events import DeploymentEventTrigger

TAGS = ["served", "first"]


@flow(log_prints=True)
def decorated_fn(param_1: str = "", most: int = 3) -> str:
    """Takes what pinged it."""
    return param_1 * most


if __name__ == "__main__":
    decorated_fn.serve(
        name="served",
        tags=TAGS,
        description="Serves {{ $NOTHING }}",
        version="1.0",
        parameters={"most": 2, "param_1": "a"},
        global_limit=4,
        limit=7,
        paused=False,
        pause_on_shutdown=False,
        enforce_parameter_schema=False,
        triggers=[
            DeploymentEventTrigger(
                enabled=True,
                match={"prefect.resource.id": "my.external.resource"},
                expect=["external.resource.pinged"],
                parameters={"param_1": "{{ event }}"},
            ),
            DeploymentEventTrigger(
                name="served when absent",
                description="Nobody pings",
                enabled=False,
                posture="Proactive",
                match_related={"prefect.resource.role": "flow"},
                after={"a.b"},
                expect={"c.d", "a.b"},
                for_each={"prefect.resource.id"},
                threshold=1,
                within=timedelta(minutes=2),
                job_variables={"env": {"A": "b"}},
                schedule_after=timedelta(seconds=30),
            ),
        ],
    )
