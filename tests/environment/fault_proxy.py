"""A proxy before a real Prefect server that does what networks, gateways and busy servers do.

It is a fake for what cannot be provoked at will: the server behind it is real, the faults are put in between. Which
request meets which fault follows from a seed and from what is asked, ids and other chance left out, not from the order
in which requests happen to arrive, so that a run can be repeated.
"""

import hashlib
import http.client
import json
import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Final, Literal, NamedTuple, Self, TypeAlias, get_args
from urllib.parse import urlsplit

from tests.environment.local_server import LocalServer

__all__ = ["FAULTS", "Exchange", "Fault", "FaultProxy"]

Fault: TypeAlias = Literal[
    "429",  # too many requests, without Retry-After; nothing was done
    "429-retry-after",
    "503-busy",  # Prefect's own: rolled back
    "500-before",  # nothing was done
    "502-before",
    "reset-before",
    "refused",  # nobody listens for a moment, and what was connected is cut off
    "404-no-route",  # a gateway's, while its routes are loaded
    "404-problem",  # the same of another gateway, with a `detail` (RFC 9457)
    "csrf",  # the token is no longer valid, so the server itself refuses the request
    "500-after",  # the server acted all the same
    "502-after",
    "503-after",  # of a gateway
    "504-after",
    "reset-after",
    "truncated-after",  # half of the answer
    "html-after",  # a page with status 200
    "empty-after",  # status 200 and nothing
    "content-type",  # the right answer as text/plain
    "drip",  # the right answer, byte by byte
]

FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)

# Headers of a request that are between two neighbours; without accept-encoding the answer comes as it is.
_OWN: Final = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "keep-alive", "transfer-encoding"}
)
_CHANCE: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12}")
"""What differs from run to run in a path: ids, and the ends of unique names."""

_DOWN_S: Final = 0.15
_MOST_429: Final = 2
_UNAUTHORIZED: Final = b'{"exception_message":"Unauthorized"}'
_PAGE: Final = b"<html><head><title>Bad gateway</title></head><body>no healthy upstream</body></html>"


class Exchange(NamedTuple):
    """One request that came, and what was done to it."""

    method: str
    path: str
    fault: Fault | None
    status: int
    """Of the server's own answer; 0 where it was not asked."""


class FaultProxy:
    """Listens on 127.0.0.1; use as a context manager. ``api_url`` is the value for PREFECT_API_URL.

    Each request meets one of ``faults`` with probability ``rate``, but never more than ``most`` times in a row for
    one method and path, so that patience is rewarded. After ``revoked_after`` requests the key is revoked: all are
    answered 401. ``between_pages`` is called once, before the second page of the first listing that has one: what it
    adds or removes shifts the pages. Set ``calm`` to let everything through.
    """

    def __init__(
        self,
        upstream: str,
        *,
        seed: int = 0,
        rate: float = 0.0,
        faults: Sequence[Fault] = FAULTS,
        most: int = 3,
        only: Sequence[str] = ("GET", "POST", "PATCH", "PUT", "DELETE"),
        revoked_after: int | None = None,
        between_pages: Callable[[], object] | None = None,
    ) -> None:
        self.seed = seed
        self.rate = rate
        self.faults = tuple(faults)
        self.most = most
        self.only = frozenset(only)
        self.revoked_after = revoked_after
        self._between_pages = between_pages
        self._calm = False
        self.is_down = False
        self.seen: list[Exchange] = []
        self._upstream = urlsplit(upstream).netloc
        self._rate_limits = 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._in_a_row: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()
        self._is_going_down = threading.Lock()
        self._server = _Server(self, 0)
        self._port = self._server.server_port

    @property
    def api_url(self) -> str:
        """The address for clients."""
        return f"http://127.0.0.1:{self._port}/api"

    def __enter__(self) -> Self:
        self._server.begin()
        return self

    def __exit__(self, *_: object) -> None:
        with self._is_going_down:
            self._server.end()

    @property
    def calm(self) -> bool:
        """Whether everything is let through."""
        return self._calm

    @calm.setter
    def calm(self, calm: bool) -> None:
        self._calm = calm
        # Until somebody listens again.
        with self._is_going_down:
            pass

    def go_down(self) -> None:
        """Let nobody listen for a moment; on a thread of its own."""
        if self._is_going_down.acquire(blocking=False):
            self.is_down = True
            threading.Thread(target=self._come_back, daemon=True).start()

    def _come_back(self) -> None:
        try:
            self._server.end()
            time.sleep(_DOWN_S)
            self._server = _Server(self, self._port)
            self.is_down = False
            self._server.begin()
        finally:
            self._is_going_down.release()

    def shift_pages(self) -> None:
        """Add or remove what shifts the pages of a listing, once."""
        with self._lock:
            change, self._between_pages = self._between_pages, None
        if change is not None:
            change()

    def is_revoked(self) -> bool:
        """Whether the key is no longer accepted."""
        with self._lock:
            return not self.calm and self.revoked_after is not None and len(self.seen) >= self.revoked_after

    def choose(self, method: str, path: str) -> Fault | None:
        """The fault for the next request of this kind."""
        path = _CHANCE.sub("*", path)
        key = (method, path)
        with self._lock:
            number = self._counts[key]
            self._counts[key] += 1
            if self.calm or method not in self.only or self._in_a_row[key] >= self.most:
                self._in_a_row[key] = 0
                return None
            drawn = hashlib.sha256(f"{self.seed} {method} {path} {number}".encode()).digest()
            if int.from_bytes(drawn[:4]) / 2**32 >= self.rate:
                self._in_a_row[key] = 0
                return None
            self._in_a_row[key] += 1
            fault = self.faults[int.from_bytes(drawn[4:8]) % len(self.faults)]
            if fault == "429":
                self._rate_limits += 1
            # A client waits a second after it, which is not to become minutes.
            return "429-retry-after" if fault == "429" and self._rate_limits > _MOST_429 else fault

    def record(self, exchange: Exchange) -> None:
        """Remember what was done."""
        with self._lock:
            self.seen.append(exchange)

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        """The server's own answer: status, content type and body."""
        connection = http.client.HTTPConnection(self._upstream, timeout=90)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("content-type", "application/json"), answer.read()
        finally:
            connection.close()


