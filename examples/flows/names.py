"""A flow that takes the longer, the more it is to do."""

import time

from prefect import flow


@flow(log_prints=True)
def build_names(count: int = 100) -> list[str]:
    """Build so many names, one a second."""
    names = []
    for number in range(count):
        names.append(f"name-{number}")
        time.sleep(1)
    print(f"built {len(names)} names")
    return names
