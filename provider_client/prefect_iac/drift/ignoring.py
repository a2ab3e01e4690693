"""What the report is to leave out: patterns of addresses and attributes.

A pattern is an address, with or without an attribute after it, in which ``*`` stands for any part of one step and
``**`` for any number of steps::

    prefect_work_queue.*.priority          an attribute of every queue, in every module
    prefect_deployment.etl.job_variables   an attribute, with all that is in it
    module.tests                           all objects of a module and of those in it
    prefect_team                           all objects of a type

An index may be left out, and then stands for any. What begins with ``module`` is meant from the root; anything else
begins with a type, wherever that is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prefect_provider.text.path import Path

__all__ = ["Pattern", "PatternError", "first_match", "patterns_in", "read_pattern"]

_FORM: Final = "an address and perhaps an attribute, such as `prefect_work_queue.*.priority`"
_STEP: Final = re.compile(
    r"""\.?(?:(?P<name>[^.\[\]"]+)|\[(?:"(?P<key>(?:[^"\\]|\\.)*)"|(?P<index>[^"\[\]]+))\])"""
)
_ANY_DEPTH: Final = "**"


class PatternError(ValueError):
    """A pattern that cannot be read; the message says what one looks like."""


class _Step(NamedTuple):
    """One step of an address or of a path: a name, or an index or key in brackets."""

    text: str
    in_brackets: bool
    may_be_left_out: bool = False


class Pattern(NamedTuple):
    """A pattern; ``text`` is how it was written."""

    text: str
    steps: tuple[_Step, ...]

    def covers(self, address: str, path: Path = ()) -> bool:
        """Whether it is a pattern of the place at ``path`` in an object, or of all that is around it."""
        place = _steps(address) or [_Step(address, in_brackets=False)]
        whole = [*place, *(_of_path(step) for step in path)]
        starts = [0] if self.steps[0].text in ("module", _ANY_DEPTH) else [_type_at(place)]
        return any(_begins(whole[start:], self.steps) for start in starts)


def read_pattern(text: str) -> Pattern:
    """The pattern that a text is.

    Raises :class:`PatternError` where it is none.
    """
    steps = _steps(text.strip())
    if not steps:
        raise PatternError(expectation(_FORM, show(text)))
    return Pattern(text.strip(), tuple(steps))


def patterns_in(text: str) -> list[Pattern]:
    """The patterns in a file: one a line; ``#`` begins a comment.

    Raises :class:`PatternError` with the number of the line.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        written = line.partition("#")[0].strip()
        if written:
            try:
                found.append(read_pattern(written))
            except PatternError as error:
                msg = f"{error}; at line {number}"
                raise PatternError(msg) from error
    return found


def first_match(patterns: Iterable[Pattern], address: str, path: Path = ()) -> Pattern | None:
    """The first pattern that covers a place in an object; ``None`` if there is none."""
    return next((pattern for pattern in patterns if pattern.covers(address, path)), None)


def _steps(text: str) -> list[_Step]:
    """The steps; none where the text is not made of steps."""
    steps: list[_Step] = []
    end = 0
    while end < len(text):
        found = _STEP.match(text, end)
        if found is None:
            return []
        name, dotted = found["name"], text[end] == "."
        # A name stands after a dot, except the first; brackets stand after a name.
        if dotted == (end == 0 or name is None) or (end == 0 and name is None):
            return []
        inside = found["key"] if found["key"] is not None else found["index"]
        steps.append(_Step(name, in_brackets=False) if name is not None else _Step(inside, in_brackets=True))
        end = found.end()
    return [step._replace(may_be_left_out=step.in_brackets) for step in steps]


def _of_path(step: str | int) -> _Step:
    is_index = isinstance(step, int)
    return _Step(str(step), is_index, may_be_left_out=is_index)


def _type_at(place: Sequence[_Step]) -> int:
    """Where the type stands in an address: after the modules."""
    at = 0
    while at + 1 < len(place) and not place[at].in_brackets and place[at].text == "module":
        at += 2
        while at < len(place) and place[at].in_brackets:
            at += 1
    return at


def _begins(place: Sequence[_Step], pattern: Sequence[_Step]) -> bool:
    """Whether the place begins with what the pattern says."""
    if not pattern:
        return True
    if not place:
        return False
    wanted, step = pattern[0], place[0]
    if wanted.text == _ANY_DEPTH:
        return _begins(place, pattern[1:]) or _begins(place[1:], pattern)
    if _same(wanted, step) and _begins(place[1:], pattern[1:]):
        return True
    return step.may_be_left_out and _begins(place[1:], pattern)


def _same(wanted: _Step, step: _Step) -> bool:
    # A key of a map may be written either way; an index, only in brackets.
    if step.may_be_left_out and not wanted.in_brackets:
        return False
    expression = ".*".join(map(re.escape, wanted.text.split("*")))
    return re.fullmatch(expression, step.text, re.DOTALL) is not None
