"""Reads the arguments of a construct by the declaration of its resource.

Each becomes two things: what is written into the configuration, tokens included, and the value that the
declaration's rules can check, unknown where there is a token. What is not of its type is reported at its
place, and is unknown too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias
from uuid import UUID

from prefect_constructs._runtime import Construct
from prefect_constructs.documents import DocumentError, for_node, has_unresolved, json_text, plain, resolved
from prefect_constructs.node.configuration import Reference
from prefect_constructs.plain_values import PLAIN_TYPES, is_finite, plain_value
from prefect_constructs.references import Wrong, as_attribute
from prefect_constructs.tokens import expression_problem, is_unresolved, unescape
from prefect_provider.objects.mapping import dynamic_from_json
from prefect_provider.plugin.engine.validation import validate
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.language.kinds import (
    AnyValue,
    Bool,
    Collection,
    Json,
    Kind,
    MapOf,
    Number,
    Timestamp,
    Uuid,
)
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.values import UNKNOWN, Value, Values
from prefect_provider.rules.durations import DURATION_FIELDS, DURATION_FORM
from prefect_provider.text.number import canonical
from prefect_provider.text.path import Path, show_path
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import closest, show
from prefect_provider.text.spelling import names as quoted

if TYPE_CHECKING:
    from prefect_provider.plugin.language.declaration import Attribute, Declaration

__all__ = ["Arguments"]

Read = tuple[Any, Value]
"""What to write into the configuration, and the value to check."""

_Reader: TypeAlias = "Callable[[Arguments, Any, Any, Path], Read]"

_WRONG: Final[Read] = (None, UNKNOWN)


class Arguments:
    """The arguments of one construct, read.

    ``configuration`` holds the attributes that are set. ``values`` holds all attributes. ``diagnostics``
    holds what is wrong so far. ``references`` are the constructs that were given for attributes of the object
    itself, each with the attribute.
    """

    def __init__(self, declaration: type[Declaration], given: Mapping[str, Any]) -> None:
        self.diagnostics: Final = Diagnostics()
        self.references: Final[list[tuple[str, Construct]]] = []
        self._sensitive = False
        self.configuration, self.values = self._object(declaration, given, ())
        validate(declaration, self.values, self.diagnostics)

    def forget_wrong(self) -> None:
        """Make unknown what is wrong, so that further checks do not stumble over it."""
        for problem in self.diagnostics:
            _forget(self.values, problem.path)

    def _wrong(self, path: Path, expected: str, value: object, remedy: str = "") -> Read:
        got = "a sensitive value" if self._sensitive else show(value)
        if value is not None and not isinstance(value, (str, bool, int, float, Decimal)):
            got = f"a {type(value).__name__}" if self._sensitive else f"{got} ({type(value).__name__})"
        return self._refuse(path, expected, got, remedy)

    def _refuse(self, path: Path, expected: str, got: str, remedy: str = "") -> Read:
        detail = say(expected=expected, got=got, remedy=remedy)
        self.diagnostics.error(f"Invalid value for `{show_path(path)}`", detail, path)
        return _WRONG

    def _object(
        self, declaration: type[Declaration], given: Mapping[str, Any], path: Path
    ) -> tuple[dict[str, Any], Values]:
        configuration: dict[str, Any] = {}
        attributes = declaration.attributes
        values: Values = dict.fromkeys(attributes)
        known, required = _names(declaration)
        if not given.keys() <= known:
            self._unknown_names(declaration, given, path)
        missing = [name for name in required if given.get(name) is None]
        for name in attributes if missing else [name for name in attributes if name in given]:
            item = given.get(name)
            if item is not None and name in known:
                configuration[name], values[name] = self._attribute(attributes[name], item, (*path, name))
            elif name in missing:
                place = show_path((*path, name))
                told = f"Missing. {attributes[name].description}"
                self.diagnostics.error(f"No `{place}`", told, (*path, name))
                values[name] = UNKNOWN
        return configuration, values

    def _unknown_names(self, declaration: type[Declaration], given: Mapping[str, Any], path: Path) -> None:
        names = [name for name, attribute in declaration.attributes.items() if attribute.configurable]
        for name in given:
            if name in names:
                continue
            near = closest(str(name), names)
            remedy = f"Did you mean `{near}`?" if near else f"There are {quoted(names)}."
            self.diagnostics.error(f"There is no `{show_path((*path, str(name)))}`", remedy, path)

    def _attribute(self, attribute: Attribute, item: Any, path: Path) -> Read:
        outside, self._sensitive = self._sensitive, self._sensitive or attribute.sensitive
        try:
            if attribute.deprecated:
                self.diagnostics.warning(f"`{show_path(path)}` is deprecated", attribute.deprecated, path)
            return self._value(attribute.kind, item, path)
        finally:
            self._sensitive = outside

    def _value(self, kind: Kind, item: Any, path: Path) -> Read:
        item = plain_value(item)
        if item is None:
            return None, None
        if type(item) not in PLAIN_TYPES:
            if isinstance(item, Construct):
                return self._construct(kind, item, path)
            if isinstance(item, Reference):
                return item, UNKNOWN
        if is_unresolved(item):
            shell = expression_problem(item) if isinstance(item, str) else None
            if shell is None:
                return item, UNKNOWN
            return self._wrong(
                path,
                "Terraform expressions in ${ } and %{ }",
                shell,
                "For a text that holds these signs itself, use `literal(...)`.",
            )
        return self._reader(kind)(self, kind, item, path)

    def _construct(self, kind: Kind, item: Construct, path: Path) -> Read:
        """A construct, which stands for its id or name where that is what the attribute holds."""
        given = as_attribute(item, str(path[-1]))
        if isinstance(given, Wrong):
            return self._refuse(path, given.expected or _one_of(kind), given.got, given.remedy)
        if len(path) == 1:
            self.references.append((str(path[0]), item))
        return given, UNKNOWN

    def _text(self, kind: Kind, item: Any, path: Path) -> Read:
        if isinstance(kind, Uuid) and isinstance(item, UUID):
            item = str(item)
        elif isinstance(kind, Timestamp) and isinstance(item, datetime):
            if item.tzinfo is None:
                return self._wrong(
                    path, "a time with its time zone", item, "Give it a `tzinfo`, such as `UTC`."
                )
            item = item.isoformat()
        return (item, unescape(item)) if isinstance(item, str) else self._wrong(path, _one_of(kind), item)

    def _bool(self, kind: Kind, item: Any, path: Path) -> Read:
        return (item, item) if isinstance(item, bool) else self._wrong(path, "True or False", item)

    def _number(self, kind: Kind, item: Any, path: Path) -> Read:
        if isinstance(item, bool) or not isinstance(item, (int, float, Decimal)) or not is_finite(item):
            remedy = "Write it without quotes." if isinstance(item, str) and item.strip().isdigit() else ""
            lasts = path[-1] in DURATION_FIELDS and isinstance(item, str) and not remedy
            return self._wrong(path, DURATION_FORM if lasts else _one_of(kind), item, remedy)
        try:
            exact = canonical(Decimal(repr(item)) if isinstance(item, float) else item)
        except ValueError as error:
            return self._refuse(path, _one_of(kind), f"one of {error}")
        return for_node(exact), exact

    def _json(self, kind: Json, item: Any, path: Path) -> Read:
        if isinstance(item, str):
            return item, unescape(item)
        document, known = self._document(item, path)
        if document is None:
            return _WRONG
        return json_text(document), kind.dump(resolved(document)) if known else UNKNOWN

    def _any(self, kind: Kind, item: Any, path: Path) -> Read:
        document, known = self._document(item, path)
        if document is None:
            return _WRONG
        return for_node(document), dynamic_from_json(resolved(document)) if known else UNKNOWN

    def _document(self, item: Any, path: Path) -> tuple[Any, bool]:
        """The document, ``None`` if it is wrong, and whether all of it is known."""
        try:
            document = plain(item)
        except DocumentError as error:
            got = "a sensitive value" if self._sensitive else error.got
            self._refuse((*path, *error.path), error.expected, got)
            return None, False
        return document, not has_unresolved(document)

    def _collection(self, kind: Collection, item: Any, path: Path) -> Read:
        if isinstance(item, str):
            return self._wrong(path, _one_of(kind), item, f'Write `["{item}"]`.')
        if not isinstance(item, (Sequence, AbstractSet)):
            return self._wrong(path, _one_of(kind), item)
        # Sets have no order of their own, and the configuration is to be the same each time.
        items: Iterable[Any] = sorted(item, key=str) if isinstance(item, AbstractSet) else item
        read = [self._value(kind.element, one, (*path, index)) for index, one in enumerate(items)]
        return [one for one, _ in read], [value for _, value in read]

    def _map(self, kind: MapOf, item: Any, path: Path) -> Read:
        if not isinstance(item, Mapping):
            return self._wrong(path, _one_of(kind), item)
        read = self._keyed(item, path, lambda one, here: self._value(kind.element, one, here))
        return {key: one for key, (one, _) in read.items()}, {key: value for key, (_, value) in read.items()}

    def _keyed(
        self, item: Mapping[Any, Any], path: Path, read: Callable[[Any, Path], Read]
    ) -> dict[str, Read]:
        """Each value read, by its key, which has to be a text."""
        found: dict[str, Read] = {}
        for key, one in item.items():
            text = plain_value(key)
            if isinstance(text, str):
                found[text] = read(one, (*path, text))
            else:
                self._refuse(path, "texts as keys", f"{show(text)} ({type(text).__name__})")
        return found

    def _nested(self, kind: NestedKind, item: Any, path: Path) -> Read:
        if kind.mode == "single":
            return self._one(kind, item, path)
        if kind.mode == "map":
            if not isinstance(item, Mapping):
                return self._wrong(path, "a mapping of mappings", item)
            keyed = self._keyed(item, path, lambda one, here: self._one(kind, one, here))
            return (
                {key: one for key, (one, _) in keyed.items()},
                {key: value for key, (_, value) in keyed.items()},
            )
        if isinstance(item, (str, Mapping)) or not isinstance(item, Sequence):
            return self._wrong(path, "a list of mappings", item)
        read = [self._one(kind, one, (*path, index)) for index, one in enumerate(item)]
        return [one for one, _ in read], [value for _, value in read]

    def _one(self, kind: NestedKind, item: Any, path: Path) -> Read:
        if is_unresolved(item):
            return item, UNKNOWN
        if not isinstance(item, Mapping):
            return self._wrong(path, "a mapping", item)
        return self._object(kind.nested, item, path)

    _READERS: ClassVar[tuple[tuple[type[Kind], _Reader], ...]] = (
        (NestedKind, _nested),
        (MapOf, _map),
        (Collection, _collection),
        (Json, _json),
        (AnyValue, _any),
        (Number, _number),
        (Bool, _bool),
        (Kind, _text),
    )
    _BY_KIND: ClassVar[dict[type[Kind], _Reader]] = {}

    def _reader(self, kind: Kind) -> _Reader:
        """The method that reads values of a kind."""
        known = self._BY_KIND.get(type(kind))
        if known is None:
            known = next(read for type_, read in self._READERS if isinstance(kind, type_))
            self._BY_KIND[type(kind)] = known
        return known


def _names(declaration: type[Declaration]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The attributes that can be configured, and those that have to be."""
    known = _NAMES.get(declaration)
    if known is None:
        attributes = declaration.attributes.items()
        configurable = frozenset(name for name, one in attributes if one.configurable)
        known = configurable, tuple(name for name, one in attributes if one.required)
        _NAMES[declaration] = known
    return known


_NAMES: Final[dict[type[Declaration], tuple[frozenset[str], tuple[str, ...]]]] = {}


def _one_of(kind: Kind) -> str:
    return f"{'an' if kind.label[0] in 'aeio' else 'a'} {kind.label}"


def _forget(values: Any, path: Path) -> None:
    """Put an unknown value where ``path`` leads, or where the last step that exists does."""
    if not path:
        return
    step, *rest = path
    inside = isinstance(values, dict) or (
        isinstance(values, list) and isinstance(step, int) and step < len(values)
    )
    if not inside:
        return
    below = values.get(step) if isinstance(values, dict) else values[step]
    if rest and isinstance(below, (dict, list)):
        _forget(below, tuple(rest))
    else:
        values[step] = UNKNOWN
