"""What the provider has: names, schemas, capabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.plugin.wire.messages import (
    function_message,
    identity_schema_message,
    schema_message,
)
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb

if TYPE_CHECKING:
    from prefect_provider.plugin.service.session import Handlers, Session

_CAPABILITIES: Final = {
    # Terraform asks each process for the schema unless told that it may keep the first answer.
    "get_provider_schema_optional": True,
    "move_resource_state": True,
    # What goes with an object is said before it goes.
    "plan_destroy": True,
    "generate_resource_config": True,
}

__all__ = ["Schemas"]


class Schemas:
    """The RPCs that tell Terraform what there is."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def methods(self) -> Handlers:
        """The handlers by the RPC's name."""
        return {
            "GetMetadata": self.get_metadata,
            "GetProviderSchema": self.get_provider_schema,
            "GetResourceIdentitySchemas": self.get_resource_identity_schemas,
        }

    async def get_metadata(self, request: pb.GetMetadata.Request) -> pb.GetMetadata.Response:
        """The names of everything, without the schemas."""
        return pb.GetMetadata.Response(
            server_capabilities=pb.ServerCapabilities(**_CAPABILITIES),
            resources=[{"type_name": name} for name in self._session.table("resources")],
            data_sources=[{"type_name": name} for name in self._session.table("data_sources")],
            ephemeral_resources=[{"type_name": name} for name in self._session.table("ephemeral_resources")],
            actions=[{"type_name": name} for name in self._session.table("actions")],
            list_resources=[{"type_name": name} for name in self._session.table("list_resources")],
            functions=[{"name": name} for name in self._session.table("functions")],
        )

    async def get_provider_schema(
        self, request: pb.GetProviderSchema.Request
    ) -> pb.GetProviderSchema.Response:
        """All schemas."""
        return pb.GetProviderSchema.Response(
            server_capabilities=pb.ServerCapabilities(**_CAPABILITIES),
            provider=schema_message(type(self._session.provider)),
            resource_schemas={
                name: schema_message(kind, kind.schema_version)
                for name, kind in self._session.table("resources").items()
            },
            data_source_schemas={
                name: schema_message(kind) for name, kind in self._session.table("data_sources").items()
            },
            ephemeral_resource_schemas={
                name: schema_message(kind)
                for name, kind in self._session.table("ephemeral_resources").items()
            },
            action_schemas={
                name: pb.ActionSchema(schema=schema_message(kind))
                for name, kind in self._session.table("actions").items()
            },
            list_resource_schemas={
                name: schema_message(kind) for name, kind in self._session.table("list_resources").items()
            },
            functions={
                name: function_message(kind) for name, kind in self._session.table("functions").items()
            },
        )

    async def get_resource_identity_schemas(
        self, request: pb.GetResourceIdentitySchemas.Request
    ) -> pb.GetResourceIdentitySchemas.Response:
        """What names the objects of each resource; Terraform (1.12 and newer) asks each time it asks for the schema."""
        return pb.GetResourceIdentitySchemas.Response(
            identity_schemas={
                name: identity_schema_message(kind)
                for name, kind in self._session.table("resources").items()
                if kind.identified_by
            }
        )
