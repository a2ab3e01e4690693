"""One way to say what is wrong: what, what was expected, what was found, where, and how to mend it.

Every error and warning of the project is put together here, so that they read alike::

    What is wrong: expected one of `a` or `b`, got "c". Write "b".
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

from prefect_provider.text.path import Path, show_path

__all__ = ["Problem", "Severity", "expectation", "say", "sentence"]

_ENDS: Final = (".", "!", "?", ":", '."', ".`", ".)")

Severity: TypeAlias = Literal["error", "warning"]


def sentence(text: str) -> str:
    """The text with one full stop, question mark or exclamation mark at its end, also inside a quote or bracket."""
    text = text.strip()
    if text.endswith("..") and not text.endswith("..."):
        text = text[:-1]
    if not text or text.endswith(_ENDS):
        return text
    return f"{text}."


def expectation(expected: str, got: str) -> str:
    """``expected a UUID, got "x"``; either may be empty."""
    parts = [f"expected {_open(expected)}" if expected else "", f"got {_open(got)}" if got else ""]
    return ", ".join(part for part in parts if part)


def say(what: str = "", *, expected: str = "", got: str = "", where: str = "", remedy: str = "") -> str:
    """The whole of it in sentences; ``where`` names a place that the reader does not see otherwise."""
    fact = expectation(expected, got)
    what = what.strip()
    first = ": ".join(part for part in (_open(what) if fact else what, fact) if part)
    if where:
        first = f"{_open(first)}; at {where}" if first else f"at {where}"
    return " ".join(part for part in (sentence(_begun(first)), sentence(remedy)) if part)


def _open(text: str) -> str:
    """The text without the full stop or colon at its end, for more to follow; three dots are no full stop."""
    text = text.strip()
    return text if text.endswith("...") else text.rstrip(".:")


def _begun(text: str) -> str:
    """The text with a capital, unless it begins with an address."""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    return text if "://" in word else text[:1].upper() + text[1:]


class Problem(NamedTuple):
    """One thing that is wrong.

    An ``error`` is refused by the server or can never work; a ``warning`` is accepted and works otherwise than
    the text suggests. ``message`` says what is wrong, without a capital and a full stop; ``remedy`` is a sentence.
    ``rule`` names the kind of problem, such as ``dead-trigger``, where a page explains it.
    """

    path: Path
    message: str
    remedy: str = ""
    severity: Severity = "error"
    rule: str = ""

    def __str__(self) -> str:
        place = show_path(self.path)
        if not place:
            return say(self.message, remedy=self.remedy)
        # After the place the message goes on in lower case.
        return " ".join(
            part for part in (sentence(f"{place}: {self.message}"), sentence(self.remedy)) if part
        )
