"""What the RPCs of one provider process share: the provider, its configured client, and what it has by name."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from prefect_provider.plugin.engine.lifecycle import guard
from prefect_provider.plugin.language.diagnostics import Diagnostics, ProviderError
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb

if TYPE_CHECKING:
    from prefect_provider.plugin.language.action import Action
    from prefect_provider.plugin.language.provider import Provider
    from prefect_provider.plugin.language.resource import (
        DataSource,
        EphemeralResource,
        ListResource,
        Resource,
    )

__all__ = ["Handlers", "Session", "StreamingGroup", "StreamingHandlers"]

Handlers: TypeAlias = Mapping[str, Callable[[Any], Awaitable[Any]]]
"""The handler of each RPC by its name in the protocol; it takes ``<name>.Request``, returns ``<name>.Response``."""

StreamingHandlers: TypeAlias = Mapping[str, Callable[[Any], AsyncGenerator[Any, None]]]
"""The same for RPCs with many answers: the handler takes ``<name>.Request`` and gives ``<name>.Event`` one by one.

It is closed, or cancelled, when Terraform wants no more; that is no failure.
"""


class StreamingGroup(Protocol):
    """A group of RPCs of which some have many answers."""

    def __init__(self, session: Session) -> None: ...

    def streams(self) -> StreamingHandlers:
        """The handlers of those, by the RPC's name."""
        ...


class Session:
    """One provider process: Terraform configures it once, and then asks."""

    def __init__(self, provider: Provider) -> None:
        self.provider: Final = provider
        self.client: Any = None
        """What ``Provider.configure`` returned; ``None`` before, and while its configuration is unknown."""
        self.is_real = False
        """Whether Terraform has shown the provider block, as it never does while the provider is mocked.

        (Nor does `terraform validate` while the block is empty; it cannot be told from a mocked run.)
        """
        self._tables: dict[str, dict[str, Any]] = {}
        self._found: dict[tuple[str, str], Any] = {}

    def table(self, of: str) -> dict[str, Any]:
        """The provider's resources, data sources, ephemeral resources, actions or functions, by name."""
        if of not in self._tables:
            kinds: Sequence[Any] = getattr(self.provider, of)()
            self._tables[of] = {getattr(kind, "type_name", None) or kind.name: kind for kind in kinds}
        return self._tables[of]

    def find(self, of: str, name: str) -> Any:
        """One of them; raises ProviderError for a name that there is not."""
        kind = self._found.get((of, name))
        if kind is None:
            kind = self._found[of, name] = self.provider.find(of, name)
        if kind is not None:
            return kind
        msg = f"This provider has no {of.replace('_', ' ')[:-1]} `{name}`"
        detail = f"It has: {', '.join(sorted(self.table(of)))}."
        if of == "resources":
            detail += (
                " If the state holds one that another provider made, take it out of the state, which leaves the "
                f"object as it is: terraform state rm {name}.<name>"
            )
        raise ProviderError(msg, detail)

    def resource(self, name: str) -> type[Resource]:
        """The class of a resource type."""
        kind: type[Resource] = self.find("resources", name)
        return kind

    def data_source(self, name: str) -> type[DataSource]:
        """The class of a data source."""
        kind: type[DataSource] = self.find("data_sources", name)
        return kind

    def list_resource(self, name: str) -> type[ListResource]:
        """The class that lists a resource type."""
        kind: type[ListResource] = self.find("list_resources", name)
        return kind

    def ephemeral_resource(self, name: str) -> type[EphemeralResource]:
        """The class of an ephemeral resource."""
        kind: type[EphemeralResource] = self.find("ephemeral_resources", name)
        return kind

    def action(self, name: str) -> type[Action]:
        """The class of an action."""
        kind: type[Action] = self.find("actions", name)
        return kind

    def deferral(self, capabilities: pb.ClientCapabilities) -> pb.Deferred | None:
        """What puts a call off that needs the client; ``None`` where there is one, or Terraform does not allow it."""
        if self.client is not None or not capabilities.deferral_allowed:
            return None
        return pb.Deferred(reason=pb.Deferred.PROVIDER_CONFIG_UNKNOWN)

    async def guarded(self, work: Awaitable[Any], subject: str, diagnostics: Diagnostics) -> tuple[bool, Any]:
        """Await ``work``; an exception becomes an error about ``subject``; see :func:`~..engine.lifecycle.guard`."""
        return await guard(work, subject, diagnostics, self.provider.explain)
