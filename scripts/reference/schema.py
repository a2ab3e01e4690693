"""The part of a reference page that lists the attributes, in the form in which the registry has it.

Objects inside of others have sections of their own, which attributes link to. Objects that are the same through and
through have one section: triggers combine triggers, and those again.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from prefect_provider.plugin.language.declaration import Attribute, Declaration
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.types import ListType, MapType, ObjectType, Primitive, SetType, Type
from prefect_provider.plugin.wire.messages import describe

__all__ = ["identity_lines", "schema", "type_words"]

_PRIMITIVES: Final = {"string": "String", "number": "Number", "bool": "Boolean", "dynamic": "Dynamic"}
_NESTED: Final = {
    "single": "Attributes",
    "list": "Attributes List",
    "set": "Attributes Set",
    "map": "Attributes Map",
}
_PLAIN: Final = ("any value", "bool", "number", "string")
"""What kinds are called that say no more than Terraform's type; of a list and its like, the elements are described."""

_WRITE_ONLY: Final = "https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only"


def schema(declaration: type[Declaration]) -> str:
    """The attributes, by whether they have to be, may be or cannot be set, then the sections of the objects inside."""
    sections = _Sections()
    lines = ["## Schema\n"]
    for heading, chosen in _groups(declaration):
        lines += [f"### {heading}\n", *(sections.line(attribute, ()) for attribute in chosen), ""]
    lines += sections.rest()
    return "\n".join(lines)


def identity_lines(attributes: Iterable[Attribute]) -> str:
    """The attributes of an identity, which only tell objects apart, as a list."""
    return "\n".join(f"- `{one.name}` ({', '.join(_facts(one))}) {one.description}" for one in attributes)


def type_words(type_: Type) -> str:
    """A type as the registry has it, such as `List of String`."""
    match type_:
        case Primitive(name):
            return _PRIMITIVES[name]
        case ListType(element):
            return f"List of {type_words(element)}"
        case SetType(element):
            return f"Set of {type_words(element)}"
        case MapType(element):
            return f"Map of {type_words(element)}"
        case ObjectType():
            return "Object"
    msg = f"no words for the type {type_!r}"
    raise TypeError(msg)


class _Sections:
    """The sections for objects inside of others, in the order in which attributes link to them."""

    def __init__(self) -> None:
        self._anchors: dict[object, str] = {}
        self._waiting: deque[tuple[tuple[str, ...], type[Declaration]]] = deque()

    def line(self, attribute: Attribute, inside: tuple[str, ...]) -> str:
        """One attribute of the object at a path."""
        facts = ", ".join(_facts(attribute))
        text = f"- `{attribute.name}` ({facts}) {describe(attribute)}"
        if isinstance(attribute.kind, NestedKind):
            anchor = self._anchor((*inside, attribute.name), attribute.kind.nested)
            text += f" (see [below for nested schema](#{anchor}))"
        return text

    def rest(self) -> Iterator[str]:
        """All sections, those inside of them included."""
        while self._waiting:
            path, declaration = self._waiting.popleft()
            yield f'<a id="{_anchor_of(path)}"></a>'
            yield f"### Nested Schema for `{'.'.join(path)}`\n"
            for heading, chosen in _groups(declaration):
                yield f"{heading}:\n"
                yield from (self.line(attribute, path) for attribute in chosen)
                yield ""

    def _anchor(self, path: tuple[str, ...], declaration: type[Declaration]) -> str:
        content = _content(declaration)
        if content not in self._anchors:
            self._anchors[content] = _anchor_of(path)
            self._waiting.append((path, declaration))
        return self._anchors[content]


def _anchor_of(path: tuple[str, ...]) -> str:
    return "nestedatt--" + "--".join(path)


def _content(declaration: type[Declaration]) -> object:
    """Equal for objects of which a reader would read the same, in the objects inside of them as well."""
    return tuple(
        (
            tuple(_facts(attribute)),
            attribute.required,
            attribute.configurable,
            describe(attribute),
            name,
            _content(attribute.kind.nested) if isinstance(attribute.kind, NestedKind) else None,
        )
        for name, attribute in declaration.attributes.items()
    )


def _groups(declaration: type[Declaration]) -> Iterator[tuple[str, list[Attribute]]]:
    attributes = list(declaration.attributes.values())
    for heading, chosen in (
        ("Required", [one for one in attributes if one.required]),
        ("Optional", [one for one in attributes if one.optional]),
        ("Read-Only", [one for one in attributes if not one.configurable]),
    ):
        if chosen:
            yield heading, chosen


def _facts(attribute: Attribute) -> Iterator[str]:
    kind = attribute.kind
    if isinstance(kind, NestedKind):
        yield _NESTED[kind.mode]
    else:
        yield type_words(kind.type)
        if kind.label not in _PLAIN and not kind.label.startswith(("list of ", "map of ", "set of ")):
            yield kind.label
    if attribute.sensitive:
        yield "Sensitive"
    if attribute.write_only:
        yield f"[Write-only]({_WRITE_ONLY})"
    if attribute.deprecated:
        yield "Deprecated"
