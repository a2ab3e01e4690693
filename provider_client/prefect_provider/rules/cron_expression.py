"""The values of a cron expression, read as the server reads them.

The server (Prefect 3.8) has a copy of croniter inside it, which it cannot be asked for. :func:`read_cron` takes and
refuses what that copy does, odd cases included: a range from a value to itself is the whole field, 7 is Sunday only
without seconds, and a day 0 is the first of the month with seconds and without a year.
"""

from __future__ import annotations

from re import compile as pattern
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DAY",
    "EVERY",
    "LAST",
    "MONTH",
    "NICKNAMES",
    "SECOND",
    "WEEKDAY",
    "YEAR",
    "Cron",
    "CronError",
    "read_cron",
]

NICKNAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "@hourly": "0 * * * *",
        "@daily": "0 0 * * *",
        "@midnight": "0 0 * * *",
        "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *",
        "@yearly": "0 0 1 1 *",
        "@annually": "0 0 1 1 *",
    }
)
"""The nicknames, and what they stand for."""

DAY, MONTH, WEEKDAY, SECOND, YEAR = 2, 3, 4, 5, 6
"""The places of fields."""

LAST: Final = "l"
EVERY: Final = "*"

Value: TypeAlias = int | str
"""A number, :data:`EVERY`, or of the days of a month :data:`LAST`."""

_LONGEST_NUMBER: Final = 1000
"""Digits; no field has a value of more, and Python refuses to read much longer ones."""

_MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_NAMES: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")

_SPAN = pattern(r"(?P<low>[^-]+)-(?P<high>[^-/]+)(/(?P<step>\d+))?")
_NTH = pattern(r"(?P<days>[a-z]{3}-[a-z]{3}|\w+)#(?P<nth>\d+)")
_LAST_DAY = pattern(r"l(?P<day>\d+)")
_RANDOM = pattern(r"[hr](\(\d+-\d+\))?(/\d+)?")


class CronError(ValueError):
    """The expression is not valid; the text says why."""


class Cron(NamedTuple):
    """The values of each of five to seven fields.

    ``counted`` has the days of the week that count only as the first to fifth or last of a month. ``odd`` says what is
    valid and hardly meant.
    """

    fields: tuple[frozenset[Value], ...]
    counted: Mapping[Value, frozenset[Value]]
    odd: tuple[str, ...]


class _Field(NamedTuple):
    name: str
    least: int
    most: int
    names: Mapping[str, int] = MappingProxyType({})

    @property
    def size(self) -> int:
        return self.most - self.least + 1


_FIELDS: Final = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, MappingProxyType({name: place for place, name in enumerate(_MONTH_NAMES, 1)})),
    _Field("day of the week", 0, 6, MappingProxyType({name: place for place, name in enumerate(_DAY_NAMES)})),
    _Field("second", 0, 59),
    _Field("year", 1970, 2099),
)


def read_cron(text: str) -> Cron:
    """The values that an expression or a nickname means.

    Raises :class:`CronError` for what the server refuses, and for random values, which it takes and draws anew each
    time that it looks.
    """
    lowered = text.lower()
    parts = NICKNAMES.get(lowered, lowered).split()
    if lowered.strip().startswith("@") and lowered not in NICKNAMES:
        raise CronError(expectation(f"one of {', '.join(NICKNAMES)}", show(text)))
    if not 5 <= len(parts) <= 7:
        fields = "5 fields (minute, hour, day, month, day of the week)"
        raise CronError(expectation(fields, str(len(parts))))
    readers = [_FieldReader(index, len(parts)) for index in range(len(parts))]
    for reader, part in zip(readers, parts, strict=True):
        try:
            reader.read(part)
        except CronError as error:
            msg = f"{reader.field.name}: {error}"
            raise CronError(msg) from None
    counted = readers[WEEKDAY].counted
    plain = readers[WEEKDAY].values - counted.keys() - {EVERY}
    if counted and plain and len(readers[WEEKDAY].values) != _FIELDS[WEEKDAY].size:
        msg = "day of the week: days counted in the month (5#2, L5) and plain days cannot be mixed"
        raise CronError(msg)
    for one, other in ((DAY, WEEKDAY), (WEEKDAY, DAY)):
        is_whole = len(readers[one].values) == _FIELDS[one].size and not readers[one].counted
        if is_whole and any(mark in parts[other] for mark in ("*", "?")):
            # Every value is no restriction then; beside plain values of the other field it is one that all days meet.
            readers[one].values = {EVERY}
    return Cron(
        tuple(frozenset(reader.values) for reader in readers),
        {day: frozenset(which) for day, which in counted.items()},
        tuple(f"{reader.field.name}: {one}" for reader in readers for one in reader.odd),
    )


