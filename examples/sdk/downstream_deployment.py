"""Two flows that are served together; the second runs whenever a run of the first has completed."""

from prefect import flow, serve
from prefect.events import DeploymentEventTrigger


@flow(log_prints=True)
def upstream() -> None:
    """Make what the other needs."""
    print("upstream flow")


@flow(log_prints=True)
def downstream() -> None:
    """Use what the other made."""
    print("downstream flow")


if __name__ == "__main__":
    first = upstream.to_deployment(name="upstream")
    second = downstream.to_deployment(
        name="downstream",
        triggers=[
            DeploymentEventTrigger(
                expect={"prefect.flow-run.Completed"},
                match_related={
                    "prefect.resource.role": "deployment",
                    "prefect.resource.name": "upstream",
                },
            )
        ],
    )
    serve(first, second)