class _Server(LocalServer):
    def __init__(self, proxy: FaultProxy, port: int) -> None:
        super().__init__(_Handler, port)
        self.proxy = proxy

    def handle_error(self, request: object, client_address: object) -> None:
        """Connections that break are this server's trade."""


# Answers that do not depend on the server's own: status, content type, body, headers.
_CANNED: Final[dict[Fault, tuple[int, str, bytes, dict[str, str]]]] = {
    "429": (429, "application/json", b'{"detail":"Too many requests"}', {}),
    "429-retry-after": (429, "application/json", b'{"detail":"Too many requests"}', {"Retry-After": "0.1"}),
    "503-busy": (503, "application/json", b'{"exception_message":"Service Unavailable"}', {}),
    "404-no-route": (404, "application/json", b'{"message":"no Route matched with those values"}', {}),
    "404-problem": (
        404,
        "application/problem+json",
        b'{"type":"about:blank","title":"Not Found","status":404,"detail":"There is no such route"}',
        {},
    ),
    "500-before": (500, "application/json", b'{"exception_message":"Internal Server Error"}', {}),
    "500-after": (500, "application/json", b'{"exception_message":"Internal Server Error"}', {}),
    "502-before": (502, "text/html", _PAGE, {}),
    "502-after": (502, "text/html", _PAGE, {}),
    "503-after": (503, "text/html", _PAGE, {}),
    "504-after": (504, "text/html", _PAGE, {}),
    "html-after": (200, "text/html", _PAGE, {}),
    "empty-after": (200, "application/json", b"", {}),
}


_PASSED_ON: Final = frozenset(
    {"csrf", "content-type", "drip"}
    | {fault for fault in FAULTS if fault.endswith("-after") and not fault.startswith("429")}
)
"""Faults for which the server is asked all the same."""


def _is_later_page(path: str, body: bytes) -> bool:
    """Whether a request asks for a page of a listing that is not its first one."""
    asked = json.loads(body) if body and path.endswith("/filter") else None
    return isinstance(asked, dict) and bool(asked.get("offset"))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _do(self) -> None:
        proxy = self.server.proxy
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.partition("?")[0]
        if proxy.is_down:
            self._reset()
            return
        if proxy.is_revoked():
            proxy.record(Exchange(self.command, path, None, 401))
            self._send(401, "application/json", _UNAUTHORIZED)
            return
        if _is_later_page(path, body):
            proxy.shift_pages()
        fault = proxy.choose(self.command, path)
        status, kind, content = 0, "application/json", b""
        if fault is None or fault in _PASSED_ON:
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN}
            client = self.headers.get("prefect-csrf-client")
            if fault == "csrf" and client:
                # The server gives this client another token, which it does not hear of.
                proxy.ask("GET", f"/api/csrf-token?client={client}", b"", headers)
            try:
                status, kind, content = proxy.ask(self.command, self.path, body, headers)
            except (OSError, http.client.HTTPException):
                fault = "reset-after"
        proxy.record(Exchange(self.command, path, fault, status))
        if fault == "refused":
            proxy.go_down()
        self._answer(fault, status, kind, content)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do  # noqa: N815 - the names that the base class calls

    def _answer(self, fault: Fault | None, status: int, kind: str, content: bytes) -> None:
        if fault in _CANNED:
            self._send(*_CANNED[fault])
        elif fault == "truncated-after":
            self._send(status, kind, content[: len(content) // 2], length=len(content) + 10)
            self._reset()
        elif fault in ("reset-before", "reset-after", "refused"):
            self._reset()
        else:
            shown = "text/plain" if fault == "content-type" else kind
            self._send(status, shown, content, drip=fault == "drip")

    def _send(
        self,
        status: int,
        kind: str,
        content: bytes,
        extra: dict[str, str] | None = None,
        *,
        length: int | None = None,
        drip: bool = False,
    ) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if status == 204:
            return
        step = max(1, len(content) // 8) if drip else len(content) or 1
        for start in range(0, len(content), step):
            self.wfile.write(content[start : start + step])
            if drip:
                self.wfile.flush()
                time.sleep(0.02)

    def _reset(self) -> None:
        """Break the connection so that the other end gets a reset instead of an end."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
        """Say nothing."""
