"""Builds an environment of the Python that runs this, `.cache/pythons/VERSION`, for `make test-python`.

It has the project and the tools of `.venv`, as locked, and the provider where the tests' terraform finds it. It is made
anew when these or the Python change, and left alone otherwise. Prints where it is.
"""

import sys
from typing import TYPE_CHECKING

from dependencies import dev_requirements, lock_path, project_identity, project_version
from environment import CACHE, CommandError, run
from install_provider import install_into
from set_up import INDEX_ADVICE, Progress, alone, make_environment

if TYPE_CHECKING:
    from pathlib import Path


def main() -> int:
    """Build what is missing; return the exit status."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    directory, wanted = CACHE / "pythons" / version, dev_requirements()
    made_from = "\n".join(
        [
            sys.version,
            sys.base_prefix,
            *wanted,
            lock_path("dev").read_text(encoding="utf-8"),
            project_identity(),
        ]
    )

    def make() -> None:
        make_environment(directory, "dev", wanted)
        pip: list[str | Path] = [directory / "bin" / "python", "-I", "-m", "pip", "install", "--quiet"]
        options = ["--no-deps", "--no-build-isolation", "--editable", "."]
        run([*pip, *options], log=f"setup-python-{version}", advice=INDEX_ADVICE)

    try:
        with alone():
            Progress(quiet=True).step(f"python-{version}", made_from, make, directory / "bin" / "prefect-iac")
            install_into(directory / "terraform", directory / "bin" / "python", project_version())
    except CommandError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"Python {sys.version.split()[0]} in {directory}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
