"""Puts the provider where terraform and tofu find it.

Terraform starts a provider as a program whose name begins with `terraform-provider-`. Here that program is a
launcher: a few lines of text that start this installation's Python. It can be installed in two ways:

* an *override* directory, for development: no `terraform init`, no lock file, no version check;
* a *mirror*, for real use: `terraform init` finds the provider by version and records it in the lock file.

Nothing here writes a file that already has the right content, so an installed provider keeps the hash that a
`.terraform.lock.hcl` recorded. For the same reason nothing else may be written beside a launcher: terraform
hashes the whole directory.
"""

from __future__ import annotations

import os
import platform
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "PROGRAM",
    "SOURCE",
    "InstallationError",
    "cli_config",
    "compile_ahead",
    "install_mirror",
    "install_override",
    "installed_version",
    "interpreter_note",
    "launcher",
    "platform_name",
    "shared_launcher",
    "user_mirror",
    "write_if_changed",
]

SOURCE = "prefect-iac/prefect"
PROGRAM = "terraform-provider-prefect"

# A source address without a host means these two: the first for terraform, the second for tofu.
DEFAULT_HOSTS = ("registry.terraform.io", "registry.opentofu.org")

_ARCHITECTURES = {
    "x86_64": "amd64",
    "amd64": "amd64",
    "aarch64": "arm64",
    "arm64": "arm64",
    "armv6l": "arm",
    "armv7l": "arm",
    "i386": "386",
    "i686": "386",
}
_SYSTEMS = {"linux": "linux", "darwin": "darwin", "freebsd": "freebsd"}

# Linux before 5.1 cuts a `#!` line after 127 bytes.
_LONGEST_SHEBANG = 127

_PROGRAM_TEXT = '''\
"""Starts the Prefect provider; terraform runs this file."""
import sys
from prefect_provider.__main__ import main
sys.exit(main())
'''


_SHARED_TEXT = """\
#!/bin/sh
# Starts version VERSION of the Prefect provider; terraform runs this file. It reads the same on every machine, so
# that a lock file holds on all of them; `prefect-iac install-provider` notes for each user which Python to start.
note="${XDG_DATA_HOME:-$HOME/.local/share}/prefect-iac/VERSION/python"
if [ -r "$note" ] && IFS= read -r python < "$note" && [ -x "$python" ]; then
    exec "$python" -I -c 'from prefect_provider.__main__ import main; main()' "$@"
fi
if command -v terraform-provider-prefect > /dev/null 2>&1; then
    exec terraform-provider-prefect "$@"
fi
echo "The Prefect provider VERSION is not installed for this user. Run prefect-iac install-provider, or put" >&2
echo "terraform-provider-prefect on PATH." >&2
exit 1
"""


_STARTED = (
    "prefect_provider.__main__",
    "prefect_provider.plugin.serving.leftovers",
    "prefect_provider.plugin.serving.on_demand",
    "prefect_provider.plugin.serving.server",
    "prefect_provider.stored_schema",
    "prefect_provider.plugin.service.provider_service",
    "prefect_provider.api.client",
    "prefect_provider.api.exchange.direct_transport",
    "prefect_provider.api.exchange.httpx_transport",
    "prefect_provider.api.exchange.routes",
    "prefect_provider.objects.catalogue",
    "prefect_provider.objects.listing",
    "prefect_provider.functions",
)
"""What a process of the provider imports sooner or later."""


class InstallationError(Exception):
    """The provider cannot be installed on this machine; the message says why and what to do."""


def platform_name() -> str:
    """Name this machine as terraform does, such as `linux_amd64`.

    Raises InstallationError for a system that cannot run a script as a provider, such as Windows.
    """
    system = _SYSTEMS.get(platform.system().lower())
    if system is None:
        msg = (
            f"The provider runs from a script, which {platform.system()} cannot start as a program; expected "
            f"one of {', '.join(_SYSTEMS)}. On Windows, use the Windows Subsystem for Linux."
        )
        raise InstallationError(msg)
    machine = platform.machine().lower()
    return f"{system}_{_ARCHITECTURES.get(machine, machine)}"


def installed_version() -> str:
    """Return the version of the provider, such as `0.1.0`."""
    return VERSION


def user_mirror() -> Path:
    """Return the mirror in which terraform and tofu look without any configuration."""
    return Path.home() / ".terraform.d" / "plugins"


def launcher(interpreter: Path) -> str:
    """Return the text of a program that starts the provider with one Python, for this machine only.

    It names `interpreter` by its absolute path: looking one up costs time at every start, and a version switcher on
    PATH may answer with another one. `-I` keeps PYTHONPATH, the user's site-packages and the working directory, which
    holds the user's configuration, out of the provider.
    """
    # Not resolved: the python of a virtual environment is a link, and following it leaves the environment.
    python = str(interpreter.absolute())
    shebang = f"#!{python} -I"
    if any(character.isspace() for character in python) or len(os.fsencode(shebang)) > _LONGEST_SHEBANG:
        # To sh this is a command; to Python it is a string that spans two lines.
        shebang = f"#!/bin/sh\n'''exec' {shlex.quote(python)} -I \"$0\" \"$@\"\n' '''"
    return f"{shebang}\n{_PROGRAM_TEXT}"


