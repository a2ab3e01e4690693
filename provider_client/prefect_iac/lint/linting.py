"""Runs all rules over what is there after a plan, or now."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from prefect_iac.lint.loops import graph_flaws
from prefect_iac.lint.owners import duplicate_flaws, owner_flaws
from prefect_iac.lint.parameters import parameter_flaws
from prefect_iac.lint.targets import target_flaws
from prefect_iac.lint.triggers import automation_flaws

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_iac.graph.model import Graph
    from prefect_iac.lint.flaw import Flaw
    from prefect_iac.workspace.outlook import Outlook

__all__ = ["find_flaws"]

_LEVELS = ("error", "warning", "note")


def find_flaws(outlook: Outlook, graph: Graph, *, cloud: bool | None = None) -> list[Flaw]:
    """All flaws, the worst first; of one level those of one object together.

    Args:
        outlook: The objects as they are and as they will be.
        graph: That of the outlook; with events that were looked at, what did not occur is told as well.
        cloud: Whether the server is Prefect Cloud; ``None`` if that is not known.
    """
    of_graph = list(graph_flaws(graph, outlook))
    # A loop through one automation is told with its steps, where these are known.
    looping = {flaw.subject.id for flaw in of_graph if flaw.rule == "loop"}
    found: Iterable[Flaw] = chain(
        (
            flaw
            for flaw in automation_flaws(outlook, cloud=cloud)
            if flaw.rule != "loop" or flaw.subject.id not in looping
        ),
        of_graph,
        target_flaws(outlook),
        parameter_flaws(outlook),
        owner_flaws(outlook),
        duplicate_flaws(outlook),
    )
    return sorted(
        dict.fromkeys(found), key=lambda flaw: (_LEVELS.index(flaw.level), flaw.subject.text(), flaw.rule)
    )
