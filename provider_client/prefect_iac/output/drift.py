"""A drift report in words, and as a document for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from prefect_iac.output.report import Detail, Finding, Report
from prefect_provider.text.masking import SENSITIVE
from prefect_provider.text.path import show_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from prefect_iac.drift.report import Cause, Changed, DriftReport, Missing, Undecided, ValueChange
    from prefect_provider.text.path import Path

__all__ = ["cause_in_words", "change_in_words", "drift_report", "shown_value"]

_VERSION = 1
"""Of the document; it grows when the form changes in a way that breaks readers."""

_UNDECIDED = "may have changed ({}), if this is configured: the state does not say so, a saved plan does"


def drift_report(found: DriftReport, *others: DriftReport) -> Report:
    """The report in the shape of all formats; of several states each has its own part."""
    reports = (found, *others)
    return Report(
        "drift",
        _summary(reports),
        tuple(finding for one in reports for finding in _findings(one)),
        tuple(_subject(one, address) for one in reports for address in one.checked),
        _document(reports),
    )


def _subject(found: DriftReport, address: str) -> str:
    """The address, after the file of the state where there are several."""
    return f"{found.state}: {address}" if found.state else address


def _findings(found: DriftReport) -> Iterator[Finding]:
    for changed in found.changed:
        subject, message = _subject(found, changed.address), f"has changed ({changed.id})"
        yield Finding("drift/changed", "error", subject, message, _details(found, changed))
    for missing in found.missing:
        cause = _cause_of(found, missing.address, ())
        details = (Detail("deleted", cause_in_words(cause)),) if cause is not None else ()
        subject, message = _subject(found, missing.address), f"is missing ({missing.id})"
        yield Finding("drift/missing", "error", subject, message, details)
    for unreadable in found.unreadable:
        identified = f" ({unreadable.id})" if unreadable.id else ""
        message = f"could not be read{identified}: {' '.join(unreadable.reason.split())}"
        yield Finding("drift/unreadable", "error", _subject(found, unreadable.address), message)
    for undecided in found.undecided:
        subject, message = _subject(found, undecided.address), _UNDECIDED.format(undecided.id)
        yield Finding("drift/undecided", "note", subject, message, _details(found, undecided))
    for unmanaged in found.unmanaged or ():
        origin = f"; it looks as if made by {unmanaged.origin}" if unmanaged.origin else ""
        message = f"is in no state ({unmanaged.id}){origin}"
        yield Finding("drift/unmanaged", "warning", unmanaged.address, message)


def _details(found: DriftReport, item: Changed | Undecided) -> tuple[Detail, ...]:
    details = []
    for change in item.changes:
        cause = _cause_of(found, item.address, change.path)
        who = "" if cause is None else f"; {cause_in_words(cause)}"
        details.append(Detail(show_path(change.path), f"{change_in_words(change)}{who}"))
    return tuple(details)


def _cause_of(found: DriftReport, address: str, path: Path) -> Cause | None:
    return None if found.causes is None else found.causes.get((address, path))


def cause_in_words(cause: Cause) -> str:
    """Who it was and when, with the evidence: ``by the automation "x", 2026-11-21 03:12:44 UTC (event ...)``."""
    named = f" {shown_value(cause.actor)}" if cause.actor else ""
    match cause.kind:
        case "automation":
            who = f"by the automation{named}" if named else "by an automation"
        case "ours":
            who = f"by an apply of Terraform{f' by{named}' if named else ''}"
        case "outside":
            who = f"from outside{f', by{named}' if named else ''}"
        case "unknown":
            who = "by nobody knows whom"
    if cause.at is not None:
        when = f", {_instant(cause.at)}"
    else:
        when = "" if cause.before is None else f", {_instant(cause.before)} or before"
    reasons = "; ".join(part for part in (cause.evidence, cause.note) if part)
    return f"{who}{when}{f' ({reasons})' if reasons else ''}"


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def change_in_words(change: ValueChange) -> str:
    """What a value was and is: ``false -> true``, ``added "x"``."""
    match change.how:
        case "added":
            return f"added {shown_value(change.now)}"
        case "removed":
            return f"removed {shown_value(change.was)}"
    return f"{shown_value(change.was)} -> {shown_value(change.now)}"


def shown_value(value: Any) -> str:
    """A value as a report has it: as JSON, and of a secret that it is one."""
    return SENSITIVE if value == SENSITIVE else json.dumps(value, ensure_ascii=False)


def _summary(reports: Sequence[DriftReport]) -> str:
    def number(field: str) -> int:
        return sum(len(getattr(one, field) or ()) for one in reports)

    count = number("checked")
    text = f"{count} {'object' if count == 1 else 'objects'} checked: "
    drifted = any(one.has_drift for one in reports)
    text += f"{number('changed')} changed, {number('missing')} missing" if drifted else "no drift"
    for field, what in (("unreadable", "could not be read"), ("undecided", "undecided")):
        if number(field):
            text += f"; {number(field)} {what}"
    if any(one.unmanaged is not None for one in reports):
        text += f"; {number('unmanaged')} in no state"
    if number("ignored"):
        text += f"; {number('ignored')} ignored"
    return f"{text}."


def _document(reports: Sequence[DriftReport]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "version": _VERSION,
        "summary": {
            field: sum(len(getattr(one, field)) for one in reports)
            for field in ("checked", "changed", "missing", "unreadable")
        },
        "changed": [_with_changes(one, item) for one in reports for item in one.changed],
        "missing": [_missing(one, item) for one in reports for item in one.missing],
        "unreadable": [item._asdict() | _state(one) for one in reports for item in one.unreadable],
        "undecided": [_with_changes(one, item) for one in reports for item in one.undecided],
        "ignored": [
            {
                "address": item.address,
                "attribute": show_path(item.path) if item.path else None,
                "pattern": item.pattern,
            }
            | _state(one)
            for one in reports
            for item in one.ignored
        ],
    }
    if any(one.unmanaged is not None for one in reports):
        unmanaged = [item for one in reports for item in one.unmanaged or ()]
        document["summary"]["unmanaged"] = len(unmanaged)
        document["unmanaged"] = [item._asdict() | {"origin": item.origin or None} for item in unmanaged]
    return document


def _state(found: DriftReport) -> dict[str, Any]:
    return {"state": found.state} if found.state else {}


def _missing(found: DriftReport, item: Missing) -> dict[str, Any]:
    return item._asdict() | _state(found) | _cause(_cause_of(found, item.address, ()))


def _with_changes(found: DriftReport, item: Changed | Undecided) -> dict[str, Any]:
    return {
        "address": item.address,
        "type": item.type,
        "id": item.id,
        "changes": [
            {
                "attribute": show_path(change.path),
                "was": change.was,
                "is": change.now,
                "sensitive": change.sensitive,
                "change": change.how,
            }
            | _cause(_cause_of(found, item.address, change.path))
            for change in item.changes
        ],
    } | _state(found)


def _cause(cause: Cause | None) -> dict[str, Any]:
    if cause is None:
        return {}
    return {
        "cause": {
            "kind": cause.kind,
            "actor": cause.actor,
            "at": None if cause.at is None else cause.at.isoformat(),
            "before": None if cause.before is None else cause.before.isoformat(),
            "evidence": cause.evidence or None,
            "note": cause.note or None,
        }
    }
