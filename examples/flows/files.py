"""A flow for files that landed in object storage."""

from typing import Any

from prefect import flow


@flow(log_prints=True)
def load_files(bucket: str, first_key: str, warehouse: dict[str, Any]) -> None:
    """Load what is new in a bucket, from one file on, into a warehouse."""
    print(f"loading from {first_key} of {bucket} into {warehouse['schema']} of {warehouse['host']}")
