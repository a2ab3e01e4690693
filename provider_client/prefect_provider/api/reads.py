"""Objects of one kind, read by id or name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.api.errors import UnexpectedAnswer
from prefect_provider.api.request import join_path
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.api.bulk import BulkReader
    from prefect_provider.api.listing import Listing

__all__ = ["Collection"]


class Collection:
    """The objects of one kind in a scope: its flows, its automations.

    `read` is the one place where an object is read by its id or name. Terraform asks for objects one at a time and
    many at once; the reader behind it answers together what arrives together, and a resource never knows.
    """

    __slots__ = ("_reader", "listing")

    def __init__(self, reader: BulkReader, listing: Listing) -> None:
        self._reader = reader
        self.listing = listing

    async def read(self, key: str) -> dict[str, Any] | None:
        """The object with this key, or None when the server has none.

        Raises:
            ApiError: the server could not be asked, or answered with another object; never NotFound.
        """
        path = self.listing.path + join_path(key)
        found = await self._reader.read(self.listing, key, path=path)
        if found is None:
            return None
        if flaw := _flaw(found, key):
            msg = f"The answer to GET {path} is not the object"
            raise UnexpectedAnswer(msg, reason=flaw, method="GET", path=path, status=200)
        return found

    async def find(self, *key: str, path: str = "") -> dict[str, Any] | None:
        """The object of a key of several parts, or None; ``path`` is where a GET has it, if anywhere.

        Raises:
            ApiError: the server could not be asked; never NotFound.
        """
        return await self._reader.read(self.listing, *key, path=path)


def _flaw(data: Any, object_id: str) -> str:
    """Why this is not the object that was asked for; empty when it is."""
    if not isinstance(data, dict):
        return expectation("an object", type(data).__name__)
    found = data.get("id")
    if not isinstance(found, str) or not found:
        return "it has no id"
    # A name may look like an id, where the path takes names.
    if is_uuid(object_id) and object_id.lower() not in (found.lower(), str(data.get("name")).lower()):
        return expectation(f"the id {object_id}", show(found))
    return ""
