"""Durations: how long an event counts, how often a schedule makes runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeAlias

from prefect_constructs.tokens import is_unresolved

__all__ = ["Duration", "seconds"]

Duration: TypeAlias = timedelta | float | str
"""A duration, or seconds; a text is a duration as Prefect reads it, ``PT10M``, or a Terraform expression."""


def seconds(duration: Any) -> Any:
    """The duration as Terraform takes it: in seconds. What is none stays as it is, to be refused at its place."""
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    if not isinstance(duration, str) or is_unresolved(duration):
        return duration
    from prefect_provider.rules.durations import document_seconds

    found = document_seconds(duration)
    return duration if found is None else found
