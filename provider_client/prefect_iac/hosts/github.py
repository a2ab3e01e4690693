"""GitHub, github.com and GitHub Enterprise: comments of a pull request, and check runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.hosts.answers import Reader
from prefect_iac.hosts.thread import Comment, Pull
from prefect_iac.output.text import printable
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.hosts.comment import HostName
    from prefect_iac.hosts.web import Answer, Web
    from prefect_iac.output.report import Finding, Level, Report

__all__ = ["GitHub", "beside_lines"]

_MOST_ANNOTATIONS: Final = 50
"""Of one request; more requests could add more, and nobody reads them."""
_LEVELS: Final[dict[Level, str]] = {"error": "failure", "warning": "warning", "note": "notice"}
_MESSAGE: Final = 8_000
_TITLE: Final = 255
_NEXT: Final = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')


class GitHub:
    """A pull request on GitHub; `web` speaks to the REST API."""

    host: HostName = "github"

    def __init__(self, web: Web, repository: str, number: int, *, graphql: str) -> None:
        self._web: Final = web
        self._repository: Final = f"/repos/{repository}"
        self._number: Final = number
        self._graphql: Final = graphql

    def pull(self) -> Pull:
        """The pull request; a fork that was deleted is one, too."""
        pull = Reader(self._web.get(f"{self._repository}/pulls/{self._number}").json, "pull request")
        head, base = pull.object("head"), pull.object("base")
        origin = head.optional("repo")
        return Pull(
            head.text("sha"),
            origin is None
            or origin.text("full_name").lower() != base.object("repo").text("full_name").lower(),
        )

    def me(self) -> str:
        """Our login, which also tokens of a workflow are told: `github-actions[bot]`."""
        answer = self._web.send("POST", self._graphql, {"query": "query { viewer { login } }"})
        return Reader(answer.json, "viewer").object("data").object("viewer").text("login")

    def comments(self) -> Iterator[Comment]:
        """All comments, page by page."""
        path: str | None = f"{self._repository}/issues/{self._number}/comments?per_page=100"
        while path is not None:
            answer = self._web.get(path)
            for item in Reader.each(answer.json, "comments"):
                author = item.optional("user")  # None once the account is deleted
                yield Comment(item.number("id"), item.text("body"), author.text("login") if author else "")
            path = _next(answer)

    def create(self, body: str) -> None:
        """Write a new comment."""
        self._web.send("POST", f"{self._repository}/issues/{self._number}/comments", {"body": body})

    def edit(self, comment: Comment, body: str) -> None:
        """Replace the text of a comment."""
        self._web.send("PATCH", f"{self._repository}/issues/comments/{comment.id}", {"body": body})

    def check(self, report: Report, commit: str, *, title: str, details_url: str = "") -> None:
        """Make a check run of the commit, with an annotation beside each line that a finding names."""
        placed = beside_lines(report)
        shown = placed[:_MOST_ANNOTATIONS]
        left_out = (
            f" {len(placed) - len(shown)} more findings have a line." if len(placed) > len(shown) else ""
        )
        counted = [finding for finding in report.findings if finding.suppressed is None]
        bad = {finding.level for finding in counted} & {"error", "warning"}
        run: dict[str, Any] = {
            "name": title,
            "head_sha": commit,
            "status": "completed",
            "conclusion": "failure" if "error" in bad else "neutral" if bad else "success",
            "output": {
                "title": printable(report.summary)[:_TITLE],
                "summary": f"{len(counted)} findings.{left_out} prefect-iac {VERSION}",
                "annotations": shown,
            },
        }
        if details_url:
            run["details_url"] = details_url
        self._web.send("POST", f"{self._repository}/check-runs", run)


def beside_lines(report: Report) -> list[dict[str, Any]]:
    """The findings that have a place in the sources, errors first, as GitHub takes them."""
    placed = [
        (finding, finding.location)
        for finding in report.findings
        if finding.suppressed is None and finding.location is not None
    ]
    order = list(_LEVELS)
    placed.sort(key=lambda item: order.index(item[0].level))
    return [
        {
            "path": location.file,
            "start_line": location.line or 1,
            "end_line": location.line or 1,
            "annotation_level": _LEVELS[finding.level],
            "title": printable(f"{finding.rule} {finding.subject}")[:_TITLE],
            "message": _message(finding),
        }
        for finding, location in placed
    ]


def _message(finding: Finding) -> str:
    lines = [f"{finding.subject} {finding.message}"]
    lines += (f"{detail.place}: {detail.text}" for detail in finding.details)
    lines += [finding.help] if finding.help else []
    return "\n".join(printable(line) for line in lines)[:_MESSAGE]


def _next(answer: Answer) -> str | None:
    found = _NEXT.search(answer.headers.get("link", ""))
    return found[1] if found else None
