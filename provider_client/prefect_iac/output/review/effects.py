"""What the backtest and the impact of a plan add to its review: to the table, to what was found, folded below."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_iac.output.backtest import Shown, backtest_report, times_fired
from prefect_iac.output.impact import impact_report
from prefect_iac.output.report import Paragraph, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_iac.backtest.backtest import Tested
    from prefect_iac.backtest.firings import Firings
    from prefect_iac.impact.effect import Impact, ScheduleChange
    from prefect_iac.output.report import Block, Finding, Report
    from prefect_iac.review.review import Review

__all__ = ["Parts", "lost_runs", "told_of"]

_MOST: Final = 10
"""Automations whose firings are shown one by one."""

_LOST: Final = ("runs", "scheduled_runs")
"""What is counted of the runs that go with an object."""

_ELSEWHERE: Final = ("backtest/changed", "impact/absent", "impact/unreadable")
"""What the review says in another place: in the table, and of all that could not be looked at."""


class Parts(NamedTuple):
    """The reports that are a part of the review."""

    impact: Report | None
    backtest: Report | None
    names: tuple[str, ...]
    """The automations that were tried; their sections bear these names."""

    @classmethod
    def of(cls, review: Review, pages: str) -> Parts:
        """Those of a review; ``pages`` is the address of the server's pages."""
        tried = review.backtest
        return cls(
            None if review.impact is None else impact_report(review.impact),
            None if tried is None else backtest_report(tried, Shown(pages)),
            () if tried is None else tuple(one.subject.name for one in tried.tested),
        )

    def findings(self) -> Iterator[Finding]:
        """What they have found, but for what stands elsewhere."""
        for report in (self.impact, self.backtest):
            for finding in () if report is None else report.findings:
                if finding.rule not in _ELSEWHERE:
                    yield finding

    def sections(self) -> Iterator[Section]:
        """Their tables, all folded."""
        if self.backtest is not None:
            own = [one for one in self.backtest.sections if one.title in self.names and one.folded]
            blocks: list[Block] = [Paragraph(self.backtest.summary)]
            for section in self.backtest.sections:
                if section not in own and section.title != "History":
                    blocks += section.blocks
            yield Section("Backtest", tuple(blocks), folded=True)
            for section in own[:_MOST]:
                yield section._replace(title=f"Firings of {section.title}")
        if self.impact is not None:
            for section in self.impact.sections:
                if section.title != "When to apply":
                    yield section._replace(folded=True)

    def basis(self) -> Iterator[str]:
        """Sentences about what was looked at, and about when to apply."""
        if self.backtest is None:
            yield "No events were read."
        else:
            yield from self._texts(self.backtest, "History")
        if self.impact is not None:
            yield from self._texts(self.impact, "When to apply")

    @staticmethod
    def _texts(report: Report, title: str) -> Iterator[str]:
        for section in report.sections:
            if section.title == title:
                yield from (block.text for block in section.blocks if isinstance(block, Paragraph))


def lost_runs(impact: Impact | None) -> int:
    """How many runs that have been, or are there, the plan takes with it."""
    if impact is None:
        return 0
    return sum(one.numbers.get("runs", 0) for one in impact.effects if one.rule.endswith("-deleted"))


def told_of(review: Review) -> dict[str, list[str]]:
    """What is to be said of an object in its row, by address."""
    told: dict[str, list[str]] = {}
    if review.impact is not None:
        for effect in review.impact.effects:
            for name in _LOST if effect.rule.endswith("-deleted") else ():
                number = effect.numbers.get(name, 0)
                if number:
                    noun = name.replace("_", " ").removesuffix("" if number > 1 else "s")
                    verb = "go" if number > 1 else "goes"
                    told.setdefault(effect.subject, []).append(f"{number:,} {noun} {verb} with it")
        for change in review.impact.schedules:
            told.setdefault(change.subject, []).append(_schedule(change))
    if review.backtest is not None:
        days = (review.backtest.until - review.backtest.since).total_seconds() / 86400
        for tested in review.backtest.tested:
            told.setdefault(tested.subject.label, []).append(_firings(tested, days))
    return told


def _schedule(change: ScheduleChange) -> str:
    """``schedule daily: cron 0 3 * * * -> cron 0 5 * * *, next 26 Nov 05:00``."""
    following = ""
    if change.runs_planned:
        from zoneinfo import ZoneInfo

        try:
            first = change.runs_planned[0].astimezone(ZoneInfo(change.zone))
        except (ValueError, OSError):
            first = change.runs_planned[0].astimezone(UTC)
        following = f", next {first:%d %b %H:%M}"
    return f"schedule {change.schedule}: {change.now or 'none'} -> {change.planned or 'none'}{following}"


def _firings(tested: Tested, days: float) -> str:
    """``148 -> 12 firings in 6.9 days (98 % of the replay as recorded)``."""
    check = tested.check
    proof = ""
    if check is not None and check.percent is not None:
        proof = f" (the replay is {check.percent} % as recorded)"
    span = f"in {f'{days:.1f}'.removesuffix('.0')} days"
    if tested.now is None:
        return f"would have fired {_times(tested.planned)} {span}"
    if tested.planned is None:
        return f"fired {_times(tested.now)} {span}{proof}"
    return f"{times_fired(tested.now)} -> {times_fired(tested.planned)} firings {span}{proof}"


def _times(firings: Firings | None) -> str:
    count = times_fired(firings)
    return f"{count} {'time' if count == '1' else 'times'}"
