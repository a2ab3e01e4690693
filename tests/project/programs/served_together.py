"""Two flows that are served together, of which one follows the other."""

from prefect import flow, serve
from prefect.events import DeploymentEventTrigger


@flow(log_prints=True)
def upstream() -> None:
    """Comes first."""


@flow(log_prints=True)
def downstream() -> None:
    """Follows."""


if __name__ == "__main__":
    first = upstream.to_deployment(name="served-upstream", cron="0 3 * * *")
    second = downstream.to_deployment(
        name="served-downstream",
        triggers=[
            DeploymentEventTrigger(
                expect={"prefect.flow-run.Completed"},
                match_related={"prefect.resource.name": "upstream"},
            )
        ],
    )
    serve(first, second)
