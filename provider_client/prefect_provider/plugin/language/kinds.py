"""Kinds of attribute: a Terraform type, what it accepts, and when two values mean the same.

Terraform compares values literally. A kind adds the meaning: two JSON texts that differ in spaces, two
spellings of one instant or of one UUID are the same. :meth:`Kind.canonical` turns a value into something
hashable that is equal exactly when the meaning is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from prefect_provider.plugin.language.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    SetType,
    Type,
)
from prefect_provider.plugin.language.values import Dynamic, Unknown, Value
from prefect_provider.text import json
from prefect_provider.text.identifier import UUID_FORM, is_uuid
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from prefect_provider.text.path import Path

__all__ = [
    "AnyValue",
    "Bool",
    "Collection",
    "InAnyOrder",
    "Integer",
    "Json",
    "Kind",
    "ListOf",
    "MapOf",
    "Mismatch",
    "Number",
    "Seconds",
    "SetOf",
    "String",
    "Timestamp",
    "Uuid",
    "freeze",
]


class Mismatch(NamedTuple):
    """A value that its kind does not accept."""

    path: Path
    """Where, below the attribute itself."""
    expected: str
    """What would be accepted, as the object of 'expected'."""
    got: str
    """What was found, short enough to print."""
    remedy: str = ""
    """How to mend it, as a sentence; it may repeat the value."""


def freeze(value: Value) -> Hashable:
    """A hashable form of a plain value, equal for equal values: ``1`` and ``1.0`` are, ``1`` and true are not."""
    match value:
        case bool():
            return ("bool", value)
        case dict():
            return ("map", frozenset((key, freeze(item)) for key, item in value.items()))
        case list() | tuple():
            return ("list", tuple(freeze(item) for item in value))
        case float():
            return Decimal(repr(value))
        case Dynamic():
            return freeze(value.value)
    hashable: Hashable = value
    return hashable


class Kind:
    """What an attribute may hold. Subclasses say which Terraform type it travels as."""

    type: Type = DYNAMIC
    label = "any value"

    def canonical(self, value: Value) -> Hashable:
        """Equal for two values exactly when they mean the same; null and unknown are handled by the caller."""
        return freeze(value)

    def problems(self, value: Value) -> Iterator[Mismatch]:
        """What is wrong with a value that is neither null nor unknown."""
        return iter(())

    def same(self, left: Value, right: Value) -> bool:
        """Whether two values, each possibly null or unknown, mean the same."""
        return self.freeze(left) == self.freeze(right)

    def freeze(self, value: Value) -> Hashable:
        """:meth:`canonical` for a value that may be null or unknown."""
        if value is None or isinstance(value, Unknown):
            return value
        return self.canonical(value)


class String(Kind):
    """A text, perhaps of a given form."""

    type = STRING
    label = "string"

    def __init__(
        self,
        *,
        choices: tuple[str, ...] = (),
        pattern: str = "",
        form: str = "",
        max_length: int | None = None,
    ) -> None:
        """``form`` says in words what ``pattern`` (a full match) accepts."""
        self.choices: Final = choices
        self.pattern: Final = pattern
        self.form: Final = form
        self.max_length: Final = max_length

    def problems(self, value: Value) -> Iterator[Mismatch]:
        if problem := json.text_problem(value):
            yield Mismatch((), *problem)
            return
        if self.choices and value not in self.choices:
            near = closest(value, self.choices)
            remedy = f"Did you mean `{near}`?" if near else ""
            yield Mismatch((), f"one of {names(self.choices)}", show(value), remedy)
        if self.pattern and not re.fullmatch(self.pattern, value):
            yield Mismatch((), self.form or f"text matching `{self.pattern}`", show(value))
        if self.max_length is not None and len(value) > self.max_length:
            yield Mismatch((), f"at most {self.max_length} characters", f"{len(value)} characters")


class Bool(Kind):
    """True or false."""

    type = BOOL
    label = "bool"


class Number(Kind):
    """A number, whole or not, perhaps within bounds."""

    type = NUMBER
    label = "number"

    def __init__(self, *, minimum: float | None = None, maximum: float | None = None) -> None:
        self.minimum: Final = minimum
        self.maximum: Final = maximum

    def problems(self, value: Value) -> Iterator[Mismatch]:
        if self.minimum is not None and value < self.minimum:
            yield Mismatch((), f"a number not below {self.minimum}", show(value))
        if self.maximum is not None and value > self.maximum:
            yield Mismatch((), f"a number not above {self.maximum}", show(value))


class Float(Number):
    """A number of which no more is kept than a 64-bit float holds."""

    def canonical(self, value: Value) -> Hashable:
        if isinstance(value, Decimal) and value != value.to_integral_value():
            value = float(value)
        return freeze(value)


class Seconds(Number):
    """A duration in seconds, of which no more is kept than microseconds."""

    def canonical(self, value: Value) -> Hashable:
        if isinstance(value, Decimal) and value != value.to_integral_value():
            value = round(float(value), 6)
        return freeze(value)


class Integer(Number):
    """A whole number."""

    label = "integer"

    def problems(self, value: Value) -> Iterator[Mismatch]:
        if isinstance(value, Decimal) and value != value.to_integral_value():
            yield Mismatch((), "a whole number", show(value))
        yield from super().problems(value)


class Json(Kind):
    """A JSON document as text, as ``jsonencode`` writes it; compared as the document, not as the text."""

    type = STRING
    label = "JSON"

    def __init__(self, shape: Literal["any", "object", "array"] = "any") -> None:
        self.shape: Final = shape

    @staticmethod
    def load(text: str) -> Any:
        """The document; numbers keep every digit, as ``int`` or ``Decimal``.

        Raises ``ValueError`` for text that is not JSON, is nested too deeply, or has a number of over 10 000 digits.
        """
        return json.parse(text)

    @staticmethod
    def dump(document: Any) -> str:
        """The text as Terraform's ``jsonencode`` writes it: no spaces, keys sorted, every digit of a number."""
        text = json.write(document)
        # Go escapes what could end a script in HTML; in JSON these stand only inside strings.
        for character in "<>&\u2028\u2029":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return text

    def canonical(self, value: Value) -> Hashable:
        try:
            return self.canonical_document(self.load(value))
        except (ValueError, RecursionError):
            # Text that is not JSON is reported by `problems`; for comparison it is just text.
            return ("text", value)

    def canonical_document(self, document: Any) -> Hashable:
        """Equal for two documents exactly when they mean the same."""
        return freeze(document)

    def problems(self, value: Value) -> Iterator[Mismatch]:
        try:
            document = self.load(value)
        except ValueError as exc:
            yield Mismatch(
                (), "a JSON document: wrap the value in jsonencode()", f"text that is not JSON ({exc})"
            )
            return
        wanted = {"any": object, "object": dict, "array": list}[self.shape]
        if not isinstance(document, wanted):
            yield Mismatch((), f"a JSON {self.shape}", f"a JSON {json.kind_of(document)}")
        if problem := json.travel_problem(document):
            yield Mismatch((), *problem)


