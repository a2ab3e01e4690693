"""A receiver of HTTP requests on this machine: it stands for Slack, and for whoever else is called."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final, Self

from tests.environment.processes import wait_until

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Receiver"]


class Receiver:
    """Answers each POST with 200, and keeps what was sent."""

    def __init__(self) -> None:
        received: list[tuple[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                received.append((self.path, self.rfile.read(length).decode()))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._received: Final = received
        self._server: Final = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread: Final = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.address: Final = f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def wait(self, path: str, *, seconds: float = 60.0) -> str:
        """The first body that was sent to a path, once there is one."""
        wait_until(
            lambda: any(sent == path for sent, _ in self._received), what=f"call of {path}", seconds=seconds
        )
        return next(body for sent, body in self._received if sent == path)
