"""Keeps secrets out of every text that leaves the process: errors, diagnostics, the log, tracebacks.

A server may repeat what it was sent, and a person pastes what they see into a ticket. :func:`secret` remembers a
value for the life of the process; :func:`mask` replaces it, in every form in which texts repeat it, by
:data:`SENSITIVE`.
"""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

__all__ = ["SENSITIVE", "SHORTEST", "Secrets", "mask", "secret", "texts_of"]

SENSITIVE: Final = "(sensitive)"

SHORTEST: Final = 4
"""Characters. Shorter values are left alone: hiding every ``1`` would hide the message, and guards no secret.
Only of one request are they hidden, and where they stand in quotes."""


class Secrets:
    """Values that must not be seen, in each form in which a text may repeat them; the longest goes first."""

    __slots__ = ("_forms", "_short", "_values")

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: set[str] = set()
        self._forms: list[tuple[int, str]] = []
        self._short: re.Pattern[str] | None = None
        for value in values:
            self.add(value)

    def add(self, value: str) -> None:
        """Remember one more; too short a value, or nothing but white space, is not remembered."""
        if len(value) < SHORTEST or not value.strip() or value in self._values:
            return
        self._values.add(value)
        for form in _written_forms(value):
            # What contains another secret must go as a whole, so longer forms come first.
            insort(self._forms, (-len(form), form))

    def mask(self, text: str) -> str:
        """The text with each secret replaced."""
        # A search per form is faster than one pattern of all: most texts hold none, and secrets come one by one.
        found = [form for _, form in self._forms if form in text]
        if found:
            import re

            text = re.sub("|".join(map(re.escape, found)), SENSITIVE, text)
        return text if self._short is None else self._short.sub(SENSITIVE, text)

    def also(self, values: Iterable[str]) -> Secrets:
        """These and some more, as for one request that carries a secret in its body.

        Of what is too short to be hidden everywhere, a text in quotes and a number of several digits are hidden.
        """
        more = Secrets()
        more._values = set(self._values)
        more._forms = list(self._forms)
        more._short = self._short
        short = []
        for value in values:
            if len(value) >= SHORTEST:
                more.add(value)
            elif value:
                short.append(value)
        if short:
            more._short = _short_pattern(short)
        return more


def _short_pattern(values: list[str]) -> re.Pattern[str]:
    import re

    ordered = sorted(set(values), key=len, reverse=True)
    quoted = "|".join(re.escape(form) for value in ordered for form in sorted(_written_forms(value)))
    numbers = "|".join(
        re.escape(value) for value in ordered if len(value) > 1 and value.lstrip("-").isdigit()
    )
    alone = rf"|(?<![\w.-])(?:{numbers})(?!\w|\.\d)" if numbers else ""
    return re.compile(rf"(?<=(?P<quote>['\"`]))(?:{quoted})(?=(?P=quote)){alone}")


def _written_forms(text: str) -> set[str]:
    """The text itself, and as ``repr``, JSON and a URL write it, also one inside the other."""
    from urllib.parse import quote, quote_plus

    once = _quoted_forms(text)
    twice = {form for inner in once for form in _quoted_forms(inner)}
    return once | twice | {quote(text, safe=""), quote(text), quote_plus(text)}


def _quoted_forms(text: str) -> set[str]:
    import json

    inner = repr(text)[1:-1]
    return {
        text,
        inner,
        # Inside a repr of a longer text with both kinds of quotes, single ones are escaped.
        inner if "\\'" in inner else inner.replace("'", "\\'"),
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
    }


def texts_of(document: Any) -> list[str]:
    """Every text in a value, of mappings those of their values; numbers as they are written."""
    match document:
        case str():
            return [document]
        case bool() | None:
            return []
        case float():
            return [str(document)]
        case dict():
            return [text for item in document.values() for text in texts_of(item)]
        case list() | tuple() | set() | frozenset():
            return [text for item in document for text in texts_of(item)]
    return _number_texts(document)


def _number_texts(document: Any) -> list[str]:
    from decimal import Decimal  # not needed by a process that is only asked for the schema

    from prefect_provider.text.number import number_text

    match document:
        case int():
            return [number_text(document)]
        case Decimal():
            # Prefect is sent the nearest float of a Decimal.
            return [number_text(document), str(float(document))]
    return []


_secrets: Final = Secrets()


def secret(value: Any) -> Any:
    """Remember that a value is secret, and give it back; of lists and dicts every text inside, keys excepted."""
    for text in texts_of(value):
        _secrets.add(text)
    return value


def mask(text: str) -> str:
    """The text with every known secret replaced by :data:`SENSITIVE`."""
    return _secrets.mask(text)
