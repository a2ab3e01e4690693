"""Runs programs of Prefect's SDK, and its commands, each in a process of its own, as starting Prefect takes longest.

It is run by the Python of `.venv-prefect` with `-u`; its arguments are steps as JSON, a directory with a program's file
or with the arguments of `prefect`. What is served goes on until it is ended: once the program says so, its deployments
are made, and it is killed before it could pause them. After each step it prints the server's automations, in one line.
"""

import json
import os
import runpy
import signal
import sys
import traceback
from urllib.request import Request, urlopen

import prefect.runner  # noqa: F401 - once, for all of them
from prefect.cli import app
from prefect.client.orchestration import PrefectClient

_SERVED = b"being served"


async def no_workers(*_: object, **__: object) -> list[object]:
    """What there is: the servers of the tests have none.

    Once a deployment and its triggers are made, `.deploy` asks for the workers, to say how one is started. Prefect
    3.8.8 refuses its own request, for `"limit": null`.
    """
    return []


def run(directory: str, what: str | list[str], output: int) -> int:
    """Run a program, or a command of Prefect, whose output goes elsewhere; return its exit code."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(directory)
    try:
        if isinstance(what, str):
            sys.path.insert(0, directory)
            sys.argv = [what]
            runpy.run_path(what, run_name="__main__")
        else:
            sys.argv[1:] = what
            app()
    except SystemExit as ended:
        return int(ended.code or 0)
    except Exception:  # noqa: BLE001 - whatever it is, it is printed
        traceback.print_exc()
        return 1
    return 0


def finished(directory: str, what: str | list[str]) -> bool:
    """Whether a program did what it does, or went on to serve it."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        os._exit(run(directory, what, theirs))
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
    sys.stderr.write(f"{what}:\n{printed.decode()}\n")
    return False


def automations() -> str:
    """What the server has of them, all pages, as JSON."""
    url = os.environ["PREFECT_API_URL"] + "/automations/filter"
    found: list[object] = []
    while True:
        asked = json.dumps({"limit": 200, "offset": len(found)}).encode()
        with urlopen(Request(url, asked, {"Content-Type": "application/json"}), timeout=90) as answer:
            page = json.load(answer)
        found += page
        if len(page) < 200:
            return json.dumps(found)


if __name__ == "__main__":
    PrefectClient.read_workers_for_work_pool = no_workers
    results = []
    for step in sys.argv[1:]:
        results.append(finished(*json.loads(step)))
        sys.stdout.write(automations() + "\n")
    sys.exit(0 if all(results) else 1)
