"""Data sources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.values import UNKNOWN
from prefect_provider.plugin.service.values import (
    read_values,
    value_message,
)
from prefect_provider.plugin.wire.messages import (
    diagnostic_messages,
)
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb

if TYPE_CHECKING:
    from prefect_provider.plugin.service.session import Handlers, Session

__all__ = ["DataSources"]


class DataSources:
    """The RPCs of data sources."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def methods(self) -> Handlers:
        """The handlers by the RPC's name."""
        return {
            "ValidateDataResourceConfig": self.validate_data_resource_config,
            "ReadDataSource": self.read_data_source,
        }

    async def validate_data_resource_config(
        self, request: pb.ValidateDataResourceConfig.Request
    ) -> pb.ValidateDataResourceConfig.Response:
        """Check a data block."""
        kind = self._session.data_source(request.type_name)
        config = read_values(request.config, kind) or {}
        diagnostics = await lifecycle.validate_config(
            kind, config, self._session.provider.explain, real=self._session.is_real
        )
        return pb.ValidateDataResourceConfig.Response(diagnostics=diagnostic_messages(diagnostics, kind))

    async def read_data_source(self, request: pb.ReadDataSource.Request) -> pb.ReadDataSource.Response:
        """Read a data source."""
        kind = self._session.data_source(request.type_name)
        config = read_values(request.config, kind) or {}
        deferred = self._session.deferral(request.client_capabilities)
        if deferred is not None:
            given = {name: UNKNOWN if config.get(name) is None else config[name] for name in kind.attributes}
            return pb.ReadDataSource.Response(state=value_message(given, kind), deferred=deferred)
        outcome = await lifecycle.read_data(
            kind, self._session.client, config, self._session.provider.explain
        )
        return pb.ReadDataSource.Response(
            state=value_message(outcome.state, kind),
            diagnostics=diagnostic_messages(outcome.diagnostics, kind),
        )
