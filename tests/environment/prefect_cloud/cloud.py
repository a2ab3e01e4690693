"""The simulator as a server."""

from __future__ import annotations

import http.client
import json
import math
import re
import threading
import time
from collections import deque
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from tests.environment.local_server import LocalServer
from tests.environment.prefect_cloud.events import note_change
from tests.environment.prefect_cloud.exchange import Answer, Refusal, Request, gone
from tests.environment.prefect_cloud.permissions import account_permissions, needed, seed, workspace_scopes
from tests.environment.prefect_cloud.routing import find, is_other_by_slash
from tests.environment.prefect_cloud.store import Store
from tests.environment.prefect_server import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["OWNER_ID", "PrefectCloud"]

OWNER_ID: Final = "0198f3a4-1c7e-7c3d-9b1e-5d2f6a8c4b00"
"""The user who owns the account, in every simulator: examples name them."""

_IN_WORKSPACE: Final = re.compile(r"/accounts/([^/]+)/workspaces/([^/]+)(/.*)")

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
    key of the account's owner. ``upstream`` is the ``/api`` of a real server that keeps what belongs to workspaces;
    without one such requests are answered 404. Workspaces share it, and so see each other's objects, unless a test
    gives one of them another (``upstreams``, or ``next_upstreams`` for those that are yet to be made).
    """

    def __init__(self, upstream: str | None = None) -> None:
        self.store = Store()
        self.upstream = upstream
        self.account_id = str(uuid4())
        self.workspace_id = str(uuid4())
        self.key = f"pnu_{uuid4().hex}"
        self.upstreams: dict[str, str] = {}
        """The real server of a workspace, where it is not the one that all share."""
        self.next_upstreams: list[str] = []
        """The same for the next workspaces that are made."""
        self.seen: list[tuple[str, str, int]] = []
        """Method, path below ``/api`` and status of every request."""
        self.limit_once: list[float] = []
        """For each of the next requests a Retry-After in seconds: it is answered 429."""
        self.refuse: Callable[[str, str], Refusal | None] | None = None
        """What a request, by its method and its path below ``/api``, is answered instead of what it asks for."""
        self.rate: tuple[int, float] | None = None
        """How many requests a key may send in how many seconds; what is more is answered 429, with a Retry-After."""
        self._sent: dict[str, deque[float]] = {}
        self._writes: list[tuple[str, datetime, datetime, str]] = []
        seed(self.store)
        self.store.put(
            "accounts",
            id=self.account_id,
            name="Example",
            handle="example",
            location=None,
            link=None,
            image_location=None,
            billing_email=None,
            auth_expiration_seconds=None,
            sso_state="ready",
            features=[],
            plan_type="ENTERPRISE",
            settings={
                "allow_public_workspaces": False,
                "ai_log_summaries": True,
                "managed_execution": True,
                "enforce_webhook_authentication": False,
            },
            domain_names=[],
        )
        self.store.put(
            "workspaces",
            id=self.workspace_id,
            account_id=self.account_id,
            name="first",
            handle="first",
            description="",
            default_workspace_role_id=None,
            is_public=False,
        )
        self.owner = self.add_user("owner@example.com", account_role="Owner", key=self.key, user_id=OWNER_ID)
        """The owner's user."""
        self.lock = threading.RLock()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        """The address without account and workspace."""
        return f"http://127.0.0.1:{self._server.server_port}/api"

    @property
    def api_url(self) -> str:
        """The address of the first workspace."""
        return self.api_url_of(self.workspace_id)

    def add_user(
        self,
        email: str,
        *,
        account_role: str = "Member",
        key: str | None = None,
        user_id: str | None = None,
        **names: str,
    ) -> dict[str, Any]:
        """A user who is a member of the account, as an invitation that was accepted leaves it; and a key of theirs.

        ``names`` are ``first_name``, ``last_name`` and ``handle``.
        """
        stem = email.partition("@")[0]
        known = {"first_name": stem.capitalize(), "last_name": "Example", "handle": stem} | names
        user_id = user_id or str(uuid4())
        actor = self.store.put(
            "actors", type="user", email=email, name=stem, account_role=account_role, user_id=user_id
        )
        user = self.store.put("users", id=user_id, actor_id=actor["id"], email=email, **known)
        [role] = self.store.actual("account_roles", lambda one: bool(one["name"] == account_role))
        self.store.put(
            "memberships",
            actor_id=actor["id"],
            user_id=user_id,
            email=email,
            account_id=self.account_id,
            account_role_id=role["id"],
            account_role_name=role["name"],
            last_login=None,
            **known,
        )
        if key is not None:
            self.add_key(actor["id"], key)
        return user

    def add_key(self, actor_id: str, key: str | None = None) -> str:
        """A key of an actor, such as a user's ``actor_id``."""
        key = key or f"pnu_{uuid4().hex}"
        self.store.put("keys", key=key, actor_id=actor_id, expires=None)
        return key

    def api_url_of(self, workspace_id: str) -> str:
        """The address of a workspace."""
        return f"{self.url}/accounts/{self.account_id}/workspaces/{workspace_id}"

    def call(self, method: str, path: str, body: Any = None, *, key: str = "") -> Any:
        """Ask it, independently of the client that is tested; raises CallError.

        ``path`` is in the first workspace, or in the account if it begins with ``A``: ``A/teams``. It is asked with the
        owner's key, unless another is given. 503 of a workspace's server means that nothing was done, and is asked
        again for up to 60 s.
        """
        deadline = time.monotonic() + 60.0
        account = f"/api/accounts/{self.account_id}"
        place = f"{account}/workspaces/{self.workspace_id}{path}"
        if path == "A" or path.startswith("A/"):
            place = account + path[1:]
        headers = {"authorization": f"Bearer {key or self.key}"}
        content = b"" if body is None else json.dumps(body).encode()
        while (answer := self.answer(method, place, headers, content)).status == 503:
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        if answer.status >= 400:
            raise CallError(method, path, answer.status, json.dumps(answer.data))
        return answer.data

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
            refusal = self.refuse(method, path) if self.refuse else None
            if refusal is not None:
                raise refusal
        found = find(method, path)
        if found is None and is_other_by_slash(method, path):
            other = path[:-1] if path.endswith("/") else f"{path}/"
            return Answer(307, None, {"Location": f"{self.url}{other}{'?' if query else ''}{query}"})
        if found is not None and found[0].is_public:
            asked = Request(
                method, path, found[1], dict(parse_qsl(query)), None, None, dict(headers), content
            )
            with self.lock:
                return found[0].handler(self, asked)
        with self.lock:
            actor = self.actor_of(headers)
            self._limit(actor)
        if found is None:
            return self._pass_on(method, path, query, headers, content, actor)
        route, names = found
        with self.lock:
            self.require(actor, route.permission, names)
        try:
            body = json.loads(content) if content else None
        except ValueError:
            raise Refusal(422, "The body is no JSON") from None
        request = Request(method, path, names, dict(parse_qsl(query)), body, actor, dict(headers), content)
        with self.lock:
            answer = route.handler(self, request)
            note_change(self, request, answer)
        return answer

    def _limit(self, actor: Mapping[str, Any]) -> None:
        """Refuse what is more than the rate allows, until the oldest of those requests is long enough ago."""
        if self.rate is None:
            return
        most, seconds = self.rate
        sent, now = self._sent.setdefault(actor["id"], deque()), time.monotonic()
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        if len(sent) >= most:
            wait = max(1, math.ceil(sent[0] + seconds - now))
            raise Refusal(429, "Too many requests", {"Retry-After": str(wait)})
        sent.append(now)

    def actor_of(self, headers: Mapping[str, str]) -> dict[str, Any]:
        """Whose key a request carries; 401 for one that is none."""
        key = headers.get("authorization", "").removeprefix("Bearer ")
        keys = self.store.actual("keys", lambda one: bool(one["key"] == key))
        if not keys or _is_past(keys[0].get("expires")):
            raise Refusal(401, "Invalid authentication credentials")
        [actor] = self.store.actual("actors", lambda one: bool(one["id"] == keys[0]["actor_id"]))
        return actor

    def require(self, actor: Mapping[str, Any], permission: str | None, names: Mapping[str, str]) -> None:
        """Refuse with 403 unless the actor's role in the account or workspace has the permission.

        404 for an account or a workspace that is not there, and 403 for a workspace in which it has no role at all.
        """
        if "account_id" not in names:
            return
        if not self.store.actual("accounts", lambda one: bool(one["id"] == names["account_id"].lower())):
            raise gone(noun="Account")
        workspace_id = names.get("workspace_id", "").lower()
        if not workspace_id:
            held = account_permissions(self.store, actor)
        elif not self.store.actual("workspaces", lambda one: bool(one["id"] == workspace_id)):
            raise gone(noun="Workspace")
        else:
            held = workspace_scopes(self.store, actor, workspace_id)
        if not held or (permission is not None and permission not in held):
            raise Refusal(403, "Forbidden")

    def may_see(self, actor: Mapping[str, Any], workspace_id: str) -> bool:
        """Whether an actor has a role in a workspace."""
        return bool(workspace_scopes(self.store, actor, workspace_id))

    def forward(self, request: Request, *, path: str | None = None, body: Any = None) -> Answer:
        """Let a workspace's real server answer a request, perhaps at another path below it or with another body."""
        base = f"/accounts/{request.names['account_id']}/workspaces/{request.names['workspace_id']}"
        place = request.path if path is None else base + path
        sent = request.body if body is None else body
        content = b"" if sent is None else json.dumps(sent).encode()
        query = urlencode(request.query)
        return self._pass_on(request.method, place, query, request.headers, content, request.actor or {})

    def writer_at(self, collection: str, occurred: datetime) -> str | None:
        """The id of the actor whose write to a collection of a workspace was under way then."""
        for written, begun, ended, actor_id in reversed(self._writes):
            if written == collection and begun <= occurred <= ended:
                return actor_id
        return None

    def _pass_on(
        self,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        content: bytes,
        actor: Mapping[str, Any],
    ) -> Answer:
        """To the real server of a workspace."""
        found = _IN_WORKSPACE.fullmatch(path)
        if found is None:
            raise Refusal(404, "Not Found")
        names = {"account_id": found[1], "workspace_id": found[2]}
        with self.lock:
            self.require(actor, needed(method, found[3]), names)
            if not self.store.is_settled("workspaces", names["workspace_id"].lower()):
                raise gone(noun="Workspace")
        passed = {name: value for name, value in headers.items() if name.lower() not in _OWN}
        place = f"{found[3]}{'?' if query else ''}{query}"
        begun = datetime.now(UTC)
        status, data, location = self.ask_server(found[2], method, place, content, passed)
        if not needed(method, found[3]).startswith("see_"):
            with self.lock:
                self._writes.append((found[3].split("/")[1], begun, datetime.now(UTC), actor["id"]))
        sent = {"Location": location} if location else {}
        return Answer(status, json.loads(data) if data else None, sent)

    def ask_server(
        self, workspace_id: str, method: str, place: str, content: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes, str | None]:
        """Status, body and Location of what the real server of a workspace answers; 404 if there is none."""
        upstream = self.upstreams.get(workspace_id.lower(), self.upstream)
        if upstream is None:
            raise Refusal(404, "Not Found")
        target = urlsplit(upstream)
        connection = http.client.HTTPConnection(target.netloc, timeout=90)
        try:
            connection.request(method, f"{target.path}{place}", content or None, dict(headers))
            reply = connection.getresponse()
            return reply.status, reply.read(), reply.headers["Location"]
        finally:
            connection.close()


def _is_past(moment: str | None) -> bool:
    return moment is not None and datetime.fromisoformat(moment) <= datetime.now(UTC)


class _Server(LocalServer):
    def __init__(self, cloud: PrefectCloud) -> None:
        super().__init__(_Handler)
        self.cloud = cloud


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
