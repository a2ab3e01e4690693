"""The comment: a report in Markdown with a hidden header, and short enough for the host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from prefect_iac.output.markdown import code, compose, escape
from prefect_iac.output.shortening import steps
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_iac.hosts.header import Header
    from prefect_iac.output.report import Report
    from prefect_iac.output.shortening import Shortened

__all__ = ["MANNERS", "HostName", "Manner", "is_stale", "length", "render_comment"]

HostName: TypeAlias = Literal["github", "gitlab", "bitbucket"]


class Manner(NamedTuple):
    """What a host's comments can be like."""

    limit: int
    """Characters, in code units of UTF-16: hosts count these or fewer."""
    html: bool
    """Whether comments of HTML are hidden and ``<details>`` folds."""


MANNERS: Final[Mapping[HostName, Manner]] = {
    "github": Manner(65_536, html=True),
    "gitlab": Manner(1_000_000, html=True),
    "bitbucket": Manner(32_768, html=False),
}


def render_comment(report: Report, host: HostName, header: Header, *, head: str = "", whole: str = "") -> str:
    """The comment that the host is sent, within its limit.

    Where it would be too long, parts of the report are left out as a whole (see `output.shortening`), and the comment
    says which.

    Args:
        report: what to say.
        host: whose limit and whose Markdown.
        header: what the comment is about; ``cut`` is set here.
        head: the commit that the pull request is at now; when it is another than the header's, a banner says so.
        whole: where the whole report is, such as the address of the job.
    """
    text = ""
    for shortened in steps(report):
        text = _comment(shortened, MANNERS[host], header, head, whole)
        if length(text) <= MANNERS[host].limit:
            break
    return text


def is_stale(commit: str, head: str) -> bool:
    """Whether a pull request has moved on; both may be shortened, and what is not known is no reason to say so."""
    return bool(commit and head) and not (commit.startswith(head) or head.startswith(commit))


def length(text: str) -> int:
    """How long hosts take a text to be, at most."""
    return len(text) + sum(character > "\uffff" for character in text)


def _comment(shortened: Shortened, manner: Manner, header: Header, head: str, whole: str) -> str:
    cut = bool(shortened.dropped)
    before = []
    if is_stale(header.commit, head):
        before.append(
            f"> **Out of date**: this was made of commit {code(header.commit[:12])}, and the newest is "
            f"{code(head[:12])}."
        )
    if cut:
        where = f"the whole report is at {escape(whole)}" if whole else "the whole report is in the job's log"
        before.append(f"> Cut to what fits here; left out: {', '.join(shortened.dropped)}; {where}.")
    body = compose(shortened.report, folds=manner.html, before=before, after=[_footer(header)])
    return f"{header._replace(cut=cut).line(html=manner.html)}\n\n{body}"


def _footer(header: Header) -> str:
    parts = [f"{code(header.root)}"] if header.root not in {"", "."} else []
    parts += [f"workspace {code(header.workspace)}"] if header.workspace not in {"", "default"} else []
    parts += [f"commit {code(header.commit[:12])}"] if header.commit else []
    parts += [f"plan {code(header.plan[:12])}"] if header.plan else []
    return f"{', '.join([*parts, f'prefect-iac {VERSION}'])}"
