"""What objects there are: every module below `server` and `cloud` contributes the classes that it defines.

A new object is one new module there; nothing else lists it.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final

from prefect_provider.objects.remote import RemoteObject
from prefect_provider.plugin.language.action import Action
from prefect_provider.plugin.language.resource import DataSource, EphemeralResource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

__all__ = [
    "ACTIONS",
    "CLOUD_RESOURCES",
    "DATA_SOURCES",
    "EPHEMERAL_RESOURCES",
    "RESOURCES",
    "SERVER_RESOURCES",
    "RemoteObject",
]

_ROOMS: Final = ("prefect_provider.objects.server", "prefect_provider.objects.cloud")


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in iter_modules(package.__path__):
        module = import_module(f"{package.__name__}.{found.name}")
        yield module
        if found.ispkg:
            yield from _modules(module)


def _declared() -> list[type[RemoteObject | DataSource | EphemeralResource | Action]]:
    """The declarations that the modules themselves define and give a type name, by that name."""
    found = [
        member
        for room in _ROOMS
        for module in _modules(import_module(room))
        for member in vars(module).values()
        if isinstance(member, type)
        and issubclass(member, RemoteObject | DataSource | EphemeralResource | Action)
        and member.__module__ == module.__name__
        and "type_name" in vars(member)
    ]
    return sorted(found, key=lambda kind: kind.type_name)


_DECLARED: Final = _declared()

RESOURCES: Final = tuple(kind for kind in _DECLARED if issubclass(kind, RemoteObject))
"""All resource types, by name."""

CLOUD_RESOURCES: Final = tuple(kind for kind in RESOURCES if kind.cloud_only)
"""Those that only Prefect Cloud has."""

SERVER_RESOURCES: Final = tuple(kind for kind in RESOURCES if not kind.cloud_only)
"""Those that a self-hosted server has too."""

DATA_SOURCES: Final = tuple(kind for kind in _DECLARED if issubclass(kind, DataSource))
"""All data sources, by name."""

EPHEMERAL_RESOURCES: Final = tuple(kind for kind in _DECLARED if issubclass(kind, EphemeralResource))
"""All ephemeral resources, by name."""

ACTIONS: Final = tuple(kind for kind in _DECLARED if issubclass(kind, Action))
"""All actions, by name."""


def __getattr__(name: str) -> type[RemoteObject]:
    """A resource by the name of its class."""
    for kind in RESOURCES:
        if kind.__name__ == name:
            return kind
    msg = f"there is no resource {name}"
    raise AttributeError(msg)
