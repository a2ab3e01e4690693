"""Where the state of a stack is kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, ClassVar, Final

from prefect_constructs.errors import refuse
from prefect_constructs.native.backend_settings import SETTINGS
from prefect_constructs.native.element import TerraformElement
from prefect_constructs.native.merging import merge, snake_keys, without_none
from prefect_constructs.native.remote_state import TerraformRemoteState
from prefect_provider.text.spelling import closest, names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_constructs.native.construct import Construct

__all__ = [
    "AzurermBackend",
    "CloudBackend",
    "ConsulBackend",
    "CosBackend",
    "GcsBackend",
    "HttpBackend",
    "LocalBackend",
    "NamedCloudWorkspace",
    "NamedRemoteWorkspace",
    "OssBackend",
    "PgBackend",
    "PrefixedRemoteWorkspaces",
    "RemoteBackend",
    "S3Backend",
    "SwiftBackend",
    "TaggedCloudWorkspaces",
    "TerraformBackend",
]

_WORKSPACE: Final = "${terraform.workspace}"


class TerraformBackend(TerraformElement):
    """A backend of any kind, with the settings that Terraform's documentation has for it."""

    def __init__(self, scope: Construct, id: str, name: str, **settings: Any) -> None:  # noqa: A002 - the CDK's
        """``name`` is Terraform's name of the kind, such as ``kubernetes``."""
        super().__init__(scope, id)
        self.name: Final = name
        self.settings: Final = settings

    @staticmethod
    def is_backend(x: object) -> bool:
        """Whether it is a backend."""
        return isinstance(x, TerraformBackend)

    def _written_settings(self) -> dict[str, Any]:
        found: dict[str, Any] = snake_keys(without_none(self.settings))
        return found

    def to_terraform(self) -> dict[str, Any]:
        """What it adds to the configuration, tokens included."""
        return {"terraform": {"backend": {self.name: merge(self._written_settings(), self._raw_overrides)}}}

    def to_metadata(self) -> dict[str, Any]:
        """What it adds to the notes at the top of the configuration."""
        return {"backend": self.name}

    def get_remote_state_data_source(
        self, scope: Construct, name: str, from_stack: str
    ) -> TerraformRemoteState:
        """A look into the state that is kept here, for another stack."""
        return TerraformRemoteState(scope, name, self.name, **self.settings, workspace=_WORKSPACE)


class LocalBackend(TerraformBackend):
    """A file."""

    def __init__(
        self, scope: Construct, *, path: str | None = None, workspace_dir: str | None = None
    ) -> None:
        """Without a path, it is ``terraform.<stack>.tfstate`` in the working directory."""
        from prefect_constructs.native.element import stack_around

        # `./` of it is not the directory in which Terraform runs.
        own = path or os.path.join(os.getcwd(), f"terraform.{stack_around(scope).node.id}.tfstate")  # noqa: PTH109, PTH118
        super().__init__(scope, "backend", "local", path=own, workspace_dir=workspace_dir)


class _Known(TerraformBackend):
    """A backend that has a class of its own."""

    kind: ClassVar[str]
    needed: ClassVar[tuple[str, ...]] = ()

    def __init__(self, scope: Construct, **settings: Any) -> None:
        super().__init__(scope, "backend", self.kind, **settings)
        known = SETTINGS[self.kind]
        for name in settings:
            if name not in known:
                near = closest(name, known)
                remedy = f"Did you mean `{near}`?" if near else f"There are {names(known)}."
                raise refuse(lambda: self.node.path, (), f"there is no `{name}`", remedy=remedy)
        missing = [name for name in self.needed if settings.get(name) is None]
        if missing:
            what = "missing: where the state is kept is not known without"
            raise refuse(lambda: self.node.path, (missing[0],), what)


class S3Backend(_Known):
    """A bucket of S3; give ``bucket``, ``key``, ``region`` and so on, as Terraform's documentation has them."""

    kind = "s3"
    needed = ("bucket", "key")


class GcsBackend(_Known):
    """A bucket of Google Cloud Storage."""

    kind = "gcs"
    needed = ("bucket",)


class AzurermBackend(_Known):
    """A container of Azure's blob storage."""

    kind = "azurerm"
    needed = ("container_name", "key", "storage_account_name")


class HttpBackend(_Known):
    """A server that takes states."""

    kind = "http"
    needed = ("address",)


class PgBackend(_Known):
    """A database of PostgreSQL."""

    kind = "pg"


