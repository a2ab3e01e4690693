"""Keep the client's own secrets out of every text that leaves it.

A server may repeat what it was sent, and a person pastes what they see into a ticket. Everything that
an answer says about itself passes through `Secrets.redact` before it becomes part of an error or a log.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["REDACTED", "Secrets"]

REDACTED = "[redacted]"

_SHORTEST = 4
"""Shorter values are left alone: hiding every ``1`` would hide the message, and guards no secret."""


class Secrets:
    """Values that must not be shown, in each form in which an answer may repeat them."""

    __slots__ = ("_forms",)

    def __init__(self, values: Iterable[str] = ()) -> None:
        forms: set[str] = set()
        for value in values:
            if len(value) >= _SHORTEST:
                forms.update((value, quote(value, safe=""), json.dumps(value)[1:-1]))
        # Longest first: a secret that contains another one must go as a whole.
        self._forms = tuple(sorted(forms, key=lambda form: (-len(form), form)))

    def redact(self, text: str) -> str:
        """The text with each secret replaced by ``[redacted]``."""
        for form in self._forms:
            text = text.replace(form, REDACTED)
        return text

    def also(self, values: Iterable[str]) -> Secrets:
        """These secrets and some more, as for one request that carries a secret in its body."""
        more = Secrets(values)
        if not more._forms:
            return self
        merged = Secrets()
        merged._forms = tuple(sorted({*self._forms, *more._forms}, key=lambda form: (-len(form), form)))
        return merged

    @classmethod
    def of_basic_auth(cls, auth: str) -> Iterable[str]:
        """What is secret in ``user:password``: the whole, its base64 form and the password."""
        return (auth, base64.b64encode(auth.encode()).decode(), auth.partition(":")[2])
