"""State against reality: what has changed on the server since Terraform last looked, without Terraform.

Every object of the state is read with the code of its resource, and compared as the provider compares it, so
what is not a change in a plan is no drift here.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.drift.state import StoredObject, with_types
from prefect_provider.objects.catalogue import RESOURCES
from prefect_provider.objects.mapping import plain
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.engine.reconciliation import Difference, differences
from prefect_provider.plugin.language.declaration import UNSET, Declaration
from prefect_provider.plugin.language.kinds import Json, Kind
from prefect_provider.plugin.language.nested import NestedKind
from prefect_provider.plugin.wire.codec_error import CodecError
from prefect_provider.plugin.wire.state_json import from_json
from prefect_provider.provider import PrefectProvider
from prefect_provider.text.path import Path, show_path

if TYPE_CHECKING:
    from prefect_provider.api import Client
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Value

__all__ = ["Changed", "Missing", "Report", "Unreadable", "ValueChange", "find_drift"]

_AT_ONCE: Final = 32
_RESOURCES: Final = {resource.type_name: resource for resource in RESOURCES}
_SECRET_KEY: Final = re.compile(
    r"(?i)(^|[_\-.])(auth|authorization|credentials?|dsn|key|passw(or)?d|passphrase|pwd|secrets?|tokens?)($|[_\-.])"
)
SENSITIVE: Final = "(sensitive)"


class ValueChange(NamedTuple):
    """One attribute, or one place in a JSON attribute, that is no longer as the state has it.

    ``was`` and ``now`` are JSON values; both are ``"(sensitive)"`` where they may be secret.
    """

    path: str
    was: Any
    now: Any
    sensitive: bool

    def to_json(self) -> dict[str, Any]:
        """As the report for programs has it."""
        return {"attribute": self.path, "was": self.was, "is": self.now, "sensitive": self.sensitive}


class Changed(NamedTuple):
    """An object of which something is different."""

    address: str
    type: str
    id: str
    changes: tuple[ValueChange, ...]


class Missing(NamedTuple):
    """An object that no longer exists."""

    address: str
    type: str
    id: str


class Unreadable(NamedTuple):
    """An object of which nothing can be said, and why."""

    address: str
    type: str
    id: str
    reason: str


class Report:
    """What was found, in the order of the state."""

    def __init__(self, findings: Sequence[Changed | Missing | Unreadable | None]) -> None:
        self.checked: Final = len(findings)
        self.changed: Final = [item for item in findings if isinstance(item, Changed)]
        self.missing: Final = [item for item in findings if isinstance(item, Missing)]
        self.unreadable: Final = [item for item in findings if isinstance(item, Unreadable)]

    @property
    def exit_code(self) -> int:
        """0: none; 2: drift; 1: something could not be read, so that nobody takes silence for sameness."""
        if self.unreadable:
            return 1
        return 2 if self.changed or self.missing else 0

    def to_json(self) -> str:
        """The report for programs; ``version`` changes when the form does."""
        document = {
            "version": 1,
            "summary": {
                "checked": self.checked,
                "changed": len(self.changed),
                "missing": len(self.missing),
                "unreadable": len(self.unreadable),
            },
            "changed": [
                item._asdict() | {"changes": [change.to_json() for change in item.changes]}
                for item in self.changed
            ],
            "missing": [item._asdict() for item in self.missing],
            "unreadable": [item._asdict() for item in self.unreadable],
        }
        return json.dumps(document, indent=2, ensure_ascii=False)

    def to_text(self) -> str:
        """The report for people."""
        lines: list[str] = []
        for item in self.changed:
            lines.append(f"{item.address} has changed ({item.id})")
            lines += [
                f"    {change.path}: {_show(change.was)} -> {_show(change.now)}" for change in item.changes
            ]
        lines += [f"{item.address} is missing ({item.id})" for item in self.missing]
        lines += [f"{item.address} could not be read ({item.id}): {item.reason}" for item in self.unreadable]
        if lines:
            lines.append("")
        drifted = len(self.changed) + len(self.missing)
        summary = f"{self.checked} {_plural(self.checked)} checked: "
        summary += f"{len(self.changed)} changed, {len(self.missing)} missing" if drifted else "no drift"
        if self.unreadable:
            summary += f"; {len(self.unreadable)} could not be read"
        return "\n".join([*lines, f"{summary}."])


def _plural(count: int) -> str:
    return "object" if count == 1 else "objects"


def _show(value: Any) -> str:
    return SENSITIVE if value == SENSITIVE else json.dumps(value, ensure_ascii=False)


async def find_drift(objects: Iterable[StoredObject], client: Client) -> Report:
    """Compare the Prefect objects of a state with the server; objects of other providers are left out."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def check(stored: StoredObject) -> Changed | Missing | Unreadable | None:
        async with gate:
            return await _check(stored, client)

    ours = [stored for stored in objects if stored.type.startswith("prefect_")]
    return Report(await asyncio.gather(*map(check, ours)))


