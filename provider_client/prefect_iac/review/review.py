"""All that was found out about a plan, or about a server as it is, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from prefect_iac.backtest.backtest import Backtest
    from prefect_iac.drift.report import DriftReport
    from prefect_iac.graph.model import Graph
    from prefect_iac.impact.effect import Impact
    from prefect_iac.lint.sources import Sources
    from prefect_iac.lint.suppression import Judged
    from prefect_iac.review.changes import Change
    from prefect_iac.workspace.outlook import Outlook

__all__ = ["Incomplete", "Review"]


class Incomplete(NamedTuple):
    """Something that could not be looked at; the rest of the review does not suffer by it."""

    what: str
    """Such as ``the server``, or the address of an object."""
    reason: str
    is_serious: bool = True
    """Whether it may hide something about this very plan."""


class Review(NamedTuple):
    """The parts, each as its own room has it; ``before`` is what the same part says of the server without the plan."""

    outlook: Outlook
    changes: tuple[Change, ...]
    graph: Graph
    judged: Judged
    """What lint finds of it."""
    judged_before: Judged | None
    """``None`` without a plan."""
    sources: Sources | None
    """Where objects are written; ``None`` where nothing tells."""
    drift: DriftReport | None
    """What Terraform found changed; ``None`` without a plan."""
    impact: Impact | None
    """``None`` without a plan that changes anything, and where no server was read."""
    backtest: Backtest | None
    """``None`` where no events were read, for there is no automation to try on them, or it could not be done."""
    incomplete: tuple[Incomplete, ...]