class ConsulBackend(_Known):
    """A key of Consul."""

    kind = "consul"
    needed = ("access_token", "path")


class CosBackend(_Known):
    """A bucket of Tencent Cloud."""

    kind = "cos"
    needed = ("bucket",)


class OssBackend(_Known):
    """A bucket of Alibaba Cloud."""

    kind = "oss"
    needed = ("bucket",)


class SwiftBackend(_Known):
    """A container of Swift."""

    kind = "swift"
    needed = ("container",)


# ------------------------------------------------------------------ HCP Terraform


class NamedRemoteWorkspace(dict[str, str]):
    """The one workspace of this name."""

    def __init__(self, name: str) -> None:
        """Its name."""
        super().__init__(name=name)


class PrefixedRemoteWorkspaces(dict[str, str]):
    """All workspaces whose names begin so."""

    def __init__(self, prefix: str) -> None:
        """What they begin with."""
        super().__init__(prefix=prefix)


class RemoteBackend(TerraformBackend):
    """Workspaces of HCP Terraform or Terraform Enterprise, as the backend ``remote``."""

    def __init__(
        self,
        scope: Construct,
        *,
        organization: str,
        workspaces: Mapping[str, str],
        hostname: str | None = None,
        token: str | None = None,
    ) -> None:
        """``workspaces`` is a :class:`NamedRemoteWorkspace` or :class:`PrefixedRemoteWorkspaces`."""
        super().__init__(
            scope,
            "backend",
            "remote",
            organization=organization,
            workspaces=dict(workspaces),
            hostname=hostname,
            token=token,
        )

    def to_metadata(self) -> dict[str, Any]:
        """What it adds to the notes at the top of the configuration."""
        return {"backend": self.name, "cloud": _cloud(self.settings["hostname"])}

    def get_remote_state_data_source(
        self, scope: Construct, name: str, from_stack: str
    ) -> TerraformRemoteState:
        """A look into the state that is kept here, for another stack."""
        return TerraformRemoteState(scope, name, "remote", **self.settings)


class NamedCloudWorkspace(dict[str, Any]):
    """The one workspace of this name."""

    def __init__(self, name: str, project: str | None = None) -> None:
        """Its name, and the project that it is in."""
        super().__init__(name=name, project=project)


class TaggedCloudWorkspaces(dict[str, Any]):
    """All workspaces with these tags."""

    def __init__(self, tags: Sequence[str], project: str | None = None) -> None:
        """The tags, and the project that they are in."""
        super().__init__(tags=list(tags), project=project)


class CloudBackend(TerraformBackend):
    """Workspaces of HCP Terraform or Terraform Enterprise, as the block ``cloud``."""

    def __init__(
        self,
        scope: Construct,
        *,
        organization: str,
        workspaces: NamedCloudWorkspace | TaggedCloudWorkspaces,
        hostname: str | None = None,
        token: str | None = None,
    ) -> None:
        """``workspaces`` is a :class:`NamedCloudWorkspace` or :class:`TaggedCloudWorkspaces`."""
        super().__init__(
            scope,
            "backend",
            "cloud",
            organization=organization,
            workspaces=dict(workspaces),
            hostname=hostname,
            token=token,
        )

    def to_terraform(self) -> dict[str, Any]:
        """What it adds to the configuration, tokens included."""
        settings = self._written_settings()
        if "tags" in settings["workspaces"]:
            settings["workspaces"]["tags"] = list(settings["workspaces"]["tags"])
        return {"terraform": {"cloud": merge(settings, self._raw_overrides)}}

    def to_metadata(self) -> dict[str, Any]:
        """What it adds to the notes at the top of the configuration."""
        return {"backend": self.name, "cloud": _cloud(self.settings["hostname"])}

    def get_remote_state_data_source(
        self, scope: Construct, name: str, from_stack: str
    ) -> TerraformRemoteState:
        """A look into the state that is kept here, for another stack.

        :raises PrefectConstructError: the workspace is not known by its name.
        """
        workspace = self.settings["workspaces"].get("name")
        if workspace is None:
            what = "another stack refers to this one, and which of the tagged workspaces has its state is not known"
            raise refuse(lambda: self.node.path, ("workspaces",), what, remedy="Use a `NamedCloudWorkspace`.")
        settings = {**self.settings, "workspaces": {"name": workspace}}
        return TerraformRemoteState(scope, name, "remote", **settings)


def _cloud(hostname: str | None) -> str:
    return "tfc" if not hostname or hostname.startswith("app.terraform.io") else "tfe"
