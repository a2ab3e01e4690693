"""A backtest in words, and as a document for programs.

Of an event its name, its time, its id and the name of its resource are shown, and never its payload.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.output.event_pages import event_page
from prefect_iac.output.html.data import Firings as Row
from prefect_iac.output.html.data import PageData, Timeline
from prefect_iac.output.report import Finding, Paragraph, Report, Section, Table
from prefect_provider.text.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from prefect_iac.backtest.backtest import Backtest, Tested
    from prefect_iac.backtest.firings import Cause, Fired, Firings
    from prefect_iac.output.report import Block

__all__ = ["Shown", "backtest_page", "backtest_report", "times_fired"]

_VERSION: Final = 1
"""Of the document; it grows when the form changes in a way that breaks readers."""

_SAMPLES: Final = 5
"""Firings that are shown of each kind; all are counted."""
_MOST_TOLD: Final = 10
"""Of more automations than this, without a plan, only the counts are shown: who wants more names one."""
_BARS: Final = "▁▂▃▄▅▆▇█"
_QUIET: Final = "·"
_MOST_DAYS: Final = 31
"""Of a longer time each bar is several days."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SIGNS: Final[Mapping[str, str]] = {"create": "+", "update": "~", "replace": "±", "delete": "-"}

_CAUSES: Final[Mapping[Cause, str]] = {
    "own run": "caused by runs that it started itself",
    "own deployment": "caused by runs of a deployment that it starts itself",
}


class Shown(NamedTuple):
    """What a report is made with, beside what was found."""

    pages: str = ""
    """Address of the server's pages, for links to events; empty for none."""
    most_per_day: int | None = None
    """How often an automation may fire on a day."""


def backtest_report(found: Backtest, shown: Shown = Shown()) -> Report:  # noqa: B008 - it is a tuple
    """The report in the shape of all formats.

    Findings are automations that fire otherwise than now (a note), that are set off by what they start themselves (a
    warning), and that fire more often than allowed (an error).
    """
    return Report(
        "backtest",
        _summary(found),
        tuple(_findings(found, shown)),
        tuple(one.subject.label for one in found.tested),
        _document(found, shown),
        tuple(_sections(found, shown)),
    )


def backtest_page(found: Backtest) -> PageData:
    """The firings on a time line, for a page."""
    rows = tuple(
        Row(one.subject.name, _times(one.now), () if one.planned is one.now else _times(one.planned))
        for one in found.tested
    )
    start = found.since if found.asked is None else min(found.asked, found.since)
    return PageData(timeline=Timeline(start, found.until, rows, found.since if found.since > start else None))


def _summary(found: Backtest) -> str:
    differing = sum(one.differs for one in found.tested)
    number = len(found.tested)
    what = f"{counted(number, 'automation')} over {_span(found)}"
    if not found.has_plan:
        total = sum(one.now.most for one in found.tested if one.now)
        return f"{what}: {counted(total, 'firing')} in all. {_read(found)}"
    verdict = f"{differing} would fire otherwise than now" if differing else "no difference"
    return f"{what}: {verdict}. {_read(found)}"


def _read(found: Backtest) -> str:
    return f"{counted(found.events, 'event')} read."


def _span(found: Backtest) -> str:
    """The time that was evaluated: ``18 to 25 Nov 2026``, or with hours if it is short."""
    since, until = found.since, found.until
    if until - since < timedelta(days=2):
        return f"{since:%d %b %Y %H:%M} to {until:%d %b %H:%M} UTC"
    return f"{since:%d %b} to {until:%d %b %Y}"


def _findings(found: Backtest, shown: Shown) -> Iterator[Finding]:
    if shown.most_per_day is not None:
        for one, day, number in found.too_many(shown.most_per_day):
            message = f"would fire {number:,} times on {day:%d %b %Y}, more often than {shown.most_per_day:,}"
            yield Finding("backtest/too-many", "error", one.subject.label, message)
    for one in found.tested:
        if one.planned is None:
            continue
        for cause, number in one.planned.causes.items():
            verb = "is" if number == 1 else "are"
            message = f"{number:,} of {counted(len(one.planned.usual), 'firing')} {verb} {_CAUSES[cause]}"
            yield Finding("backtest/own-runs", "warning", one.subject.label, message)
    for one in found.tested:
        if one.differs:
            yield Finding("backtest/changed", "note", one.subject.label, _change(one))


def _change(one: Tested) -> str:
    if one.now is None:
        return f"is new, and would have fired {_often(one.planned)}"
    if one.planned is None:
        return f"fired {_often(one.now)}, and will be gone"
    return f"fired {_often(one.now)}, and would have fired {_often(one.planned)}"


def _often(firings: Firings | None) -> str:
    count = times_fired(firings)
    return {"0": "never", "1": "once"}.get(count, f"{count} times")


