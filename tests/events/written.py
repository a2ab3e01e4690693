"""Events and triggers written short, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.events.behaviour import Behaviour
from prefect_provider.events.event import SECOND, Event
from prefect_provider.events.replay import evaluate
from prefect_provider.events.triggers import Automation, compile_automation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.events.firing import Firing

__all__ = ["BASE", "automation", "events", "fired", "firings", "trigger"]

BASE: Final = 1_793_534_400 * SECOND
"""2026-11-01T12:00:00Z."""


def trigger(posture: str = "Reactive", **fields: Any) -> dict[str, Any]:
    """An event trigger."""
    return {"type": "event", "posture": posture, **fields}


def automation(of: Mapping[str, Any], version: str = "3.8.8", **fields: Any) -> Automation:
    """An automation with a trigger, as a version of the server sees it."""
    return compile_automation({"id": "a", "name": "a", "trigger": of, **fields}, Behaviour.of(version))


def events(happened: Sequence[tuple[Any, ...]]) -> list[Event]:
    """Events as ``(seconds, name)``, with more about each as a mapping: ``occurred``, ``id``, ``related``, labels."""
    found = []
    for number, (time, name, *more) in enumerate(happened):
        labels = dict(more[0]) if more else {}
        occurred = labels.pop("occurred", time)
        related = labels.pop("related", ())
        id_ = labels.pop("id", f"event-{number}")
        follows = labels.pop("follows", None)
        found.append(
            Event(
                name,
                {"prefect.resource.id": "r.1", **labels},
                related,
                id_,
                BASE + round(occurred * SECOND),
                BASE + round(time * SECOND),
                follows,
            )
        )
    return found


def firings(
    of: Mapping[str, Any],
    happened: Sequence[tuple[Any, ...]],
    until: float,
    *,
    phase: float = 0,
    version: str = "3.8.8",
) -> list[Firing]:
    """The firings of an automation that was loaded at second 0, and whose first tick is at the phase."""
    return evaluate(
        automation(of, version),
        events(happened),
        since=BASE,
        until=BASE + round(until * SECOND),
        phase=round(phase * SECOND),
    )


def fired(*args: Any, **options: Any) -> list[float]:
    """The seconds at which an automation fires; arguments as of :func:`firings`."""
    return [(one.at - BASE) / SECOND for one in firings(*args, **options)]
