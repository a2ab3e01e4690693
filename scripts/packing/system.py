"""The platform that this machine is, in the words of registries."""

from __future__ import annotations

import platform

__all__ = ["system_name"]

_SYSTEMS = {"linux": "linux", "darwin": "darwin", "windows": "windows"}
_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def system_name() -> str:
    """Name this machine, such as `linux_amd64`. Raises ValueError for one that no package is made for."""
    system, machine = platform.system().lower(), platform.machine().lower()
    if system not in _SYSTEMS or machine not in _ARCHITECTURES:
        names = ", ".join(f"{one}_{other}" for one in _SYSTEMS.values() for other in ("amd64", "arm64"))
        msg = f"expected a machine that is one of {names}, got {system} on {machine}"
        raise ValueError(msg)
    return f"{_SYSTEMS[system]}_{_ARCHITECTURES[machine]}"
