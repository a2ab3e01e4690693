"""One comment on a pull request for each root, workspace and label: made, edited in place, or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from prefect_iac.hosts.comment import is_stale, render_comment
from prefect_iac.hosts.header import read_header

if TYPE_CHECKING:
    from prefect_iac.hosts.header import Header
    from prefect_iac.hosts.thread import Comment, Thread
    from prefect_iac.output.report import Report

__all__ = ["Outcome", "keep_comment"]

Deed: TypeAlias = Literal["created", "edited", "unchanged", "silent", "skipped"]


class Outcome(NamedTuple):
    """What was done about the comment, and why."""

    deed: Deed
    reason: str


def keep_comment(
    thread: Thread, report: Report, header: Header, *, worth_saying: bool, whole: str = ""
) -> Outcome:
    """Bring the comment up to date. Raises HostError.

    Args:
        thread: the pull request.
        report: what to say.
        header: what the comment is about.
        worth_saying: whether to begin a comment; one that is there is brought up to date in any case.
        whole: where the whole report is.
    """
    pull = thread.pull()
    if pull.fork:
        return Outcome("skipped", "the pull request comes from a fork")
    there = _own(thread, header)
    if there is None:
        if not worth_saying:
            return Outcome("silent", "there is nothing to say, and no comment")
        thread.create(render_comment(report, thread.host, header, head=pull.head, whole=whole))
        return Outcome("created", "there was no comment")
    comment, known = there
    if is_stale(header.commit, pull.head) and known.commit and not is_stale(known.commit, pull.head):
        return Outcome("unchanged", "the comment is about a newer commit")
    body = render_comment(report, thread.host, header, head=pull.head, whole=whole)
    if _same(comment.body, body):
        return Outcome("unchanged", "the comment says the same")
    thread.edit(comment, body)
    return Outcome("edited", "the comment was out of date")


def _own(thread: Thread, header: Header) -> tuple[Comment, Header] | None:
    """Our comment, with its header: by the marker and the author, for whoever quotes a comment has its marker, too."""
    me = ""
    for comment in thread.comments():
        known = read_header(comment.body)
        if known is None or known.key != header.key:
            continue
        me = me or thread.me()
        if comment.author == me:
            return comment, known
    return None


def _same(there: str, body: str) -> bool:
    """Whether two texts are the same to a host, which may change line ends and space at the end."""
    return there.replace("\r\n", "\n").strip() == body.replace("\r\n", "\n").strip()
