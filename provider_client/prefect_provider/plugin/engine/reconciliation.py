"""What the server returned, beside what Terraform holds: same meaning, same spelling; else a difference.

A server may return a set in another order, JSON with other spaces, ``""`` for null. Stored as returned, each of
these would show as a change in the next plan, so what means the same keeps the spelling that Terraform holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from prefect_provider.plugin.engine.pairing import pair
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.values import Unknown, Value, Values, has_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.plugin.language.declaration import Attribute, Declaration
    from prefect_provider.plugin.language.kinds import Kind
    from prefect_provider.text.path import Path

__all__ = ["Difference", "complete", "differences", "settle"]


class Difference(NamedTuple):
    """An attribute that does not mean the same on both sides."""

    path: Path
    was: Value
    now: Value
    sensitive: bool


def settle(declaration: type[Declaration], actual: Values, held: Values) -> Values:
    """``actual``, with the spelling of ``held`` wherever both mean the same.

    Volatile attributes keep their held value as long as nothing else differs.
    """
    settled = {
        name: _settle_attribute(attribute, actual.get(name), held.get(name))
        for name, attribute in declaration.attributes.items()
    }
    if not any(differences(declaration, settled, held)):
        settled |= {
            name: held[name]
            for name, attribute in declaration.attributes.items()
            if attribute.volatile and held.get(name) is not None
        }
    return settled


def _settle_attribute(attribute: Attribute, actual: Value, held: Value) -> Value:
    if attribute.write_only:
        return None
    if attribute.same(actual, held):
        return held
    if isinstance(attribute.kind, NestedKind) and actual is not None and held is not None:
        return _settle_nested(attribute.kind, actual, held)
    return actual


def _settle_nested(kind: NestedKind, actual: Value, held: Value) -> Value:
    def settle_one(now: Value, before: Value) -> Value:
        if kind.freeze_object(now) == kind.freeze_object(before):
            return before
        if isinstance(now, dict) and isinstance(before, dict):
            return settle(kind.nested, now, before)
        return now

    match kind.mode:
        case "single":
            return settle_one(actual, held)
        case "map":
            return {key: settle_one(item, held.get(key)) for key, item in actual.items()}
        case "list":
            return [settle_one(item, held[i] if i < len(held) else None) for i, item in enumerate(actual)]
        case "set":
            spelled = {kind.freeze_object(item): item for item in held}
            return [spelled.get(kind.freeze_object(item), item) for item in actual]


def differences(
    declaration: type[Declaration], actual: Values, held: Values, path: Path = ()
) -> Iterator[Difference]:
    """Every attribute of which ``actual`` does not mean what ``held`` means.

    Left out: volatile and write-only attributes, and what is unknown in ``held``.
    """
    for name, attribute in declaration.attributes.items():
        was, now = held.get(name), actual.get(name)
        if attribute.volatile or attribute.write_only or isinstance(was, Unknown) or attribute.same(was, now):
            continue
        at = (*path, name)
        inner = None
        if isinstance(attribute.kind, NestedKind) and not attribute.sensitive:
            inner = _nested_differences(attribute.kind, now, was, at)
        if inner is None:
            yield Difference(at, was, now, attribute.sensitive)
        else:
            yield from inner


def _nested_differences(kind: NestedKind, now: Value, was: Value, path: Path) -> list[Difference] | None:
    """Differences below a nested attribute; ``None`` where it differs as a whole."""
    pairs: list[tuple[Path, Value, Value]]
    if kind.mode == "single":
        pairs = [(path, now, was)]
    elif kind.mode == "list" and isinstance(now, list) and isinstance(was, list) and len(now) == len(was):
        pairs = [((*path, i), a, b) for i, (a, b) in enumerate(zip(now, was, strict=True))]
    elif kind.mode == "map" and isinstance(now, dict) and isinstance(was, dict) and now.keys() == was.keys():
        pairs = [((*path, key), now[key], was[key]) for key in was]
    else:
        return None
    found: list[Difference] = []
    for at, after, before in pairs:
        if isinstance(before, Unknown) or kind.freeze_object(after) == kind.freeze_object(before):
            continue
        if not isinstance(after, dict) or not isinstance(before, dict):
            if after != before:
                return None
            continue
        found.extend(differences(kind.nested, after, before, at))
    return found


def complete(declaration: type[Declaration], planned: Values, actual: Values) -> Values:
    """``planned``, with what is unknown in it taken from ``actual``."""
    return {
        name: _complete_attribute(attribute.kind, planned.get(name), actual.get(name))
        for name, attribute in declaration.attributes.items()
    }


def _complete_attribute(kind: Kind, planned: Value, actual: Value) -> Value:
    if not has_unknown(planned):
        return planned
    if not isinstance(kind, NestedKind) or planned is None or actual is None:
        return actual
    match kind.mode:
        case "single" if isinstance(planned, dict):
            return complete(kind.nested, planned, actual)
        case "map" if isinstance(planned, dict) and planned.keys() == actual.keys():
            return {key: _complete_element(kind, item, actual[key]) for key, item in planned.items()}
        case "list" if isinstance(planned, list) and len(planned) == len(actual):
            return [_complete_element(kind, *pair) for pair in zip(planned, actual, strict=True)]
        case "set" if isinstance(planned, list):
            return _complete_set(kind, planned, actual)
    return actual


def _complete_element(kind: NestedKind, planned: Value, actual: Value) -> Value:
    if isinstance(planned, dict) and isinstance(actual, dict):
        return complete(kind.nested, planned, actual)
    return actual if has_unknown(planned) else planned


def _complete_set(kind: NestedKind, planned: list[Value], actual: list[Value]) -> list[Value]:
    pairs = _pairs(kind, planned, actual)
    if any(offer is None and has_unknown(item) for item, offer in zip(planned, pairs, strict=True)):
        # Something else came back than was planned, and only Terraform can say so.
        return actual
    return [
        item if offer is None else _complete_element(kind, item, actual[offer])
        for item, offer in zip(planned, pairs, strict=True)
    ]


def _can_be(declaration: type[Declaration], planned: Value, actual: Value) -> bool:
    """Whether an object could turn out as ``actual``, going by what is known of it."""
    if not isinstance(planned, dict) or not isinstance(actual, dict):
        return isinstance(planned, Unknown) or planned == actual
    return all(
        attribute.write_only or _attribute_can_be(attribute, planned.get(name), actual.get(name))
        for name, attribute in declaration.attributes.items()
    )


def _attribute_can_be(attribute: Attribute, planned: Value, actual: Value) -> bool:
    if not has_unknown(planned):
        return attribute.same(planned, actual)
    kind = attribute.kind
    if isinstance(planned, Unknown) or not isinstance(kind, NestedKind):
        return True
    match kind.mode:
        case "single":
            return _can_be(kind.nested, planned, actual)
        case _ if actual is None or len(planned) != len(actual):
            return False
        case "map":
            return all(
                key in actual and _can_be(kind.nested, item, actual[key]) for key, item in planned.items()
            )
        case "list":
            return all(_can_be(kind.nested, *both) for both in zip(planned, actual, strict=True))
        case "set":
            return None not in _pairs(kind, planned, actual)


def _pairs(kind: NestedKind, planned: list[Value], actual: list[Value]) -> list[int | None]:
    """For each planned element of a set the actual one that it can be."""

    def fits(want: int, offer: int) -> bool:
        return _can_be(kind.nested, planned[want], actual[offer])

    return pair(len(planned), len(actual), fits)
