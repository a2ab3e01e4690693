"""Whether a trigger is about an event, as Prefect decides it.

An event has a name, labels of the resource that it is about, and labels of related resources. A trigger names events
(``expect``, ``after``) and the labels that resources must have (``match``, ``match_related``). Facts were observed on
Prefect's own evaluation (3.8 and 3.9); before 3.6.23 only a ``*`` at the end of a pattern was a wildcard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from re import escape, match
from typing import Any, Final

from prefect_provider.events.event import ANY, Event, Labels
from prefect_provider.rules.values import IsUnknown, is_series, nothing_unknown

__all__ = ["ANY", "NEVER_EVALUATED", "Event", "covers", "expects", "opens"]

NEVER_EVALUATED: Final = frozenset({"prefect.log.write"})
"""Events that no trigger sees."""


def expects(trigger: Mapping[str, Any], event: Event, *, is_unknown: IsUnknown = nothing_unknown) -> bool:
    """Whether an event counts towards an event trigger: it covers the event, and expects its name.

    A trigger without ``expect`` expects every name. What is not known yet matches nothing.
    """
    names = trigger.get("expect")
    named = not names or _names(names, event.name, is_unknown)
    return named and covers(trigger, event, is_unknown=is_unknown)


def opens(trigger: Mapping[str, Any], event: Event, *, is_unknown: IsUnknown = nothing_unknown) -> bool:
    """Whether an event is one after which an event trigger begins to expect others.

    A trigger without ``after`` needs no such event, and none is one.
    """
    names = trigger.get("after")
    return (
        bool(names)
        and _names(names, event.name, is_unknown)
        and covers(trigger, event, is_unknown=is_unknown)
    )


def covers(trigger: Mapping[str, Any], event: Event, *, is_unknown: IsUnknown = nothing_unknown) -> bool:
    """Whether an event trigger looks at an event at all.

    Its name is matched whole by some name in ``expect`` or ``after``, taken as a glob without negation, and begins with
    a text in which each ``*`` of some of these stands for at least one character, and all else for itself. Its
    resource has all labels of ``match``. For each object of ``match_related`` some related resource has all its labels.
    """
    if event.name in NEVER_EVALUATED or not _begins(trigger, event.name, is_unknown):
        return False
    related = trigger.get("match_related")
    wanted = related if isinstance(related, (list, tuple)) else [related]
    return _includes(trigger.get("match"), [event.resource], is_unknown) and all(
        _includes(labels, event.related, is_unknown) for labels in wanted
    )


def _begins(trigger: Mapping[str, Any], name: str, is_unknown: IsUnknown) -> bool:
    expected = trigger.get("expect")
    if not expected:
        return not is_unknown(expected)
    patterns = [*_texts(expected, is_unknown), *_texts(trigger.get("after"), is_unknown)]
    return any(fnmatchcase(name, pattern) for pattern in patterns) and any(
        match(escape(pattern).replace(r"\*", ".+"), name) is not None for pattern in patterns
    )


def _names(patterns: object, name: str, is_unknown: IsUnknown) -> bool:
    return any(_matches(pattern, name) for pattern in _texts(patterns, is_unknown))


def _includes(labels: object, resources: Iterable[Labels], is_unknown: IsUnknown) -> bool:
    """Whether one of the resources has all these labels; no labels are always had, also by none."""
    if labels is None:
        return True
    if is_unknown(labels) or not isinstance(labels, Mapping):
        return False
    return not labels or any(
        all(_has(resource.get(label), expected, is_unknown) for label, expected in labels.items())
        for resource in resources
    )


def _has(value: object, expected: object, is_unknown: IsUnknown) -> bool:
    """Whether any of the values that are listed for a label is the one that it has."""
    if value is None:
        return False
    listed = expected if is_series(expected) else [expected]
    patterns = _texts(listed, is_unknown)
    if value is ANY:
        return any(pattern and not pattern.strip("*") for pattern in patterns)
    return any(_matches(pattern, str(value)) for pattern in patterns)


def _matches(pattern: str, value: str) -> bool:
    if pattern.startswith("!"):
        return not fnmatchcase(value, pattern[1:])
    return fnmatchcase(value, pattern)


def _texts(values: object, is_unknown: IsUnknown) -> list[str]:
    if is_unknown(values) or not is_series(values):
        return []
    return [value for value in values if not is_unknown(value) and isinstance(value, str)]
