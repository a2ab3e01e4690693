"""YAML as Prefect reads it, with the line of each part, and without what would be lost on the way.

Of two equal keys PyYAML keeps the last one, and a key that is no text becomes another in JSON: both are refused here.
The library is imported at the first text.
"""

from __future__ import annotations

from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = ["YamlError", "YamlText", "read_yaml"]

_MOST_PARTS: Final = 100_000
_DEEPEST: Final = 150
_MERGE: Final = "tag:yaml.org,2002:merge"
_EQUALS: Final = "tag:yaml.org,2002:value"
_TEXT: Final = "tag:yaml.org,2002:str"


class YamlError(ValueError):
    """A text that cannot be read; the message begins with the line."""


class YamlText(NamedTuple):
    """What a text says: mappings, lists, texts, numbers, true, false and nothing; dates are texts in ISO 8601."""

    value: Any
    lines: dict[Path, int]
    """The line of each part, from 1: of a value in a mapping, that of its key."""

    def line(self, path: Path) -> int:
        """The line of a part, or of the innermost around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def located(self, problems: Iterable[Problem]) -> str:
        """Problems in sentences, a line for each, with the line of the text and the key."""
        ordered = sorted(problems, key=lambda problem: self.line(problem.path))
        return "\n".join(
            f"line {self.line(problem.path)}, {problem}"
            if problem.path
            else _at(self.line(()), problem.message, remedy=problem.remedy)
            for problem in ordered
        )


def read_yaml(text: str) -> YamlText:
    """Read one document. Raises YamlError."""
    import yaml

    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        lines: dict[Path, int] = {}
        value = None if node is None else _Reading(loader, lines).value(node, (), ())
    except RecursionError as error:
        raise YamlError(_deep(1)) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "this is no YAML"
        if what == "but found another document":
            what = "one document is read, and this begins another"
        raise YamlError(_at(mark.line + 1 if mark else 1, what)) from error
    except yaml.YAMLError as error:
        raise YamlError(_at(1, f"this is no YAML: {error}")) from error
    finally:
        loader.dispose()
    return YamlText(value, lines)


def _at(line: int, what: str = "", *, expected: str = "", got: str = "", remedy: str = "") -> str:
    said = say(what, expected=expected, got=got, remedy=remedy)
    return f"line {line}: {said[:1].lower()}{said[1:]}"


def _deep(line: int) -> str:
    return _at(line, expected=f"{_DEEPEST} levels or fewer", got="more", remedy="An alias may hold itself")


class _Reading:
    """Reads the nodes of one text."""

    def __init__(self, loader: Any, lines: dict[Path, int]) -> None:
        self._loader: Final = loader
        self._lines: Final = lines
        self._read: Final[dict[int, dict[str, tuple[Any, Any]]]] = {}
        self._parts = 0

    def value(self, node: Any, path: Path, inside: tuple[int, ...]) -> Any:
        """What a node says; ``inside`` are the nodes around it."""
        line = node.start_mark.line + 1
        self._lines.setdefault(path, line)
        self._parts += 1
        if id(node) in inside or len(inside) > _DEEPEST:
            raise YamlError(_deep(line))
        if self._parts > _MOST_PARTS:
            raise YamlError(_at(line, expected=f"{_MOST_PARTS} parts or fewer, aliases included", got="more"))
        kind = type(node).__name__
        within = (*inside, id(node))
        if kind == "MappingNode" and node.tag == "tag:yaml.org,2002:map":
            return self._mapping(node, path, within)
        if kind == "SequenceNode" and node.tag == "tag:yaml.org,2002:seq":
            return [self.value(item, (*path, index), within) for index, item in enumerate(node.value)]
        if kind != "ScalarNode":
            raise YamlError(_at(line, expected="a mapping or a list", got=f"one with the tag {node.tag}"))
        return self._scalar(node)

    def _mapping(self, node: Any, path: Path, within: tuple[int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, (key_node, value_node) in self._pairs(node).items():
            here = (*path, key)
            self._lines[here] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, here, within)
        return found

    def _pairs(self, node: Any) -> dict[str, tuple[Any, Any]]:
        """The nodes of a mapping's keys and values, by the keys, with what it merges by ``<<``.

        It is worked out here, as versions of PyYAML differ in which of two merged mappings comes first. What is merged
        may be written over; what is written twice is a slip.
        """
        if id(node) in self._read:
            return self._read[id(node)]
        merged: dict[str, tuple[Any, Any]] = {}
        own: dict[str, tuple[Any, Any]] = {}
        for key_node, value_node in node.value:
            if key_node.tag == _MERGE:
                merged |= self._merged(value_node)
                continue
            if key_node.tag == _EQUALS:
                key_node.tag = _TEXT
            key, line = self._key(key_node), key_node.start_mark.line + 1
            if key in own:
                what = f"the key `{key}` is there already, in line {own[key][0].start_mark.line + 1}"
                raise YamlError(_at(line, what, remedy="Keep one of the two"))
            own[key] = (key_node, value_node)
        self._read[id(node)] = merged | own
        return self._read[id(node)]

    def _merged(self, node: Any) -> dict[str, tuple[Any, Any]]:
        """What ``<<`` brings: of a list, the first mapping that has a key says its value."""
        kind = type(node).__name__
        given = node.value if kind == "SequenceNode" else [node]
        found: dict[str, tuple[Any, Any]] = {}
        for one in reversed(given):
            if type(one).__name__ != "MappingNode":
                line = one.start_mark.line + 1
                got = f"`{one.value}`" if isinstance(one.value, str) else "a list"
                raise YamlError(_at(line, expected="a mapping to merge, or a list of these", got=got))
            found |= self._pairs(one)
        return found

    def _key(self, node: Any) -> str:
        line = node.start_mark.line + 1
        key = self._scalar(node) if type(node).__name__ == "ScalarNode" else None
        if not isinstance(key, str):
            got = getattr(node, "value", "")
            shown = f"`{got}`, which YAML reads otherwise" if isinstance(got, str) else "another"
            raise YamlError(_at(line, expected="a text as a key", got=shown, remedy="Put it in quotes"))
        return key

    def _scalar(self, node: Any) -> Any:
        line = node.start_mark.line + 1
        try:
            value = self._loader.construct_object(node)
        except ValueError as error:
            raise YamlError(_at(line, f"{show(node.value)} cannot be read: {error}")) from error
        if isinstance(value, date):
            # UTC is written as Prefect does, which is no other moment, but another text.
            return value.isoformat().replace("+00:00", "Z")
        if isinstance(value, bytes) or (isinstance(value, float) and not isfinite(value)):
            raise YamlError(_at(line, expected="a value that JSON has", got=f"`{node.value}`"))
        return value
