"""Prefect's words for states, postures, metrics and the like.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.rules``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal, TypeAlias

__all__ = [
    "ActionSource",
    "CollisionStrategy",
    "MetricName",
    "MetricOperator",
    "Posture",
    "StateType",
]

ActionSource: TypeAlias = Literal[
    "selected",
    "inferred",
]
"""Whether an action applies to the object that it names, or to the one of the event."""

CollisionStrategy: TypeAlias = Literal[
    "ENQUEUE",
    "CANCEL_NEW",
]
"""What happens to a run of a deployment for which there is no slot."""

MetricName: TypeAlias = Literal[
    "lateness",
    "duration",
    "successes",
    "volume",
    "sla_violations",
    "sla_violations_by_severity",
]
"""The metrics that a trigger can watch."""

MetricOperator: TypeAlias = Literal[
    "<",
    "<=",
    ">",
    ">=",
]
"""How a metric is compared with its threshold."""

StateType: TypeAlias = Literal[
    "SCHEDULED",
    "PENDING",
    "RUNNING",
    "COMPLETED",
    "FAILED",
    "CANCELLED",
    "CRASHED",
    "PAUSED",
    "CANCELLING",
]
"""The types of states that a flow run can be in."""


class Posture(StrEnum):
    """Whether a trigger responds to events or to their absence."""

    Reactive = "Reactive"
    Proactive = "Proactive"
