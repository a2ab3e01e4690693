"""The provider block: checked, taken into use, stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.plugin.engine.validation import validate
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.service.values import (
    read_values,
)
from prefect_provider.plugin.wire.messages import (
    diagnostic_messages,
)
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb

if TYPE_CHECKING:
    from prefect_provider.plugin.service.session import Handlers, Session

__all__ = ["Configuration"]


class Configuration:
    """The RPCs of the provider as a whole."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def methods(self) -> Handlers:
        """The handlers by the RPC's name."""
        return {
            "ValidateProviderConfig": self.validate_provider_config,
            "ConfigureProvider": self.configure_provider,
            "StopProvider": self.stop_provider,
        }

    async def validate_provider_config(
        self, request: pb.ValidateProviderConfig.Request
    ) -> pb.ValidateProviderConfig.Response:
        """Check the provider block."""
        self._session.is_real = True
        kind = type(self._session.provider)
        config = read_values(request.config, kind) or {}
        diagnostics = Diagnostics()
        validate(kind, config, diagnostics)
        if not diagnostics.has_errors:
            await self._session.guarded(
                self._session.provider.validate(config, diagnostics), "provider block", diagnostics
            )
        return pb.ValidateProviderConfig.Response(
            diagnostics=diagnostic_messages(diagnostics, type(self._session.provider))
        )

    async def configure_provider(
        self, request: pb.ConfigureProvider.Request
    ) -> pb.ConfigureProvider.Response:
        """Take the provider block into use."""
        self._session.is_real = True
        config = read_values(request.config, type(self._session.provider)) or {}
        diagnostics = Diagnostics()
        work = self._session.provider.configure(config, request.terraform_version, diagnostics)
        _, self._session.client = await self._session.guarded(work, "provider configuration", diagnostics)
        return pb.ConfigureProvider.Response(
            diagnostics=diagnostic_messages(diagnostics, type(self._session.provider))
        )

    async def stop_provider(self, request: pb.StopProvider.Request) -> pb.StopProvider.Response:
        """Ask the provider to finish soon; what is under way goes on to its end."""
        self._session.provider.stop()
        return pb.StopProvider.Response()
