"""One object, as its state has it and as the server has it: what is different, place by place.

It is compared as the provider compares it, by its declaration, so what is not a change in a plan is no difference
here: another spelling of the same meaning, what only the server sets, what the configuration leaves to the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from prefect_iac.drift.alignment import align
from prefect_iac.drift.documents import document_changes
from prefect_iac.drift.masking import Masking, document_of, told
from prefect_iac.secrecy.documents import hidden_keys, is_open
from prefect_provider.plugin.language.declaration import UNSET, Attribute, Declaration
from prefect_provider.plugin.language.kinds import AnyValue, Json, Kind, ListOf, MapOf, SetOf, Timestamp
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.language.values import Unknown
from prefect_provider.text.masking import SENSITIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from prefect_iac.drift.report import ValueChange
    from prefect_iac.plan.stored_object import StoredObject
    from prefect_provider.plugin.language.values import Value, Values
    from prefect_provider.text.path import Path

__all__ = ["Comparison", "compare"]

_IDENTITY: Final = "id"
"""Set by the server alone, as other attributes that are not compared; another one means another object."""

_READ_ONLY_WHERE_CONFIGURED: Final = frozenset({"base_job_template"})
"""Attributes that a server may fill in, and that the official provider leaves null where nobody configured them."""


class Comparison(NamedTuple):
    """What is different: certainly, or perhaps, where the state does not say who decides."""

    changes: tuple[ValueChange, ...]
    undecided: tuple[ValueChange, ...]
    updated: str | None = None
    """When the server says that the object was last changed."""


def compare(
    declaration: type[Declaration],
    stored: StoredObject,
    attributes: Mapping[str, Any],
    held: Values,
    actual: Values,
) -> Comparison:
    """What is different between ``held``, the state, and ``actual``, the server.

    ``attributes`` are the state's own JSON: what it lacks, the provider that wrote it did not have.
    """
    walk = _Walk(Masking(declaration, stored.sensitive, (held, actual)))
    changes: list[ValueChange] = []
    undecided: list[ValueChange] = []
    hidden = hidden_keys(held) | hidden_keys(actual)
    written_elsewhere = not declaration.attributes.keys() <= attributes.keys()
    for name, attribute in declaration.attributes.items():
        was, now = held.get(name), actual.get(name)
        if name not in attributes or not (_is_compared(attribute) or (name == _IDENTITY and was)):
            continue
        decides = _who_decides(attribute, stored, was, written_elsewhere=written_elsewhere)
        if decides != "server":
            found = walk.attribute(attribute, was, now, attributes[name], (name,), secret=name in hidden)
            (changes if decides == "configuration" else undecided).extend(found)
    updated = actual.get("updated")
    return Comparison(tuple(changes), tuple(undecided), updated if isinstance(updated, str) else None)


def _is_compared(attribute: Attribute) -> bool:
    # What only the server sets is not what anybody changed.
    return attribute.configurable and not attribute.volatile and not attribute.write_only


def _who_decides(
    attribute: Attribute, stored: StoredObject, was: Value, *, written_elsewhere: bool
) -> Literal["configuration", "server", "unknown"]:
    """Who decides on an attribute: where the configuration leaves it out, a plan keeps what the server has."""
    if not attribute.server_default:
        return "configuration"
    if stored.configured is not None:
        return "configuration" if attribute.name in stored.configured else "server"
    if attribute.sensitive and was is not None:
        # No server chooses a secret.
        return "configuration"
    if was is None or (attribute.reset is not UNSET and attribute.same(was, attribute.reset)):
        return "server"
    if written_elsewhere and attribute.name in _READ_ONLY_WHERE_CONFIGURED:
        return "configuration"
    return "configuration" if _is_spelled_by_hand(attribute.kind, was) else "unknown"


def _is_spelled_by_hand(kind: Kind, value: Value) -> bool:
    """Whether JSON is written as no server and no ``jsonencode`` writes it."""
    if not isinstance(kind, Json) or not isinstance(value, str):
        return False
    try:
        return Json.dump(Json.load(value)) != value
    except ValueError:
        return False


def _is_left_inside(attribute: Attribute, was: Value) -> bool:
    """Whether an attribute of a nested object is left to the server, as far as its value tells.

    An instant with a fraction of a second was read off the server's clock: people write whole seconds.
    """
    if not attribute.server_default:
        return False
    return was is None or (isinstance(attribute.kind, Timestamp) and isinstance(was, str) and "." in was)


class _Walk:
    """Goes down two versions of one object side by side, by its declaration."""

    def __init__(self, masking: Masking) -> None:
        self._masking = masking

    def attribute(
        self, attribute: Attribute, was: Value, now: Value, raw: Any, path: Path, *, secret: bool
    ) -> Iterator[ValueChange]:
        """The differences in one attribute; ``raw`` is the state's own JSON of it."""
        if attribute.same(was, now):
            return
        if was is None and attribute.default is not UNSET and attribute.same(now, attribute.default):
            return
        kind = attribute.kind
        if attribute.sensitive or self._masking.hides(path):
            yield told(path, SENSITIVE, SENSITIVE)
        elif secret or was is None or now is None or isinstance(now, Unknown):
            yield self._whole(kind, was, now, path, secret=secret)
        elif isinstance(kind, NestedKind):
            yield from self._nested(kind, was, now, raw, path)
        elif isinstance(kind, SetOf):
            yield from self._members(
                was, now, path, kind.element.freeze, partial(self._shown, kind.element, (*path, 0))
            )
        elif isinstance(kind, ListOf | MapOf | Json | AnyValue):
            yield from document_changes(document_of(kind, was), document_of(kind, now), path, self._masking)
        else:
            yield self._whole(kind, was, now, path)

    def _nested(
        self, kind: NestedKind, was: Value, now: Value, raw: Any, path: Path
    ) -> Iterator[ValueChange]:
        match kind.mode:
            case "single":
                yield from self._object(kind.nested, was, now, raw, path)
            case "map":
                yield from self._map(kind, was, now, raw, path)
            case "list":
                yield from self._list(kind, was, now, raw, path)
            case "set":
                show = partial(self._shown_object, kind.nested, (*path, 0))
                yield from self._members(was, now, path, kind.freeze_object, show)

    def _object(
        self, declaration: type[Declaration], was: Value, now: Value, raw: Any, path: Path
    ) -> Iterator[ValueChange]:
        if not isinstance(was, dict) or not isinstance(now, dict):
            # A list or map may hold null where an object is meant.
            if was is not now:
                yield told(path, *(self._shown_object(declaration, path, item) for item in (was, now)))
            return
        hidden = hidden_keys(was) | hidden_keys(now)
        given = raw if isinstance(raw, Mapping) else was
        for name, attribute in declaration.attributes.items():
            if name in given and _is_compared(attribute) and not _is_left_inside(attribute, was.get(name)):
                at = (*path, name)
                yield from self.attribute(
                    attribute, was.get(name), now.get(name), given[name], at, secret=name in hidden
                )

    def _map(self, kind: NestedKind, was: Values, now: Values, raw: Any, path: Path) -> Iterator[ValueChange]:
        given = raw if isinstance(raw, Mapping) else was
        for key in sorted({*was, *now}):
            at = (*path, key)
            if key not in now:
                yield told(at, self._shown_object(kind.nested, at, was[key]), None, "removed")
            elif key not in was:
                yield told(at, None, self._shown_object(kind.nested, at, now[key]), "added")
            elif kind.freeze_object(was[key]) != kind.freeze_object(now[key]):
                yield from self._object(kind.nested, was[key], now[key], given.get(key), at)

    def _list(
        self, kind: NestedKind, was: list[Value], now: list[Value], raw: Any, path: Path
    ) -> Iterator[ValueChange]:
        given = raw if isinstance(raw, list) and len(raw) == len(was) else was
        for pair in align(was, now, kind.freeze_object):
            match pair:
                case None, int(new):
                    at = (*path, new)
                    yield told(at, None, self._shown_object(kind.nested, at, now[new]), "added")
                case int(old), None:
                    at = (*path, old)
                    yield told(at, self._shown_object(kind.nested, at, was[old]), None, "removed")
                case int(old), int(new):
                    yield from self._object(kind.nested, was[old], now[new], given[old], (*path, old))

    @staticmethod
    def _members(
        was: list[Value],
        now: list[Value],
        path: Path,
        freeze_one: Callable[[Value], Hashable],
        show: Callable[[Value], Any],
    ) -> Iterator[ValueChange]:
        """What a set has lost and won."""
        before, after = {freeze_one(item): item for item in was}, {freeze_one(item): item for item in now}
        for member, item in before.items():
            if member not in after:
                yield told(path, show(item), None, "removed")
        for member, item in after.items():
            if member not in before:
                yield told(path, None, show(item), "added")

    def _whole(self, kind: Kind, was: Value, now: Value, path: Path, *, secret: bool = False) -> ValueChange:
        if secret and is_open(was) and is_open(now):
            secret = False
        return told(path, *(self._masking.shown(kind, value, path, secret=secret) for value in (was, now)))

    def _shown(self, kind: Kind, path: Path, value: Value) -> Any:
        return self._masking.shown(kind, value, path)

    def _shown_object(self, declaration: type[Declaration], path: Path, value: Value) -> Any:
        return self._masking.shown_object(declaration, value, path)
