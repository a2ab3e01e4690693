"""A drift report in words, and as a document for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from prefect_iac.output.report import Detail, Finding, Report
from prefect_provider.text.masking import SENSITIVE
from prefect_provider.text.path import show_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.drift.report import Changed, DriftReport, Undecided, ValueChange

__all__ = ["drift_report"]

_VERSION = 1
"""Of the document; it grows when the form changes in a way that breaks readers."""

_UNDECIDED = "may have changed ({}), if this is configured: the state does not say so, a saved plan does"


def drift_report(found: DriftReport) -> Report:
    """The report in the shape of all formats."""
    return Report("drift", _summary(found), tuple(_findings(found)), found.checked, _document(found))


def _findings(found: DriftReport) -> Iterator[Finding]:
    for changed in found.changed:
        yield Finding(
            "drift/changed", "error", changed.address, f"has changed ({changed.id})", _details(changed)
        )
    for missing in found.missing:
        yield Finding("drift/missing", "error", missing.address, f"is missing ({missing.id})")
    for unreadable in found.unreadable:
        identified = f" ({unreadable.id})" if unreadable.id else ""
        message = f"could not be read{identified}: {' '.join(unreadable.reason.split())}"
        yield Finding("drift/unreadable", "error", unreadable.address, message)
    for undecided in found.undecided:
        message = _UNDECIDED.format(undecided.id)
        yield Finding("drift/undecided", "note", undecided.address, message, _details(undecided))


def _details(item: Changed | Undecided) -> tuple[Detail, ...]:
    return tuple(Detail(show_path(change.path), _in_words(change)) for change in item.changes)


def _in_words(change: ValueChange) -> str:
    match change.how:
        case "added":
            return f"added {_value(change.now)}"
        case "removed":
            return f"removed {_value(change.was)}"
    return f"{_value(change.was)} -> {_value(change.now)}"


def _value(value: Any) -> str:
    return SENSITIVE if value == SENSITIVE else json.dumps(value, ensure_ascii=False)


def _summary(found: DriftReport) -> str:
    count = len(found.checked)
    text = f"{count} {'object' if count == 1 else 'objects'} checked: "
    text += f"{len(found.changed)} changed, {len(found.missing)} missing" if found.has_drift else "no drift"
    if found.unreadable:
        text += f"; {len(found.unreadable)} could not be read"
    if found.undecided:
        text += f"; {len(found.undecided)} undecided"
    if found.ignored:
        text += f"; {len(found.ignored)} ignored"
    return f"{text}."


def _document(found: DriftReport) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "summary": {
            "checked": len(found.checked),
            "changed": len(found.changed),
            "missing": len(found.missing),
            "unreadable": len(found.unreadable),
        },
        "changed": [_with_changes(item) for item in found.changed],
        "missing": [item._asdict() for item in found.missing],
        "unreadable": [item._asdict() for item in found.unreadable],
        "undecided": [_with_changes(item) for item in found.undecided],
        "ignored": [
            {
                "address": item.address,
                "attribute": show_path(item.path) if item.path else None,
                "pattern": item.pattern,
            }
            for item in found.ignored
        ],
    }


def _with_changes(item: Changed | Undecided) -> dict[str, Any]:
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
            for change in item.changes
        ],
    }
