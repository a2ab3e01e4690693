"""Builds environments of further Prefect servers, `.cache/servers/VERSION`, for `make test-servers`.

Takes versions, each of which has its requirements and its lock in `requirements/servers`; without any, all of them.
An environment is made anew when its requirements, its lock or the Python change, and left alone otherwise.
"""

import sys

from dependencies import lock_path, server_requirements, server_versions
from environment import SERVERS, CommandError
from set_up import Progress, alone, make_environment


def main(versions: list[str]) -> int:
    """Build what is missing; return the exit status."""
    known = server_versions()
    for version in versions:
        if version not in known:
            print(f"error: expected versions among {', '.join(known)}, got {version}.", file=sys.stderr)
            print(
                f"To test another, write requirements/servers/{version}.in, then run "
                f"`make lock ARGS=servers/{version}`.",
                file=sys.stderr,
            )
            return 1
    progress = Progress(quiet=True)
    try:
        with alone():
            for version in versions or known:
                set_up_server(progress, version)
    except CommandError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def set_up_server(progress: Progress, version: str) -> None:
    """Make the environment of one server, unless it is there."""
    name, directory, wanted = f"servers/{version}", SERVERS / version, server_requirements(version)
    lock = lock_path(name).read_text(encoding="utf-8")
    made_from = "\n".join([sys.version, sys.base_prefix, *wanted, lock])
    progress.step(
        name, made_from, lambda: make_environment(directory, name, wanted), directory / "bin" / "prefect"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
