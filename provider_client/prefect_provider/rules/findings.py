"""How the rules collect what is wrong with a trigger, an action or a schedule.

The rules read plain values: mappings, sequences, text, numbers. ``None`` means that a value is not set. A
caller that plans before everything is known passes a predicate ``is_unknown``; what it accepts may turn out to be
anything, ``None`` included, so it is as much as is needed and never too much. Nothing here imports pydantic, so the
rules are cheap enough for a provider's validation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from prefect_provider.rules.values import MOST_SECONDS, IsUnknown, number_of, seconds_of
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import Problem
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from prefect_provider.text.path import Path

__all__ = ["Findings"]


class Findings:
    """Collects the problems of one object while its rules run."""

    __slots__ = ("is_unknown", "problems")

    def __init__(self, is_unknown: IsUnknown) -> None:
        self.is_unknown = is_unknown
        self.problems: list[Problem] = []

    def error(self, path: Path, message: str, remedy: str = "", rule: str = "") -> None:
        """Add an error."""
        self.problems.append(Problem(path, message, remedy, rule=rule))

    def warning(self, path: Path, message: str, remedy: str = "", rule: str = "") -> None:
        """Add a warning."""
        self.problems.append(Problem(path, message, remedy, "warning", rule))

    def add(self, problem: Problem | None) -> None:
        """Add a problem, if it is one."""
        if problem is not None:
            self.problems.append(problem)

    def is_checkable(self, value: object) -> bool:
        """Whether the value is set and known."""
        return value is not None and not self.is_unknown(value)

    def unknown_keys(
        self,
        value: Mapping[str, object],
        allowed: Collection[str],
        path: Path,
        what: str,
        *,
        elsewhere: Collection[str] = (),
    ) -> None:
        """Refuse keys that the server would drop without a word; a key that holds ``None`` is not set.

        ``elsewhere`` are those of other kinds of the object: one of them may stand here as long as its value is not
        known, because where one configuration is for all kinds it is null in the end.
        """
        for key in value:
            if key in allowed or value[key] is None or (key in elsewhere and self.is_unknown(value[key])):
                continue
            near = closest(str(key), allowed)
            remedy = f"Did you mean `{near}`?" if near else f"It has {names(sorted(allowed)) or 'no fields'}."
            self.error((*path, key), f"{what} has no field `{key}`", remedy)

    def choice(self, value: object, options: Sequence[str], path: Path) -> bool:
        """Whether a known value is one of the options; ``None`` and unknown values pass."""
        if not self.is_checkable(value):
            return True
        if isinstance(value, str) and value in options:
            return True
        near = closest(value, options) if isinstance(value, str) else None
        self.error(
            path,
            f"expected one of {', '.join(options)}, got {show(value)}",
            f'Write "{near}".' if near else "",
        )
        return False

    def text(self, value: object, path: Path) -> bool:
        """Whether a value is text; ``None`` and unknown values are not, and pass without a problem."""
        if not self.is_checkable(value):
            return False
        if isinstance(value, str):
            return True
        self.error(path, f"expected text, got {show(value)}")
        return False

    def flag(self, value: object, path: Path) -> None:
        """Refuse anything but true and false."""
        if self.is_checkable(value) and not isinstance(value, bool):
            self.error(path, f"expected true or false, got {show(value)}")

    def integer(self, value: object, path: Path, least: int) -> int | None:
        """The whole number that the value is, when it is one and not below ``least``."""
        if not self.is_checkable(value):
            return None
        number = number_of(value)
        if number is None or number != int(number):
            self.error(path, f"expected a whole number, got {show(value)}")
            return None
        if number < least:
            self.error(path, f"expected {least} or more, got {show(value)}")
            return None
        return int(number)

    def duration(self, value: object, path: Path, remedy: str = "") -> float | None:
        """The seconds that the value means, when it is a duration and not negative."""
        if not self.is_checkable(value):
            return None
        seconds = seconds_of(value)
        if seconds is None:
            self.error(
                path, f"expected a number of seconds, got {show(value)}", remedy or _seconds_remedy(value)
            )
        elif not 0 <= seconds <= MOST_SECONDS:
            expected = "0 seconds or more" if seconds < 0 else f"{MOST_SECONDS} seconds or fewer"
            self.error(path, f"expected {expected}, got {show(value)}", remedy)
            return None
        return seconds

    def identifier(self, value: object, path: Path) -> None:
        """Refuse anything that is not a UUID."""
        if not self.is_checkable(value) or isinstance(value, UUID):
            return
        if isinstance(value, str) and is_uuid(value):
            return
        self.error(path, f"expected a UUID, got {show(value)}", "Use the object's `id`, not its name.")


def _seconds_remedy(value: object) -> str:
    if isinstance(value, str):
        number = value.strip()
        if number.replace(".", "", 1).isdigit():
            return f"Write {number} without quotes."
        return 'Write the duration as a number of seconds: 300, not "PT5M" or "5m".'
    return ""
