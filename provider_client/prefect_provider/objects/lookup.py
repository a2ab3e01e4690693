"""Data sources that show what a resource shows: its attributes, of which a few say what to look up."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from prefect_provider.plugin.language.declaration import Attribute, Declaration, Nested, computed
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.resource import DataSource

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from prefect_provider.plugin.language.kinds import Kind

__all__ = ["mirrors"]

_Source = TypeVar("_Source", bound=type[DataSource])


def mirrors(resource: type[Declaration], without: Collection[str] = ()) -> Callable[[_Source], _Source]:
    """Give a data source the attributes of ``resource`` that it does not declare itself, as computed ones."""

    def decorate(source: _Source) -> _Source:
        mirrored = {
            name: _as_computed(attribute)
            for name, attribute in resource.attributes.items()
            if name not in source.attributes and name not in without
        }
        source.attributes = MappingProxyType({**source.attributes, **mirrored})
        return source

    return decorate


def _as_computed(attribute: Attribute) -> Attribute:
    copy = computed(
        _computed_kind(attribute.kind),
        attribute.description,
        sensitive=attribute.sensitive,
        source=attribute.source,
    )
    copy.name = attribute.name
    return copy


def _computed_kind(kind: Kind) -> Kind:
    if not isinstance(kind, NestedKind):
        return kind
    members = {name: _as_computed(attribute) for name, attribute in kind.nested.attributes.items()}
    nested = type(kind.nested.__name__, (Nested,), {"__doc__": kind.nested.__doc__, **members})
    return type(kind)(nested)
