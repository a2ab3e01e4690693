"""What lint found, in words and as a document for programs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.lint.suppression import PREFIX, Entry
from prefect_iac.output.report import LEVELS, Detail, Finding, Location, Report
from prefect_provider.text.path import show_path
from prefect_provider.text.problem import sentence
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_iac.lint.flaw import Flaw
    from prefect_iac.lint.sources import Comment, Sources
    from prefect_iac.lint.suppression import Judged
    from prefect_iac.output.report import Level

__all__ = ["PAGES", "lint_report"]

PAGES: Final = "docs/rules/"
"""Where the page of each rule is."""

_VERSION: Final = 1


def lint_report(judged: Judged, subjects: Sequence[str], sources: Sources | None) -> Report:
    """The report; ``subjects`` are the objects that were looked at."""
    findings = [_finding(flaw, reason, sources) for flaw, reason in judged.flaws]
    findings += [_unused(one) for one in judged.unused]
    findings += [_expired(one) for one in judged.expired]
    open_ = Counter(one.level for one in findings if one.suppressed is None)
    suppressed = sum(one.suppressed is not None for one in findings)
    return Report(
        "lint",
        _summary(open_, suppressed, len(subjects)),
        tuple(findings),
        tuple(subjects),
        {
            "version": _VERSION,
            "summary": {
                "automations": len(subjects),
                **{f"{level}s": open_[level] for level in LEVELS},
                "suppressed": suppressed,
            },
            "findings": [
                _document(flaw, reason, finding)
                for (flaw, reason), finding in zip(judged.flaws, findings, strict=False)
            ],
            "unused_suppressions": [
                {"subject": finding.subject, "message": finding.message}
                for finding in findings[len(judged.flaws) :]
            ],
        },
    )


def _summary(counts: Counter[Level], suppressed: int, automations: int) -> str:
    looked = f"{counted(automations, 'automation')} checked"
    found = [counted(counts[level], level) for level in LEVELS if counts[level]]
    aside = f" ({suppressed} suppressed)" if suppressed else ""
    return f"{looked}: {', '.join(found) or 'nothing found'}{aside}."


def _finding(flaw: Flaw, reason: str | None, sources: Sources | None) -> Finding:
    place = sources.place(flaw.subject.address) if sources is not None else None
    details = [Detail(str(number), step) for number, step in enumerate(flaw.steps, start=1)]
    if flaw.remedy:
        details.append(Detail("remedy", sentence(flaw.remedy)))
    at = show_path(flaw.path)
    return Finding(
        f"{PREFIX}{flaw.rule}",
        flaw.level,
        flaw.subject.text(),
        f"{at}: {flaw.message}" if at else flaw.message,
        tuple(details),
        None if place is None else Location(place.file, place.line),
        f"{PAGES}{flaw.rule}.md",
        reason,
    )


def _unused(one: Entry | Comment) -> Finding:
    if isinstance(one, Entry):
        return _note(one.text(), "suppresses nothing", None)
    what = ", ".join(one.rules) or "no rule"
    why = "suppresses nothing" if one.reason else "has no reason, and so suppresses nothing"
    return _note(f"ignore[{what}]", why, Location(one.file, one.line))


def _expired(entry: Entry) -> Finding:
    return _note(entry.text(), f"is no longer suppressed, since {entry.until}", None)


def _note(subject: str, message: str, location: Location | None) -> Finding:
    rule = "unused-suppression"
    return Finding(f"{PREFIX}{rule}", "note", subject, message, (), location, f"{PAGES}{rule}.md")


def _document(flaw: Flaw, reason: str | None, finding: Finding) -> dict[str, Any]:
    place = finding.location
    return {
        "rule": finding.rule,
        "level": flaw.level,
        "subject": finding.subject,
        "type": flaw.subject.type,
        "id": flaw.subject.id,
        "name": flaw.subject.name,
        "address": flaw.subject.address or None,
        "path": show_path(flaw.path),
        "message": flaw.message,
        "remedy": sentence(flaw.remedy),
        "steps": list(flaw.steps),
        "file": None if place is None else place.file,
        "line": None if place is None else place.line,
        "suppressed": reason,
    }
