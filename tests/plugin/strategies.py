"""Hypothesis strategies for Terraform's types and values, and an equality that is as strict as Terraform's.

``terraform_types()`` draws a type, ``values_of(type_)`` a value of it, ``typed_values()`` both. ``same``
tells apart what Python's ``==`` does not: 1 from ``True``, one refinement from another; and not what
Terraform does not: two orders of a set.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from prefect_provider.plugin.language.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic, Unknown, Value

__all__ = ["attribute_names", "numbers", "same", "strings", "terraform_types", "typed_values", "values_of"]

REFINEMENTS = {"not null": b"\x81\x01\xc2", "string prefix": b"\x82\x01\xc2\x02\xa3ab-"}

attribute_names = st.sampled_from(["a", "b", "name", "trigger", "for_each", "über"])


def strings(max_size: int = 12) -> st.SearchStrategy[str]:
    """Texts in Unicode form NFC without halves of surrogate pairs."""
    texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=max_size)
    return texts.map(lambda text: unicodedata.normalize("NFC", text))


def numbers() -> st.SearchStrategy[int | Decimal]:
    """Whole numbers of any size; fractions that a float can hold exactly, and that it cannot."""
    edges = [edge + step for edge in (-(2**63), 2**63, 2**64, 0, 2**53, 10**40) for step in (-1, 0, 1)]
    fractions = st.one_of(
        st.decimals(allow_nan=False, allow_infinity=False, places=3),
        st.decimals(allow_nan=False, allow_infinity=False, min_value=-2, max_value=2, places=40),
        st.floats(allow_nan=False, allow_infinity=False).map(Decimal),
    )
    return st.one_of(
        st.integers(),
        st.sampled_from(edges),
        st.integers(-(10**400), 10**400),
        fractions.filter(lambda number: number != int(number)),
    )


def _compound(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    return st.one_of(
        inner.map(ListType),
        inner.map(SetType),
        inner.map(MapType),
        st.lists(inner, max_size=3).map(lambda elements: TupleType(tuple(elements))),
        st.dictionaries(attribute_names, inner, max_size=4).map(ObjectType),
    )


def terraform_types(*, dynamic: bool = True) -> st.SearchStrategy[Type]:
    """Types nested a few levels deep, without ``dynamic`` when told so."""
    leaves = [STRING, NUMBER, BOOL, DYNAMIC] if dynamic else [STRING, NUMBER, BOOL]
    return st.recursive(st.sampled_from(leaves), _compound, max_leaves=6)


@st.composite
def values_of(draw: st.DrawFn, type_: Type, *, unknowns: bool = True, nulls: bool = True) -> Value:
    """Values of a type, at any depth null (if ``nulls``) or unknown (if ``unknowns``), refined and not."""
    kinds = ["present"] * 6 + ["null"] * (2 * nulls) + [*["unknown"] * 2, *REFINEMENTS] * unknowns
    kind = draw(st.sampled_from(kinds))
    if kind == "present":
        return draw(_present(type_, unknowns=unknowns, nulls=nulls))
    if kind == "null":
        return None
    # Of a value whose type is unknown, nothing else can be known.
    return UNKNOWN if type_ == DYNAMIC or kind == "unknown" else Unknown(REFINEMENTS[kind])


@st.composite
def _present(draw: st.DrawFn, type_: Type, *, unknowns: bool, nulls: bool) -> Value:
    def inner(type_: Type) -> Value:
        return draw(values_of(type_, unknowns=unknowns, nulls=nulls))

    value: Value
    match type_:
        case ListType(element):
            value = [inner(element) for _ in range(draw(st.integers(0, 4)))]
        case SetType(element):
            value = []
            for _ in range(draw(st.integers(0, 4))):
                one = inner(element)
                value += [] if any(same(one, other, element) for other in value) else [one]
        case MapType(element):
            value = {key: inner(element) for key in draw(st.sets(strings(4), max_size=3))}
        case TupleType(elements):
            value = [inner(element) for element in elements]
        case ObjectType(attributes):
            value = {name: inner(attribute) for name, attribute in attributes.items()}
        case Primitive("dynamic"):
            concrete = draw(terraform_types().filter(lambda drawn: drawn != DYNAMIC))
            value = Dynamic(concrete, inner(concrete))
        case Primitive(name):
            value = draw({"string": strings(), "number": numbers(), "bool": st.booleans()}[name])
    return value


@st.composite
def typed_values(
    draw: st.DrawFn, *, unknowns: bool = True, nulls: bool = True, dynamic: bool = True
) -> tuple[Type, Value]:
    """A type and a value of it."""
    type_ = draw(terraform_types(dynamic=dynamic))
    return type_, draw(values_of(type_, unknowns=unknowns, nulls=nulls))


def same(left: Value, right: Value, type_: Type) -> bool:
    """Whether two values of a type are one to Terraform, refinements included."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Unknown):
        return bool(left.refinement == right.refinement)
    if isinstance(left, Dynamic):
        return left.type == right.type and same(left.value, right.value, left.type)
    if isinstance(left, list):
        return _same_elements(left, right, type_)
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(
            same(left[key], right[key], _element(type_, key)) for key in left
        )
    return bool(left == right)


def _same_elements(left: list[Any], right: list[Any], type_: Type) -> bool:
    if len(left) != len(right):
        return False
    if isinstance(type_, TupleType):
        return all(map(same, left, right, type_.elements))
    element = _element(type_)
    if not isinstance(type_, SetType):
        return all(same(one, other, element) for one, other in zip(left, right, strict=True))
    rest = list(right)
    for one in left:
        position = next((i for i, other in enumerate(rest) if same(one, other, element)), None)
        if position is None:
            return False
        del rest[position]
    return True


def _element(type_: Type, name: str = "") -> Type:
    if isinstance(type_, ObjectType):
        return type_.attributes[name]
    assert isinstance(type_, ListType | SetType | MapType)
    return type_.element
