"""Flows whose code lies beside the program, in every way to say where."""

from pathlib import Path

from prefect import flow

SOURCE = str(Path(__file__).parent)

if __name__ == "__main__":
    flow.from_source(source=str(Path(__file__).parent), entrypoint="served.py:decorated_fn").deploy(
        name="from-the-files-directory", work_pool_name="programs-local"
    )
    flow.from_source(source=Path(__file__).resolve().parent / "shop", entrypoint="nightly.py:load").deploy(
        name="from-a-directory-below", work_pool_name="programs-local", tags=["below"]
    )
    flow.from_source(".", "shop/nightly.py:load").deploy(
        name="from-the-working-directory", work_pool_name="programs-local", job_variables={"env": {"A": "b"}}
    )
    remote = flow.from_source(source=SOURCE, entrypoint="served_by_its_flow.py:load_orders")
    remote.deploy(name="from-a-name", work_pool_name="programs-local", parameters={"user_id": "1"})
