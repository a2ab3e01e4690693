"""Ephemeral resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.engine.sensitivity import remember_secrets
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.service.values import (
    private_bytes,
    read_private,
    read_values,
    value_message,
)
from prefect_provider.plugin.wire.messages import (
    diagnostic_messages,
)
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb

if TYPE_CHECKING:
    from prefect_provider.plugin.service.session import Handlers, Session

__all__ = ["EphemeralResources"]


class EphemeralResources:
    """The RPCs of ephemeral resources."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def methods(self) -> Handlers:
        """The handlers by the RPC's name."""
        return {
            "ValidateEphemeralResourceConfig": self.validate_ephemeral_resource_config,
            "OpenEphemeralResource": self.open_ephemeral_resource,
            "RenewEphemeralResource": self.renew_ephemeral_resource,
            "CloseEphemeralResource": self.close_ephemeral_resource,
        }

    async def validate_ephemeral_resource_config(
        self, request: pb.ValidateEphemeralResourceConfig.Request
    ) -> pb.ValidateEphemeralResourceConfig.Response:
        """Check an ephemeral block."""
        kind = self._session.ephemeral_resource(request.type_name)
        config = read_values(request.config, kind) or {}
        diagnostics = await lifecycle.validate_config(
            kind, config, self._session.provider.explain, real=self._session.is_real
        )
        return pb.ValidateEphemeralResourceConfig.Response(diagnostics=diagnostic_messages(diagnostics, kind))

    async def open_ephemeral_resource(
        self, request: pb.OpenEphemeralResource.Request
    ) -> pb.OpenEphemeralResource.Response:
        """Fetch a value that is not stored."""
        kind = self._session.ephemeral_resource(request.type_name)
        deferred = self._session.deferral(request.client_capabilities)
        if deferred is not None:
            return pb.OpenEphemeralResource.Response(deferred=deferred)
        config = read_values(request.config, kind) or {}
        diagnostics = Diagnostics()
        private: dict[str, Any] = {}
        call = kind(self._session.client, diagnostics, private)
        done, opened = await lifecycle.guard(
            call.open(config),
            f"opening {kind.type_name}",
            diagnostics,
            lambda error: call.explain(error) or self._session.provider.explain(error),
        )
        response = pb.OpenEphemeralResource.Response(
            diagnostics=diagnostic_messages(diagnostics, kind), private=private_bytes(private)
        )
        if done and opened is not None:
            values = {
                name: config[name] if config.get(name) is not None else opened.values.get(name)
                for name in kind.attributes
            }
            # What was opened is a secret as much as what was configured.
            remember_secrets(kind, values)
            response.result.CopyFrom(value_message(values, kind))
            if opened.renew_at is not None:
                response.renew_at.FromDatetime(opened.renew_at)
        return response

    async def renew_ephemeral_resource(
        self, request: pb.RenewEphemeralResource.Request
    ) -> pb.RenewEphemeralResource.Response:
        """Extend it."""
        kind = self._session.ephemeral_resource(request.type_name)
        diagnostics = Diagnostics()
        private = read_private(request.private)
        call = kind(self._session.client, diagnostics, private)
        done, renew_at = await self._session.guarded(call.renew(), f"renewing {kind.type_name}", diagnostics)
        response = pb.RenewEphemeralResource.Response(
            diagnostics=diagnostic_messages(diagnostics, kind), private=private_bytes(private)
        )
        if done and renew_at is not None:
            response.renew_at.FromDatetime(renew_at)
        return response

    async def close_ephemeral_resource(
        self, request: pb.CloseEphemeralResource.Request
    ) -> pb.CloseEphemeralResource.Response:
        """Give it back."""
        kind = self._session.ephemeral_resource(request.type_name)
        diagnostics = Diagnostics()
        call = kind(self._session.client, diagnostics, read_private(request.private))
        await self._session.guarded(call.close(), f"closing {kind.type_name}", diagnostics)
        return pb.CloseEphemeralResource.Response(diagnostics=diagnostic_messages(diagnostics, kind))
