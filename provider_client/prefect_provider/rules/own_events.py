"""Warnings about names of Prefect's own events, resources and roles that it never uses.

A trigger on one of these is accepted and never fires. Names are case-sensitive; ``*`` in a name stands for any text.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Final

from prefect_provider.rules.event_catalogue import (
    AUTOMATION_RUN_EVENTS,
    CLOUD,
    CLOUD_KINDS,
    EVENTS,
    FREE_KINDS,
    OSS,
    RESOURCE_KINDS,
    ROLES,
    RUN_KINDS,
    UUID_KINDS,
    cloud_events,
    known_events,
)
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import Problem
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prefect_provider.text.path import Path

__all__ = ["event_problem", "resource_id_problem", "role_problem"]

_WILDCARDS: Final = "*?["
_SLIP: Final = 0.8


def event_problem(pattern: str, path: Path, *, cloud: bool | None = None) -> Problem | None:
    """Why no event of Prefect's has a name that a pattern of ``expect`` or ``after`` asks for, or ``None``.

    Names outside of Prefect's namespaces are not looked at. ``cloud`` says whether the server is Prefect Cloud, which
    names some events otherwise; ``None`` if that is not known.
    """
    space, dot, rest = pattern.partition(".")
    if not dot or "*" in space or space.casefold() not in (OSS, CLOUD):
        return None
    if space not in (OSS, CLOUD):
        return _event(path, pattern, f"{space.casefold()}.{rest}")
    if space == CLOUD:
        return _cloud_event(pattern, rest, path, cloud=cloud)
    if any(_covers(pattern, name) for name in _oss_events()):
        return _other_edition(pattern, rest, path) if cloud else None
    kind, dot, rest = rest.partition(".")
    if kind in FREE_KINDS:
        return None
    if "*" in kind:
        return _event(path, pattern, _alike(pattern, _oss_events()))
    if kind not in EVENTS:
        near = _near(kind, (*EVENTS, *FREE_KINDS))
        return _event(
            path, pattern, _in_kind(near, rest) if near else None, f"There are those of {names(EVENTS)}."
        )
    if not dot:
        return _event(path, pattern, f"{OSS}.{kind}.*")
    meant = _near_event(OSS, kind, rest, EVENTS[kind])
    if kind not in RUN_KINDS:
        return _event(
            path, pattern, meant, f"There are {names(f'{OSS}.{kind}.{one}' for one in EVENTS[kind])}."
        )
    # A state may have any name, so only a likely slip is one.
    return _event(path, pattern, meant, unless=" unless a state is named so") if meant else None


def resource_id_problem(pattern: str, path: Path) -> Problem | None:
    """Why no resource of Prefect's has an id that a value of ``prefect.resource.id`` asks for, or ``None``."""
    wanted = pattern.removeprefix("!")
    space, dot, rest = wanted.partition(".")
    if space.casefold() not in (OSS, CLOUD):
        return None
    kind, second, id_ = rest.partition(".")
    if any(sign in space + kind for sign in _WILDCARDS):
        return None
    known = RESOURCE_KINDS if space.casefold() == OSS else frozenset(CLOUD_KINDS)
    near = kind if kind in known else _near(kind, known)
    if kind not in known or space != space.casefold() or not dot or not second:
        meant = f"{space.casefold()}.{near}.{id_ or '*'}" if near else ""
        return _warning(
            path, f"no resource of Prefect's has an id like {show(wanted)}", meant, "It is never matched."
        )
    if space != OSS or kind not in UUID_KINDS or not id_ or any(sign in id_ for sign in _WILDCARDS):
        return None
    if not is_uuid(id_):
        message = f"the id of a {kind} ends in a UUID, so {show(wanted)} matches none"
        return _warning(path, message, "", "Use the object's `id`, or match on `prefect.resource.name`.")
    if id_ != id_.lower():
        return _warning(path, f"ids are in small letters, so {show(wanted)} matches none", wanted.lower(), "")
    return None


def role_problem(pattern: str, path: Path) -> Problem | None:
    """Whether a value of ``prefect.resource.role`` is one of Prefect's roles in a wrong spelling.

    Events of others may have other roles.
    """
    wanted = pattern.removeprefix("!")
    if wanted in ROLES or any(sign in wanted for sign in _WILDCARDS):
        return None
    near = _near(wanted, ROLES)
    if near is None or not _is_slip(wanted, near):
        return None
    return _warning(path, f"no event of Prefect's has a resource in the role {show(wanted)}", near, "")


