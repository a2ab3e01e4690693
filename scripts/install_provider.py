"""Installs the working tree's provider for terraform runs inside the repository.

Writes into `.cache/terraform`:

* `plugins/` and `terraformrc`: the provider as a development override, with the mirror for `terraform init`;
* `mirror/` and `mirror.terraformrc`: the provider as a user would install it, with version and lock file.

Needs only the standard library. Takes the interpreter to start; by default `.venv/bin/python`.
"""

import sys
from pathlib import Path

from dependencies import project_version
from environment import CACHE, VENV
from prefect_iac import installation

__all__ = ["install", "install_into"]


def install(interpreter: Path, version: str) -> Path:
    """Write launchers and CLI configurations; return the configuration to name in TF_CLI_CONFIG_FILE."""
    return install_into(CACHE / "terraform", interpreter, version)


def install_into(home: Path, interpreter: Path, version: str) -> Path:
    """The same in a directory of its own, for the tests of another Python."""
    installation.install_override(home / "plugins", interpreter=interpreter)
    installation.install_mirror(home / "mirror", version=version, interpreter=interpreter)
    installation.write_if_changed(
        home / "mirror.terraformrc", installation.cli_config(mirror=home / "mirror")
    )
    config = home / "terraformrc"
    installation.write_if_changed(
        config, installation.cli_config(override=home / "plugins", mirror=home / "mirror")
    )
    return config


if __name__ == "__main__":
    python = Path(sys.argv[1]) if len(sys.argv) > 1 else VENV / "bin" / "python"
    print(install(python, project_version()))
