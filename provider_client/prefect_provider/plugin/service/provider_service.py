"""The provider service of plugin protocol 6: messages in, calls of the engine, messages out.

Terraform asks for methods by the names that the protocol gives them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.plugin.service.actions import Actions
from prefect_provider.plugin.service.configuration import Configuration
from prefect_provider.plugin.service.data_sources import DataSources
from prefect_provider.plugin.service.ephemeral_resources import EphemeralResources
from prefect_provider.plugin.service.functions import Functions
from prefect_provider.plugin.service.generation import Generation
from prefect_provider.plugin.service.list_resources import ListResources
from prefect_provider.plugin.service.reporting import reporting, reporting_stream
from prefect_provider.plugin.service.resources import Resources
from prefect_provider.plugin.service.schemas import Schemas
from prefect_provider.plugin.service.session import Session, StreamingGroup
from prefect_provider.plugin.service.state_upgrades import StateUpgrades
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb

if TYPE_CHECKING:
    from prefect_provider.plugin.language.provider import Provider
    from prefect_provider.plugin.serving.rpc import StreamingMethod, UnaryMethod

__all__ = ["ProviderService"]

_GROUPS: Final = (
    Schemas,
    Configuration,
    Resources,
    StateUpgrades,
    Generation,
    ListResources,
    DataSources,
    EphemeralResources,
    Functions,
    Actions,
)

_STREAMING_GROUPS: Final[tuple[type[StreamingGroup], ...]] = (Actions, ListResources)
"""The groups that also have RPCs with more than one answer."""


class ProviderService:
    """Answers Terraform's calls with a provider."""

    def __init__(self, provider: Provider) -> None:
        self._session: Final = Session(provider)

    def methods(self) -> dict[str, UnaryMethod]:
        """Request type, response type and handler of each RPC with one answer, by its name in the protocol."""
        return {
            name: (getattr(pb, name).Request, getattr(pb, name).Response, reporting(name, handler))
            for group in _GROUPS
            for name, handler in group(self._session).methods().items()
        }

    def streams(self) -> dict[str, StreamingMethod]:
        """The same for each RPC that is answered with events, one by one."""
        return {
            name: (getattr(pb, name).Request, getattr(pb, name).Event, reporting_stream(name, handler))
            for group in _STREAMING_GROUPS
            for name, handler in group(self._session).streams().items()
        }
