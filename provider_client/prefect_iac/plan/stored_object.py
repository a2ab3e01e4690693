"""One object of a Terraform state, and how the parts of a state's JSON are taken out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from prefect_provider.text import json
from prefect_provider.text.problem import expectation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from prefect_provider.text.path import Path

__all__ = [
    "StateError",
    "StoredObject",
    "damaged",
    "entries",
    "field",
    "is_of_prefect",
    "json_kind",
    "managed_ids",
]

_KINDS: Final = {dict: "object", int: "number", list: "array", str: "string"}
_T = TypeVar("_T")

_SOURCES: Final = ("prefect-iac/prefect", "prefecthq/prefect")
"""Namespace and name of the providers whose objects these are: ours and the official one, in any registry."""

_PUBLIC: Final = ("registry.terraform.io", "registry.opentofu.org")
"""Where anybody may publish a provider of that name; a private registry has one under its organization's."""


class StateError(ValueError):
    """The text is not a Terraform state that can be read; the message says what it is instead."""


class StoredObject(NamedTuple):
    """One object that Terraform manages, as its state has it."""

    address: str
    type: str
    """Empty for an entry of the state that does not say what it is."""
    provider: str
    """Source address, such as ``registry.terraform.io/prefect-iac/prefect``; empty where the state has none."""
    schema_version: int | None
    """``None``: the one that the provider has now."""
    attributes: dict[str, Any]
    shown: bool
    """Whether ``terraform show -json`` printed it: a value of dynamic type is then without its type."""
    configured: frozenset[str] | None = None
    """Which attributes the configuration sets although the server could; ``None`` where nothing says so."""
    sensitive: frozenset[Path] = frozenset()
    """Places whose values Terraform hides; an index stands for any."""
    damage: str = ""
    """Why it cannot be read; empty where it can."""


def managed_ids(objects: Iterable[StoredObject]) -> set[str]:
    """The ids in the states, in small letters; a flow belongs to the deployments that were made of it."""
    ids: set[str] = set()
    for stored in objects:
        if stored.type.startswith("prefect_"):
            ids |= {
                str(stored.attributes[key]).lower() for key in ("id", "flow_id") if stored.attributes.get(key)
            }
    return ids


def damaged(place: str, kind: str, what: str) -> StoredObject:
    """An entry of a state that cannot be read; ``place`` is its address, or where it stands."""
    return StoredObject(place, kind, "", None, {}, shown=False, damage=what)


def field(holder: Mapping[str, Any], name: str, kind: type[_T], missing: _T | None = None) -> _T:
    """A field of the given type; ``missing`` where there is none, if it may be missing.

    Raises :class:`StateError` for another type.
    """
    value = holder.get(name)
    if value is None and missing is not None:
        return missing
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    msg = f"the state is damaged: {expectation(f'a JSON {_KINDS[kind]} as `{name}`', json_kind(value))}"
    raise StateError(msg)


def entries(
    holder: Mapping[str, Any], name: str, place: str
) -> Iterator[tuple[str, dict[str, Any] | StoredObject]]:
    """Each JSON object in a list that may be missing, with where it stands; of another entry, what is wrong.

    Raises :class:`StateError` where there is something else than a list.
    """
    items: list[Any] = field(holder, name, list, [])
    for index, item in enumerate(items):
        at = f"{place}{name}[{index}]"
        if isinstance(item, dict):
            yield at, item
        else:
            what = f"the state is damaged: {expectation('a JSON object', json_kind(item))}"
            yield at, damaged(at, "", what)


def json_kind(value: object) -> str:
    """What a message calls a value of JSON."""
    return "nothing" if value is None else f"a JSON {json.kind_of(value)}"


def is_of_prefect(kind: str, provider: str) -> bool:
    """Whether an object of that type is one of Prefect; ``provider`` is a source address, empty if it is not told."""
    if not kind.startswith("prefect_"):
        return False
    *host, namespace, name = ["", "", *provider.split("/")]
    is_private = name == "prefect" and bool(host[-1]) and host[-1] not in _PUBLIC
    return not provider or f"{namespace}/{name}" in _SOURCES or is_private
