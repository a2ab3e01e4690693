"""A deployment in an image that is there already, run once a resource was both pinged and replied to."""

from typing import Any

from prefect import flow
from prefect.events import DeploymentCompoundTrigger


@flow(log_prints=True)
def decorated_fn(param_1: dict[str, Any]) -> None:
    """Print what happened."""
    print(param_1)


if __name__ == "__main__":
    decorated_fn.deploy(
        name="replied",
        work_pool_name="example-images",
        image="my-image-registry/my-image:my-tag",
        build=False,
        push=False,
        triggers=[
            DeploymentCompoundTrigger(
                enabled=True,
                name="my-compound-trigger",
                require="all",
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
            )
        ],
    )
