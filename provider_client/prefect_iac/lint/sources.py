"""Where objects are written: blocks of HCL, and calls of Python that a synthesized configuration names.

HCL is not parsed: a block begins with a line such as ``resource "type" "name" {``, as every formatter writes it, and
goes on to the next line that is a closing bracket alone, as far left as it began.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.plan.addresses import Address
from prefect_provider.text import json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Comment", "Place", "Sources", "SourcesError", "read_sources"]

_BLOCK: Final = re.compile(r'^(\s*)(resource|module)\s+"?([\w-]+)"?(?:\s+"?([\w-]+)"?)?\s*\{')
_LOCAL: Final = re.compile(r'^\s*source\s*=\s*"(\.{1,2}/[^"]*)"')
_COMMENT: Final = re.compile(r"(?:#|//)\s*prefect-iac:\s*ignore\[([^\]]*)\]\s*(.*?)\s*$")
_ANY_COMMENT: Final = re.compile(r"^\s*(#|//)")
_SOURCE: Final = re.compile(r"(.+):(\d+)")
_DEEPEST: Final = 10
"""Modules in modules that are followed; a module may call itself only by mistake."""


class SourcesError(ValueError):
    """A file that cannot be read; the message says which and why."""


class Comment(NamedTuple):
    """A suppression beside a block: ``# prefect-iac: ignore[lint/loop] it is switched off at night``."""

    file: str
    line: int
    rules: tuple[str, ...]
    reason: str


class Place(NamedTuple):
    """Where an object is written."""

    file: str
    """As reports name it: from the top of the sources."""
    line: int
    comments: tuple[Comment, ...] = ()


class Sources:
    """The places of a configuration's objects."""

    def __init__(self, places: Mapping[tuple[tuple[str, ...], str], Place]) -> None:
        """``places``: by the names of the modules, and the resource's."""
        self._places: Final = dict(places)

    def place(self, address: str) -> Place | None:
        """Where the object of an address is written, if that is known."""
        return self._places.get(Address.read(address).declared) if address else None

    def comments(self) -> Iterator[Comment]:
        """All suppressions."""
        seen = set()
        for place in self._places.values():
            for comment in place.comments:
                if comment not in seen:
                    seen.add(comment)
                    yield comment


def read_sources(directory: Path, top: Path) -> Sources:
    """The places in the configuration of a directory, and in the modules that it calls by a path.

    ``top`` is where files are named from; what is not below it is named by its whole path. Raises SourcesError.
    """
    places: dict[tuple[tuple[str, ...], str], Place] = {}
    try:
        _read(directory, top, (), places)
    except OSError as error:
        msg = f"cannot read the sources in {directory}: {error.strerror}"
        raise SourcesError(msg) from error
    return Sources(places)


def _read(
    directory: Path,
    top: Path,
    modules: tuple[str, ...],
    places: dict[tuple[tuple[str, ...], str], Place],
) -> None:
    for file in _files(directory, "*.tf", "*.tofu"):
        lines = _text(file).splitlines()
        for kind, first, second, start, end in _blocks(lines):
            if kind == "resource":
                place = Place(_named(file, top), start + 1, tuple(_comments(lines, start, end, file, top)))
                places.setdefault((modules, f"{first}.{second}"), place)
                continue
            found = next((_LOCAL.match(line) for line in lines[start:end] if _LOCAL.match(line)), None)
            if found is not None and len(modules) < _DEEPEST and (directory / found[1]).is_dir():
                _read(directory / found[1], top, (*modules, first), places)
    for file in _files(directory, "*.tf.json"):
        places |= {(modules, name): place for name, place in _synthesized(file, top)}


def _files(directory: Path, *patterns: str) -> list[Path]:
    """The files that Terraform reads: it passes over hidden ones, such as those by which an editor locks others."""
    found = (file for pattern in patterns for file in directory.glob(pattern))
    return sorted(file for file in found if not file.name.startswith(".") and file.is_file())


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"cannot read {file}: expected text in UTF-8, got other bytes"
        raise SourcesError(msg) from error


def _blocks(lines: list[str]) -> Iterator[tuple[str, str, str, int, int]]:
    """Each block with its kind, its two labels, the index of its first line, and the one after its last line."""
    for index, line in enumerate(lines):
        found = _BLOCK.match(line)
        if found is None:
            continue
        close = f"{found[1]}}}"
        end = index + 1
        if line.count("{") > line.count("}"):
            end = next(
                (
                    number + 1
                    for number, later in enumerate(lines[index + 1 :], index + 1)
                    if later.rstrip() == close or later.startswith((f"{close} ", f"{close}\t"))
                ),
                len(lines),
            )
        yield found[2], found[3], found[4] or "", index, end


def _comments(lines: list[str], start: int, end: int, file: Path, top: Path) -> Iterator[Comment]:
    """The suppressions in some lines, and in the lines of comments right above them."""
    while start > 0 and _ANY_COMMENT.match(lines[start - 1]):
        start -= 1
    for number, line in enumerate(lines[start:end], start=start + 1):
        found = _COMMENT.search(line)
        if found is not None:
            rules = tuple(one.strip() for one in found[1].split(",") if one.strip())
            yield Comment(_named(file, top), number, rules, found[2])


def _synthesized(file: Path, top: Path) -> Iterator[tuple[str, Place]]:
    """What constructs note of where they were made, in a configuration that the CDK wrote."""
    text = _text(file)
    try:
        document = json.parse(text)
    except ValueError as error:
        msg = f"cannot read {file}: expected JSON, got text that is not ({error})"
        raise SourcesError(msg) from None
    resources = document.get("resource") if isinstance(document, dict) else None
    read: dict[Path, list[str]] = {}
    for type_, held in (resources if isinstance(resources, dict) else {}).items():
        for name, block in (held if isinstance(held, dict) else {}).items():
            found = _SOURCE.fullmatch(_noted(block))
            if found is None:
                continue
            source, line = Path(found[1]), int(found[2])
            if source not in read:
                # Python may be written in any encoding; what is looked for is in all of them the same.
                read[source] = source.read_text("utf-8", "replace").splitlines() if source.is_file() else []
            lines = read[source]
            start, end = _statement(lines, line) if lines else (0, 0)
            comments = tuple(_comments(lines, start, end, source.absolute(), top)) if lines else ()
            called = _named(source.absolute(), top) if lines else found[1]
            yield f"{type_}.{name}", Place(called, line, comments)


def _noted(block: Any) -> str:
    notes = block.get("//") if isinstance(block, dict) else None
    source = notes.get("source") if isinstance(notes, dict) else None
    return source if isinstance(source, str) else ""


def _statement(lines: list[str], line: int) -> tuple[int, int]:
    """The index of the first line of the statement at a line of Python, and the one after its last line."""
    import ast

    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        return line - 1, line
    found = [
        (node.lineno - 1, node.end_lineno or node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr | ast.Return)
        and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    return min(found, key=lambda span: span[1] - span[0], default=(line - 1, line))


def _named(file: Path, top: Path) -> str:
    absolute = file.absolute()
    return absolute.relative_to(top).as_posix() if absolute.is_relative_to(top) else absolute.as_posix()
