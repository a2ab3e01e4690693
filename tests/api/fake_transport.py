"""A fake network: a function answers instead of a server, so that any fault can be had at will."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from prefect_provider.api import Answer, Client, Outgoing, RetryPolicy, TransportFault, resolve

__all__ = ["FakeTransport", "answer", "broken", "client", "refused", "script"]

Handler = Callable[[Outgoing], Answer | Awaitable[Answer]]


class FakeTransport:
    """Hands each request to a function, and keeps them all in `sent`."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.sent: list[Outgoing] = []
        self.closed = False

    async def send(self, outgoing: Outgoing) -> Answer:
        """Keep the request and let the function answer."""
        self.sent.append(outgoing)
        result = self._handler(outgoing)
        return result if isinstance(result, Answer) else await result

    async def aclose(self) -> None:
        """Remember it."""
        self.closed = True


def answer(status: int, data: Any = None, **headers: str) -> Answer:
    """An answer with a JSON body, and headers written with underscores."""
    body = b"" if data is None else json.dumps(data).encode()
    return Answer(
        status,
        {
            "content-type": "application/json",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
        body,
    )


def broken() -> TransportFault:
    """The connection broke after the request was sent."""
    return TransportFault("broken", "reset by peer", reached=True)


def refused() -> TransportFault:
    """Nobody listens there."""
    return TransportFault("refused", "connection refused", reached=False)


def script(*steps: Answer | Exception) -> Handler:
    """Answer the first request with the first step, and so on; a request too many fails the test."""
    left = list(steps)

    def handler(outgoing: Outgoing) -> Answer:
        step = left.pop(0) if left else AssertionError(f"unexpected {outgoing.method} {outgoing.url}")
        if isinstance(step, Exception):
            raise step
        return step

    return handler


def client(
    transport: FakeTransport, *, policy: RetryPolicy | None = None, **explicit: str | bool | float | None
) -> Client:
    """A client of the fake at http://prefect.test/api, with waits of a few milliseconds."""
    settings = resolve({"endpoint": "http://prefect.test/api", **explicit}, {})
    return Client(
        settings, transport=transport, policy=policy or RetryPolicy(first_wait=0.001, longest_wait=0.002)
    )
