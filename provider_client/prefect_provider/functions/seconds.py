"""``seconds``: a duration in words, as the number that attributes take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.plugin.language.function import ArgumentError, Function, Parameter
from prefect_provider.plugin.language.types import NUMBER, STRING
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.number import Number

__all__ = ["Seconds"]


class Seconds(Function):
    """The seconds of a duration, for attributes such as `within` and `interval`.

    It is in words (`30m`, `1h30m`, `2 days`), in ISO 8601 (`PT30M`, `P1D`; a month has 30 days, a year 365) or by the
    clock (`01:30:00`). Units are `w`, `d`, `h`, `m`, `s` and `ms`, and their names; the largest comes first.
    """

    name = "seconds"
    summary = "Seconds of a duration"
    parameters = (Parameter("duration", STRING, "The duration, such as `30m`, `1h30m` or `PT30M`."),)
    returns = NUMBER

    async def call(self, duration: str) -> Number:
        """In words, or as Prefect reads durations."""
        from prefect_provider.rules.durations import worded_seconds

        found = worded_seconds(duration)
        if found is None:
            remedy = f'Write "{duration.strip()}s"' if duration.strip().isdigit() else ""
            expected = 'a duration such as "30m", "1h30m" or "PT30M"'
            raise ArgumentError(say(expected=expected, got=show(duration), remedy=remedy), 0)
        if found < 0:
            raise ArgumentError(say(expected="a duration of 0 seconds or more", got=show(duration)), 0)
        return found