def _cloud_event(pattern: str, rest: str, path: Path, *, cloud: bool | None) -> Problem | None:
    if cloud is False:
        own = f"{OSS}.{rest}"
        same = any(_covers(own, f"{OSS}.{event}") for event in AUTOMATION_RUN_EVENTS)
        return _warning(
            path,
            f"only Prefect Cloud emits events such as {show(pattern)}",
            own if same else None,
            "It never fires here.",
            "unknown-event",
        )
    if any(_covers(pattern, name) for name in _cloud_events()):
        return None
    kind, _, rest = rest.partition(".")
    if "*" in kind:
        return _event(path, pattern, _alike(pattern, _cloud_events()))
    if kind in CLOUD_KINDS:
        actions = [name.removeprefix(f"{CLOUD}.{kind}.") for name in _cloud_events() if f".{kind}." in name]
        meant = _near_event(CLOUD, kind, rest, actions)
        return _event(path, pattern, meant) if meant else None
    near = _near(kind, CLOUD_KINDS)
    return _event(path, pattern, f"{CLOUD}.{near}.{rest}" if near else None)


def _other_edition(pattern: str, rest: str, path: Path) -> Problem | None:
    """What an automation emits has another name on Prefect Cloud."""
    runs = [f"{OSS}.{event}" for event in AUTOMATION_RUN_EVENTS]
    covered = [name for name in _oss_events() if _covers(pattern, name)]
    if not set(covered) <= set(runs):
        return None
    return _warning(
        path, f"Prefect Cloud emits no event {show(pattern)}", f"{CLOUD}.{rest}", "", "unknown-event"
    )


def _event(path: Path, pattern: str, meant: str | None, otherwise: str = "", *, unless: str = "") -> Problem:
    return _warning(
        path,
        f"Prefect emits no event {show(pattern)}{unless}, so it never comes",
        meant,
        otherwise,
        "unknown-event",
    )


def _warning(
    path: Path, message: str, meant: str | None, otherwise: str, rule: str = "unknown-label"
) -> Problem:
    return Problem(path, message, f"Did you mean {show(meant)}?" if meant else otherwise, "warning", rule)


def _in_kind(kind: str, rest: str) -> str:
    """The whole name, or pattern of names, that was meant by what follows a misspelt kind."""
    if kind in FREE_KINDS:
        return f"{OSS}.{kind}.{rest}"
    if any(_covers(rest, event) for event in EVENTS[kind]):
        return f"{OSS}.{kind}.{rest}"
    return _near_event(OSS, kind, rest, EVENTS[kind]) or f"{OSS}.{kind}.*"


def _near_event(space: str, kind: str, rest: str, events: Sequence[str]) -> str | None:
    """The event, or pattern of events, of a kind that was meant."""
    near = _alike(rest, events) if "*" in rest else _near(rest, events)
    return f"{space}.{kind}.{near}" if near else None


def _alike(pattern: str, known: Iterable[str]) -> str | None:
    """The pattern that was meant by one which would match in another case or with other hyphens."""
    alike = [name for name in known if fnmatchcase(_folded(name), _folded(pattern))]
    if not alike:
        return None
    # What all of them begin with; min and max in spelling differ where any two do.
    first, last = min(alike), max(alike)
    length = next((index for index, sign in enumerate(first) if last[index : index + 1] != sign), len(first))
    return first if first == last else f"{first[:length]}*"


def _near(text: str, known: Iterable[str]) -> str | None:
    """Equal but for case and hyphens, or near in spelling."""
    options = list(known)
    same = next((one for one in options if _folded(one) == _folded(text)), None)
    return same or closest(text, options)


def _is_slip(text: str, meant: str) -> bool:
    """Whether two texts are so near that one is the other misspelt, where any text may be meant."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, _folded(text), _folded(meant)).ratio() > _SLIP


def _folded(text: str) -> str:
    return text.casefold().replace("_", "").replace("-", "").replace(" ", "")


def _covers(pattern: str, name: str) -> bool:
    """Whether a pattern of event names covers a name; only ``*`` is a wildcard, for one character or more."""
    return fnmatchcase(name, pattern.replace("[", "[[]").replace("?", "[?]").replace("*", "?*"))


@cache
def _oss_events() -> tuple[str, ...]:
    return tuple(known_events())


@cache
def _cloud_events() -> tuple[str, ...]:
    return tuple(cloud_events())
