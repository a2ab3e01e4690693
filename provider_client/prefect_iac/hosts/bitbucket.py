"""Bitbucket, Cloud and Data Center: comments of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from prefect_iac.hosts.answers import Reader
from prefect_iac.hosts.errors import HostError
from prefect_iac.hosts.thread import Comment, Pull
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.hosts.comment import HostName
    from prefect_iac.hosts.web import Web

__all__ = ["BitbucketCloud", "BitbucketServer"]


class BitbucketCloud:
    """A pull request on bitbucket.org; `web` speaks to the API, version 2.0."""

    host: HostName = "bitbucket"

    def __init__(self, web: Web, workspace: str, repository: str, number: int) -> None:
        self._web: Final = web
        path = f"/repositories/{quote(workspace, safe='')}/{quote(repository, safe='')}"
        self._request: Final = f"{path}/pullrequests/{number}"

    def pull(self) -> Pull:
        """The pull request; a fork that was deleted is one, too."""
        found = Reader(self._web.get(self._request).json, "pull request")
        source, target = found.object("source"), found.object("destination")
        origin = source.optional("repository")
        return Pull(
            source.object("commit").text("hash"),
            origin is None or origin.text("full_name") != target.object("repository").text("full_name"),
        )

    def me(self) -> str:
        """The id of the account, or of the bot that a repository's token has."""
        return Reader(self._web.get("/user").json, "user").text("uuid")

    def comments(self) -> Iterator[Comment]:
        """All comments on the whole, page by page; those on lines, and deleted ones, are left out."""
        path = f"{self._request}/comments?pagelen=100&sort=created_on"
        while path:
            page = Reader(self._web.get(path).json, "comments")
            for item in page.objects("values"):
                if item.flag("deleted") or item.optional("inline") is not None:
                    continue
                author = item.optional("user")
                body = item.object("content").text("raw")
                yield Comment(item.number("id"), body, author.text("uuid") if author else "")
            path = page.text("next")

    def create(self, body: str) -> None:
        """Write a new comment."""
        self._web.send("POST", f"{self._request}/comments", {"content": {"raw": body}})

    def edit(self, comment: Comment, body: str) -> None:
        """Replace the text of a comment."""
        self._web.send("PUT", f"{self._request}/comments/{comment.id}", {"content": {"raw": body}})


class BitbucketServer:
    """A pull request on Bitbucket Data Center; `web` speaks to the API, version 1.0."""

    host: HostName = "bitbucket"

    def __init__(self, web: Web, project: str, repository: str, number: int) -> None:
        self._web: Final = web
        path = f"/projects/{quote(project, safe='~')}/repos/{quote(repository, safe='')}"
        self._request: Final = f"{path}/pull-requests/{number}"

    def pull(self) -> Pull:
        """The pull request."""
        found = Reader(self._web.get(self._request).json, "pull request")
        source, target = found.object("fromRef"), found.object("toRef")
        fork = source.object("repository").number("id") != target.object("repository").number("id")
        return Pull(source.text("latestCommit"), fork)

    def me(self) -> str:
        """The name of the user, which every answer carries."""
        answer = self._web.get(self._request)
        name = answer.headers.get("x-ausername", "")
        if not name:
            what = "the code host does not say who is asking"
            raise HostError(say(what, expected="a header X-AUSERNAME", remedy="Check the token"))
        return name

    def comments(self) -> Iterator[Comment]:
        """All comments on the whole, the oldest first; the host lists what happened, the newest first."""
        found, start = [], 0
        while True:
            page = Reader(
                self._web.get(f"{self._request}/activities?limit=100&start={start}").json, "activities"
            )
            for item in page.objects("values"):
                if item.text("action") != "COMMENTED" or item.optional("commentAnchor") is not None:
                    continue
                comment = item.object("comment")
                author = comment.object("author").text("name")
                number, version = comment.number("id"), comment.number("version")
                found.append(Comment(number, comment.text("text"), author, version))
            if page.flag("isLastPage"):
                break
            start = page.number("nextPageStart")
        # An edit is no activity of its own, but an answer may name its comment again.
        yield from {comment.id: comment for comment in reversed(found)}.values()

    def create(self, body: str) -> None:
        """Write a new comment."""
        self._web.send("POST", f"{self._request}/comments", {"text": body})

    def edit(self, comment: Comment, body: str) -> None:
        """Replace the text of a comment, unless somebody did so in between."""
        document = {"text": body, "version": comment.version}
        self._web.send("PUT", f"{self._request}/comments/{comment.id}", document)
