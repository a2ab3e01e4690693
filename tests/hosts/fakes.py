"""Fakes of the APIs of code hosts, on 127.0.0.1: no GitHub, GitLab or Bitbucket answers here.

Each keeps to what its host documents: who may ask, how long a comment may be, how pages are turned, who may edit what,
and what it makes of a token that is wrong. Anything that the documents do not have is an error of the test.
"""

from __future__ import annotations

import json
import re
import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self

__all__ = ["FakeBitbucketCloud", "FakeBitbucketServer", "FakeGitHub", "FakeGitLab", "FakeHost", "Reply"]

TOKEN = "token-of-the-tests"


class Reply(NamedTuple):
    """What a fake answers."""

    status: int
    document: Any = None
    headers: Mapping[str, str] = {}


class FakeHost:
    """A server with one pull request; a context manager."""

    api = ""
    limit = 0
    own: ClassVar[str] = "prefect-iac[bot]"
    routes: ClassVar[list[tuple[str, str, str]]] = []

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str]] = []
        self.replies: list[Reply] = []
        """What is answered before anything else, to the next requests."""
        self.head = "a" * 40
        self.fork = False
        self.ids = iter(range(1000, 9999))
        self.lock = threading.Lock()

    def __enter__(self) -> Self:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
                pass

            def handle_one(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(length)
                headers = {name.lower(): value for name, value in self.headers.items()}
                with fake.lock:
                    reply = fake.answer(self.command, self.path, headers, json.loads(body) if body else None)
                data = b"" if reply.document is None else json.dumps(reply.document).encode()
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_PUT = handle_one  # noqa: N815 - the names of the base class

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def writes(self) -> list[tuple[str, str]]:
        """The requests that changed something."""
        return [(method, path) for method, path in self.requests if method != "GET" and path != "/graphql"]

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: Any) -> Reply:
        """The reply to a request."""
        url = urlsplit(target)
        path = url.path.removeprefix(self.api)
        self.requests.append((method, path))
        if self.replies:
            return self.replies.pop(0)
        if not self.knows(headers):
            return Reply(401, self.refusal("Unauthorized"))
        if not url.path.startswith(self.api) and path != "/graphql":
            return Reply(404, self.refusal("Not Found"))
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        for verb, pattern, name in self.routes:
            found = re.fullmatch(pattern, path)
            if verb == method and found is not None:
                handler: Callable[..., Reply] = getattr(self, name)
                return handler(*found.groups(), query=query, body=body)
        return Reply(404, self.refusal("Not Found"))

    def knows(self, headers: Mapping[str, str]) -> bool:
        """Whether the token is the right one."""
        return headers.get("authorization") == f"Bearer {TOKEN}"

    def refusal(self, message: str) -> Any:
        """What stands in the body of an error."""
        return {"message": message}

    def add(self, body: str, author: str | None = None) -> dict[str, Any]:
        """A comment that is there already."""
        comment = {"id": next(self.ids), "body": body, "author": author or self.own, "version": 0}
        self.comments.append(comment)
        return comment

    def find(self, number: str) -> dict[str, Any] | None:
        """A comment by its id."""
        return next((comment for comment in self.comments if comment["id"] == int(number)), None)

    def bodies(self) -> list[str]:
        """The texts of all comments."""
        return [comment["body"] for comment in self.comments]

    def replace(self, number: str, body: str) -> Reply | None:
        """Edit a comment of ours; a reply where that is refused."""
        comment = self.find(number)
        if comment is None:
            return Reply(404, self.refusal("Not Found"))
        if comment["author"] != self.own:
            return Reply(403, self.refusal("You cannot edit the comment of somebody else"))
        comment["body"] = body
        comment["version"] += 1
        return None


