"""The text of a comment: within the limit, whole, and found again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from prefect_iac.hosts.comment import MANNERS, HostName, is_stale, length, render_comment
from prefect_iac.hosts.header import Header, read_header
from tests.output.reports import FULL, NASTY, automations, reports, texts
from tests.output.test_markdown import OURS, READER, assert_whole

if TYPE_CHECKING:
    from prefect_iac.output.report import Report

HEADER = Header("infra/prod", "default", "lint", commit="a" * 40, plan="9be1")
HOSTS: list[HostName] = ["github", "gitlab", "bitbucket"]


def body_of(comment: str) -> str:
    """What follows the hidden line."""
    return comment.split("\n", 1)[1]


def test_the_comment_has_header_report_and_footer() -> None:
    """A hidden line, the verdict first, and at the end what it was made of."""
    comment = render_comment(FULL, "github", HEADER)
    lines = comment.splitlines()

    assert lines[0].startswith("<!-- prefect-iac {")
    assert lines[2] == "### ⛔ 3 objects looked at: 1 error, 1 warning, 1 suppressed."
    assert lines[-1].startswith("`infra/prod`, commit `aaaaaaaaaaaa`, plan `9be1`, prefect-iac ")
    assert "Cut" not in comment


@pytest.mark.parametrize(
    ("host", "count"), [(host, count) for host in HOSTS for count in (10, 500)] + [("bitbucket", 1500)]
)
def test_many_automations_fit(host: HostName, count: int) -> None:
    """However many automations with nasty names: under the limit, everything closed, and it says what is missing."""
    comment = render_comment(automations(count), host, HEADER, head="b" * 40, whole="https://ci.example/1")

    assert length(comment) <= MANNERS[host].limit
    assert_whole(body_of(comment))
    header = read_header(comment)
    assert header is not None
    assert header.cut == ("left out" in comment)
    if header.cut:
        assert "<https://ci.example/1>" in comment
    if not MANNERS[host].html:
        assert not [token for token in READER.parse(comment) if token.type == "html_block"]


def test_what_fits_is_not_cut() -> None:
    """GitLab's limit holds what GitHub's does not."""
    report = automations(300)
    github, gitlab = (read_header(render_comment(report, host, HEADER)) for host in ("github", "gitlab"))
    assert github is not None
    assert gitlab is not None
    assert (github.cut, gitlab.cut) == (True, False)


@given(reports)
@settings(max_examples=60, deadline=None)
def test_any_report_is_a_whole_comment(report: Report) -> None:
    """Whatever is said, on each host."""
    for host in HOSTS:
        comment = render_comment(report, host, HEADER)
        assert length(comment) <= MANNERS[host].limit
        assert_whole(body_of(comment))


@given(texts, texts, texts)
@settings(max_examples=150, deadline=None)
def test_the_header_is_read_again_and_hidden(root: str, workspace: str, label: str) -> None:
    """Any name goes through the hidden line, in both forms, and shows nowhere."""
    header = Header(root, workspace, label, commit="c", plan="p")
    for html in (True, False):
        line = header.line(html=html)
        assert read_header(f"{line}\n\nbody") == header
        assert read_header(f"{line}\r\n\r\nbody") == header
        shown = [token for token in READER.parse(f"{line}\n\nbody") if token.type != "html_block"]
        assert [token.content for token in shown if token.type == "inline"] == ["body"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "prefect-iac",
        'text\n<!-- prefect-iac {"v":1} -->',
        '> <!-- prefect-iac {"v":1} -->',
        "<!-- prefect-iac {} -->",
        "<!-- prefect-iac {broken -->",
        "<!-- prefect-iac {broken} -->",
        '<!-- prefect-iac {"v":"1"} -->',
        '<!-- prefect-iac {"v":999} -->',
        '<!-- other {"v":1} -->',
    ],
)
def test_what_is_no_header(body: str) -> None:
    """Only a first line of our form, of a version that we know, is a header."""
    assert read_header(body) is None


def test_a_header_of_another_time_is_read() -> None:
    """What it lacks is empty, what we do not know is left aside."""
    document = json.dumps({"v": 1, "root": "a", "later": [1], "label": 7})
    assert read_header(f"<!-- prefect-iac {document} -->") == Header("a", "", "")


def test_a_report_of_an_older_commit_says_so() -> None:
    """A banner names both commits; equal ones, in full or shortened, need none."""
    stale = render_comment(FULL, "github", HEADER, head="b" * 40)
    assert "**Out of date**" in stale
    assert "`bbbbbbbbbbbb`" in stale
    for head in ("a" * 40, "a" * 12, ""):
        assert "Out of date" not in render_comment(FULL, "github", HEADER, head=head)
    assert is_stale("abc", "abd")
    assert not is_stale("abc", "abcdef")


def test_names_close_no_fold() -> None:
    """The folds of a comment are those of the report."""
    comment = render_comment(automations(len(NASTY)), "github", HEADER)
    blocks = [token.content for token in READER.parse(body_of(comment)) if token.type == "html_block"]
    assert len(blocks) == 4
    assert all(OURS.fullmatch(block) for block in blocks)
