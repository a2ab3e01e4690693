"""Runs `prefect deploy` several times in one process, as starting Prefect takes longest.

It is run by the Python of `.venv-prefect`; its arguments are the commands, each the JSON of a list. The environment and
the working directory are those of the command. It prints what Prefect prints, and ends with the first exit code that is
not 0.
"""

import json
import sys
from typing import Any

from prefect.cli import app
from prefect.client.orchestration import PrefectClient


async def _no_workers(*_: Any, **__: Any) -> list[Any]:
    """What there is: the servers of the tests have none.

    Once a deployment and its triggers are made, the command asks for the workers, to say how one is started. Prefect
    3.8.8 refuses its own request, for `"limit": null`, which would end the command before the next deployment.
    """
    return []


if __name__ == "__main__":
    PrefectClient.read_workers_for_work_pool = _no_workers
    for command in sys.argv[1:]:
        sys.argv[1:] = ["--no-prompt", "deploy", *json.loads(command)]
        try:
            app()
        except SystemExit as ended:
            if ended.code:
                print(f"prefect deploy {command} ended with {ended.code}", file=sys.stderr)
                raise
