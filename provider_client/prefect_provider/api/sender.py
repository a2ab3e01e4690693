"""What a request to Prefect is made of, and what comes back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

__all__ = ["Params", "Recover", "Reply", "RetryRule", "Sender", "join_path"]

Params: TypeAlias = Mapping[str, str | int | float | bool | None]
"""The query; None leaves a parameter out."""

RetryRule: TypeAlias = Literal["rejected-only", "safe"]
"""After a failure that leaves open whether the request took effect: ``safe`` sends it again,
``rejected-only`` does not."""


class Reply:
    """A success: its status, and its JSON body (None when it has none)."""

    __slots__ = ("data", "status")

    def __init__(self, status: int, data: Any) -> None:
        self.status = status
        self.data = data

    def __repr__(self) -> str:
        return f"Reply({self.status})"


Recover: TypeAlias = Callable[[], Awaitable[Reply | None]]
"""Looks whether a write took effect: returns what the write would have answered, or None to have it sent
again.

It runs in the write's own turn, so it may only read.
"""


def join_path(*parts: str) -> str:
    """A path of names and ids, each quoted.

    ``join_path("work_pools", "my pool")`` is ``/work_pools/my%20pool``.

    Raises:
        ValueError: a part is empty, which would turn the path of an object into that of its collection.
    """
    quoted: list[str] = []
    for part in parts:
        if not part:
            msg = f"empty part in the path {'/'.join(parts)!r}"
            raise ValueError(msg)
        # "." and ".." must not be taken for steps in the path.
        quoted.append(part.replace(".", "%2E") if part in (".", "..") else quote(part, safe=""))
    return "/" + "/".join(quoted)


class Sender(ABC):
    """Something that requests can be sent to; the five methods of HTTP in short."""

    __slots__ = ()

    @abstractmethod
    async def request(
        self,
        method: str,
        path: str,
        json: Any = None,
        params: Params | None = None,
        *,
        retry: RetryRule | None = None,
        recover: Recover | None = None,
        conceal: tuple[str, ...] = (),
    ) -> Reply:
        """Send a request and return the reply to it.

        ``path`` starts with ``/`` and is quoted (`join_path`). ``json`` is the body; None sends none.
        ``retry`` says what to do after a broken connection, a timeout or a 502: by default every method but
        POST is ``safe``, and so are the POSTs that only read (``/filter``, ``/count``, ``/paginate``); other
        POSTs are ``rejected-only``. ``recover`` looks before a POST is sent again. ``conceal`` are values
        that no message may show.

        Raises:
            ApiError: see `prefect_provider.api.errors`.
        """

    async def get(self, path: str, params: Params | None = None) -> Reply:
        """GET; raises ApiError."""
        return await self.request("GET", path, params=params)

    async def post(
        self,
        path: str,
        json: Any = None,
        *,
        retry: RetryRule | None = None,
        recover: Recover | None = None,
        conceal: tuple[str, ...] = (),
    ) -> Reply:
        """POST; raises ApiError."""
        return await self.request("POST", path, json, retry=retry, recover=recover, conceal=conceal)

    async def patch(self, path: str, json: Any = None, *, conceal: tuple[str, ...] = ()) -> Reply:
        """PATCH; raises ApiError."""
        return await self.request("PATCH", path, json, conceal=conceal)

    async def put(self, path: str, json: Any = None, *, conceal: tuple[str, ...] = ()) -> Reply:
        """PUT; raises ApiError."""
        return await self.request("PUT", path, json, conceal=conceal)

    async def delete(self, path: str) -> Reply:
        """DELETE; raises ApiError, NotFound when it is already gone."""
        return await self.request("DELETE", path)
