"""Flows whose code is in a repository."""

from prefect import flow
from prefect.runner.storage import GitRepository

if __name__ == "__main__":
    flow.from_source(source="repository.git", entrypoint="shop/nightly.py:load").deploy(
        name="from-a-repository", work_pool_name="programs-local"
    )
    flow.from_source(
        source=GitRepository(url="repository.git", branch="main", name="checkout", pull_interval=10),
        entrypoint="shop/nightly.py:load",
    ).deploy(name="from-a-branch", work_pool_name="programs-local")
