"""Several instances of one block: for each of something, or so many of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from prefect_constructs.native.expressions import (
    EACH_KEY,
    EACH_VALUE,
    ForExpression,
    FunctionCall,
    PropertyAccess,
    Reference,
)
from prefect_constructs.native.failure import SynthesisError
from prefect_constructs.native.tokens import Lazy, Resolvable, Token

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_constructs.native.resolution import Context

__all__ = [
    "DynamicListTerraformIterator",
    "ListTerraformIterator",
    "MapTerraformIterator",
    "ResourceTerraformIterator",
    "TerraformCount",
    "TerraformIterator",
]


class TerraformCount:
    """How many instances there are; ``index`` is the number of each."""

    def __init__(self, count: float) -> None:
        """Use :meth:`of`."""
        self._count = count

    @staticmethod
    def of(count: float) -> TerraformCount:
        """So many; a token of a number, too."""
        return TerraformCount(count)

    @staticmethod
    def is_terraform_count(x: object) -> bool:
        """Whether it is a count."""
        return isinstance(x, TerraformCount)

    @property
    def index(self) -> float:
        """The number of the instance, from 0 on, as a token."""
        return Token.as_number(Reference("count.index"))

    def to_terraform(self) -> float:
        """What is written."""
        return self._count


class TerraformIterator:
    """What there is an instance for each of."""

    _as_text: ClassVar[bool] = False

    def for_each_expression(self) -> Any:
        """What is written as ``for_each``."""
        raise NotImplementedError

    def _source(self) -> Any:
        """What is gone through in a `for`."""
        return self.for_each_expression()

    @staticmethod
    def from_list(list: Sequence[Any]) -> ListTerraformIterator:  # noqa: A002 - the CDK's name for it
        """Each element of a list, which Terraform makes a set."""
        return ListTerraformIterator(list)

    @staticmethod
    def from_map(map: Mapping[str, Any] | Any) -> MapTerraformIterator:  # noqa: A002 - the CDK's name for it
        """Each entry of a mapping."""
        return MapTerraformIterator(map)

    @staticmethod
    def from_complex_list(list: Any, map_key_attribute_name: str) -> DynamicListTerraformIterator:  # noqa: A002
        """Each element of a list of objects, called by one of their attributes."""
        return DynamicListTerraformIterator(list, map_key_attribute_name)

    @staticmethod
    def from_resources(resource: Any) -> ResourceTerraformIterator:
        """Each instance of a resource with ``for_each``."""
        return ResourceTerraformIterator(resource)

    @staticmethod
    def from_data_sources(resource: Any) -> ResourceTerraformIterator:
        """Each instance of a data source with ``for_each``."""
        return ResourceTerraformIterator(resource)

    @property
    def key(self) -> Any:
        """The key of the instance, as a token."""
        token = Lazy.any_value(_key)
        return Token.as_string(token) if self._as_text else token

    @property
    def value(self) -> Any:
        """The value of the instance, as a token."""
        return Lazy.any_value(_value)

    def _property(self, attribute: str) -> PropertyAccess:
        return PropertyAccess(Lazy.any_value(_value), [attribute])

    def get_string(self, attribute: str) -> str:
        """An attribute of the instance's value that is text."""
        return Token.as_string(self._property(attribute))

    def get_number(self, attribute: str) -> float:
        """An attribute of the instance's value that is a number."""
        return Token.as_number(self._property(attribute))

    def get_boolean(self, attribute: str) -> Resolvable:
        """An attribute of the instance's value that is true or false."""
        return self._property(attribute)

    def get_any(self, attribute: str) -> Resolvable:
        """An attribute of the instance's value."""
        return self._property(attribute)

    def get_list(self, attribute: str) -> list[str]:
        """An attribute of the instance's value that is a list of texts."""
        return Token.as_list(self._property(attribute))

    def get_number_list(self, attribute: str) -> list[float]:
        """An attribute of the instance's value that is a list of numbers."""
        return Token.as_number_list(self._property(attribute))

    def get_map(self, attribute: str) -> dict[str, Any]:
        """An attribute of the instance's value that is a mapping."""
        return Token.as_any_map(self._property(attribute))

    def get_any_map(self, attribute: str) -> dict[str, Any]:
        """An attribute of the instance's value that is a mapping."""
        return Token.as_any_map(self._property(attribute))

    def get_string_map(self, attribute: str) -> dict[str, str]:
        """An attribute of the instance's value that is a mapping of texts."""
        return Token.as_string_map(self._property(attribute))

    def get_number_map(self, attribute: str) -> dict[str, float]:
        """An attribute of the instance's value that is a mapping of numbers."""
        return Token.as_number_map(self._property(attribute))

    def get_boolean_map(self, attribute: str) -> dict[str, bool]:
        """An attribute of the instance's value that is a mapping of truth values."""
        return Token.as_boolean_map(self._property(attribute))

    def keys(self) -> Resolvable:
        """All keys, as a list."""
        return ForExpression(self._source(), EACH_KEY)

    def values(self) -> Resolvable:
        """All values, as a list."""
        return ForExpression(self._source(), EACH_VALUE)

    def pluck_property(self, property: str) -> Resolvable:  # noqa: A002 - the CDK's name for it
        """An attribute of each value, as a list."""
        return ForExpression(self._source(), PropertyAccess(EACH_VALUE, [property]))

    def for_expression_for_list(self, expression: Any) -> Resolvable:
        """A list of an expression over ``key`` and ``val``."""
        return ForExpression(self._source(), expression)

    def for_expression_for_map(self, key_expression: Any, value_expression: Any) -> Resolvable:
        """A mapping of two expressions over ``key`` and ``val``."""
        return ForExpression(self._source(), value_expression, key_expression)

    def dynamic(self, attributes: Mapping[str, Any]) -> Resolvable:
        """A list of objects, one for each, in which the iterator's ``key`` and ``value`` are those of its own."""
        return _Dynamic(self, attributes)