class _FieldReader:
    """Reads one field of an expression; its index and how many fields there are decide on some values."""

    def __init__(self, index: int, count: int) -> None:
        self.index = index
        self.count = count
        self.field = _FIELDS[index]
        self.values: set[Value] = set()
        self.counted: dict[Value, set[Value]] = {}
        self.odd: list[str] = []

    def read(self, text: str) -> None:
        """Add the values of the field's text."""
        if "?" in text:
            if text != "?" or self.index not in (DAY, WEEKDAY):
                msg = "? stands alone, for the day of the month or of the week"
                raise CronError(msg)
            text = EVERY
        if _RANDOM.fullmatch(text):
            msg = "random (R) and hashed (H) values are not supported"
            raise CronError(msg)
        for element in text.split(","):
            plain, which = _counted(element) if self.index == WEEKDAY else (element, None)
            found = self._element(plain)
            self.values |= found
            if which is not None:
                for value in found:
                    self.counted.setdefault(value, set()).add(which)

    def _element(self, text: str) -> set[Value]:
        head, slash, step = text.partition("/")
        if slash and head == EVERY:
            head = f"{self.field.least}-{self.field.most}"
        elif slash and "-" not in head:
            head = f"{head}-{self.field.most}"
        span = _SPAN.fullmatch(f"{head}{slash}{step}")
        if span is not None:
            return self._span(span["low"], span["high"], span["step"], text)
        if slash or "-" in text:
            raise CronError(expectation("*, a value, a range a-b or a step a-b/c", show(text)))
        if text == EVERY or (text == LAST and self.index == DAY):
            return {text}
        return {self._within(self._number(text), text)}

    def _span(self, low_text: str, high_text: str, step_text: str | None, text: str) -> set[Value]:
        if self.index == DAY and high_text == LAST:
            high_text = str(self.field.most)
        low, high = self._number(low_text), self._number(high_text)
        step = 1 if step_text is None else _whole(step_text)
        if step == 0:
            msg = f"a step of 0 in {show(text)}"
            raise CronError(msg)
        for value, its_text in ((low, low_text), (high, high_text)):
            if value > self.field.most:
                self._within(value, its_text)
        if low == high:
            self.odd.append(
                f"{show(text)} is counted from the start of the field; to mean one value write {low}"
            )
            low, high = self.field.least, self.field.most
        elif step >= self.field.size:
            self.odd.append(f"a step of {step} is larger than the field, so only its first value counts")
        if low > high:
            return self._round_the_end(self._within(low, low_text), high, step)
        return {self._within(value, text) for value in range(low, high + 1, step)}

    def _round_the_end(self, low: int, high: int, step: int) -> set[Value]:
        """From Friday to Monday: to the end of the field, and on from its start in the same steps."""
        first = range(low, self.field.most + 1, step)
        left = self.field.most - first[-1]
        skipped = step - left if left < step and first[-1] - self.field.least + step > self.field.size else 0
        return {*first, *range(self.field.least + skipped, high + 1, step)}

    def _number(self, text: str) -> int:
        if text in self.field.names:
            return self.field.names[text]
        if text == LAST and self.index == DAY:
            msg = "L stands alone or ends a range"
            raise CronError(msg)
        if not text.isdecimal():
            raise self._out_of_range(text)
        value = _whole(text)
        if self.index == WEEKDAY and value == 7 and self.count == 5:
            return 0
        if self.index == DAY and value == 0 and self.count == 6:
            return 1
        return value

    def _within(self, value: int, text: str) -> int:
        if not self.field.least <= value <= self.field.most:
            raise self._out_of_range(text)
        return value

    def _out_of_range(self, text: str) -> CronError:
        most = 7 if self.index == WEEKDAY and self.count == 5 else self.field.most
        words = f" or {', '.join(self.field.names)}" if self.field.names else ""
        fact = expectation(f"{self.field.least} to {most}{words}", show(text))
        return CronError(
            f"{fact}; with seconds Sunday is 0" if self.index == WEEKDAY and text == "7" else fact
        )


def _counted(element: str) -> tuple[str, Value | None]:
    """A day of the week, and which one of the month it is if it counts only as one."""
    last = _LAST_DAY.fullmatch(element)
    if last is not None:
        return last["day"], LAST
    if "#" not in element:
        return element, None
    found = _NTH.fullmatch(element)
    if found is None or not 1 <= _whole(found["nth"]) <= 5:
        raise CronError(expectation("a day and which one of the month, as in 5#2", show(element)))
    return found["days"], _whole(found["nth"])


def _whole(text: str) -> int:
    return int(text) if len(text) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER
