"""A deployment in an image that was built before, with composite triggers."""

from prefect import flow
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.events import DeploymentCompoundTrigger, DeploymentSequenceTrigger
from prefect.schedules import Cron


@flow(log_prints=True)
def decorated_fn(param_1: str) -> str:
    """Gives it back."""
    return param_1


if __name__ == "__main__":
    decorated_fn.deploy(
        name="in-an-image",
        image="my-image-registry/my-image:my-tag",
        build=False,
        push=False,
        print_next_steps=False,
        triggers=[
            DeploymentCompoundTrigger(
                enabled=True,
                name="my-compound-trigger",
                require="all",
                within=60,
                triggers=[
                    {
                        "type": "event",
                        "match": {"prefect.resource.id": "my.external.resource"},
                        "expect": ["external.resource.pinged"],
                    },
                    {
                        "type": "event",
                        "match": {"prefect.resource.id": "my.external.resource"},
                        "expect": ["external.resource.replied"],
                    },
                ],
                parameters={"param_1": "{{ event }}"},
            ),
            DeploymentSequenceTrigger(
                within=3600,
                triggers=[
                    {"type": "event", "expect": ["export.started"], "threshold": 2, "within": 30},
                    {"type": "event", "expect": ["export.finished"]},
                ],
            ),
        ],
        work_pool_name="programs-images",
        work_queue_name="fast",
        job_variables={"env": {"STAGE": "test"}},
        concurrency_limit=ConcurrencyLimitConfig(
            limit=2, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        schedules=[Cron("0 1 * * *", slug="nightly")],
    )
