"""Names and labels that a trigger looks for, as predicates that are made once and asked often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import translate
from re import compile as pattern
from re import escape
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from prefect_provider.events.matching import NEVER_EVALUATED
from prefect_provider.rules.values import is_series

if TYPE_CHECKING:
    from prefect_provider.events.behaviour import Behaviour
    from prefect_provider.events.event import Event, Labels

__all__ = ["Literal", "NamePatterns", "Resources", "resources_of", "text_test"]

Test: TypeAlias = Callable[[str], object]
"""Tells by whether what it returns is true."""

_SPECIAL: Final = "*?["
_ID: Final = "prefect.resource.id"
_ROLE: Final = "prefect.resource.role"


def text_test(written: str, behaviour: Behaviour) -> Test:
    """Whether a text is what a pattern says, ``!`` in front of it negating."""
    if written.startswith("!"):
        positive = _positive(written[1:], behaviour)
        return lambda text: not positive(text)
    return _positive(written, behaviour)


def _positive(written: str, behaviour: Behaviour) -> Test:
    stem = written.removesuffix("*")
    if written.endswith("*") and not (behaviour.whole_globs and any(one in stem for one in _SPECIAL)):
        return lambda text: text.startswith(stem)
    if behaviour.whole_globs and any(one in written for one in _SPECIAL):
        return pattern(translate(written)).match
    return written.__eq__


class NamePatterns:
    """The names in ``expect`` and ``after`` of one trigger."""

    __slots__ = ("_after", "_begins", "_expect", "_whole", "literals", "prefixes")

    literals: frozenset[str] | None
    """The only names that can interest the trigger, if these and ``prefixes`` say it all; else ``None``."""
    prefixes: tuple[str, ...]
    """How other names that can interest it begin."""

    def __init__(self, expect: Sequence[str], after: Sequence[str], behaviour: Behaviour) -> None:
        written = [*expect, *after] if expect else []
        self._expect = tuple(text_test(one, behaviour) for one in expect)
        self._after = tuple(text_test(one, behaviour) for one in after)
        self._whole: tuple[Test, ...] = ()
        if behaviour.indexed:
            self._whole = tuple(pattern(translate(one)).match for one in written)
        begins = "|".join(escape(one).replace(r"\*", ".+") for one in written)
        self._begins = pattern(begins).match if expect else pattern(".+").match
        if not expect or any(one.startswith("!") for one in written):
            self.literals, self.prefixes = None, ()
        else:
            plain = {one for one in written if not any(sign in one for sign in _SPECIAL)}
            self.literals = frozenset(plain)
            self.prefixes = tuple({_stem(one) for one in written if one not in plain})

    def roles(self, name: str) -> tuple[bool, bool]:
        """Whether the trigger expects an event of this name, and whether the event opens a window."""
        if name in NEVER_EVALUATED or not self._begins(name):
            return False, False
        if self._whole and not any(test(name) for test in self._whole):
            return False, False
        expects = not self._expect or any(test(name) for test in self._expect)
        return expects, any(test(name) for test in self._after)


def _stem(written: str) -> str:
    """What stands for itself at the beginning of a pattern."""
    return written[: min(written.find(sign) for sign in _SPECIAL if sign in written)]


class Literal(NamedTuple):
    """A label that has to have one of a few values, word for word."""

    label: str
    values: frozenset[str]
    is_related: bool
    """Whether it is a label of a related resource."""


class Resources(NamedTuple):
    """What a trigger asks of the resources of an event."""

    test: Callable[[Event], bool] | None
    """``None`` if it asks nothing."""
    literal: Literal | None
    """What an event must have to pass, to be found by without a test; the rarest that there is."""


def resources_of(match: Mapping[str, Any] | None, related: Any, behaviour: Behaviour) -> Resources:
    """The demands of ``match`` and ``match_related``; each object of the latter may be met by another resource."""
    wanted = related if isinstance(related, (list, tuple)) else [related]
    own = _tests(match or {}, behaviour)
    others = [_tests(one, behaviour) for one in wanted if one]
    return Resources(_resource_test(own, others), _literal(match or {}, [one for one in wanted if one]))


_LabelTests: TypeAlias = tuple[tuple[str, Test], ...]


def _tests(labels: Mapping[str, Any], behaviour: Behaviour) -> _LabelTests:
    return tuple((label, _any_of(_listed(values), behaviour)) for label, values in labels.items())


def _listed(values: Any) -> list[str]:
    listed: Iterable[Any] = values if is_series(values) else [values]
    return [one for one in listed if isinstance(one, str)]


def _any_of(values: Sequence[str], behaviour: Behaviour) -> Test:
    if not any(_is_special(one) for one in values):
        return frozenset(values).__contains__
    tests = tuple(text_test(one, behaviour) for one in values)
    if len(tests) == 1:
        return tests[0]
    return lambda text: any(test(text) for test in tests)


def _is_special(value: str) -> bool:
    return value.startswith("!") or any(sign in value for sign in _SPECIAL)


def _has(resource: Labels, tests: _LabelTests) -> bool:
    for label, test in tests:
        value = resource.get(label)
        if value is None or not test(value):  # type: ignore[arg-type]  # events that happened have texts only
            return False
    return True


def _resource_test(own: _LabelTests, others: Sequence[_LabelTests]) -> Callable[[Event], bool] | None:
    if not others:
        return (lambda event: _has(event.resource, own)) if own else None
    if len(others) == 1 and not own:
        (only,) = others
        return lambda event: any(_has(one, only) for one in event.related)

    def test(event: Event) -> bool:
        return _has(event.resource, own) and all(
            any(_has(one, tests) for one in event.related) for tests in others
        )

    return test


def _literal(match: Mapping[str, Any], related: Sequence[Mapping[str, Any]]) -> Literal | None:
    found = [
        Literal(label, frozenset(listed), is_related)
        for labels, is_related in [(match, False), *((one, True) for one in related)]
        for label, listed in ((label, _listed(values)) for label, values in labels.items())
        if not any(_is_special(one) for one in listed)
    ]
    # An id is one of many, a role is one of few.
    return min(found, key=lambda one: (one.label != _ID, one.label == _ROLE, len(one.values)), default=None)
