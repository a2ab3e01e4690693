"""A configuration for an object that exists: what somebody would write who wants it as it is.

Terraform (1.14 and newer) asks for it when it generates configuration for an import. Left to itself it writes down
every value that the provider may fill in, as if somebody had chosen it.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from prefect_provider.plugin.language.declaration import UNSET
from prefect_provider.plugin.language.nested import NestedKind

if TYPE_CHECKING:
    from prefect_provider.plugin.language.declaration import Attribute, Declaration
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Value, Values

__all__ = ["generate"]


def generate(kind: type[Resource], state: Values) -> Values:
    """The configuration of an object in that state; planned with that state, it changes nothing."""
    return kind.generated(_written(kind, state))


def _written(declaration: type[Declaration], values: Values) -> Values:
    return {
        name: _written_value(attribute, values.get(name))
        for name, attribute in declaration.attributes.items()
    }


def _written_value(attribute: Attribute, value: Value) -> Value:
    # What changes by itself is nobody's to write down.
    if attribute.write_only or attribute.volatile or not attribute.configurable:
        return None
    if not attribute.required and _is_left_out(attribute, value):
        return None
    if isinstance(attribute.kind, NestedKind):
        return attribute.kind.map_objects(value, functools.partial(_written, attribute.kind.nested))
    return value


def _is_left_out(attribute: Attribute, value: Value) -> bool:
    """Whether leaving it out says the same."""
    if attribute.default is not UNSET:
        return attribute.same(value, attribute.default)
    return attribute.same(value, None) or (
        attribute.reset is not UNSET and attribute.same(value, attribute.reset)
    )
