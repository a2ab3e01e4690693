"""Triggers and events by chance, to hold the evaluation against Prefect's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from random import Random

__all__ = ["case"]

_NAMES = ("a", "b", "c", "a.x", "b.x")
_PATTERNS = ("a", "b", "c", "a", "b", "c", "a.*", "*.x", "*", "*", "b*", "[ab]", "!a", "!c", "a.?")
_IDS = ("r.1", "r.2", "r.3")
_LABELS = ("prefect.resource.id", "k", "related:flow:prefect.resource.id", "related:tag:k", "absent")
_VALUES = ("x", "y", "x*", "*", "!x", "[xy]", "?")


def case(random: Random) -> dict[str, Any]:
    """A trigger, events, a phase and an end; times in seconds."""
    span = random.choice((25, 40, 60, 80)) if random.random() < 0.98 else 1800
    trigger = _trigger(random, depth=0)
    # Events that waited for another are seen at one instant with it, and while the clock stands their order is chance.
    events = _events(random, span, may_wait=trigger["type"] != "sequence")
    return {
        "trigger": trigger,
        "events": events,
        "phase": random.choice((0, 1, 2, 3.5, 4)),
        "until": span + random.choice((10, 30, 70)),
    }


def _trigger(random: Random, depth: int) -> dict[str, Any]:
    if depth < 2 and random.random() < (0.3 if depth == 0 else 0.15):
        return _composite(random, depth)
    proactive = random.random() < 0.5
    return {
        "type": "event",
        "posture": "Proactive" if proactive else "Reactive",
        "expect": random.sample(_PATTERNS, random.choice((0, 1, 1, 1, 2, 3))),
        "after": random.sample(_PATTERNS, random.choice((0, 0, 0, 1, 1, 2))),
        "for_each": random.sample(_LABELS, random.choice((0, 0, 1, 1, 2))),
        "match": _labels(random),
        "match_related": [_labels(random), _labels(random)] if random.random() < 0.1 else _labels(random),
        "threshold": random.choice((1, 1, 1, 1, 2, 2, 3, 0, 5, -1)),
        "within": random.choice((10, 12, 15, 30, 30, 61.5))
        if proactive
        else random.choice((0, 0, 5, 10, 30, 60)),
    }


def _composite(random: Random, depth: int) -> dict[str, Any]:
    count = random.choice((1, 2, 2, 3))
    # Which of several children sees an event first is chance on a server: in a sequence each has names of its own.
    is_sequence = depth == 0 and random.random() < 0.4
    children = [_trigger(random, 2 if is_sequence else depth + 1) for _ in range(count)]
    within = random.choice((None, 3, 10, 30, 100))
    if not is_sequence:
        require = random.choice(("any", "all", "all", random.randint(1, count)))
        return {"type": "compound", "require": require, "within": within, "triggers": children}
    for child, name in zip(children, random.sample(("a", "b", "c"), count), strict=True):
        child |= {"posture": "Reactive", "expect": [name], "after": [], "threshold": 1, "within": 0}
    return {"type": "sequence", "within": within, "triggers": children}


def _labels(random: Random) -> dict[str, Any]:
    if random.random() < 0.88:
        return {}
    found: dict[str, Any] = {}
    for label in random.sample(
        ("k", "prefect.resource.role", "prefect.resource.id"), random.choice((1, 1, 2))
    ):
        some = random.sample((*_VALUES, "tag", "flow", "r.1", "f.1"), random.choice((0, 1, 1, 2)))
        found[label] = some[0] if len(some) == 1 and random.random() < 0.5 else some
    return found


def _events(random: Random, span: int, *, may_wait: bool) -> list[dict[str, Any]]:
    count = random.choice((1, 6, 10, 15, 20, 25))
    is_late = random.random() < 0.3
    follows = may_wait and random.random() < 0.15
    events: list[dict[str, Any]] = []
    for time in sorted(random.sample(range(span), min(count, span))):
        late = random.choice((0, 0, 1, 5, 40, 100, 1000, -20)) if is_late else 0
        event = {
            "id": str(UUID(int=random.getrandbits(128), version=4)),
            "event": random.choice(_NAMES),
            "received": time,
            "occurred": time - late,
            "resource": {"prefect.resource.id": random.choice(_IDS)}
            | ({"k": random.choice("xy")} if random.random() < 0.5 else {}),
            "related": [
                {
                    "prefect.resource.id": f"f.{number}",
                    "prefect.resource.role": random.choice(("flow", "tag")),
                }
                | ({"k": random.choice("xy")} if random.random() < 0.5 else {})
                for number in range(random.choice((0, 0, 1, 2)))
            ],
        }
        events.append(event)
    if follows:
        for event in random.sample(events, len(events) // 3):
            event["follows"] = random.choice(events)["id"]
    if events and random.random() < 0.1:
        again = dict(random.choice(events))
        again["received"] = span
        events.append(again)
    return events
