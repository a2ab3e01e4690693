"""Python text for the generators: docstrings, names, imports."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

__all__ = ["camel", "default_text", "docstring", "entry", "for_types", "only_used", "quoted", "snake"]

WIDTH = 110


def docstring(text: str, indent: int) -> str:
    """A text as a docstring, wrapped."""
    margin = " " * indent
    wrapped: list[str] = []
    for line in _paragraphs(text):
        start = line[: len(line) - len(line.lstrip())]
        wrapped += textwrap.wrap(
            line,
            WIDTH - indent,
            subsequent_indent=start + ("    " if start else ""),
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    whole = "\n".join(f"{margin}{line}".rstrip() for line in wrapped).strip()
    prefix = "r" if "\\" in whole else ""
    if '"""' in whole:
        msg = f"a description cannot hold three quotes: {whole}"
        raise ValueError(msg)
    one_line = f'{margin}{prefix}"""{whole}"""'
    if len(wrapped) == 1 and not whole.endswith('"') and len(one_line) <= WIDTH:
        return one_line
    return f'{margin}{prefix}"""{whole}\n{margin}"""'


def _paragraphs(text: str) -> Iterator[str]:
    """The lines with those joined that only a line's width had parted."""
    held = ""
    for line in text.splitlines():
        if held and line and not line.startswith(" "):
            held += f" {line}"
            continue
        if held:
            yield held
        held = "" if not line or line.startswith(" ") else line
        if not held:
            yield line
    if held:
        yield held


def quoted(text: str) -> str:
    """A text as a literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def only_used(text: str) -> str:
    """The module without the imports that it has no use for."""
    head, marker, body = text.partition("\n__all__ =")
    _, guard, for_types = head.partition("if TYPE_CHECKING")
    used = body + guard + for_types
    lines = []
    for line in head.splitlines():
        start, imports, names = line.partition(" import ")
        if line.startswith("    ") and line.endswith(","):
            if _used(line.strip(" ,"), used if line.startswith("        ") else body):
                lines.append(line)
        elif imports and names not in {"(", "annotations"}:
            kept = [name for name in names.split(", ") if _used(name.split(" as ")[-1], used)]
            if kept:
                lines.append(f"{start} import {', '.join(kept)}")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n" + marker + body


def _used(name: str, body: str) -> bool:
    return re.search(rf"\b{name}\b", body) is not None


def for_types(module: str, names: Iterable[str]) -> str:
    """Imports that only type checkers need, so that modules may refer to each other."""
    listed = sorted(names)
    if not listed:
        return ""
    lines = [f"    from prefect_constructs._generated.{module} import ("]
    lines += [f"        {name}," for name in listed]
    return "\n".join(["", "if TYPE_CHECKING:", *lines, "    )", ""])


def entry(name: str, text: str) -> str:
    """A line of a docstring's arguments."""
    return f"    {name}: {text}"


def default_text(value: Any) -> str:
    """A default as a docstring shows it."""
    number = isinstance(value, float)
    return "empty" if value == "" else f"`{value:g}`" if number else f"`{value}`"


def camel(type_name: str) -> str:
    """``work_pool`` as ``WorkPool``."""
    return "".join(part.capitalize() for part in type_name.split("_"))


def snake(name: str) -> str:
    """``WorkPool`` as ``work_pool``."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
