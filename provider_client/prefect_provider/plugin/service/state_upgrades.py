"""States and identities that were written otherwise: by an older version, or for another type of resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.engine.identification import identity_type
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.service.values import (
    identity_message,
    read_json_object,
    value_message,
)
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.plugin.wire.state_json import from_json

if TYPE_CHECKING:
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.service.session import Handlers, Session

__all__ = ["StateUpgrades"]


class StateUpgrades:
    """The RPCs that rewrite a stored state."""

    def __init__(self, session: Session) -> None:
        self._session: Final = session

    def methods(self) -> Handlers:
        """The handlers by the RPC's name."""
        return {
            "UpgradeResourceState": self.upgrade_resource_state,
            "UpgradeResourceIdentity": self.upgrade_resource_identity,
            "MoveResourceState": self.move_resource_state,
        }

    async def upgrade_resource_state(
        self, request: pb.UpgradeResourceState.Request
    ) -> pb.UpgradeResourceState.Response:
        """Read a state as it lies in the file; called on every refresh, also when there is nothing to upgrade."""
        kind = self._session.resource(request.type_name)
        _refuse_newer("state", kind, request.version, kind.schema_version)
        raw: Any = request.raw_state.json
        if request.version < kind.schema_version:
            raw = kind.upgrade(request.version, read_json_object(raw))
        state = from_json(raw, kind.object_type(), ignore_extra=True)
        kind.met(self._session.client, state)
        return pb.UpgradeResourceState.Response(upgraded_state=value_message(state, kind))

    async def upgrade_resource_identity(
        self, request: pb.UpgradeResourceIdentity.Request
    ) -> pb.UpgradeResourceIdentity.Response:
        """Read an identity as an older version wrote it; called only if the version is not the current one."""
        kind = self._session.resource(request.type_name)
        _refuse_newer("identity", kind, request.version, kind.identity_version)
        raw: Any = request.raw_identity.json
        if request.version < kind.identity_version:
            raw = kind.upgrade_identity(request.version, read_json_object(raw))
        identity = from_json(raw, identity_type(kind), ignore_extra=True)
        return pb.UpgradeResourceIdentity.Response(upgraded_identity=identity_message(identity, kind))

    async def move_resource_state(
        self, request: pb.MoveResourceState.Request
    ) -> pb.MoveResourceState.Response:
        """Take over the state of another type of resource."""
        kind = self._session.resource(request.target_type_name)
        source = request.source_type_name
        document = kind.move(
            request.source_provider_address,
            source,
            request.source_schema_version,
            read_json_object(request.source_state.json),
        )
        if document is None:
            msg = f"A {source} cannot become a {kind.type_name}"
            raise ProviderError(
                msg,
                f"Its provider is {request.source_provider_address}. Remove it from state and import it here.",
            )
        state = from_json(document, kind.object_type(), ignore_extra=True)
        return pb.MoveResourceState.Response(target_state=value_message(state, kind))


def _refuse_newer(what: str, kind: type[Resource], version: int, known: int) -> None:
    """Raise ProviderError for what a newer provider wrote."""
    if version > known:
        msg = f"The {what} of this {kind.type_name} is newer than the provider"
        raise ProviderError(
            msg,
            f"It was written with schema version {version}, and this provider knows up to {known}. Use at least the "
            "version of the provider that wrote it.",
        )
