"""Hypothesis strategies for declarations and for the configurations that a person could write for them.

``declarations()`` draws a declaration with every kind of attribute in every role; ``configurations(declaration)``
what is written for it; ``revisions(declaration, configuration)`` what somebody makes of that later: some of it kept,
some spelled otherwise, some removed, some new.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from prefect_provider.plugin.language.declaration import (
    UNSET,
    Attribute,
    Declaration,
    Nested,
    computed,
    optional,
    required,
)
from prefect_provider.plugin.language.kinds import (
    AnyValue,
    Bool,
    Integer,
    Json,
    Kind,
    ListOf,
    MapOf,
    Number,
    SetOf,
    String,
    Timestamp,
    Uuid,
)
from prefect_provider.plugin.language.nested import NestedKind, NestedList, NestedMap, NestedSet, NestedSingle
from prefect_provider.plugin.language.types import (
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    TupleType,
)
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic, Value, Values

__all__ = ["configurations", "declarations", "revisions", "shown", "with_unknowns"]

# Few values, so that two drawn ones are often the same, or the same in other words.
_TEXTS = ["", "a", "b"]
_DOCUMENTS = ["{}", "{ }", '{"a":1,"b":[]}', '{"b": [], "a": 1.0}', "null", "[0.1]", "[ 0.10 ]"]
_OBJECTS = ["{}", "{ }", '{"a":1,"b":2}', '{"b": 2, "a": 1.0}']
_UUIDS = [
    "0123abcd-89ab-cdef-0123-456789abcdef",
    "0123ABCD-89AB-CDEF-0123-456789ABCDEF",
    f"{0:08}-0000-0000-0000-{1:012}",
]
_MOMENTS = ["2030-01-31T12:00:00Z", "2030-01-31T13:00:00+01:00", "2031-01-01T00:00:00.5Z"]
_DYNAMICS = [
    Dynamic(STRING, "a"),
    Dynamic(NUMBER, 1),
    Dynamic(BOOL, value=True),
    Dynamic(ListType(STRING), ["a", "b"]),
    Dynamic(TupleType((STRING, STRING)), ["a", "b"]),
    Dynamic(MapType(NUMBER), {"a": 1}),
    Dynamic(ObjectType({"a": NUMBER}), {"a": 1}),
    Dynamic(TupleType(()), []),
    Dynamic(STRING, None),
]
_SIMPLE: list[tuple[Kind, list[Any]]] = [
    (String(), _TEXTS),
    (Integer(), [0, 1, 2**64]),
    (Number(), [0, Decimal("0.1"), 10**30]),
    (Bool(), [True, False]),
    (Json(), _DOCUMENTS),
    (Json("object"), _OBJECTS),
    (Uuid(), _UUIDS),
    (Timestamp(), _MOMENTS),
    (AnyValue(), _DYNAMICS),
]
_VALUES = {id(kind): values for kind, values in _SIMPLE}
_NESTED = [NestedSingle, NestedList, NestedSet, NestedMap]


def _simple_kinds() -> st.SearchStrategy[Kind]:
    kinds = st.sampled_from([kind for kind, _ in _SIMPLE])
    elements = st.sampled_from([kind for kind, _ in _SIMPLE if not isinstance(kind, AnyValue)])
    return st.one_of(kinds, elements.map(ListOf), elements.map(SetOf), elements.map(MapOf))


@st.composite
def declarations(
    draw: st.DrawFn, base: type[Declaration] = Declaration, *, depth: int = 2, in_set: bool = False
) -> type[Any]:
    """A subclass of ``base`` with one to five attributes, nested up to ``depth`` levels."""
    members: dict[str, Any] = {"__doc__": "Drawn.", "type_name": "toy_drawn"}
    for name in "abcde"[: draw(st.integers(1, 5))]:
        members[name] = draw(_attributes(list(members)[2:], depth=depth, in_set=in_set))
    return type("Drawn", (base,), members)


@st.composite
def _kinds(draw: st.DrawFn, *, depth: int, in_set: bool) -> Kind:
    if depth and draw(st.integers(0, 2)) == 0:
        nest = draw(st.sampled_from(_NESTED))
        nested = draw(declarations(Nested, depth=depth - 1, in_set=in_set or nest is NestedSet))
        return nest(nested)
    return draw(_simple_kinds())


@st.composite
def _attributes(draw: st.DrawFn, earlier: list[str], *, depth: int, in_set: bool) -> Attribute:
    kind = draw(_kinds(depth=depth, in_set=in_set))
    replace = draw(st.integers(0, 9)) == 0
    follows = draw(st.lists(st.sampled_from(earlier), max_size=2)) if earlier else []
    match draw(st.integers(0, 9)):
        case 0:
            return required(kind, "", replace=replace)
        case 1 | 2:
            return optional(kind, "", replace=replace)
        case 3:
            return optional(kind, "", default=draw(_values(kind)), replace=replace)
        case 4 if not isinstance(kind, NestedKind):
            return optional(kind, "", null_is=draw(_values(kind)), replace=replace)
        case 5:
            return optional(kind, "", server_default=True, follows=follows, replace=replace)
        case 6:
            return optional(kind, "", server_default=True, reset=draw(_values(kind)))
        case 7:
            return computed(kind, "", volatile=True)
        case 8 if not in_set:
            # Terraform allows a write-only attribute neither in sets nor around computed ones.
            return optional(draw(_simple_kinds()), "", write_only=True)
    return computed(kind, "", follows=follows)


@st.composite
def _values(draw: st.DrawFn, kind: Kind) -> Value:
    """A value, not null."""
    match kind:
        case ListOf():
            return draw(st.lists(_values(kind.element), max_size=2))
        case SetOf():
            return _distinct(kind, draw(st.lists(_values(kind.element), max_size=3)))
        case MapOf():
            return draw(st.dictionaries(st.sampled_from(["k", "l"]), _values(kind.element)))
        case NestedSingle():
            return draw(configurations(kind.nested))
        case NestedList():
            return draw(st.lists(configurations(kind.nested), max_size=3))
        case NestedSet():
            return _distinct(kind, draw(st.lists(configurations(kind.nested), max_size=3)))
        case NestedMap():
            return draw(st.dictionaries(st.sampled_from(["k", "l"]), configurations(kind.nested)))
    return draw(st.sampled_from(_VALUES[id(kind)]))


def _distinct(kind: SetOf | NestedSet, values: list[Value]) -> list[Value]:
    """One of those that mean the same; two in a set would be a mistake."""
    freeze = kind.element.freeze if isinstance(kind, SetOf) else kind.freeze_object
    return list({freeze(value): value for value in values}.values())


def shown(declaration: type[Declaration]) -> str:
    """A declaration for the reader of a failure."""
    parts = []
    for name, attribute in declaration.attributes.items():
        said = {
            slot: getattr(attribute, slot)
            for slot in Attribute.__slots__
            if slot not in {"name", "kind", "description", "source"}
        }
        roles = [
            slot if value is True else f"{slot}={value!r}" for slot, value in said.items() if _is_said(value)
        ]
        inner = f" {{{shown(attribute.kind.nested)}}}" if isinstance(attribute.kind, NestedKind) else ""
        parts.append(f"{name}: {attribute.kind.label}{inner} {' '.join(roles)}")
    return "; ".join(parts)


def _is_said(value: object) -> bool:
    return value is not UNSET and value is not False and value not in ("", ())


@st.composite
def configurations(draw: st.DrawFn, declaration: type[Declaration]) -> Values:
    """What a person could write: the required attributes and some of the optional ones."""
    return {name: draw(_written(attribute)) for name, attribute in declaration.attributes.items()}


@st.composite
def _written(draw: st.DrawFn, attribute: Attribute) -> Value:
    if not attribute.configurable or (attribute.optional and draw(st.booleans())):
        return None
    return draw(_values(attribute.kind))


@st.composite
def revisions(draw: st.DrawFn, declaration: type[Declaration], before: Values) -> Values:
    """The configuration as somebody left it after an edit."""
    return {
        name: draw(_revised(attribute, before[name])) for name, attribute in declaration.attributes.items()
    }


@st.composite
def _revised(draw: st.DrawFn, attribute: Attribute, before: Value) -> Value:
    match draw(st.integers(0, 3)):
        case 0:
            return draw(_written(attribute))
        case 1 if before is not None:
            return draw(_edited(attribute.kind, before))
    return before


@st.composite
def _edited(draw: st.DrawFn, kind: Kind, before: Value) -> Value:
    """Spelled otherwise, or something inside it changed."""
    match kind:
        case NestedSingle():
            return draw(revisions(kind.nested, before))
        case NestedMap():
            return {key: draw(revisions(kind.nested, item)) for key, item in before.items()}
        case NestedList():
            return [draw(revisions(kind.nested, item)) for item in draw(st.permutations(before))]
        case NestedSet():
            return _distinct(kind, [draw(revisions(kind.nested, item)) for item in before])
        case ListOf() | SetOf():
            edited = [draw(_edited(kind.element, item)) for item in before]
            return _distinct(kind, edited) if isinstance(kind, SetOf) else edited
        case MapOf():
            return {key: draw(_edited(kind.element, item)) for key, item in before.items()}
        case Json():
            return json.dumps(json.loads(before, parse_float=float), indent=1)
    return draw(st.sampled_from([value for value in _VALUES[id(kind)] if kind.same(value, before)]))


@st.composite
def with_unknowns(draw: st.DrawFn, declaration: type[Declaration], values: Values, *, is_new: bool) -> Values:
    """The same configuration at a time when some of it is known only after apply.

    Where Terraform's rules leave no right answer, nothing is unknown: a part of a collection whose rest was respelled
    at the same time, and that turns out as it was. While it is unknown the rest must be planned as written; afterwards
    nothing has changed, so it must be planned as it was. Unless ``is_new`` this leaves out what is inside sets.
    """
    return {
        name: draw(_perhaps_unknown(declaration.attributes[name], item, is_new=is_new))
        for name, item in values.items()
    }


@st.composite
def _perhaps_unknown(draw: st.DrawFn, attribute: Attribute, value: Value, *, is_new: bool) -> Value:
    if not attribute.configurable:
        return None
    kind = attribute.kind
    chance = draw(st.integers(0, 7))
    if chance == 0:
        return UNKNOWN
    if isinstance(kind, NestedKind) and (is_new or kind.mode != "set"):
        return kind.map_objects(value, lambda item: draw(with_unknowns(kind.nested, item, is_new=is_new)))
    if (
        chance == 1
        and value
        and isinstance(kind, ListOf)
        and isinstance(kind.element, String | Number | Bool)
    ):
        return [UNKNOWN, *value[1:]]
    return value
