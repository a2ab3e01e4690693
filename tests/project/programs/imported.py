"""Flows of other modules, and a deployment that is applied without being served."""

from prefect import flow
from prefect.flows import EntrypointType
from shop import nightly
from shop.nightly import load


@flow
def own(x: int = 0) -> int:
    """One of its own."""
    return x


if __name__ == "__main__":
    load.to_deployment(name="imported-flow", tags=["a"]).apply()
    nightly.load.to_deployment(name="of-an-imported-module").apply()
    load.to_deployment(name="by-its-module", entrypoint_type=EntrypointType.MODULE_PATH).apply()
    made = own.to_deployment(name="applied", job_variables={"env": {"A": "b"}})
    made.apply(work_pool_name="programs-images", image="registry.example.com/applied:1")
