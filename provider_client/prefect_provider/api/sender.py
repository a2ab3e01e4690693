"""Something that requests can be sent to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Unpack

from prefect_provider.api.request import Options, Params, Request

if TYPE_CHECKING:
    from prefect_provider.api.request import Reply

__all__ = ["Sender"]


class Sender(ABC):
    """Sends requests; the five methods of HTTP in short."""

    __slots__ = ()

    @abstractmethod
    async def send(self, request: Request) -> Reply:
        """Send a request and return the reply to it.

        Raises:
            ApiError: see `prefect_provider.api.errors`.
        """

    async def get(self, path: str, params: Params | None = None) -> Reply:
        """GET; raises ApiError."""
        return await self.send(Request("GET", path, params=params))

    async def post(self, path: str, json: Any = None, **options: Unpack[Options]) -> Reply:
        """POST; raises ApiError. A POST that creates an object says with ``recover`` how to find it."""
        return await self.send(Request("POST", path, json, **options))

    async def patch(self, path: str, json: Any = None, **options: Unpack[Options]) -> Reply:
        """PATCH; raises ApiError."""
        return await self.send(Request("PATCH", path, json, **options))

    async def put(self, path: str, json: Any = None, **options: Unpack[Options]) -> Reply:
        """PUT; raises ApiError."""
        return await self.send(Request("PUT", path, json, **options))

    async def delete(self, path: str, **options: Unpack[Options]) -> Reply:
        """DELETE; raises ApiError, NotFound when it is already gone."""
        return await self.send(Request("DELETE", path, **options))
