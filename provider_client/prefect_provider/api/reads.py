"""Objects of one kind, read by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.api.errors import NotFound, UnexpectedAnswer
from prefect_provider.api.request import join_path
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.api.sender import Sender

__all__ = ["Collection"]


class Collection:
    """The objects at one path of a scope: flows at ``/flows``, automations at ``/automations``.

    `read` is the one place where a resource reads an object by its id. Terraform asks for objects one at a
    time and many at once, so this is where reads that arrive together are to become one ``/filter`` call; a
    resource never knows. For now each read is one request. Reads in flight are not shared: one that began
    before a write would answer a read that came after it.
    """

    __slots__ = ("_sender", "path")

    def __init__(self, sender: Sender, path: str) -> None:
        self._sender = sender
        self.path = path.rstrip("/")

    async def read(self, object_id: str) -> dict[str, Any] | None:
        """The object with this id (or name, where the path takes names), or None when the server has none.

        Raises:
            ApiError: the server could not be asked, or answered with another object; never NotFound.
        """
        path = self.path + join_path(object_id)
        try:
            reply = await self._sender.get(path)
        except NotFound:
            return None
        if flaw := _flaw(reply.data, object_id):
            msg = f"The answer to GET {path} is not the object"
            raise UnexpectedAnswer(msg, reason=flaw, method="GET", path=path, status=reply.status)
        found: dict[str, Any] = reply.data
        return found


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