class FakeGitHub(FakeHost):
    """Some of GitHub's REST API, and the one question of its GraphQL API."""

    limit = 65_536
    own = "github-actions[bot]"
    routes: ClassVar = [
        ("GET", r"/repos/acme/data/pulls/7", "_pull"),
        ("GET", r"/repos/acme/data/issues/7/comments", "_list"),
        ("POST", r"/repos/acme/data/issues/7/comments", "_create"),
        ("PATCH", r"/repos/acme/data/issues/comments/(\d+)", "_edit"),
        ("POST", r"/repos/acme/data/check-runs", "_check"),
        ("POST", r"/graphql", "_viewer"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.checks: list[dict[str, Any]] = []

    def _pull(self, *, query: Any, body: Any) -> Reply:
        head = {"full_name": "mallory/data" if self.fork else "acme/data"}
        return Reply(
            200, {"head": {"sha": self.head, "repo": head}, "base": {"repo": {"full_name": "acme/data"}}}
        )

    def _list(self, *, query: Any, body: Any) -> Reply:
        size, page = min(int(query.get("per_page", 30)), 100), int(query.get("page", 1))
        items = self.comments[(page - 1) * size : page * size]
        link = {}
        if page * size < len(self.comments):
            path = "/repositories/1/issues/7/comments"
            self.routes.append(("GET", path, "_list"))
            link = {
                "Link": f'<{self.url}{path}?per_page={size}&page={page + 1}>; rel="next", <{self.url}>; rel="last"'
            }
        return Reply(
            200,
            [
                {
                    "id": item["id"],
                    "body": item["body"],
                    "user": None if item["author"] == "ghost" else {"login": item["author"]},
                }
                for item in items
            ],
            link,
        )

    def _create(self, *, query: Any, body: Any) -> Reply:
        if len(body["body"]) > self.limit:
            return Reply(
                422,
                {
                    "message": "Validation Failed",
                    "errors": ["Body is too long (maximum is 65536 characters)"],
                },
            )
        return Reply(201, self.add(body["body"]))

    def _edit(self, number: str, *, query: Any, body: Any) -> Reply:
        if len(body["body"]) > self.limit:
            return Reply(422, {"message": "Validation Failed"})
        return self.replace(number, body["body"]) or Reply(200, {})

    def _check(self, *, query: Any, body: Any) -> Reply:
        notes = body["output"]["annotations"]
        wrong = len(notes) > 50 or any(
            set(note) - {"path", "start_line", "end_line", "annotation_level", "title", "message"}
            or note["annotation_level"] not in {"notice", "warning", "failure"}
            or note["start_line"] < 1
            or len(note["title"]) > 255
            or len(note["message"].encode()) > 64 * 1024
            for note in notes
        )
        if (
            wrong
            or len(body["output"]["summary"]) > 65_535
            or body["conclusion"] not in {"failure", "neutral", "success"}
        ):
            return Reply(422, self.refusal("Invalid request"))
        self.checks.append(body)
        return Reply(201, {"id": 1})

    def _viewer(self, *, query: Any, body: Any) -> Reply:
        assert "viewer" in body["query"]
        return Reply(200, {"data": {"viewer": {"login": self.own}}})


class FakeGitLab(FakeHost):
    """Some of GitLab's API, version 4."""

    api = "/api/v4"
    limit = 1_000_000
    own = "project_1_bot"
    routes: ClassVar = [
        ("GET", r"/user", "_user"),
        ("GET", r"/projects/1/merge_requests/7", "_pull"),
        ("GET", r"/projects/1/merge_requests/7/notes", "_list"),
        ("POST", r"/projects/1/merge_requests/7/notes", "_create"),
        ("PUT", r"/projects/1/merge_requests/7/notes/(\d+)", "_edit"),
    ]

    def knows(self, headers: Mapping[str, str]) -> bool:
        """Whether the token is the right one; GitLab has a header of its own."""
        return headers.get("private-token") == TOKEN

    def _user(self, *, query: Any, body: Any) -> Reply:
        return Reply(200, {"username": self.own})

    def _pull(self, *, query: Any, body: Any) -> Reply:
        return Reply(
            200, {"sha": self.head, "source_project_id": 2 if self.fork else 1, "target_project_id": 1}
        )

    def _list(self, *, query: Any, body: Any) -> Reply:
        size, page = min(int(query.get("per_page", 20)), 100), int(query.get("page", 1))
        items = self.comments if query.get("sort") == "asc" else self.comments[::-1]
        more = page * size < len(items)
        shown = [
            {
                "id": item["id"],
                "body": item["body"],
                "author": {"username": item["author"]},
                "system": item["author"] == "system",
            }
            for item in items[(page - 1) * size : page * size]
        ]
        return Reply(200, shown, {"X-Next-Page": str(page + 1) if more else ""})

    def _create(self, *, query: Any, body: Any) -> Reply:
        if len(body["body"]) > self.limit:
            return Reply(
                400, {"message": "400 Bad request - Note is too long (maximum is 1000000 characters)"}
            )
        return Reply(201, self.add(body["body"]))

    def _edit(self, number: str, *, query: Any, body: Any) -> Reply:
        return self.replace(number, body["body"]) or Reply(200, {})


class FakeBitbucketCloud(FakeHost):
    """Some of Bitbucket Cloud's API, version 2.0."""

    api = "/2.0"
    limit = 32_768
    own = "{11111111-aaaa}"
    routes: ClassVar = [
        ("GET", r"/user", "_user"),
        ("GET", r"/repositories/acme/data/pullrequests/7", "_pull"),
        ("GET", r"/repositories/acme/data/pullrequests/7/comments", "_list"),
        ("POST", r"/repositories/acme/data/pullrequests/7/comments", "_create"),
        ("PUT", r"/repositories/acme/data/pullrequests/7/comments/(\d+)", "_edit"),
    ]

    def knows(self, headers: Mapping[str, str]) -> bool:
        """Whether the token is the right one, or user and password are."""
        basic = f"Basic {b64encode(f'me:{TOKEN}'.encode()).decode()}"
        return super().knows(headers) or headers.get("authorization") == basic

    def refusal(self, message: str) -> Any:
        """What stands in the body of an error."""
        return {"type": "error", "error": {"message": message}}

    def _user(self, *, query: Any, body: Any) -> Reply:
        return Reply(200, {"uuid": self.own})

    def _pull(self, *, query: Any, body: Any) -> Reply:
        name = "mallory/data" if self.fork else "acme/data"
        # Commits are shortened here.
        source = {"commit": {"hash": self.head[:12]}, "repository": {"full_name": name}}
        return Reply(200, {"source": source, "destination": {"repository": {"full_name": "acme/data"}}})

    def _list(self, *, query: Any, body: Any) -> Reply:
        size, page = min(int(query.get("pagelen", 10)), 100), int(query.get("page", 1))
        document: dict[str, Any] = {
            "values": [
                {
                    "id": item["id"],
                    "content": {"raw": item["body"]},
                    "user": {"uuid": item["author"]},
                    "deleted": item["author"] == "deleted",
                }
                for item in self.comments[(page - 1) * size : page * size]
            ]
        }
        if page * size < len(self.comments):
            path = "/repositories/acme/data/pullrequests/7/comments"
            document["next"] = f"{self.url}{self.api}{path}?pagelen={size}&page={page + 1}"
        return Reply(200, document)

    def _create(self, *, query: Any, body: Any) -> Reply:
        if len(body["content"]["raw"]) > self.limit:
            return Reply(400, self.refusal("content.raw is too long"))
        return Reply(201, self.add(body["content"]["raw"]))

    def _edit(self, number: str, *, query: Any, body: Any) -> Reply:
        return self.replace(number, body["content"]["raw"]) or Reply(200, {})


class FakeBitbucketServer(FakeHost):
    """Some of Bitbucket Data Center's API, version 1.0."""

    api = "/rest/api/1.0"
    limit = 32_768
    own = "ci"
    routes: ClassVar = [
        ("GET", r"/projects/ACME/repos/data/pull-requests/7", "_pull"),
        ("GET", r"/projects/ACME/repos/data/pull-requests/7/activities", "_list"),
        ("POST", r"/projects/ACME/repos/data/pull-requests/7/comments", "_create"),
        ("PUT", r"/projects/ACME/repos/data/pull-requests/7/comments/(\d+)", "_edit"),
    ]

    def refusal(self, message: str) -> Any:
        """What stands in the body of an error."""
        return {"errors": [{"message": message}]}

    def _pull(self, *, query: Any, body: Any) -> Reply:
        source = {"latestCommit": self.head, "repository": {"id": 2 if self.fork else 1}}
        return Reply(200, {"fromRef": source, "toRef": {"repository": {"id": 1}}}, {"X-AUSERNAME": self.own})

    def _list(self, *, query: Any, body: Any) -> Reply:
        start, size = int(query.get("start", 0)), min(int(query.get("limit", 25)), 100)
        events: list[dict[str, Any]] = [{"action": "OPENED"}]
        for item in self.comments:
            comment = {
                "id": item["id"],
                "version": item["version"],
                "text": item["body"],
                "author": {"name": item["author"]},
            }
            events.insert(0, {"action": "COMMENTED", "comment": comment})
        last = start + size >= len(events)
        document = {"values": events[start : start + size], "isLastPage": last}
        return Reply(200, document if last else document | {"nextPageStart": start + size})

    def _create(self, *, query: Any, body: Any) -> Reply:
        if len(body["text"].encode("utf-16-le")) // 2 > self.limit:
            return Reply(400, self.refusal("Please enter a non-empty value less than 32768 characters"))
        return Reply(201, self.add(body["text"]))

    def _edit(self, number: str, *, query: Any, body: Any) -> Reply:
        comment = self.find(number)
        if comment is not None and comment["version"] != body["version"]:
            return Reply(409, self.refusal("The comment was edited in the meantime"))
        return self.replace(number, body["text"]) or Reply(200, {})
