"""List resources: what exists, for ``terraform query`` (Terraform 1.14 and newer)."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.engine.listing import list_objects
from prefect_provider.plugin.service.values import identity_message, read_values, value_message
from prefect_provider.plugin.wire.messages import diagnostic_messages
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.plugin.service.session import Handlers, Session, StreamingHandlers

__all__ = ["ListResources"]


class ListResources:
    """The RPCs of list resources."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def methods(self) -> Handlers:
        """The handlers by the RPC's name."""
        return {"ValidateListResourceConfig": self.validate_list_resource_config}

    def streams(self) -> StreamingHandlers:
        """The same for those with many answers."""
        return {"ListResource": self.list_resource}

    async def validate_list_resource_config(
        self, request: pb.ValidateListResourceConfig.Request
    ) -> pb.ValidateListResourceConfig.Response:
        """Check what a list block configures."""
        kind = self._session.list_resource(request.type_name)
        config = read_values(request.config, kind) or {}
        diagnostics = await lifecycle.validate_config(
            kind, config, self._session.provider.explain, real=self._session.is_real
        )
        return pb.ValidateListResourceConfig.Response(diagnostics=diagnostic_messages(diagnostics, kind))

    async def list_resource(self, request: pb.ListResource.Request) -> AsyncGenerator[Any, None]:
        """An event for each object; Terraform cancels the call when it has as many as it wants."""
        kind = self._session.list_resource(request.type_name)
        config = read_values(request.config, kind) or dict.fromkeys(kind.attributes)
        listing = list_objects(
            kind,
            self._session.client,
            config,
            self._session.provider.explain,
            whole=request.include_resource_object,
            limit=request.limit,
        )
        async with aclosing(listing) as events:
            async for listed in events:
                event = pb.ListResource.Event(
                    identity=identity_message(listed.identity, kind.resource),
                    display_name=listed.display_name,
                    diagnostic=diagnostic_messages(listed.diagnostics, kind),
                )
                if listed.state is not None:
                    event.resource_object.CopyFrom(value_message(listed.state, kind.resource))
                yield event
