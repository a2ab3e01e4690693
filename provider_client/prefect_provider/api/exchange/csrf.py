"""Prefect's protection against forged requests: a token that every POST, PUT, PATCH and DELETE carries.

``GET /csrf-token?client=<uuid>`` answers ``{token, client, expiration}``, valid for an hour (Prefect 3.8).
Asking again makes the former token invalid, so one client has one id and one token, fetched under a lock. A
server without the protection answers 422, Prefect Cloud and older servers 404; then no token is sent.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from prefect_provider.api.errors import ApiError, UnexpectedAnswer

__all__ = ["CsrfGuard", "FetchToken"]

FetchToken: TypeAlias = Callable[[str], Awaitable[Any]]
"""Asks the server for a token for a client id; returns the JSON answer, raises ApiError."""

_TOKEN: Final = re.compile(r"[!-~]+")
_METHODS = frozenset({"DELETE", "PATCH", "POST", "PUT"})
_MARGIN = 60.0
_SHORTEST_LIFE = 30.0


class CsrfGuard:
    """Keeps this client's token: fetches it when first needed, when it expires, and when it is refused."""

    __slots__ = ("_client_id", "_expires", "_fetch", "_lock", "_token", "enabled")

    def __init__(self, fetch: FetchToken, *, enabled: bool) -> None:
        import uuid

        self._fetch = fetch
        self._client_id = str(uuid.uuid4())
        self._lock = asyncio.Lock()
        self._token: str | None = None
        self._expires = 0.0
        self.enabled = enabled

    async def headers(self, method: str) -> dict[str, str]:
        """The headers for a request with this method; none while the protection is off."""
        if not self.enabled or method not in _METHODS:
            return {}
        if self._is_stale():
            async with self._lock:
                if self._is_stale():
                    await self._renew()
        if self._token is None:
            return {}
        return {"prefect-csrf-token": self._token, "prefect-csrf-client": self._client_id}

    async def refused(self, sent: dict[str, str]) -> None:
        """Get another token: the server refused a request that had the headers ``sent``, maybe none."""
        async with self._lock:
            self.enabled = True
            if self._token is None or self._token == sent.get("prefect-csrf-token"):
                await self._renew()

    def _is_stale(self) -> bool:
        return self.enabled and (self._token is None or time.monotonic() >= self._expires)

    async def _renew(self) -> None:
        self._token = None
        try:
            data = await self._fetch(self._client_id)
        except ApiError as exc:
            if exc.status in (404, 422):
                self.enabled = False
                return
            raise
        token = data.get("token") if isinstance(data, dict) else None
        # Anything else would break the headers of every request that bears it.
        if not isinstance(token, str) or _TOKEN.fullmatch(token) is None:
            msg = "The answer to GET /csrf-token has no token"
            raise UnexpectedAnswer(msg, method="GET", path="/csrf-token", remedy="Check the endpoint")
        self._token = token
        self._expires = time.monotonic() + _lifetime(data.get("expiration"))


def _lifetime(expiration: object) -> float:
    """Seconds to use a token, a minute less than it is valid.

    Never less than half a minute: with a clock that is far ahead of the server's, every token would look
    expired and each request would invalidate the token of another. A token that is really expired is refused
    and renewed.
    """
    try:
        moment = datetime.fromisoformat(str(expiration))
    except ValueError:
        return _SHORTEST_LIFE
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - datetime.now(UTC)).total_seconds() - _MARGIN, _SHORTEST_LIFE)
