"""What an attribute may be given besides plain values: the parts of a configuration that languages write in their ways.

A tree of a configuration is of JSON's values (numbers may be ``Decimal``), in objects and lists, with these in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "Given",
    "Hidden",
    "Input",
    "JsonText",
    "Noted",
    "Reference",
    "Template",
    "Written",
    "inputs_in",
    "one_line",
    "references_in",
    "replaced",
]


class Reference(NamedTuple):
    """An attribute of another object of the configuration."""

    type: str
    """Terraform's: ``prefect_flow``."""
    label: str
    """The name of the resource."""
    attribute: str
    value: str
    """What the attribute is now."""


class Written(NamedTuple):
    """An expression that is written already, in the language of the configuration."""

    code: str


class Template(NamedTuple):
    """A text with references, or other expressions of one text, in it."""

    parts: tuple[str | Reference | Written, ...]


class JsonText(NamedTuple):
    """The JSON of a document, as text."""

    document: Any


class Input(NamedTuple):
    """A value that is given from outside: a variable of Terraform's."""

    name: str


class Given(NamedTuple):
    """A value that holds only when its inputs are given; otherwise there is none."""

    inputs: tuple[str, ...]
    value: Any


class Noted(NamedTuple):
    """A value, with a remark for people."""

    value: Any
    note: str


class Hidden(NamedTuple):
    """A value that is not shown."""

    why: str


def one_line(note: str) -> str:
    """A remark as it can stand behind code: in one line, with nothing in it that cannot be seen."""
    return " ".join("".join(one if one.isprintable() else " " for one in note).split())


def references_in(tree: Any) -> Iterator[Reference]:
    """Every reference of a tree, in order."""
    return (part for part in _parts(tree) if isinstance(part, Reference))


def inputs_in(tree: Any) -> Iterator[str]:
    """The name of every input of a tree, in order."""
    return (part.name for part in _parts(tree) if isinstance(part, Input))


def _parts(tree: Any) -> Iterator[Reference | Input]:
    match tree:
        case Reference() | Input():
            yield tree
        case Template():
            yield from (part for part in tree.parts if isinstance(part, Reference))
        case JsonText(document=inner) | Given(value=inner) | Noted(value=inner):
            yield from _parts(inner)
        case Mapping():
            for item in tree.values():
                yield from _parts(item)
        case list():
            for item in tree:
                yield from _parts(item)


def replaced(tree: Any, unwanted: frozenset[tuple[str, str]], note: str) -> Any:
    """The tree with what references to these objects hold, by type and label, in their place."""
    match tree:
        case Reference():
            return Noted(tree.value, note) if (tree.type, tree.label) in unwanted else tree
        case Template():
            return _joined(
                part.value if isinstance(part, Reference) and (part.type, part.label) in unwanted else part
                for part in tree.parts
            )
        case JsonText():
            return JsonText(replaced(tree.document, unwanted, note))
        case Given() | Noted():
            return tree._replace(value=replaced(tree.value, unwanted, note))
        case Mapping():
            return {key: replaced(item, unwanted, note) for key, item in tree.items()}
        case list():
            return [replaced(item, unwanted, note) for item in tree]
    return tree


def _joined(parts: Iterable[str | Reference | Written]) -> str | Template:
    joined: list[str | Reference | Written] = []
    for part in parts:
        if joined and isinstance(joined[-1], str) and isinstance(part, str):
            joined[-1] += part
        else:
            joined.append(part)
    alone = joined[0] if len(joined) == 1 else None
    return alone if isinstance(alone, str) else Template(tuple(joined))
