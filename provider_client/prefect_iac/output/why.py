"""Why an automation fired or did not, with what the server recorded, and how sure that is."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from prefect_iac.output.event_pages import event_page
from prefect_iac.output.explanation import explanation_report
from prefect_iac.output.report import Paragraph, Section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from prefect_iac.backtest.why import Answer
    from prefect_iac.output.report import Report

__all__ = ["why_report"]


def why_report(found: Answer, pages: str = "") -> Report:
    """The explanation as a report; ``pages`` is the address of the server's pages."""
    report = explanation_report(found.explanation)
    section = Section("How sure this is", tuple(map(Paragraph, _sentences(found, pages))))
    document: dict[str, Any] = {
        **report.document,
        "recorded": _iso(found.recorded),
        "is_recorded": found.is_recorded,
        "since": _iso(found.since),
        "saved_after": _iso(found.saved),
        "verdict_by_phase": {f"{phase / 1_000_000:g}": verdict for phase, verdict in found.verdicts.items()},
    }
    return report._replace(sections=(*report.sections, section), document=document)


def _sentences(found: Answer, pages: str) -> Iterator[str]:
    event = found.explanation.event
    page = event_page(pages, event.id, event.occurred)
    if page:
        yield f"The event is shown at {page}"
    if found.recorded is not None:
        yield f"The server recorded that it fired by this event, at {_moment(found.recorded)}."
    elif found.is_recorded:
        yield "The server has recorded no firing by this event."
    fired = sum(verdict == "fired" for verdict in found.verdicts.values())
    if 0 < fired < len(found.verdicts):
        yield (
            f"It depends on when the server's ticks are, which nobody knows: with {fired} of {len(found.verdicts)} "
            "phases that were tried it fires."
        )
    if found.saved is not None:
        yield (
            f"The automation was changed after the event, at {_moment(found.saved)}: this is what it would do as it "
            "is now."
        )
    yield f"The story is told from {_moment(found.since)} on. What was counted before that is not known."
    if not found.coverage.whole:
        yield f"The history begins later than its windows reach: {found.coverage.why}."


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%d %b %Y %H:%M:%S} UTC"


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
