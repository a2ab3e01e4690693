"""Event triggers that never fire, or fire otherwise than they read, told from their shape alone.

Each shape was observed on the evaluation of Prefect's own server (3.8 and 3.9); Prefect Cloud evaluates by itself. A
Reactive trigger fires when enough events were counted, a Proactive one when too few were. ``after`` opens a window of
``within`` seconds, for each value of ``for_each`` one; without ``after`` the first expected event does.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.values import IsUnknown, is_series, nothing_unknown, number_of, seconds_of
from prefect_provider.text.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.text.path import Path

__all__ = ["endless_memory", "firing_problem", "lost_openings", "resolving_problem"]

_DEAD: Final = "dead-trigger"

_WITHIN_EACH: Final = ("prefect.flow-run.", "prefect.task-run.")
"""Events of runs: a run begins once, so that nothing opens its window again when it is over."""


def firing_problem(
    fields: Mapping[str, Any], *, is_unknown: IsUnknown = nothing_unknown, path: Path = ()
) -> Problem | None:
    """What is to be said of when an event trigger fires, or ``None``; what is not known is given the benefit of doubt.

    ``fields`` are those of the trigger, as the rules of triggers read them.
    """
    if any(is_unknown(fields.get(name)) for name in ("posture", "after", "for_each", "threshold", "within")):
        return None
    if _threshold(fields) < 1:
        return None  # refused for that alone; such a Reactive trigger fires
    if fields.get("posture") == "Proactive":
        return _proactive(fields, path)
    if fields.get("posture") in (None, "Reactive") and _names(fields, "after"):
        return None if _seconds(fields) else _immediate(fields, is_unknown, path)
    return None


def endless_memory(kind: str, fields: Mapping[str, Any], *, path: Path = ()) -> Problem | None:
    """That a compound or sequence trigger remembers for ever which of its children have fired, if it does.

    That is what null means, so that only whoever asks for every doubt is told.
    """
    children = fields.get("triggers")
    count = len(children) if is_series(children) else 0
    require = fields.get("require") if kind == "compound" else "all"
    needed = 1 if require == "any" else number_of(require) or count
    if count < 2 or needed == 1 or fields.get("within") is not None:
        return None
    return Problem(
        (*path, "within"),
        f"without `within` a {kind} trigger remembers for ever which of its triggers have fired, so that one of "
        "today completes one of weeks ago",
        "Give the seconds in which all have to fire.",
        "warning",
        "long-memory",
    )


def lost_openings(fields: Mapping[str, Any], *, path: Path = ()) -> Problem | None:
    """That a Proactive trigger may miss an event of ``after``: one in a window that has what it expects already.

    Such a window ends at the next evaluation, and the opening with it.
    """
    after, for_each = _names(fields, "after"), _names(fields, "for_each")
    if fields.get("posture") != "Proactive" or not after or not for_each:
        return None
    if set(after) & set(_names(fields, "expect")):
        return None  # an event of both begins the window anew
    if for_each == ["prefect.resource.id"] and all(name.startswith(_WITHIN_EACH) for name in after):
        return None
    return Problem(
        (*path, "after"),
        "an event of `after` that comes while the window of the one before has what it expects is lost: nothing "
        "is expected after it",
        "Keep `within` shorter than the time between two of them, or expect them too, so that each begins anew.",
        "warning",
        "lost-opening",
    )


def resolving_problem(actions: object, *, cloud: bool | None, path: Path = ()) -> Problem | None:
    """That what an automation is to do on resolve is never done, where that is so: on a server of one's own."""
    if cloud is not False or not is_series(actions) or not actions:
        return None
    return Problem(
        path,
        "these actions are never done: only Prefect Cloud tells when a trigger no longer holds",
        "Make another automation, with a trigger on what ends it, and give it these as `actions`.",
        "warning",
        "never-resolves",
    )


def _proactive(fields: Mapping[str, Any], path: Path) -> Problem | None:
    after, for_each = _names(fields, "after"), _names(fields, "for_each")
    threshold = _threshold(fields)
    within = f"{_seconds(fields) or 10:g} seconds"
    if after and not for_each:
        return Problem(
            (*path, "after"),
            "without `for_each` a Proactive trigger does not wait for `after`: it fires whenever "
            f"too few of the expected events come in {within}, also if none of `after` ever came",
            'Add for_each = ["prefect.resource.id"], or the label that both events share.',
            "warning",
            "false-alarm",
        )
    if after or not for_each:
        return None
    if threshold == 1:
        return Problem(
            (*path, "for_each"),
            "this can never fire: without `after` the event that opens the window of a `for_each` value is the "
            "one that it expects, once and for all",
            "Name in `after` the event after which another one is missed, or leave `for_each` out.",
            "warning",
            _DEAD,
        )
    return Problem(
        (*path, "for_each"),
        f"after the first event of a `for_each` value this fires every {within} for ever, also for what is gone",
        "Name in `after` the event after which others are missed.",
        "warning",
        "endless-alarm",
    )


def _immediate(fields: Mapping[str, Any], is_unknown: IsUnknown, path: Path) -> Problem | None:
    """A Reactive trigger with ``after`` and without a window of time: the first expected event ends it."""
    threshold = _threshold(fields)
    remedy = "Set `within` to the seconds in which the events have to come."
    if threshold > 1:
        message = f"it ends with the first expected event, so that {threshold:g} are never counted"
        return _dead((*path, "within"), f"this can never fire: without `within`, {message}", remedy)
    if is_unknown(fields.get("expect")) or _some_unknown(fields, is_unknown):
        return None
    after, expect = _names(fields, "after"), _names(fields, "expect")
    if not expect:
        return _dead(
            (*path, "expect"),
            "this can never fire: without `expect`, the event that opens the window is itself expected and ends it",
            "Name the events to expect.",
        )
    if all(any(_covers(wanted, opening) for wanted in expect) for opening in after):
        return _dead(
            (*path, "after"),
            "this can never fire: every event of `after` is expected too, and without `within` it ends what it opens",
            remedy,
        )
    return Problem(
        (*path, "within"),
        "without `within` the server forgets about a minute later that an event of `after` came",
        "Set `within` to the seconds in which the expected event has to follow.",
        "warning",
        "expires",
    )


def _dead(path: Path, message: str, remedy: str) -> Problem:
    return Problem(path, message, remedy, "warning", _DEAD)


def _covers(wanted: str, opening: str) -> bool:
    """Whether all names of one pattern are names of another: as a text it matches, its ``*`` by a ``*``."""
    return not wanted.startswith("!") and fnmatchcase(opening, wanted.replace("[", "[[]").replace("?", "[?]"))


def _some_unknown(fields: Mapping[str, Any], is_unknown: IsUnknown) -> bool:
    return any(
        is_unknown(name)
        for part in ("after", "expect")
        if is_series(fields.get(part))
        for name in fields[part]
    )


def _names(fields: Mapping[str, Any], part: str) -> list[str]:
    value = fields.get(part)
    return [name for name in value if isinstance(name, str)] if is_series(value) else []


def _threshold(fields: Mapping[str, Any]) -> float:
    threshold = number_of(fields.get("threshold"))
    return 1 if threshold is None else threshold


def _seconds(fields: Mapping[str, Any]) -> float:
    return seconds_of(fields.get("within")) or 0.0
