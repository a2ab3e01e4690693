"""Objects of Prefect Cloud whose reads lag behind their writes: what was written is waited for.

Without that an object that was just made could be missing from the next refresh, and what was just changed come back
as it was before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.remote import RemoteObject, refuse_other_servers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["CloudObject", "SettlingObject"]

_WAITS_S: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 3.2)
"""Seconds between one look and the next; afterwards what is seen is taken as it is."""


class CloudObject(RemoteObject):
    """An object of Prefect Cloud that belongs to no account, such as a person."""

    cloud_only = True

    def place(self, values: Mapping[str, Value]) -> Scope:
        """The whole of Prefect Cloud; raises ProviderError for another server."""
        refuse_other_servers(self)
        return super().place(values)


class SettlingObject(RemoteObject):
    """An object that is not seen at once as it was written."""

    def is_settled(self, data: Mapping[str, Any], written: Values) -> bool:
        """Whether an answer shows what was written."""
        return self.is_as_planned(data, written)

    async def settle(self, written: Values) -> dict[str, Any] | None:
        """What a read answers once it shows what was written, or at the end of a few seconds; ``None`` if nothing."""
        for wait in (*_WAITS_S, 0.0):
            data = await self.fetch(written)
            if data is not None and self.is_settled(data, written):
                break
            if not wait or not await self.client.rest(wait):
                break
        return data

    async def complete(self, scope: Scope, data: dict[str, Any], planned: Values, config: Values) -> Values:
        """What the creation answered, once reads show it as well."""
        values = await super().complete(scope, data, planned, config)
        await self.settle(planned | {"id": data["id"]})
        return values

    async def read_back(self, state: Values) -> Values:
        """The object after a write, which must still exist."""
        data = await self.settle(state)
        if data is None:
            return await super().read_back(state)
        return self.understand(f"GET {self.location(state)}", data, state)
