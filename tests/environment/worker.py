"""Prefect workers from `.venv-prefect`, which run flows as processes."""

from pathlib import Path

from tests.environment.prefect_server import PrefectServer, prefect_program
from tests.environment.processes import Process, clean_environment, wait_until

__all__ = ["Worker"]


class Worker:
    """A process worker of a work pool, started and online."""

    def __init__(self, server: PrefectServer, pool: str, directory: Path) -> None:
        """Start a worker for `pool`, which is made if it is missing, with `directory` to work in.

        Flows run with the server environment's Python, so they can import Prefect and the standard library.
        """
        self.name = f"worker-of-{pool}"
        directory.mkdir(parents=True, exist_ok=True)
        command: list[str | Path] = [prefect_program(), "worker", "start", "--type", "process"]
        env = clean_environment(
            directory,
            PREFECT_HOME=str(directory / "home"),
            PREFECT_API_URL=server.api_url,
            PREFECT_API_AUTH_STRING=server.settings.get("PREFECT_SERVER_API_AUTH_STRING", ""),
            PREFECT_WORKER_QUERY_SECONDS="1",
            PREFECT_WORKER_PREFETCH_SECONDS="1",
            DO_NOT_TRACK="1",
        )
        # A child finds `python` and `prefect` on PATH.
        env["PATH"] = f"{prefect_program().parent}:{env['PATH']}"
        self.process = Process(
            [*command, "--pool", pool, "--name", self.name],
            log=directory / "worker.log",
            env=env,
            cwd=directory,
        )

        def online() -> bool:
            if not server.exists(f"/work_pools/{pool}"):
                return False
            workers = server.call("POST", f"/work_pools/{pool}/workers/filter", {})
            return any(worker["name"] == self.name and worker["status"] == "ONLINE" for worker in workers)

        try:
            wait_until(online, what=f"start of a worker for {pool}", seconds=120.0, process=self.process)
        except BaseException:
            self.process.stop()
            raise

    def stop(self) -> None:
        """Stop the worker and the flow runs that it started."""
        self.process.stop()
