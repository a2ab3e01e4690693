"""Functions of the provider: a file for each, which has the function's name."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.plugin.language.function import Function

__all__ = ["NAMES", "find", "functions"]

NAMES: Final[Mapping[str, str]] = {
    "event_resource_id": "EventResourceId",
    "flow_name": "FlowName",
    "jinja": "Jinja",
    "parameter_schema": "ParameterSchema",
    "seconds": "Seconds",
    "yaml_automations": "YamlAutomations",
    "yaml_deployments": "YamlDeployments",
    "yaml_triggers": "YamlTriggers",
}
"""The class of each function, by the function's name, which is that of its module as well."""


def find(name: str) -> type[Function] | None:
    """The function of a name, without loading the others; ``None`` if there is none."""
    if name not in NAMES:
        return None
    found: Any = getattr(import_module(f"{__name__}.{name}"), NAMES[name])
    function: type[Function] = found
    return function


def functions() -> tuple[type[Function], ...]:
    """All functions, by name."""
    return tuple(function for function in map(find, NAMES) if function is not None)
