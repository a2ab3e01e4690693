"""A server before the real one that keeps its clients waiting: it hangs, drips, or refuses for ever.

It is a fake for what cannot be provoked at will. What it lets through is answered by the real server.
"""

from __future__ import annotations

import http.client
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self, TypeAlias
from urllib.parse import urlsplit

from tests.environment.local_server import LocalServer

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Behaviour", "Refusal", "Seen", "StubbornServer", "is_write"]


class Refusal(NamedTuple):
    """An answer that does not come from the server behind."""

    status: int
    headers: dict[str, str]
    body: bytes = b'{"detail":"Too many requests"}'


Behaviour: TypeAlias = Literal["forward", "hang", "act-and-hang", "drip"] | Refusal
"""``hang``: never answered and not passed on; ``act-and-hang``: passed on, and never answered."""


class Seen(NamedTuple):
    """A request that came, and when, by the monotonic clock."""

    method: str
    path: str
    time: float


_OWN: Final = frozenset({"accept-encoding", "connection", "content-length", "host", "keep-alive"})


def is_write(method: str, path: str) -> bool:
    """Whether a request changes anything."""
    return method != "GET" and not path.endswith(("/filter", "/count"))


class StubbornServer:
    """Listens on 127.0.0.1; use as a context manager. ``behave`` may be replaced at any time."""

    def __init__(self, upstream: str, behave: Callable[[str, str], Behaviour]) -> None:
        self.behave = behave
        self.seen: list[Seen] = []
        self.delay = 0.0
        """Seconds that each answer takes."""
        self.headers: dict[str, str] = {}
        """Headers that replace those of the answers that are passed on."""
        self.end = threading.Event()
        self.upstream = urlsplit(upstream).netloc
        self._server = _Server(self)

    @property
    def api_url(self) -> str:
        """The address for clients."""
        return f"http://127.0.0.1:{self._server.server_port}/api"

    def __enter__(self) -> Self:
        self._server.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self.end.set()
        self._server.end()

    def writes(self) -> list[Seen]:
        """The requests that change something, as they came."""
        return [seen for seen in list(self.seen) if is_write(seen.method, seen.path)]


class _Server(LocalServer):
    def __init__(self, stubborn: StubbornServer) -> None:
        super().__init__(_Handler)
        self.stubborn = stubborn

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that lose patience are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _do(self) -> None:
        stubborn = self.server.stubborn
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.partition("?")[0]
        stubborn.seen.append(Seen(self.command, path, time.monotonic()))
        behaviour = stubborn.behave(self.command, path)
        if isinstance(behaviour, Refusal):
            self._send(behaviour.status, behaviour.headers, behaviour.body)
            return
        if behaviour == "hang":
            stubborn.end.wait()
            return
        stubborn.end.wait(stubborn.delay)
        status, headers, content = self._ask(body)
        if behaviour == "act-and-hang":
            stubborn.end.wait()
            return
        self._send(status, headers | stubborn.headers, content, drip=behaviour == "drip")

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do  # noqa: N815 - the names that the base class calls

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN}
        connection = http.client.HTTPConnection(self.server.stubborn.upstream, timeout=90)
        try:
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            kind = {"Content-Type": answer.getheader("content-type", "application/json")}
            return answer.status, kind, answer.read()
        finally:
            connection.close()

    def _send(self, status: int, headers: dict[str, str], content: bytes, *, drip: bool = False) -> None:
        self.send_response_only(status)
        for name, value in {"Date": self.date_time_string(), **headers}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        for byte in content if drip else ():
            if self.server.stubborn.end.wait(3.0):
                return
            self.wfile.write(bytes([byte]))
        if not drip and status != 204:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
