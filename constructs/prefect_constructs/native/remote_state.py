"""The outputs of another state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from prefect_constructs.native.element import TerraformElement
from prefect_constructs.native.expressions import Reference
from prefect_constructs.native.merging import merge, snake_keys, without_none
from prefect_constructs.native.tokens import Resolvable, Token

if TYPE_CHECKING:
    from prefect_constructs.native.construct import Construct

__all__ = [
    "DataTerraformRemoteState",
    "DataTerraformRemoteStateAzurerm",
    "DataTerraformRemoteStateConsul",
    "DataTerraformRemoteStateCos",
    "DataTerraformRemoteStateGcs",
    "DataTerraformRemoteStateHttp",
    "DataTerraformRemoteStateLocal",
    "DataTerraformRemoteStateOss",
    "DataTerraformRemoteStatePg",
    "DataTerraformRemoteStateS3",
    "DataTerraformRemoteStateSwift",
    "TerraformRemoteState",
]


class TerraformRemoteState(TerraformElement):
    """A look into the state of another stack or of anything else that Terraform manages."""

    def __init__(self, scope: Construct, id: str, backend: str, **config: Any) -> None:  # noqa: A002 - the CDK's
        """``config`` is that of the backend, and ``workspace`` and ``defaults``."""
        super().__init__(scope, id, "data.terraform_remote_state")
        self._backend = backend
        self._config = config

    def _output(self, output: str) -> Reference:
        address = f"data.terraform_remote_state.{self.friendly_unique_id}.outputs.{output}"
        return Reference(address, self.cdktf_stack)

    def get(self, output: str) -> Resolvable:
        """An output, whatever it is."""
        return self._output(output)

    def get_string(self, output: str) -> str:
        """An output that is text."""
        return Token.as_string(self._output(output))

    def get_number(self, output: str) -> float:
        """An output that is a number."""
        return Token.as_number(self._output(output))

    def get_list(self, output: str) -> list[str]:
        """An output that is a list."""
        return Token.as_list(self._output(output))

    def get_boolean(self, output: str) -> Resolvable:
        """An output that is true or false."""
        return self._output(output)

    def to_terraform(self) -> dict[str, Any]:
        """What it adds to the configuration, tokens included."""
        config = snake_keys(without_none(self._config))
        block: dict[str, Any] = {"backend": self._backend}
        for name in ("workspace", "defaults"):
            config.pop(name, None)
            if self._config.get(name) is not None:
                block[name] = self._config[name]
        written = merge({**block, "config": config}, self._raw_overrides)
        return {"data": {"terraform_remote_state": {self.friendly_unique_id: written}}}


class _Kept(TerraformRemoteState):
    """A state in a backend that has a class of its own."""

    kept: ClassVar[str]

    def __init__(self, scope: Construct, id: str, **config: Any) -> None:  # noqa: A002 - the CDK's name for it
        super().__init__(scope, id, self.kept, **config)


class DataTerraformRemoteState(_Kept):
    """A look into a state that HCP Terraform or Terraform Enterprise keeps."""

    kept = "remote"


class DataTerraformRemoteStateAzurerm(_Kept):
    """A look into a state that is in Azure's blob storage."""

    kept = "azurerm"


class DataTerraformRemoteStateConsul(_Kept):
    """A look into a state that Consul keeps."""

    kept = "consul"


class DataTerraformRemoteStateCos(_Kept):
    """A look into a state that Tencent Cloud keeps."""

    kept = "cos"


class DataTerraformRemoteStateGcs(_Kept):
    """A look into a state that is in Google Cloud Storage."""

    kept = "gcs"


class DataTerraformRemoteStateHttp(_Kept):
    """A look into a state that a server that takes states keeps."""

    kept = "http"


class DataTerraformRemoteStateLocal(_Kept):
    """A look into a state that is in a file."""

    kept = "local"


class DataTerraformRemoteStateOss(_Kept):
    """A look into a state that Alibaba Cloud keeps."""

    kept = "oss"


class DataTerraformRemoteStatePg(_Kept):
    """A look into a state that a database of PostgreSQL keeps."""

    kept = "pg"


class DataTerraformRemoteStateS3(_Kept):
    """A look into a state that S3 keeps."""

    kept = "s3"


class DataTerraformRemoteStateSwift(_Kept):
    """A look into a state that Swift keeps."""

    kept = "swift"
