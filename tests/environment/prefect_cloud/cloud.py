"""The simulator as a server."""

from __future__ import annotations

import http.client
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

from tests.environment.prefect_cloud.exchange import Answer, Refusal, Request
from tests.environment.prefect_cloud.routing import find, is_other_by_slash
from tests.environment.prefect_cloud.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PrefectCloud"]

_OWN: Final = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "host",
        "keep-alive",
        "transfer-encoding",
    }
)


class PrefectCloud:
    """Listens on 127.0.0.1; use as a context manager.

    ``url`` ends with ``/api``; ``api_url`` names the first workspace as well, as PREFECT_API_URL does. ``key`` is the
    key of the account's owner. ``upstream`` is the ``/api`` of a real server that keeps what belongs to the first
    workspace; without one such requests are answered 404.
    """

    def __init__(self, upstream: str | None = None) -> None:
        self.store = Store()
        self.account_id = str(uuid4())
        self.workspace_id = str(uuid4())
        self.key = f"pnu_{uuid4().hex}"
        self.upstreams: dict[str, str] = {} if upstream is None else {self.workspace_id: upstream}
        self.seen: list[tuple[str, str, int]] = []
        """Method, path below ``/api`` and status of every request."""
        self.limit_once: list[float] = []
        """For each of the next requests a Retry-After in seconds: it is answered 429."""
        owner = self.store.put("actors", type="user", email="owner@example.com", account_role="Owner")
        self.store.put("keys", key=self.key, actor_id=owner["id"])
        self.store.put("accounts", id=self.account_id, name="Example", handle="example")
        self.lock = threading.RLock()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """The address without account and workspace."""
        return f"http://127.0.0.1:{self._server.server_port}/api"

    @property
    def api_url(self) -> str:
        """The address of the first workspace."""
        return f"{self.url}/accounts/{self.account_id}/workspaces/{self.workspace_id}"

    def environment(self, **more: str) -> dict[str, str]:
        """The variables that point a client at the first workspace."""
        return {"PREFECT_API_URL": self.api_url, "PREFECT_API_KEY": self.key, **more}

    def __enter__(self) -> Self:
        self._server.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.end()

    def answer(self, method: str, target: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """What a request is answered."""
        split = urlsplit(target)
        path = split.path.removeprefix("/api")
        try:
            answer = self._answer(method, path, split.query, headers, content)
        except Refusal as refusal:
            answer = refusal.answer
        with self.lock:
            self.seen.append((method, path, answer.status))
        return answer

    def _answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], content: bytes
    ) -> Answer:
        with self.lock:
            if self.limit_once:
                raise Refusal(429, "Too many requests", {"Retry-After": f"{self.limit_once.pop(0):g}"})
        found = find(method, path)
        if found is None and is_other_by_slash(method, path):
            other = path[:-1] if path.endswith("/") else f"{path}/"
            return Answer(307, None, {"Location": f"{self.url}{other}{'?' if query else ''}{query}"})
        actor = self._actor(headers)
        if found is None:
            return self._pass_on(method, path, query, headers, content, actor)
        route, names = found
        self.require(actor, route.permission, names)
        try:
            body = json.loads(content) if content else None
        except ValueError:
            raise Refusal(422, "The body is no JSON") from None
        request = Request(method, path, names, dict(parse_qsl(query)), body, actor, dict(headers))
        with self.lock:
            return route.handler(self, request)

    def _actor(self, headers: Mapping[str, str]) -> dict[str, Any]:
        key = headers.get("authorization", "").removeprefix("Bearer ")
        keys = self.store.actual("keys", lambda one: bool(one["key"] == key))
        if not keys:
            raise Refusal(401, "Invalid authentication credentials")
        [actor] = self.store.actual("actors", lambda one: bool(one["id"] == keys[0]["actor_id"]))
        return actor

    def require(self, actor: dict[str, Any], permission: str | None, names: dict[str, str]) -> None:
        """Refuse with 403 unless the actor's role in the account or workspace has the permission."""

    def _pass_on(
        self,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        content: bytes,
        actor: dict[str, Any],
    ) -> Answer:
        """To the real server of a workspace."""
        for workspace_id, upstream in self.upstreams.items():
            prefix = f"/accounts/{self.account_id}/workspaces/{workspace_id}"
            if path.startswith(f"{prefix}/"):
                target = urlsplit(upstream)
                connection = http.client.HTTPConnection(target.netloc, timeout=90)
                passed = {name: value for name, value in headers.items() if name.lower() not in _OWN}
                try:
                    place = f"{target.path}{path.removeprefix(prefix)}{'?' if query else ''}{query}"
                    connection.request(method, place, content or None, passed)
                    reply = connection.getresponse()
                    data = reply.read()
                finally:
                    connection.close()
                return Answer(reply.status, json.loads(data) if data else None)
        raise Refusal(404, "Not Found")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, cloud: PrefectCloud) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.cloud = cloud
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def begin(self) -> None:
        """Listen."""
        self._thread.start()

    def end(self) -> None:
        """Listen no longer."""
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _do(self) -> None:
        content = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.cloud.answer(self.command, self.path, headers, content)
        sent = b"" if answer.status == 204 else json.dumps(answer.data).encode()
        self.send_response(answer.status)
        if answer.status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _do  # noqa: N815 - the names that the base class calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class has it
        """Say nothing."""
