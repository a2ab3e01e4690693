"""Objects of one kind, read by id."""

from __future__ import annotations

from typing import Any

from prefect_provider.api.errors import NotFound, UnexpectedAnswer
from prefect_provider.api.sender import Sender, join_path

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
            ApiError: the server could not be asked; never NotFound.
        """
        path = self.path + join_path(object_id)
        try:
            reply = await self._sender.get(path)
        except NotFound:
            return None
        if not isinstance(reply.data, dict):
            msg = f"The answer to GET {path} is no object"
            raise UnexpectedAnswer(
                msg, reason=f"got {type(reply.data).__name__}", method="GET", path=path, status=reply.status
            )
        return reply.data
