"""Flaws that somebody has decided to look away from: with a reason, for a time, and no more than that."""

from __future__ import annotations

from datetime import date

import pytest

from prefect_iac.lint.flaw import Flaw, Subject
from prefect_iac.lint.sources import Comment, Place, Sources
from prefect_iac.lint.suppression import Entry, SuppressionError, judge, read_entries
from prefect_iac.output.lint import lint_report

TODAY = date(2026, 11, 25)
LOOP = Flaw("loop", "error", Subject("prefect_automation", "1", "again", "prefect_automation.again"), "loops")
DEAD = Flaw("dead-trigger", "error", Subject("prefect_automation", "2", "dead x"), "never fires")


def reasons(*entries: Entry, sources: Sources | None = None) -> list[str | None]:
    """Why each of the two flaws is suppressed."""
    return [reason for _, reason in judge([LOOP, DEAD], entries, sources, TODAY).flaws]


def beside(*comments: Comment) -> Sources:
    """These comments beside the first flaw's object."""
    place: tuple[tuple[str, ...], str] = ((), "prefect_automation.again")
    return Sources({place: Place("main.tf", 5, comments)})


def test_entries_of_a_file() -> None:
    """An entry has a rule, a subject, a reason, and perhaps a last day; other tables are left alone."""
    text = """
    [other]
    x = 1
    [[lint.ignore]]
    rule = "lint/loop"
    subject = "prefect_automation.*"
    reason = " by night "
    until = 2027-01-31
    [[lint.ignore]]
    rule = "dead-*"
    subject = "*"
    reason = "b"
    """
    assert read_entries(text) == [
        Entry("lint/loop", "prefect_automation.*", "by night", date(2027, 1, 31)),
        Entry("lint/dead-*", "*", "b"),
    ]
    assert read_entries("") == []


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ('rule = "lint/loop"\nsubject = "x"', "`reason` is needed: expected text, got nothing"),
        ('rule = "lint/loop"\nsubject = "x"\nreason = " "', "`reason` is needed"),
        ('rule = "lint/lop"\nsubject = "x"\nreason = "r"', "Did you mean `lint/loop`"),
        ('rule = "lint/loop"\nsubject = "x"\nreason = "r"\nuntil = "soon"', "`until` is none"),
        ('rule = "lint/loop"\nsubjekt = "x"\nreason = "r"', "Did you mean `subject`"),
        ("rule = ", "not TOML"),
    ],
)
def test_entries_that_are_none(entry: str, said: str) -> None:
    """What is missing or misspelt is said, with the number of the entry."""
    with pytest.raises(SuppressionError, match=said):
        read_entries(f"[[lint.ignore]]\n{entry}\n")


@pytest.mark.parametrize(
    "text", ['[[ignore]]\nrule = "lint/loop"', '[[suppress]]\nrule = "lint/loop"', "[lint]\nignored = []"]
)
def test_entries_of_another_name(text: str) -> None:
    """A file whose entries nobody would read is refused, and not taken for one without entries."""
    with pytest.raises(SuppressionError, match=r"\[\[lint.ignore\]\]"):
        read_entries(text)


def test_what_an_entry_covers() -> None:
    """The rule and the subject, by address, or by name where it has no address; a date that is over covers nothing."""
    assert reasons(Entry("lint/loop", "prefect_automation.*", "r")) == ["r", None]
    assert reasons(Entry("lint/loop", "again", "r")) == ["r", None]
    assert reasons(Entry("lint/*", "automation dead*", "r")) == [None, "r"]
    assert reasons(Entry("lint/dead-trigger", "prefect_automation.again", "r")) == [None, None]
    assert reasons(Entry("lint/loop", "*", "r", TODAY)) == ["r", None]
    assert reasons(Entry("lint/loop", "*", "r", date(2026, 11, 24))) == [None, None]


def test_what_a_comment_covers() -> None:
    """The object beside which it stands, with a reason; without one nothing."""
    with_reason = Comment("main.tf", 3, ("lint/loop",), "by night")
    without = Comment("main.tf", 4, ("lint/loop",), "")
    assert reasons(sources=beside(with_reason, without)) == ["by night", None]
    assert reasons(sources=beside(without)) == [None, None]


def test_report_of_what_is_suppressed() -> None:
    """Suppressed flaws are counted apart; what suppresses nothing any more is a note with its place."""
    comment = Comment("main.tf", 3, ("lint/expires",), "it is quick")
    sources = beside(comment)
    entries = [Entry("lint/loop", "again", "by night"), Entry("lint/*", "*", "once", date(2026, 1, 1))]
    report = lint_report(judge([LOOP, DEAD], entries, sources, TODAY), ["a", "b"], sources)
    assert report.summary == "2 automations checked: 1 error, 2 notes (1 suppressed)."
    assert [(one.rule, one.level, one.suppressed) for one in report.findings] == [
        ("lint/loop", "error", "by night"),
        ("lint/dead-trigger", "error", None),
        ("lint/unused-suppression", "note", None),
        ("lint/unused-suppression", "note", None),
    ]
    unused, expired = report.findings[2:]
    assert unused.location is not None
    assert unused.location.text() == "main.tf:3"
    assert expired.message == "is no longer suppressed, since 2026-01-01"
    assert report.document["summary"] == {
        "automations": 2,
        "errors": 1,
        "warnings": 0,
        "notes": 2,
        "suppressed": 1,
    }
