"""Several deployments that share a pool and an image, whatever they say of their own."""

import asyncio

from prefect import deploy, flow
from prefect.docker import DockerImage


@flow
def left(x: int = 0) -> int:
    """One of two."""
    return x


@flow
def right(x: int = 0) -> int:
    """The other."""
    return x


async def main() -> None:
    """Deploys them."""
    other = await right.to_deployment(
        name="right", work_pool_name="programs-local", job_variables={"image": "other:1", "cpu": 2}
    )
    await deploy(
        await left.to_deployment(name="left", concurrency_limit=3, interval=60),
        other,
        work_pool_name="programs-images",
        image=DockerImage(name="registry.example.com/shared", tag="2"),
        build=False,
        push=False,
    )


if __name__ == "__main__":
    asyncio.run(main())
