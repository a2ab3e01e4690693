"""A receiver of HTTP requests on this machine: it stands for Slack, and for whoever else is called."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from typing import Final, Self

from tests.environment.local_server import LocalServer
from tests.environment.processes import wait_until

__all__ = ["Receiver"]


class Receiver:
    """Answers each POST with 200, and keeps what was sent; use as a context manager."""

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

        self.received: Final = received
        """The path and the body of each request."""
        self._server: Final = LocalServer(Handler)
        self.address: Final = f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._server.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.end()

    def wait(self, path: str, *, seconds: float = 60.0) -> str:
        """The first body that was sent to a path, once there is one."""
        wait_until(
            lambda: any(sent == path for sent, _ in self.received), what=f"call of {path}", seconds=seconds
        )
        return next(body for sent, body in self.received if sent == path)
