"""The impact of a plan in words, and as a document for programs."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.output.report import LEVELS, Detail, Finding, Paragraph, Report, Section, Table
from prefect_iac.workspace.outlook import ELSEWHERE
from prefect_provider.text.problem import sentence
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from prefect_iac.impact.effect import Effect, Impact, Quiet, ScheduleChange

__all__ = ["impact_report"]

_VERSION: Final = 1
"""Of the document; it grows when the form changes in a way that breaks readers."""


def impact_report(impact: Impact) -> Report:
    """The report in the shape of all formats."""
    sections: list[Section] = []
    if impact.schedules:
        sections.append(Section("Schedules", (_schedules(impact.schedules),)))
    quiet = _when(impact.quiet)
    if quiet:
        sections.append(Section("When to apply", (Paragraph(quiet),)))
    if impact.left_out:
        sections.append(Section("Not looked at", tuple(Paragraph(_begun(one)) for one in impact.left_out)))
    return Report(
        "impact",
        _summary(impact),
        (*(_finding(one) for one in impact.effects), *_absent(impact), *_unreadable(impact)),
        tuple(dict.fromkeys([*impact.subjects, *(one.subject for one in impact.effects)])),
        _document(impact),
        tuple(sections),
    )


def _finding(effect: Effect) -> Finding:
    return Finding(
        f"impact/{effect.rule}",
        effect.level,
        effect.subject,
        effect.message,
        tuple(Detail(place, text) for place, text in effect.details),
    )


def _absent(impact: Impact) -> Iterable[Finding]:
    for address in impact.absent:
        yield Finding(
            "impact/absent",
            "warning",
            address,
            "is not on this server, so that what becomes of it there cannot be told",
            (Detail("remedy", ELSEWHERE),),
        )


def _unreadable(impact: Impact) -> Iterable[Finding]:
    for one in impact.unreadable:
        message = f"could not be read: {' '.join(one.reason.split())}"
        yield Finding("impact/unreadable", "error", one.address, message)


def _summary(impact: Impact) -> str:
    changes = len(impact.subjects)
    what = counted(changes, "change")
    counts = [
        counted(number, level)
        for level in LEVELS
        if (number := sum(one.level == level for one in impact.effects))
    ]
    if impact.schedules:
        counts.append(counted(len(impact.schedules), "schedule changes", "schedules change"))
    if impact.absent:
        counts.append(f"{len(impact.absent):,} not on this server")
    if impact.unreadable:
        counts.append(f"{len(impact.unreadable):,} that could not be read")
    told = ", ".join(counts) if counts else "nothing happens beside what the plan says"
    return f"{what}: {told}. Read at {impact.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC."


def _schedules(changes: Sequence[ScheduleChange]) -> Table:
    rows: list[tuple[str, ...]] = []
    for one in changes:
        rows.append(
            (one.subject, one.schedule, "now", one.now or "-", _times(one.runs_now, one.zone) or "none")
        )
        planned = "depends on the apply" if one.runs_planned is None else _times(one.runs_planned, one.zone)
        rows.append(("", "", "planned", one.planned or "-", planned or "none"))
    return Table(("deployment", "schedule", "", "when", "next runs"), tuple(rows))


def _times(times: Sequence[datetime], zone: str) -> str:
    """In the zone of the schedule."""
    return ", ".join(f"{_local(one, zone):%d %b %H:%M}" for one in times)


def _local(moment: datetime, zone: str) -> datetime:
    from zoneinfo import ZoneInfo

    try:
        return moment.astimezone(ZoneInfo(zone))
    except (ValueError, OSError):
        return moment.astimezone(UTC)


def _when(quiet: Quiet | None) -> str:
    if quiet is None:
        return ""
    if quiet.begin is None:
        return (
            "There is no quiet time as far as runs are known: some run is due at any time within two minutes. "
            "A run that is due while its deployment is changed may not happen."
        )
    begin = f"{quiet.begin.astimezone(UTC):%d %b %H:%M:%S}"
    end = f" to {quiet.end.astimezone(UTC):%d %b %H:%M:%S}" if quiet.end is not None else " on"
    return (
        f"Quiet from {begin}{end} UTC: no scheduled run of what changes is due within two minutes. "
        "One that is due while its deployment is changed may not happen."
    )


def _begun(text: str) -> str:
    # The name of a type stays as it is written.
    begun = text if text.startswith("prefect_") else f"{text[:1].upper()}{text[1:]}"
    return sentence(begun)


def _document(impact: Impact) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "at": _stamp(impact.at),
        "summary": {
            "changes": len(impact.subjects),
            **{
                f"{level}s": sum(one.level == level for one in impact.effects)
                for level in ("error", "warning", "note")
            },
            "absent": len(impact.absent),
            "unreadable": len(impact.unreadable),
        },
        "effects": [
            {
                "rule": f"impact/{one.rule}",
                "level": one.level,
                "subject": one.subject,
                "message": one.message,
                "details": [{"place": place, "text": text} for place, text in one.details],
                "numbers": dict(one.numbers),
            }
            for one in impact.effects
        ],
        "schedules": [
            {
                "deployment": one.subject,
                "schedule": one.schedule,
                "now": one.now,
                "planned": one.planned,
                "next_now": [_stamp(run) for run in one.runs_now],
                "next_planned": None
                if one.runs_planned is None
                else [_stamp(run) for run in one.runs_planned],
            }
            for one in impact.schedules
        ],
        "quiet": None
        if impact.quiet is None
        else {
            "begin": None if impact.quiet.begin is None else _stamp(impact.quiet.begin),
            "end": None if impact.quiet.end is None else _stamp(impact.quiet.end),
        },
        "unreadable": [{"address": one.address, "reason": one.reason} for one in impact.unreadable],
        "absent": list(impact.absent),
        "left_out": list(impact.left_out),
    }


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
