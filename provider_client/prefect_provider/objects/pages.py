"""A collection page by page, without losing what others move meanwhile."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.answers import objects_of
from prefect_provider.plugin.language.kinds import String

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from prefect_provider.api import Scope

__all__ = ["PAGE", "pages"]

PAGE: Final = 200
"""Objects in one answer; servers refuse to give more."""

_OVERLAP: Final = 10
"""Objects of a page that the next one repeats."""


async def pages(
    scope: Scope, path: str, body: Mapping[str, Any] = MappingProxyType({}), *, noun: str = "object"
) -> AsyncGenerator[list[dict[str, Any]], None]:
    """What each page of the filter at ``path`` has that those before it had not; raises ApiError.

    Each is asked for when it is wanted, and begins within the one before: objects that are deleted meanwhile move the
    others up, past the place where the next page would begin. A page with nothing of those before it has left some out,
    and is read again from further up.
    """
    known: set[str] = set()
    offset = 0
    while True:
        answer = (await scope.post(path, {**body, "limit": PAGE, "offset": offset})).data
        page = objects_of(f"POST {path}", noun, answer, id=String())
        if offset and not any(one["id"] in known for one in page):
            offset = max(0, offset - PAGE)
            continue
        new = {one["id"]: one for one in page if one["id"] not in known}
        known |= new.keys()
        yield [*new.values()]
        if len(page) < PAGE:
            return
        offset += PAGE - _OVERLAP
