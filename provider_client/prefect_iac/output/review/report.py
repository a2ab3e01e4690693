"""A review as one report: the verdict, what becomes of each object, what was found, and the rest folded.

What was so before the plan is told apart, folded, and counts for nothing: a reviewer is asked about this change.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.output.drift import cause_in_words, change_in_words, drift_report
from prefect_iac.output.graph.document import graph_document
from prefect_iac.output.graph.report import graph_section
from prefect_iac.output.lint import lint_report
from prefect_iac.output.report import LEVELS, Code, Finding, Paragraph, Report, Section, Table
from prefect_iac.output.review.effects import Parts, lost_runs, told_of
from prefect_iac.output.review.objects import counted_types, diff_of, table_of
from prefect_iac.review.changes import DEEDS
from prefect_provider.text.path import show_path
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prefect_iac.drift.report import DriftReport
    from prefect_iac.review.changes import Change
    from prefect_iac.review.review import Review

__all__ = ["is_worth_saying", "review_report"]

_VERSION: Final = 1
"""Of the document; it grows when the form changes in a way that breaks readers."""

_UNUSED: Final = "lint/unused-suppression"


def review_report(review: Review, plan: str = "", pages: str = "") -> Report:
    """The report.

    Args:
        review: what was found.
        plan: checksum of the plan.
        pages: address of the server's pages, for links to events; empty for none.
    """
    parts = Parts.of(review, pages)
    found, earlier = _findings(review, parts)
    sections = [
        *_changes(review),
        *_drift(review.drift),
        *_graph(review),
        *parts.sections(),
        *_earlier(earlier),
        *_objects(review),
        _basis(review, parts, plan),
    ]
    return Report(
        "review",
        _verdict(review, found),
        tuple(found),
        tuple(dict.fromkeys([*(change.address for change in review.changes), *_automations(review)])),
        _document(review, parts, found, earlier, plan),
        tuple(sections),
    )


def is_worth_saying(review: Review, report: Report) -> bool:
    """Whether a comment is begun for it: the plan does something, drift is in its way, or something was found."""
    drifted = review.drift is not None and review.drift.has_drift
    return bool(review.changes) or drifted or any(one.suppressed is None for one in report.findings)


def _findings(review: Review, parts: Parts) -> tuple[list[Finding], list[Finding]]:
    """What is to be said of the plan, worst first, and what was so before it."""
    missed = [
        Finding(
            "review/incomplete",
            "warning" if one.is_serious else "note",
            one.what,
            f"could not be looked at: {' '.join(one.reason.split())}",
        )
        for one in review.incomplete
    ]
    now = lint_report(review.judged, (), review.sources).findings
    before: set[tuple[str, str, str]] = set()
    if review.judged_before is not None:
        before = {_key(one) for one in lint_report(review.judged_before, (), review.sources).findings}
    # That a suppression is of no use is said of the suppressions there are, whatever the plan does.
    found = [one for one in now if _key(one) not in before or one.rule == _UNUSED]
    earlier = [one for one in now if one not in found and one.suppressed is None]
    every = [*missed, *found, *parts.findings()]
    return sorted(every, key=lambda finding: LEVELS.index(finding.level)), earlier


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.subject, finding.message


def _automations(review: Review) -> Iterator[str]:
    return (node.address or node.label for node in review.graph.of("automation"))


def _verdict(review: Review, found: Sequence[Finding]) -> str:
    """In a line: ``2 errors, 1 warning. 1 flow destroyed with 3 deployments; 2 to update.``."""
    counts = Counter(finding.level for finding in found if finding.suppressed is None)
    suppressed = sum(finding.suppressed is not None for finding in found)
    said = [counted(counts[level], level) for level in LEVELS if counts[level]]
    said += [f"{suppressed} suppressed"] if suppressed else []
    verdict = f"{', '.join(said)}." if said else "Nothing found."
    if review.outlook.plan is None:
        return verdict
    done = _done(review.changes, lost_runs(review.impact))
    if not done:
        return f"{verdict} The plan changes nothing in Prefect."
    return f"{verdict} {done}."


def _done(changes: Sequence[Change], runs: int) -> str:
    """What is lost, and how many others there are."""
    parts = []
    lost = [change for change in changes if change.deed == "destroy"]
    if lost:
        # What the plan destroys itself does not go along with something else.
        addresses = {change.address for change in lost}
        taken = [one.type for change in lost for one in change.takes if one.address not in addresses]
        also = f" with {counted_types(taken)}" if taken else ""
        parts.append(f"{counted_types(change.type for change in lost)} destroyed{also}")
    parts += [f"{counted(runs, 'run')} lost"] if runs else []
    counts = Counter(change.deed for change in changes)
    parts += (f"{counts[deed]} to {deed}" for deed in DEEDS if counts[deed] and deed != "destroy")
    return "; ".join(parts)


def _changes(review: Review) -> Iterator[Section]:
    if review.changes:
        yield Section("What becomes of it", table_of(review.changes, told_of(review)), leading=True)


def _drift(drift: DriftReport | None) -> Iterator[Section]:
    """What had changed before the plan: what it is now, and who did it."""
    if drift is None or not drift.has_drift:
        return
    causes = drift.causes or {}
    rows: list[tuple[str, ...]] = []
    for missing in drift.missing:
        cause = causes.get((missing.address, ()))
        rows.append((missing.address, "", "is gone", "" if cause is None else cause_in_words(cause)))
    for changed in drift.changed:
        for one in changed.changes:
            cause = causes.get((changed.address, one.path))
            who = "" if cause is None else cause_in_words(cause)
            rows.append((changed.address, show_path(one.path), change_in_words(one), who))
    header: tuple[str, ...] = ("object", "attribute", "state -> server", "who")
    if drift.causes is None:
        header, rows = header[:-1], [row[:-1] for row in rows]
    number = len(drift.changed) + len(drift.missing)
    title = f"Drift before this plan: {counted(number, 'object')}"
    yield Section(title, (Table(header, tuple(rows)),), folded=True)


def _graph(review: Review) -> Iterator[Section]:
    graph = review.graph
    automations = graph.of("automation")
    changed = sum(node.is_changed for node in automations)
    if automations and (changed or review.outlook.plan is None):
        of = "" if review.outlook.plan is None else f" ({changed} of {len(automations)} automations change)"
        yield graph_section(graph, f"Event graph{of}")


def _earlier(earlier: Sequence[Finding]) -> Iterator[Section]:
    if earlier:
        rows = tuple((one.level, one.subject, one.message, one.rule) for one in earlier)
        table = Table(("", "object", "", "rule"), rows)
        yield Section(f"Was so before: {len(rows)}", (table,), folded=True)


def _objects(review: Review) -> Iterator[Section]:
    if review.changes:
        yield Section("Plan by object", (Code(diff_of(review.changes), "diff"),), folded=True)


def _basis(review: Review, parts: Parts, digest: str) -> Section:
    """What all this is based on, and what is to be applied."""
    texts = []
    plan = review.outlook.plan
    if plan is not None:
        made = f", made {plan.timestamp}" if plan.timestamp else ""
        known = f" (SHA-256 of its JSON {digest[:12]})" if digest else ""
        texts.append(f"Plan of Terraform {plan.terraform_version or '?'}{made}{known}.")
    server = "The server was read." if review.outlook.is_live else "No server was read."
    texts.append(server)
    texts += parts.basis()
    if plan is not None and review.changes:
        texts.append(
            "Apply the saved plan that this is about, and not a new one: terraform apply <plan file>."
        )
    return Section("Basis", (Paragraph(" ".join(texts)),))


def _document(
    review: Review, parts: Parts, found: Sequence[Finding], earlier: Sequence[Finding], plan: str
) -> dict[str, Any]:
    counts = Counter(finding.level for finding in found if finding.suppressed is None)
    return {
        "version": _VERSION,
        "summary": {
            **{f"{level}s": counts[level] for level in LEVELS},
            "suppressed": sum(finding.suppressed is not None for finding in found),
            "before": len(earlier),
            "changes": dict(Counter(change.deed for change in review.changes)),
        },
        "plan": plan or None,
        "findings": [_finding(finding) for finding in found],
        "before": [_finding(finding) for finding in earlier],
        "changes": [
            {
                "address": change.address,
                "type": change.type,
                "id": change.id or None,
                "name": change.name or None,
                "action": change.deed,
                "changes": [
                    {
                        "attribute": show_path(one.path),
                        "was": one.was,
                        "is": one.now,
                        "sensitive": one.sensitive,
                        "change": one.how,
                    }
                    for one in change.values
                ],
                "takes": [one._asdict() | {"address": one.address or None} for one in change.takes],
                "notes": list(change.notes),
            }
            for change in review.changes
        ],
        "drift": None if review.drift is None else drift_report(review.drift).document,
        "graph": graph_document(review.graph),
        "impact": None if parts.impact is None else parts.impact.document,
        "backtest": None if parts.backtest is None else parts.backtest.document,
        "incomplete": [{"what": one.what, "reason": one.reason} for one in review.incomplete],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "level": finding.level,
        "subject": finding.subject,
        "message": finding.message,
        "details": [detail._asdict() for detail in finding.details],
        "location": None if finding.location is None else finding.location._asdict(),
        "suppressed": finding.suppressed,
    }
