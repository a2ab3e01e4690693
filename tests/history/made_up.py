"""Events that never happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

__all__ = ["NOON", "event", "moved"]

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def event(
    seconds: float, name: str = "a.b", resource: str = "r.1", number: int | None = None, **more: Any
) -> dict[str, Any]:
    """An event that occurs so many seconds after noon; its id is made of ``number``."""
    id_ = UUID(int=int(seconds * 1000) + 10**9 if number is None else number)
    return {
        "id": str(id_),
        "occurred": (NOON + timedelta(seconds=seconds)).isoformat(),
        "event": name,
        "resource": {"prefect.resource.id": resource},
        "related": [],
        "payload": {},
        "follows": None,
        **more,
    }


def moved(seconds: float) -> datetime:
    """So many seconds after noon."""
    return NOON + timedelta(seconds=seconds)