def _sections(found: Backtest, shown: Shown) -> Iterator[Section]:
    if found.tested:
        yield Section("Firings", tuple(_counts(found)))
    told = [one for one in found.tested if one.differs or not found.has_plan]
    for one in told if found.has_plan or len(told) <= _MOST_TOLD else ():
        blocks = tuple(_of(one, found, shown))
        if blocks:
            yield Section(one.subject.name, blocks, folded=True)
    checked = [one for one in found.tested if one.check is not None]
    yield Section("Check of the replay", tuple(_checks(checked)), folded=True)
    yield Section("History", tuple(map(Paragraph, _history(found))))
    yield Section("Not modelled", tuple(map(Paragraph, _not_modelled(found))), folded=True)


def _counts(found: Backtest) -> Iterator[Block]:
    days = found.days
    if found.has_plan:
        rows = tuple(
            (
                f"{_SIGNS.get(one.subject.action, ' ')} {one.subject.name}",
                times_fired(one.now),
                times_fired(one.planned),
                _bars(one.planned if one.planned is not None else one.now, days),
                _remark(one),
            )
            for one in found.tested
        )
        yield Table(("automation", "now", "planned", "per day", ""), rows, frozenset({"now", "planned"}))
    else:
        live = tuple(
            (one.subject.name, times_fired(one.now), _bars(one.now, days), _remark(one))
            for one in found.tested
        )
        yield Table(("automation", "fires", "per day", ""), live, frozenset({"fires"}))
        if len(found.tested) > _MOST_TOLD:
            yield Paragraph("Name automations (--automation) to see which events they fire by.")
    if found.left_alone and found.has_plan:
        yield Paragraph(f"{found.left_alone} more that the plan does not change.")


def _of(one: Tested, found: Backtest, shown: Shown) -> Iterator[Block]:
    """What is told of one automation: its days, and some of its firings."""
    now, planned = (firings.per_day() if firings else {} for firings in (one.now, one.planned))
    busy = [day for day in found.days if now.get(day) or planned.get(day)]
    if not busy:
        return
    if found.has_plan:
        days = tuple((f"{day:%d %b}", str(now.get(day, 0)), str(planned.get(day, 0))) for day in busy)
        yield Table(("day", "now", "planned"), days, frozenset({"now", "planned"}))
    samples: list[tuple[str, Sequence[Fired]]] = [("would fire", one.gained), ("no longer", one.lost)]
    if not found.has_plan and one.now:
        samples = [("fires", one.now.usual)]
    rows = tuple(
        (what, _time(fired.at), _what(fired), event_page(shown.pages, fired.event_id, fired.occurred))
        for what, firings in samples
        for fired in _spread(firings)
    )
    if rows:
        yield Table(("", "time", "by", "page"), rows)
    for what, firings in samples:
        if len(firings) > _SAMPLES:
            yield Paragraph(f"{what}: {counted(len(firings), 'firing')}, of which {_SAMPLES} are shown.")


def _spread(firings: Sequence[Fired]) -> Sequence[Fired]:
    """Some of many, the newest last: those that one wants to look at are the latest."""
    return firings[-_SAMPLES:]


def _checks(checked: Sequence[Tested]) -> Iterator[Block]:
    if not checked:
        yield Paragraph(
            "The history has no firing of these automations that a server recorded, so that the replay cannot be held "
            "against what they really did."
        )
        return
    header = ("automation", "since", "replayed", "really fired", "alike", "only replayed", "only real", "%")
    rows = tuple(
        (
            one.subject.name,
            f"{check.since:%d %b %H:%M}",
            f"{check.replayed:,}",
            f"{check.recorded:,}",
            f"{check.alike:,}",
            f"{check.only_replayed:,}",
            f"{check.only_recorded:,}",
            "-" if check.percent is None else str(check.percent),
        )
        for one in checked
        for check in [one.check]
        if check is not None
    )
    yield Table(header, rows, frozenset(header[2:]))
    yield Paragraph(
        "Each as it is now, replayed since it was saved last or the history begins, against the firings that the "
        "server recorded. What it counted before that is not known, and may make the first ones differ."
    )


def _history(found: Backtest) -> Iterator[str]:
    coverage = found.coverage
    asked = "as far back as there are events" if found.asked is None else f"since {_moment(found.asked)}"
    if coverage.since is None:
        yield f"Asked for: {asked}. {coverage.why.capitalize()}, so that nothing is known of that time."
    elif coverage.whole or found.asked is None:
        yield f"Asked for: {asked}. All of it is there, up to {_moment(found.until)}."
    else:
        yield (
            f"Asked for: {asked}. There is less: from {_moment(found.since)} to {_moment(found.until)} "
            f"({_length(found.until - found.since)}). {_why(coverage.why)} Nothing is said of the time before."
        )
    if not found.events:
        yield "No event in it is of a name that these automations look for."


