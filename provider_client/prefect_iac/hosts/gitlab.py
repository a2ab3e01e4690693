"""GitLab, gitlab.com and self-managed: notes of a merge request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from prefect_iac.hosts.answers import Reader
from prefect_iac.hosts.thread import Comment, Pull

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.hosts.comment import HostName
    from prefect_iac.hosts.web import Web

__all__ = ["GitLab"]


class GitLab:
    """A merge request on GitLab; `web` speaks to the API, version 4."""

    host: HostName = "gitlab"

    def __init__(self, web: Web, project: str, number: int) -> None:
        self._web: Final = web
        self._request: Final = f"/projects/{quote(project, safe='')}/merge_requests/{number}"

    def pull(self) -> Pull:
        """The merge request; a fork that was deleted is one, too."""
        request = self._web.get(self._request).json
        found = Reader(request, "merge request")
        return Pull(found.text("sha"), request.get("source_project_id") != request.get("target_project_id"))

    def me(self) -> str:
        """The name of the user, or of the bot that a project's token has."""
        return Reader(self._web.get("/user").json, "user").text("username")

    def comments(self) -> Iterator[Comment]:
        """All notes of people, page by page; what GitLab notes itself is left out."""
        page = "1"
        while page:
            answer = self._web.get(
                f"{self._request}/notes?sort=asc&order_by=created_at&per_page=100&page={page}"
            )
            for item in Reader.each(answer.json, "notes"):
                if not item.flag("system"):
                    author = item.object("author").text("username")
                    yield Comment(item.number("id"), item.text("body"), author)
            page = answer.headers.get("x-next-page", "")

    def create(self, body: str) -> None:
        """Write a new note."""
        self._web.send("POST", f"{self._request}/notes", {"body": body})

    def edit(self, comment: Comment, body: str) -> None:
        """Replace the text of a note."""
        self._web.send("PUT", f"{self._request}/notes/{comment.id}", {"body": body})
