"""The attributes of a resource as a data source shows them, and its values in that form.

All become computed. Two kinds change: a set that is shown as a list is sorted, because servers keep no order in it; and
a value of any type becomes JSON inside of a list, where Terraform allows one type only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.objects.mapping import plain
from prefect_provider.plugin.language.declaration import Attribute, Declaration, Nested, computed
from prefect_provider.plugin.language.kinds import AnyValue, Json, Kind, ListOf, SetOf
from prefect_provider.plugin.language.nested import NestedKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["mirrored", "mirrored_object", "shown"]


def mirrored(
    resource: type[Declaration],
    *,
    without: Collection[str] = (),
    lists: Collection[str] = (),
    inside: bool = False,
) -> dict[str, Attribute]:
    """The attributes of ``resource``, as computed ones, but for those that are only sent, and those ``without``.

    ``lists`` are the sets, at any depth, that are shown as lists. ``inside``: each object is one of a list.
    """
    return {
        name: _mirror(attribute, frozenset(lists), inside)
        for name, attribute in resource.attributes.items()
        if name not in without and not attribute.write_only
    }


def mirrored_object(
    resource: type[Declaration], *, without: Collection[str] = (), lists: Collection[str] = ()
) -> type[Nested]:
    """The declaration of one of several objects in a list."""
    members = mirrored(resource, without=without, lists=lists, inside=True)
    return type(resource.__name__, (Nested,), {"__doc__": resource.__doc__, **members})


def _mirror(attribute: Attribute, lists: frozenset[str], inside: bool) -> Attribute:
    kind, description = attribute.kind, attribute.description
    if isinstance(kind, NestedKind):
        kind = type(kind)(_mirror_nested(kind.nested, lists, inside or kind.mode != "single"))
    elif isinstance(kind, SetOf) and attribute.name in lists:
        kind = ListOf(kind.element)
    elif isinstance(kind, AnyValue) and inside:
        kind = Json()
        description += " As JSON: `jsondecode()` reads it."
    made = computed(kind, description, sensitive=attribute.sensitive, source=attribute.source)
    made.name = attribute.name
    return made


_NESTED: Final[dict[tuple[type[Declaration], frozenset[str], bool], type[Nested]]] = {}
"""What was mirrored already: triggers, for one, hold the same objects several times."""


def _mirror_nested(nested: type[Declaration], lists: frozenset[str], inside: bool) -> type[Nested]:
    known = _NESTED.get((nested, lists, inside))
    if known is None:
        members = {name: _mirror(one, lists, inside) for name, one in nested.attributes.items()}
        known = type(nested.__name__, (Nested,), {"__doc__": nested.__doc__, **members})
        _NESTED[nested, lists, inside] = known
    return known


def shown(resource: Mapping[str, Attribute], source: Mapping[str, Attribute], values: Values) -> Values:
    """The values of a resource's attributes as the attributes of a data source of the same names show them."""
    return {
        name: _show(resource[name].kind, attribute.kind, values.get(name))
        for name, attribute in source.items()
        if name in resource
    }


def _show(kind: Kind, as_: Kind, value: Value) -> Value:
    if value is None or kind is as_:
        return value
    if isinstance(kind, NestedKind) and isinstance(as_, NestedKind):
        inner, inner_as = kind.nested.attributes, as_.nested.attributes
        return kind.map_objects(value, lambda item: shown(inner, inner_as, item))
    if isinstance(kind, SetOf) and isinstance(as_, ListOf):
        return sorted(value)
    if isinstance(kind, AnyValue) and isinstance(as_, Json):
        return Json.dump(plain(value))
    return value
