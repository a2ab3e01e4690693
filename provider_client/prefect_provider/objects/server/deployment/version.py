"""Where the version of a deployment comes from."""

from __future__ import annotations

from prefect_provider.plugin.language.declaration import Nested, required
from prefect_provider.plugin.language.kinds import String

__all__ = ["VersionInfo"]


class VersionInfo(Nested):
    """Where a version of the code comes from."""

    type = required(String(), "The kind of version, such as `vcs:github`.")
    version = required(String(), "The version, such as a commit.")
