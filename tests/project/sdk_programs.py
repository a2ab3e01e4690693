"""Runs programs that deploy with Prefect's SDK, each in a process of its own, as starting Prefect takes longest.

It is run by the Python of `.venv-prefect` with `-u`, in the programs' directory; its arguments are their files. What is
served goes on until it is ended: once the program says so, its deployments are made, and it is killed before it could
pause them.
"""

import os
import runpy
import signal
import sys
import traceback
from pathlib import Path

import prefect.runner  # noqa: F401 - once, for all of them
from prefect.client.orchestration import PrefectClient

_SERVED = b"being served"


async def no_workers(*_: object, **__: object) -> list[object]:
    """What there is: the servers of the tests have none.

    Once a deployment and its triggers are made, `.deploy` asks for the workers, to say how one is started. Prefect
    3.8.8 refuses its own request, for `"limit": null`.
    """
    return []


def run(file: str, output: int) -> int:
    """Run a program whose output goes elsewhere; return its exit code."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.path.insert(0, str(Path(file).parent.resolve()))
    sys.argv = [file]
    try:
        runpy.run_path(file, run_name="__main__")
    except Exception:  # noqa: BLE001 - whatever it is, it is printed
        traceback.print_exc()
        return 1
    return 0


def finished(file: str) -> bool:
    """Whether a program did what it does, or went on to serve it."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        os._exit(run(file, theirs))
    os.close(theirs)
    printed = b""
    while chunk := os.read(ours, 65536):
        printed += chunk
        if _SERVED in printed:
            os.kill(child, signal.SIGKILL)
    os.close(ours)
    _, status = os.waitpid(child, 0)
    if _SERVED in printed or status == 0:
        return True
    sys.stderr.write(f"{file}:\n{printed.decode()}\n")
    return False


if __name__ == "__main__":
    PrefectClient.read_workers_for_work_pool = no_workers
    results = [finished(file) for file in sys.argv[1:]]
    sys.exit(0 if all(results) else 1)