async def _check(stored: StoredObject, client: Client) -> Changed | Missing | Unreadable | None:
    id_ = str(stored.attributes.get("id", ""))
    kind = _RESOURCES.get(stored.type)
    if kind is None:
        return Unreadable(stored.address, stored.type, id_, "prefect-iac does not know this type of object")
    try:
        state = _values(kind, stored)
    except (CodecError, ValueError) as error:
        return Unreadable(stored.address, stored.type, id_, str(error))
    outcome = await lifecycle.refresh(kind, client, state, {}, PrefectProvider().explain)
    if outcome.diagnostics.has_errors:
        reasons = [
            f"{item.summary}. {item.detail}" for item in outcome.diagnostics if item.severity == "error"
        ]
        return Unreadable(stored.address, stored.type, id_, " ".join(reasons))
    if outcome.state is None:
        return Missing(stored.address, stored.type, id_)
    found = tuple(
        change
        for difference in differences(kind, outcome.state, state)
        if not _is_left_to_the_server(kind, stored, difference)
        for change in _value_changes(kind, difference)
    )
    return Changed(stored.address, stored.type, id_, found) if found else None


def _is_left_to_the_server(kind: type[Resource], stored: StoredObject, difference: Difference) -> bool:
    """Whether the attribute is one that the configuration leaves to the server, so that a plan would keep its value.

    The provider notes beside the state which of these are configured. Without that note, one that has the
    value of nothing is taken for left out.
    """
    attribute = kind.attributes[str(difference.path[0])]
    if attribute.name not in stored.attributes:
        # Written by a provider that did not have the attribute: nobody configured it.
        return True
    if not attribute.server_default:
        return False
    if stored.private is not None:
        return attribute.name not in stored.private.get("configured", ())
    return (
        attribute.reset is not UNSET
        and len(difference.path) == 1
        and attribute.same(difference.was, attribute.reset)
    )


def _values(kind: type[Resource], stored: StoredObject) -> dict[str, Any]:
    if stored.schema_version > kind.schema_version:
        msg = f"its state has schema version {stored.schema_version}, newer than this prefect-iac knows"
        raise ValueError(msg)
    attributes = stored.attributes
    if stored.schema_version < kind.schema_version:
        attributes = kind.upgrade(stored.schema_version, attributes)
    elif stored.shown:
        attributes = with_types(kind, attributes)
    values: dict[str, Any] = from_json(attributes, kind.object_type(), ignore_extra=True)
    return values


def _value_changes(kind: type[Declaration], difference: Difference) -> Iterator[ValueChange]:
    """One change for each place that differs; JSON attributes are compared inside."""
    path = show_path(difference.path)
    if difference.sensitive:
        yield ValueChange(path, SENSITIVE, SENSITIVE, sensitive=True)
        return
    at_path = _kind_at(kind, difference.path)
    was, now = _document(at_path, difference.was), _document(at_path, difference.now)
    for step, before, after, secret in _inner(was, now, secret=_is_secret(difference.path)):
        was_shown, now_shown = (SENSITIVE, SENSITIVE) if secret else (before, after)
        yield ValueChange(show_path((*difference.path, *step)), was_shown, now_shown, secret)


def _document(kind: Kind | None, value: Value) -> Any:
    """A value as a JSON document: JSON texts in it unpacked, sensitive attributes masked."""
    if isinstance(value, str) and isinstance(kind, Json):
        try:
            return plain(Json.load(value))
        except ValueError:
            return value
    if not isinstance(kind, NestedKind):
        return plain(value)
    match value:
        case list():
            return [_object(kind.nested, item) for item in value]
        case dict() if kind.mode == "map":
            return {key: _object(kind.nested, item) for key, item in value.items()}
    return _object(kind.nested, value)


def _object(declaration: type[Declaration], values: Value) -> Any:
    if not isinstance(values, dict):
        return values
    return {
        name: SENSITIVE
        if attribute.sensitive and values.get(name) is not None
        else _document(attribute.kind, values.get(name))
        for name, attribute in declaration.attributes.items()
    }


def _inner(was: Any, now: Any, *, secret: bool, path: Path = ()) -> Iterator[tuple[Path, Any, Any, bool]]:
    if was == now and type(was) is type(now):
        return
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        for key in sorted({*was, *now}):
            yield from _inner(
                was.get(key), now.get(key), secret=secret or _is_secret((key,)), path=(*path, key)
            )
        return
    yield path, _masked(was), _masked(now), secret


def _is_secret(path: Path) -> bool:
    return any(isinstance(step, str) and _SECRET_KEY.search(step) for step in path)


def _masked(value: Any) -> Any:
    """The value without what lies under a key that sounds secret."""
    match value:
        case dict():
            return {key: SENSITIVE if _is_secret((key,)) else _masked(item) for key, item in value.items()}
        case list():
            return [_masked(item) for item in value]
    return value


def _kind_at(declaration: type[Declaration], path: Path) -> Kind | None:
    """The kind of the attribute at a path."""
    inside: type[Declaration] | None = declaration
    kind: Kind | None = None
    for step in path:
        if inside is not None and isinstance(step, str) and step in inside.attributes:
            kind = inside.attributes[step].kind
            inside = kind.nested if isinstance(kind, NestedKind) and kind.mode == "single" else None
        elif isinstance(kind, NestedKind) and inside is None:
            inside = kind.nested
    return kind
