"""What objects there are: every module below `server` and `cloud` contributes the classes that it defines.

A new object is one new module there; nothing else lists it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final, TypeVar

from prefect_provider.objects.remote import RemoteObject
from prefect_provider.plugin.language.resource import DataSource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

__all__ = ["DATA_SOURCES", "RESOURCES"]

_ROOMS: Final = ("prefect_provider.objects.server", "prefect_provider.objects.cloud")

_Kind = TypeVar("_Kind", bound=type)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in iter_modules(package.__path__):
        module = import_module(f"{package.__name__}.{found.name}")
        yield module
        if found.ispkg:
            yield from _modules(module)


def _defined(base: _Kind, modules: list[ModuleType]) -> tuple[_Kind, ...]:
    """The classes of a type that the modules themselves define, by type name."""
    found = [
        member
        for module in modules
        for member in vars(module).values()
        if isinstance(member, type)
        and issubclass(member, base)
        and member.__module__ == module.__name__
        and vars(member).get("type_name")
    ]
    return tuple(sorted(found, key=lambda kind: str(kind.type_name)))  # type: ignore[attr-defined]


_MODULES: Final = [module for room in _ROOMS for module in _modules(import_module(room))]

RESOURCES: Final[tuple[type[RemoteObject], ...]] = _defined(RemoteObject, _MODULES)
"""All resource types, by name."""

DATA_SOURCES: Final[tuple[type[DataSource], ...]] = _defined(DataSource, _MODULES)
"""All data sources, by name."""