class _Dynamic(Resolvable):
    __slots__ = ("_attributes", "_iterator")

    def __init__(self, iterator: TerraformIterator, attributes: Mapping[str, Any]) -> None:
        self._iterator = iterator
        self._attributes = dict(attributes)

    def resolve(self, context: Context) -> Any:
        """The `for` expression."""
        context.in_for = True
        return context.resolve(ForExpression(self._iterator._source(), self._attributes))  # noqa: SLF001 - its own


class ListTerraformIterator(TerraformIterator):
    """Each element of a list."""

    def __init__(self, list: Sequence[Any]) -> None:  # noqa: A002 - the CDK's name for it
        """Use :meth:`TerraformIterator.from_list`."""
        self._list = list

    def for_each_expression(self) -> Any:
        """A set: Terraform takes no list."""
        return Token.as_list(FunctionCall("toset", [self._list]))


class MapTerraformIterator(TerraformIterator):
    """Each entry of a mapping."""

    _as_text = True

    def __init__(self, map: Any) -> None:  # noqa: A002 - the CDK's name for it
        """Use :meth:`TerraformIterator.from_map`."""
        self._map = map

    def for_each_expression(self) -> Any:
        """The mapping."""
        return Token.as_string(self._map)


class DynamicListTerraformIterator(MapTerraformIterator):
    """Each element of a list of objects."""

    def __init__(self, list: Any, map_key_attribute_name: str) -> None:  # noqa: A002 - the CDK's name for it
        """Use :meth:`TerraformIterator.from_complex_list`."""
        super().__init__(list)
        self._key_name = map_key_attribute_name

    def for_each_expression(self) -> Any:
        """A mapping by the attribute that names the elements."""
        key = Token.as_string(PropertyAccess(EACH_VALUE, [self._key_name]))
        return ForExpression(self._map, EACH_VALUE, key)

    def _source(self) -> Any:
        return self._map


class ResourceTerraformIterator(TerraformIterator):
    """Each instance of a resource or data source."""

    def __init__(self, element: Any) -> None:
        """Use :meth:`TerraformIterator.from_resources`.

        :raises SynthesisError: it has no ``for_each``.
        """
        if getattr(element, "for_each", None) is None:
            msg = f"{element}: expected a construct with `for_each` to go through its instances"
            raise SynthesisError(msg)
        self._element = element

    def for_each_expression(self) -> Any:
        """The resource."""
        return self._element.fqn


def _value(context: Context) -> Reference:
    return EACH_VALUE if context.in_for else Reference("each.value")


def _key(context: Context) -> Reference:
    return EACH_KEY if context.in_for else Reference("each.key")