def shared_launcher(version: str) -> str:
    """Return the text of a program that starts the provider wherever it is installed.

    It is the same on every machine and in every virtual environment, so that one entry of a lock file holds for all:
    which Python to start is in :func:`interpreter_note`; without it, `terraform-provider-prefect` on PATH is started.
    """
    return _SHARED_TEXT.replace("VERSION", version)


def interpreter_note(version: str) -> Path:
    """Return the file in which a user's installation notes its Python: `~/.local/share/prefect-iac/VERSION/python`."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data, "prefect-iac", version, "python")


def install_override(directory: Path, *, interpreter: Path | None = None) -> Path:
    """Write a launcher of `interpreter` (by default the one that runs now) into a directory; return the launcher.

    The directory is what a `dev_overrides` setting names.
    """
    platform_name()
    program = directory / PROGRAM
    write_if_changed(program, launcher(interpreter or Path(sys.executable)), executable=True)
    return program


def install_mirror(
    root: Path,
    *,
    version: str | None = None,
    interpreter: Path | None = None,
    noted: bool = True,
    hosts: Iterable[str] = DEFAULT_HOSTS,
) -> list[Path]:
    """Write the launcher into a filesystem mirror, once for each registry host; return the launchers.

    The layout is `HOST/prefect-iac/prefect/VERSION/OS_ARCH/terraform-provider-prefect_vVERSION`. `root` is
    what a `filesystem_mirror` setting names, or `user_mirror()`, which needs no setting.

    The launcher is the shared one, and the Python that runs now is noted for it unless `noted` is false. With an
    `interpreter`, the launcher names that one instead, and nothing is noted.
    """
    version = version or installed_version()
    system = platform_name()
    text = shared_launcher(version) if interpreter is None else launcher(interpreter)
    programs = [root / host / SOURCE / version / system / f"{PROGRAM}_v{version}" for host in hosts]
    for program in programs:
        write_if_changed(program, text, executable=True)
    if interpreter is None and noted:
        write_if_changed(interpreter_note(version), f"{Path(sys.executable).absolute()}\n")
    return programs


def compile_ahead() -> None:
    """Compile what the provider imports, where this user may write it and an installer has not.

    A user who may not would compile it at each of terraform's three starts of the provider, which takes seconds.
    """
    # The provider's own modules all, also those that only some calls import, and of other packages what they import.
    imports = "; ".join(f"import {module}" for module in (*_STARTED, "compileall"))
    own = "compileall.compile_dir(prefect_provider.__path__[0], quiet=2)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"{imports}; {own}"], stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        msg = f"The provider cannot be started by {sys.executable}: {last}"
        raise InstallationError(msg)


def cli_config(*, override: Path | None = None, mirror: Path | None = None) -> str:
    """Return a CLI configuration (`TF_CLI_CONFIG_FILE`) that takes this provider from these places.

    With both, `terraform init` takes it from the mirror and everything else from the override. Other
    providers come from where they always come from. Terraform does not look for newer versions of itself.
    """
    blocks = []
    if override is not None:
        blocks.append(f"dev_overrides {{\n    {_quote(SOURCE)} = {_quote(str(override.absolute()))}\n  }}")
    if mirror is not None:
        own = f"[{_quote(SOURCE)}]"
        blocks.append(
            f"filesystem_mirror {{\n    path    = {_quote(str(mirror.absolute()))}\n    include = {own}\n  }}"
        )
        blocks.append(f"direct {{\n    exclude = {own}\n  }}")
    else:
        blocks.append("direct {}")
    body = "\n  ".join(blocks)
    return f"disable_checkpoint = true\n\nprovider_installation {{\n  {body}\n}}\n"


def write_if_changed(path: Path, text: str, *, executable: bool = False) -> bool:
    """Make `path` hold `text`, whole or not at all; return whether it had to be written."""
    mode = 0o755 if executable else 0o644
    try:
        if path.read_text(encoding="utf-8") == text and path.stat().st_mode & 0o777 == mode:
            return False
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not in the directory that terraform hashes, where it would stay if this process were stopped here.
    draft = path.parent.parent / f".{path.name}.{os.getpid()}"
    draft.write_text(text, encoding="utf-8")
    draft.chmod(mode)
    draft.replace(path)
    return True


def _quote(text: str) -> str:
    """Quote a string for the first version of HCL, which CLI configurations are still read as."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
