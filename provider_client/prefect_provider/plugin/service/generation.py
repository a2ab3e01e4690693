"""Configuration for objects that exist, which Terraform (1.14 and newer) generates when they are imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.plugin.engine.generation import generate
from prefect_provider.plugin.service.values import read_values, value_message
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb

if TYPE_CHECKING:
    from prefect_provider.plugin.service.session import Handlers, Session

__all__ = ["Generation"]


class Generation:
    """The RPC that writes configuration."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def methods(self) -> Handlers:
        """The handlers by the RPC's name."""
        return {"GenerateResourceConfig": self.generate_resource_config}

    async def generate_resource_config(
        self, request: pb.GenerateResourceConfig.Request
    ) -> pb.GenerateResourceConfig.Response:
        """The configuration of an object; null where Terraform does not say which (1.14.0 forgets to)."""
        kind = self._session.resource(request.type_name)
        state = read_values(request.state, kind)
        config = None if state is None else generate(kind, state)
        return pb.GenerateResourceConfig.Response(config=value_message(config, kind))
