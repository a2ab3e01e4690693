"""What must not be shown of one object: what Terraform hides, what is declared sensitive, what sounds secret.

A value that is known to be secret is hidden wherever else it stands in the object, too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.drift.report import How, ValueChange
from prefect_iac.secrecy.documents import hidden_keys, masked
from prefect_provider.plugin.language.kinds import Json, Kind, freeze
from prefect_provider.plugin.language.nested import NestedKind, nested_items
from prefect_provider.plugin.language.values import Dynamic, Unknown
from prefect_provider.text.masking import SENSITIVE, Secrets, texts_of
from prefect_provider.text.number import number_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.plugin.language.values import Value, Values
    from prefect_provider.text.path import Path

__all__ = ["Masking", "document_of", "told"]

_SHORTEST: Final = 8
"""Characters from which a secret is hidden also where nothing else tells of it; a shorter one may be any word."""

_LARGEST: Final = 10**300
"""Numbers beyond are text: what reads JSON mostly has 64-bit floats."""


class Masking:
    """The secrecy of one object, ``versions`` of which (its state, and what the server says) are known."""

    def __init__(
        self, declaration: type[Declaration], places: Iterable[Path], versions: Iterable[Values]
    ) -> None:
        self._declaration = declaration
        self._places = tuple(places)
        self._versions = tuple(versions)

    @cached_property
    def _secrets(self) -> Secrets:
        # Only where something is shown: to learn the spellings of many secrets takes its time.
        return Secrets(
            text
            for values in self._versions
            for value in self._hidden_values(self._declaration, values, ())
            for text in texts_of(value)
            if len(text) >= _SHORTEST
        )

    def hides(self, path: Path) -> bool:
        """Whether Terraform hides what is at a place, or something around it."""
        return any(_covers(place, path) for place in self._places)

    def shown(self, kind: Kind | None, value: Value, path: Path, *, secret: bool = False) -> Any:
        """The value as a report may have it, as JSON; ``secret``: it may be one as a whole."""
        return self._readable(self._masked(kind, value, path, secret=secret))

    def shown_object(self, declaration: type[Declaration], values: Value, path: Path) -> Any:
        """One of the objects of a nested attribute, as a report may have it."""
        return self._readable(SENSITIVE if self.hides(path) else self._object(declaration, values, path))

    def shown_document(self, document: Any, path: Path, *, secret: bool = False) -> Any:
        """A JSON document, which stands at ``path``, as a report may have it."""
        return self._readable(masked(self._without_places(document, path), secret=secret))

    def _masked(self, kind: Kind | None, value: Value, path: Path, *, secret: bool = False) -> Any:
        if value is None:
            return None
        if self.hides(path):
            return SENSITIVE
        if secret or not isinstance(kind, NestedKind):
            return masked(self._without_places(document_of(kind, value), path), secret=secret)
        match value:
            case list():
                return [self._object(kind.nested, item, (*path, index)) for index, item in enumerate(value)]
            case dict() if kind.mode == "map":
                return {key: self._object(kind.nested, item, (*path, key)) for key, item in value.items()}
        return self._object(kind.nested, value, path)

    def _object(self, declaration: type[Declaration], values: Value, path: Path) -> Any:
        if not isinstance(values, dict):
            return values
        hidden = hidden_keys(values)
        return {
            name: SENSITIVE
            if attribute.sensitive and values.get(name) is not None
            else self._masked(attribute.kind, values.get(name), (*path, name), secret=name in hidden)
            for name, attribute in declaration.attributes.items()
        }

    def _without_places(self, document: Any, path: Path) -> Any:
        """The document without what Terraform hides in it."""
        if document is None or not any(
            _covers(path, place) or _covers(place, path) for place in self._places
        ):
            return document
        if self.hides(path):
            return SENSITIVE
        match document:
            case Mapping():
                return {key: self._without_places(item, (*path, key)) for key, item in document.items()}
            case list():
                return [self._without_places(item, (*path, index)) for index, item in enumerate(document)]
        return document

    def _readable(self, document: Any) -> Any:
        match document:
            case str():
                return document if document == SENSITIVE else self._secrets.mask(document)
            case Mapping():
                return {key: self._readable(item) for key, item in document.items()}
            case list() | tuple():
                return [self._readable(item) for item in document]
            case bool() | None:
                return document
            case int() if abs(document) > _LARGEST:
                return number_text(document)
            case Decimal():
                number = float(document)
                return number if math.isfinite(number) else number_text(document)
        return document

    def _hidden_values(self, declaration: type[Declaration], values: Values, path: Path) -> Iterator[Any]:
        for name, attribute in declaration.attributes.items():
            value = values.get(name)
            at = (*path, name)
            if value is None or isinstance(value, Unknown):
                continue
            if attribute.sensitive or attribute.write_only or self.hides(at):
                yield document_of(attribute.kind, value)
            elif isinstance(attribute.kind, NestedKind):
                for below, item in nested_items(attribute.kind, value):
                    if isinstance(item, dict):
                        yield from self._hidden_values(attribute.kind.nested, item, (*at, *below))
            else:
                yield from self._hidden_in(document_of(attribute.kind, value), at)

    def _hidden_in(self, document: Any, path: Path) -> Iterator[Any]:
        if self.hides(path):
            yield document
        elif any(_covers(path, place) for place in self._places):
            items: Iterable[tuple[str | int, Any]] = ()
            if isinstance(document, Mapping):
                items = document.items()
            elif isinstance(document, list):
                items = enumerate(document)
            for step, item in items:
                yield from self._hidden_in(item, (*path, step))


def told(path: Path, was: Any, now: Any, how: How = "changed") -> ValueChange:
    """The change between two values as a report may have them; of a secret only that it changed."""
    if how == "changed" and (SENSITIVE in (was, now) or _differ_in_secrets_only(was, now)):
        return ValueChange(path, SENSITIVE, SENSITIVE, sensitive=True)
    return ValueChange(path, was, now, SENSITIVE in (was, now), how)


def _differ_in_secrets_only(was: Any, now: Any) -> bool:
    return freeze(was) == freeze(now) and SENSITIVE in str(was)


def document_of(kind: Kind | None, value: Value) -> Any:
    """A value as a document: JSON texts taken apart, dynamic values without their type, numbers exact."""
    if isinstance(value, str) and isinstance(kind, Json):
        try:
            return Json.load(value)
        except ValueError:
            return value
    match value:
        case Dynamic():
            return document_of(None, value.value)
        case list():
            return [document_of(None, item) for item in value]
        case dict():
            return {key: document_of(None, item) for key, item in value.items()}
    return value


def _covers(place: Path, path: Path) -> bool:
    """Whether a place is at or around a path; after a change the same element may have another index."""
    return len(place) <= len(path) and all(
        a == b or (isinstance(a, int) and isinstance(b, int)) for a, b in zip(place, path, strict=False)
    )
