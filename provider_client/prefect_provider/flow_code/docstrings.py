"""Descriptions of parameters in a docstring of the Google style, the one that Prefect reads."""

from __future__ import annotations

from inspect import cleandoc
from re import compile as pattern
from typing import Final

__all__ = ["parameter_docs"]

_HEADERS: Final = frozenset({"args", "arguments", "params", "parameters"})
_SECTION = pattern(r"(?P<title>[A-Za-z][A-Za-z ]*):\s*(?P<rest>.*)")
_ENTRY = pattern(r"\*{0,2}(?P<name>\w+)\s*(\((?P<type>.*?)\))?\s*:\s*(?P<text>.*)")


def parameter_docs(docstring: str | None) -> dict[str, str]:
    """What the docstring says of each parameter, by name; a description keeps its line breaks."""
    if not docstring:
        return {}
    docs: dict[str, str] = {}
    for block in _argument_blocks(cleandoc(docstring).splitlines()):
        docs.update(_entries(block))
    return docs


def _argument_blocks(lines: list[str]) -> list[list[str]]:
    """The indented lines under each heading of arguments."""
    blocks: list[list[str]] = []
    block: list[str] | None = None
    for index, line in enumerate(lines):
        if block is not None and (not line.strip() or line[0].isspace()):
            block.append(line)
            continue
        block = None
        section = _SECTION.fullmatch(line)
        starts = index == 0 or not lines[index - 1].strip()
        if section and section["title"].lower() in _HEADERS and starts:
            block = []
            blocks.append(block)
    return blocks


def _entries(block: list[str]) -> dict[str, str]:
    indented = [line for line in block if line.strip()]
    if not indented:
        return {}
    margin = len(indented[0]) - len(indented[0].lstrip())
    entries: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in block:
        depth = len(line) - len(line.lstrip())
        if line.strip() and depth <= margin:
            entry = _ENTRY.fullmatch(line.strip())
            current = None if entry is None else entries.setdefault(entry["name"], [entry["text"]])
        elif current is not None:
            current.append(line.strip())
    return {name: "\n".join(lines).strip() for name, lines in entries.items()}
