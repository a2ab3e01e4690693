"""Prefect Cloud may show what was just written only a moment later, so that what was written is waited for.

Without that an object that was just made could be missing from the next refresh, and what was just changed come back
as it was before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from prefect_provider.api import ApiError
from prefect_provider.objects.cloud.looks import note_write
from prefect_provider.objects.remote import RemoteObject
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from typing import TypeAlias

    from prefect_provider.api import Client, Scope
    from prefect_provider.plugin.language.values import Values

    _Look: TypeAlias = Callable[[], Awaitable[dict[str, Any] | None]]
    _Shows: TypeAlias = Callable[[dict[str, Any] | None], bool]

__all__ = ["SettlingObject", "eventually", "seen"]

_T = TypeVar("_T")

_WAITS_S: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 3.2)
"""Seconds between one look and the next; afterwards what is seen is taken as it is."""


async def eventually(client: Client, look: Callable[[], Awaitable[_T]], shows_it: Callable[[_T], bool]) -> _T:
    """What a look finds once it shows what was written; after a while, or when it is to stop, the last one."""
    found = await look()
    for wait in _WAITS_S:
        if shows_it(found) or not await client.rest(wait):
            break
        found = await look()
    return found


async def seen(
    resource: RemoteObject, look: Callable[[], Awaitable[_T]], shows_it: Callable[[_T], bool]
) -> _T | None:
    """:func:`eventually` of what was written and answered; ``None``, with a warning, if nobody may or can look.

    Whatever becomes of the look: the object is as it was written, and an error would have Terraform make it anew.
    """
    try:
        return await eventually(resource.client, look, shows_it)
    except ApiError as error:
        noun = resource.noun()
        detail = say(
            f"the {noun} was written, and is in the state as it was planned; whether it is like that everywhere by "
            f"now is not known: {error}"
        )
        resource.diagnostics.warning(f"The {noun} could not be looked at afterwards", detail)
        return None


class SettlingObject(RemoteObject):
    """An object that is not seen at once as it was written."""

    def is_settled(self, data: Mapping[str, Any], written: Values) -> bool:
        """Whether an answer shows what was written."""
        return self.is_as_planned(data, written)

    async def settle(self, written: Values) -> dict[str, Any] | None:
        """What a read answers once it shows what was written, or at the end of a few seconds; ``None`` if nothing."""
        note_write(self.client)
        return await eventually(self.client, *self._look(written))

    async def await_sight(self, written: Values) -> dict[str, Any] | None:
        """:meth:`settle` of what is known without it: ``None``, with a warning, where the look fails."""
        note_write(self.client)
        return await seen(self, *self._look(written))

    def _look(self, written: Values) -> tuple[_Look, _Shows]:
        """How to look for what was written, and whether it shows."""

        async def look() -> dict[str, Any] | None:
            return await self.fetch(written)

        def shows_it(data: dict[str, Any] | None) -> bool:
            return data is not None and self.is_settled(data, written)

        return look, shows_it

    async def complete(self, scope: Scope, data: dict[str, Any], planned: Values, config: Values) -> Values:
        """What the creation answered, once reads show it as well."""
        values = await super().complete(scope, data, planned, config)
        await self.await_sight(planned | {"id": data["id"]})
        return values

    async def read_back(self, state: Values) -> Values:
        """The object after a write, which must still exist."""
        data = await self.settle(state)
        if data is None:
            return await super().read_back(state)
        return self.understand(f"GET {self.location(state)}", data, state)

    async def delete(self, prior: Values) -> None:
        """Delete it; looks from before show it no longer to others."""
        await super().delete(prior)
        note_write(self.client)
