"""Tests of triggers in words, and as a document for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from prefect_iac.output.report import Detail, Finding, Location, Report
from prefect_provider.events.rehearsal import offset_text
from prefect_provider.text.spelling import counted, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_iac.backtest.trigger_tests import TriggerTest
    from prefect_provider.events.firing import Firing
    from prefect_provider.events.rehearsal import Outcome

__all__ = ["FinishedTest", "tests_report"]

_VERSION = 1


class FinishedTest(NamedTuple):
    """One test that was run."""

    file: str
    test: TriggerTest
    outcome: Outcome

    @property
    def subject(self) -> str:
        """File and name."""
        return f"{self.file}: {self.test.name}"


def tests_report(runs: Sequence[FinishedTest]) -> Report:
    """The report in the shape of all formats."""
    failed = [run for run in runs if not run.outcome.passed]
    count = counted(len(runs), "test")
    summary = f"{count}: {len(failed)} failed." if failed else f"{count} passed."
    return Report(
        "test",
        summary,
        tuple(_finding(run) for run in failed),
        tuple(run.subject for run in runs),
        {
            "version": _VERSION,
            "summary": {"tests": len(runs), "failed": len(failed)},
            "tests": [_document(run) for run in runs],
        },
    )


def _finding(run: FinishedTest) -> Finding:
    outcome = run.outcome
    fired = [one.at for one in outcome.fired]
    message = f"fires {_times(fired)}, expected {_times(outcome.expected)}"
    if outcome.phase:
        message += f", with the first tick of the server at {offset_text(outcome.phase)}"
    return Finding(
        "test/failed",
        "error",
        run.subject,
        message,
        (
            *(Detail(offset_text(time), "it does not fire") for time in outcome.missing),
            *(Detail(offset_text(one.at), _in_words(one)) for one in outcome.unexpected),
        ),
        Location(run.file, run.test.line),
    )


def _times(times: Sequence[int]) -> str:
    return f"at {', '.join(map(offset_text, times))}" if times else "never"


def _in_words(firing: Firing) -> str:
    event = firing.event
    by = "at a tick" if event is None or event.arrived != firing.at else f"by {event.name}"
    if firing.firings:
        return f"it fires {by}, after {len(firing.firings)} of its triggers"
    begin = (
        f"{offset_text(firing.start)}"
        if firing.start >= 0
        else f"{offset_text(-firing.start)} before the start"
    )
    words = (
        f"it fires {by}: {counted(firing.counted, 'event')} from {begin} to {offset_text(max(firing.end, 0))}"
    )
    return f"{words}, of {', '.join(map(show, firing.key))}" if firing.key else words


def _document(run: FinishedTest) -> dict[str, Any]:
    outcome = run.outcome
    return {
        "file": run.file,
        "line": run.test.line,
        "name": run.test.name,
        "passed": outcome.passed,
        "expected": [offset_text(time) for time in outcome.expected],
        "fired": [offset_text(one.at) for one in outcome.fired],
        "missing": [offset_text(time) for time in outcome.missing],
        "unexpected": [offset_text(one.at) for one in outcome.unexpected],
        "phase": offset_text(outcome.phase),
    }
