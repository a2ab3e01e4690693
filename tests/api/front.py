"""A small reverse proxy: serves a real server's API at another path, as a company's gateway does."""

from __future__ import annotations

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Front"]

_KEPT = (
    "authorization",
    "content-type",
    "prefect-csrf-client",
    "prefect-csrf-token",
    "x-prefect-api-version",
)


class Front:
    """Passes what comes below ``prefix`` on to an API's URL; answers everything else as a gateway does."""

    def __init__(self, api_url: str, prefix: str) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length) if length else None
                if not self.path.startswith(f"{prefix}/"):
                    self._answer(
                        404, "application/json", b'{"message": "no Route matched with those values"}'
                    )
                    return
                target = urlsplit(api_url)
                connection = http.client.HTTPConnection(target.hostname or "", target.port)
                headers = {name: value for name, value in self.headers.items() if name.lower() in _KEPT}
                connection.request(self.command, target.path + self.path.removeprefix(prefix), body, headers)
                answer = connection.getresponse()
                self._answer(answer.status, answer.getheader("content-type", ""), answer.read())
                connection.close()

            do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - names of the base class

            def _answer(self, status: int, kind: str, body: bytes) -> None:
                self.send_response(status)
                self.send_header("content-type", kind)
                if status != 204:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """The address, without the prefix."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
