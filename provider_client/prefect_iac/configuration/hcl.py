"""The language of Terraform: trees of a configuration as ``terraform fmt`` has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from prefect_iac.configuration.expressions import (
    Given,
    Hidden,
    Input,
    JsonText,
    Noted,
    Reference,
    Template,
    Written,
    one_line,
)
from prefect_provider.text import json

__all__ = ["INDENT", "attribute_lines", "block", "expression", "quoted"]

INDENT: Final = "  "

_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_KEYWORDS: Final = frozenset({"true", "false", "null", "for"})
"""What would not be taken for the name that it is, as a key of an object."""

_LONG: Final = 60
"""Characters from which a text of several lines is written line by line."""

_STARTS_TEMPLATE: Final = re.compile(r"([$%])(?=\{)")
_DOUBLED: Final = r"\1\1"
_END: Final = "EOT"
_START: Final = f"<<-{_END}"


def block(head: str, body: Mapping[str, Any]) -> str:
    """A block with these attributes; ``head`` is what stands before its brace."""
    lines = attribute_lines(body, 1)
    return "\n".join([f"{head} {{", *lines, "}"]) if lines else f"{head} {{}}"


def attribute_lines(attributes: Mapping[str, Any], depth: int) -> list[str]:
    """A line or more for each attribute; ``depth`` is how far they stand in."""
    return _aligned(
        [(name, *_noted(item, depth, own_line=True)) for name, item in attributes.items()], INDENT * depth
    )


def expression(tree: Any, depth: int = 0, *, own_line: bool = False) -> str:
    """A value; ``own_line`` says that nothing follows in its line, so that it may be a text of several lines."""
    match tree:
        case str():
            return (_lines(tree, depth) if own_line else None) or quoted(tree)
        case Mapping():
            return _object(tree, depth)
        case list():
            return _list(tree, depth)
        case tuple():
            return _part(tree, depth)
    return json.write(tree)


def _part(part: Any, depth: int) -> str:
    match part:
        case Reference():
            return f"{part.type}.{part.label}.{part.attribute}"
        case Template():
            parts = (
                quoted(one)[1:-1] if isinstance(one, str) else f"${{{_part(one, 0)}}}" for one in part.parts
            )
            return f'"{"".join(parts)}"'
        case Written():
            return part.code
        case JsonText():
            return f"jsonencode({expression(part.document, depth)})"
        case Input():
            return f"var.{part.name}"
        case Given():
            missing = " || ".join(f"var.{name} == null" for name in part.inputs)
            return f"{missing} ? null : {expression(part.value, depth)}"
        case Noted():
            return expression(part.value, depth)
    # A value that is required and null is refused, so that nobody applies what was hidden as if it were it.
    return "null"


def quoted(text: str) -> str:
    """A text in quotes; what would begin a template is a character like any other."""
    written = json.write(text).replace("\\b", "\\u0008").replace("\\f", "\\u000c").replace("\x7f", "\\u007f")
    return _STARTS_TEMPLATE.sub(_DOUBLED, written)


def _noted(tree: Any, depth: int, *, own_line: bool) -> tuple[str, str]:
    """A value, and the remark behind it."""
    note = tree.note if isinstance(tree, Noted) else tree.why if isinstance(tree, Hidden) else ""
    return expression(tree, depth, own_line=own_line), one_line(note)


def _object(tree: Mapping[str, Any], depth: int) -> str:
    if not tree:
        return "{}"
    written = [(_key(key), *_noted(item, depth + 1, own_line=True)) for key, item in tree.items()]
    return "\n".join(["{", *_aligned(written, INDENT * (depth + 1)), f"{INDENT * depth}}}"])


def _list(tree: list[Any], depth: int) -> str:
    if not any(isinstance(item, list | Mapping) for item in tree):
        return f"[{', '.join(expression(item, depth) for item in tree)}]"
    inner = INDENT * (depth + 1)
    lines = [f"{inner}{expression(item, depth + 1)}," for item in tree]
    return "\n".join(["[", *lines, f"{INDENT * depth}]"])


def _aligned(written: list[tuple[str, str, str]], indent: str) -> list[str]:
    """A line for each name, value and remark; those of one line each are aligned, a longer one stands alone."""
    runs: list[list[tuple[str, str, str]]] = []
    for one in written:
        if runs and not _is_spread(one[1]) and not _is_spread(runs[-1][-1][1]):
            runs[-1].append(one)
        else:
            runs.append([one])
    lines: list[tuple[str, str]] = []
    for run in runs:
        width = max(len(name) for name, _, _ in run)
        lines += [(f"{indent}{name:<{width}} = {text}", note) for name, text, note in run]
    return _with_notes(lines)


def _is_spread(text: str) -> bool:
    """Whether a value is several lines of code; a text that reads line by line counts as one."""
    return "\n" in text and not text.startswith(_START)


def _with_notes(lines: list[tuple[str, str]]) -> list[str]:
    """The lines with their remarks, which are aligned where lines that have one follow each other."""
    done: list[str] = []
    for at, (line, note) in enumerate(lines):
        if not note:
            done.append(line)
            continue
        first = last = at
        while first > 0 and lines[first - 1][1]:
            first -= 1
        while last + 1 < len(lines) and lines[last + 1][1]:
            last += 1
        width = max(len(text) for text, _ in lines[first : last + 1])
        done.append(f"{line:<{width}} # {note}")
    return done


def _key(key: str) -> str:
    return key if _IDENTIFIER.fullmatch(key) and key not in _KEYWORDS else quoted(key)


def _lines(text: str, depth: int) -> str | None:
    """A text of several lines as it reads, if that gives the same text again."""
    if len(text) < _LONG or "\n" not in text:
        return None
    lines = text.removesuffix("\n").split("\n")
    if not all(line.isprintable() and line == line.rstrip() and line != _END for line in lines):
        return None
    # What all lines stand in by is taken away: one of them must not stand in itself. And the last has to be there.
    if not any(line and line[0] != " " for line in lines) or not lines[-1]:
        return None
    inner, outer = INDENT * (depth + 1), INDENT * depth
    body = [f"{inner}{_STARTS_TEMPLATE.sub(_DOUBLED, line)}" if line else "" for line in lines]
    written = "\n".join([_START, *body, f"{outer}{_END}"])
    return written if text.endswith("\n") else f"chomp({written}\n{outer})"