def _why(words: str) -> str:
    """Why a history begins when it does, as a sentence."""
    sentence = "its first event is of then" if words == "its first event" else words
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _not_modelled(found: Backtest) -> Iterator[str]:
    yield (
        "What the actions do, and the events of that, but for what is marked; events that arrive more than 15 minutes "
        "late; restarts of the server, and how far it is behind with its events."
    )
    for one in found.tested:
        if not one.subject.is_modelled:
            yield f"{one.subject.name}: its metric trigger, which only Prefect Cloud evaluates, never fires here."
        if one.subject.unknown:
            places = ", ".join(one.subject.unknown)
            yield f"{one.subject.name}: known only after the apply, and here of a value that no event has: {places}."
    for skipped in found.skipped:
        yield f"{skipped.name} is left out: {skipped.reason}"


def _remark(one: Tested) -> str:
    parts = []
    judged = one.planned if one.planned is not None else one.now
    if one.subject.now is None:
        parts.append("new")
    if one.subject.planned is None:
        parts.append("deleted")
    elif not one.subject.planned.automation.enabled:
        parts.append("disabled")
    if judged is not None and len(judged.by_phase) > 1:
        parts.append("depends on the server's ticks")
    if judged is not None:
        parts += (f"{number:,} {_CAUSES[cause]}" for cause, number in judged.causes.items())
    return "; ".join(parts)


def times_fired(firings: Firings | None) -> str:
    """How often it fires, ``-`` where there is nothing; a range where that depends on the phase of the ticks."""
    if firings is None:
        return "-"
    least, most = firings.least, firings.most
    return f"{most:,}" if least == most else f"{least:,} to {most:,}"


def _bars(firings: Firings | None, days: Sequence[date]) -> str:
    """A bar for each day, or for several where there are many."""
    per_day = firings.per_day() if firings else {}
    size = -(-len(days) // _MOST_DAYS)
    counts = [
        sum(per_day.get(day, 0) for day in days[start : start + size]) for start in range(0, len(days), size)
    ]
    most = max(counts, default=0)
    return "".join(_BARS[(count * len(_BARS) - 1) // most] if count else _QUIET for count in counts)


def _what(fired: Fired) -> str:
    """What completed it."""
    if not fired.event:
        return "a tick: nothing had come in time"
    counted = f", number {fired.counted} since {_clock(fired.start)}" if fired.counted > 1 else ""
    own = f", {fired.cause}" if fired.cause else ""
    return f"{fired.event} of {fired.resource}{counted}{own}"


def _time(at: int) -> str:
    return f"{_EPOCH + timedelta(microseconds=at):%d %b %H:%M:%S}"


def _clock(at: int) -> str:
    return f"{_EPOCH + timedelta(microseconds=at):%H:%M:%S}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%d %b %Y %H:%M} UTC"


def _length(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    parts = [(minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min")]
    shown = [f"{number} {unit}" for number, unit in parts if number][:2]
    return " ".join(shown) or "0 min"


def _times(firings: Firings | None) -> tuple[datetime, ...]:
    return tuple(_EPOCH + timedelta(microseconds=one.at) for one in firings.usual) if firings else ()


def _document(found: Backtest, shown: Shown) -> dict[str, Any]:
    coverage = found.coverage
    return {
        "version": _VERSION,
        "since": _iso(found.since),
        "until": _iso(found.until),
        "asked": _iso(found.asked),
        "coverage": {"since": _iso(coverage.since), "why": coverage.why, "whole": coverage.whole},
        "events": found.events,
        "differs": found.differs,
        "left_alone": found.left_alone,
        "automations": [_tested(one, shown) for one in found.tested],
        "skipped": [{"name": one.name, "reason": one.reason} for one in found.skipped],
    }


def _tested(one: Tested, shown: Shown) -> dict[str, Any]:
    check = one.check
    return {
        "name": one.subject.name,
        "id": one.subject.id,
        "address": one.subject.address,
        "action": one.subject.action,
        "modelled": one.subject.is_modelled,
        "unknown": list(one.subject.unknown),
        "differs": one.differs,
        "now": _counted(one.now),
        "planned": _counted(one.planned),
        "would_fire": {"count": len(one.gained), "samples": _samples(one.gained, shown)},
        "no_longer": {"count": len(one.lost), "samples": _samples(one.lost, shown)},
        "check": check
        and {
            "since": _iso(check.since),
            "replayed": check.replayed,
            "recorded": check.recorded,
            "alike": check.alike,
            "only_replayed": check.only_replayed,
            "only_recorded": check.only_recorded,
            "percent": check.percent,
        },
    }


def _counted(firings: Firings | None) -> dict[str, Any] | None:
    if firings is None:
        return None
    return {
        "least": firings.least,
        "most": firings.most,
        "per_day": {str(day): number for day, number in sorted(firings.per_day().items())},
        "own_runs": firings.causes["own run"],
        "own_deployment": firings.causes["own deployment"],
    }


def _samples(firings: Sequence[Fired], shown: Shown) -> list[dict[str, Any]]:
    return [
        {
            "at": _iso(_EPOCH + timedelta(microseconds=one.at)),
            "event": one.event or None,
            "event_id": one.event_id or None,
            "resource": one.resource or None,
            "counted": one.counted,
            "cause": one.cause or None,
            "page": event_page(shown.pages, one.event_id, one.occurred) or None,
        }
        for one in _spread(firings)
    ]


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
