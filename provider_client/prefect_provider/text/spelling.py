"""How values and names are written in messages, and which name was probably meant."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.text.number import number_text

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["closest", "counted", "names", "near_names", "show"]

_SHOWN_LENGTH: Final = 80


def show(value: Any) -> str:
    """A value as a message shows it: short, and text in double quotes."""
    if isinstance(value, str):
        text = f'"{value}"'
    elif isinstance(value, timedelta):
        text = f"{value.total_seconds():g} seconds"
    elif value is None or isinstance(value, bool):
        text = {None: "null", True: "true", False: "false"}[value]
    elif isinstance(value, int | Decimal):
        text = number_text(value)
    else:
        text = str(value)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[: _SHOWN_LENGTH - 3]}..."


def names(options: Iterable[str], *, last: str = "") -> str:
    """Names in backquotes: ``names(["a", "b"], last="or")`` is "`a` or `b`"."""
    quoted = [f"`{option}`" for option in options]
    if last and len(quoted) > 1:
        return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
    return ", ".join(quoted)


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 run``, ``14,203 runs``; ``plural`` where it is more than an ``s``."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def closest(value: object, options: Iterable[str]) -> str | None:
    """The option that was probably meant: equal but for case, or near in spelling."""
    return next(iter(near_names(value, options, 1)), None)


def near_names(value: object, options: Iterable[str], most: int = 3) -> list[str]:
    """The options that were probably meant, nearest first; one that differs only in case is the only one."""
    text = str(value)
    candidates = list(options)
    for option in candidates:
        if option.casefold() == text.casefold():
            return [option]
    from difflib import get_close_matches  # only a mistake needs it

    folded = {option.casefold(): option for option in candidates}
    return [folded[found] for found in get_close_matches(text.casefold(), folded, most)]