class Uuid(Kind):
    """A UUID as text; upper and lower case are the same."""

    type = STRING
    label = "UUID"

    def canonical(self, value: Value) -> Hashable:
        return str(value).lower()

    def problems(self, value: Value) -> Iterator[Mismatch]:
        if not is_uuid(value):
            yield Mismatch((), UUID_FORM, show(value))


class Timestamp(Kind):
    """An instant as RFC 3339 text; two spellings of one instant are the same."""

    type = STRING
    label = "RFC 3339 timestamp"

    def canonical(self, value: Value) -> Hashable:
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            return str(value)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)

    def problems(self, value: Value) -> Iterator[Mismatch]:
        try:
            datetime.fromisoformat(value)
        except ValueError:
            yield Mismatch((), "an RFC 3339 timestamp such as 2030-01-31T12:00:00Z", show(value))


class AnyValue(Kind):
    """A value of any type; lists, sets and tuples of equal elements are the same, as are maps and objects."""

    type = DYNAMIC
    label = "any value"


class Collection(Kind):
    """Several values of one kind."""

    def __init__(self, element: Kind) -> None:
        self.element: Final = element

    def _element_problems(self, key: str | int, value: Value) -> Iterator[Mismatch]:
        if value is None:
            yield Mismatch((key,), f"a {self.element.label}", "null")
        elif not isinstance(value, Unknown):
            for problem in self.element.problems(value):
                yield problem._replace(path=(key, *problem.path))


class ListOf(Collection):
    """Values of one kind, in order."""

    def __init__(self, element: Kind) -> None:
        super().__init__(element)
        self.type = ListType(element.type)
        self.label = f"list of {element.label}"

    def canonical(self, value: Value) -> Hashable:
        return tuple(self.element.freeze(item) for item in value)

    def problems(self, value: Value) -> Iterator[Mismatch]:
        for index, item in enumerate(value):
            yield from self._element_problems(index, item)


class InAnyOrder(ListOf):
    """Distinct values of one kind, whose order does not matter, that travel as a list all the same."""

    def canonical(self, value: Value) -> Hashable:
        return frozenset(self.element.freeze(item) for item in value)


class SetOf(Collection):
    """Distinct values of one kind; order does not matter."""

    def __init__(self, element: Kind) -> None:
        super().__init__(element)
        self.type = SetType(element.type)
        self.label = f"set of {element.label}"

    def canonical(self, value: Value) -> Hashable:
        return frozenset(self.element.freeze(item) for item in value)

    def problems(self, value: Value) -> Iterator[Mismatch]:
        for item in value:
            for problem in self._element_problems(0, item):
                yield problem._replace(path=())


class MapOf(Collection):
    """Values of one kind by name."""

    def __init__(self, element: Kind) -> None:
        super().__init__(element)
        self.type = MapType(element.type)
        self.label = f"map of {element.label}"

    def canonical(self, value: Value) -> Hashable:
        return frozenset((key, self.element.freeze(item)) for key, item in value.items())

    def problems(self, value: Value) -> Iterator[Mismatch]:
        for key, item in value.items():
            yield from self._element_problems(key, item)
