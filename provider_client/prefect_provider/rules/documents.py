"""What no document that the server keeps may hold, whatever it is for: parameters, job variables, fields of a block.

Some of it the server takes, and then fails whenever the object is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.findings import Findings
from prefect_provider.rules.values import IsUnknown, nothing_unknown
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = ["DEEPEST", "LONGEST_NUMBER", "document_problems", "plain"]

DEEPEST: Final = 150
"""Levels of objects and lists. The server's own reader gives up below 200, those around a document included."""

LONGEST_NUMBER: Final = 4000
"""Digits of a whole number; Python, which the server runs on, reads no much longer ones."""


def document_problems(
    document: object, *, is_unknown: IsUnknown = nothing_unknown, path: Path = ()
) -> list[Problem]:
    """Text that is not Unicode, numbers that the server does not keep, and too many levels; each at its place."""
    findings = Findings(is_unknown)
    stack: list[tuple[Path, object]] = [(path, document)]
    while stack:
        here, value = stack.pop()
        if is_unknown(value):
            continue
        if isinstance(value, (Mapping, list, tuple)) and len(here) - len(path) >= DEEPEST:
            findings.error(
                here[: len(path) + 1], f"expected {DEEPEST} levels of objects and lists or fewer, got more"
            )
            return findings.problems
        if isinstance(value, Mapping):
            for key in value:
                _text(findings, str(key), here)
            stack += [((*here, str(key)), element) for key, element in reversed(list(value.items()))]
        elif isinstance(value, (list, tuple)):
            stack += [((*here, index), element) for index, element in reversed(list(enumerate(value)))]
        elif isinstance(value, str):
            _text(findings, value, here)
        elif isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            _number(findings, value, here)
    return findings.problems


def plain(document: Any) -> Any:
    """The document as the server reads it: dictionaries, lists, and binary floats for decimals."""
    if isinstance(document, Mapping):
        return {key: plain(value) for key, value in document.items()}
    if isinstance(document, (list, tuple)):
        return [plain(value) for value in document]
    return float(document) if isinstance(document, Decimal) else document


def _text(findings: Findings, text: str, path: Path) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        half = text[error.start : error.end].encode("ascii", "backslashreplace").decode()
        findings.error(
            path,
            f"expected Unicode text, got the half character {half}",
            "Write the whole character: its two halves together, or the character itself.",
        )


def _number(findings: Findings, value: float | Decimal, path: Path) -> None:
    if isinstance(value, int):
        if value.bit_length() > LONGEST_NUMBER * 3.33:
            findings.error(path, f"expected a number of {LONGEST_NUMBER} digits or fewer, got a longer one")
    elif not isfinite(value):
        findings.error(path, f"expected a number, got {value}", "JSON has no such number.")
    elif isinstance(value, Decimal) and not _is_kept(value):
        findings.error(
            path,
            f"expected a number of 15 digits or fewer, got {show(value)}",
            "The server keeps the nearest one that it can; write it as text if each digit counts.",
        )


def _is_kept(value: Decimal) -> bool:
    """Whether the server gives a number back as it was: binary floats are written in the shortest way."""
    nearest = float(value)
    return isfinite(nearest) and Decimal(repr(nearest)) == value
