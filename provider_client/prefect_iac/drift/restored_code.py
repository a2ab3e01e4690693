"""An object that was deleted as the block of configuration that somebody would write for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_iac.configuration.content import configured
from prefect_iac.configuration.expressions import Hidden, JsonText
from prefect_iac.configuration.hcl import block
from prefect_iac.secrecy.documents import masked

if TYPE_CHECKING:
    from prefect_provider.plugin.language.declaration import Attribute
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Values

__all__ = ["resource_block"]

_HIDDEN: Final = Hidden("hidden; --show-values prints it")

_NEVER_SHOWN: Final = frozenset({"value", "parameters", "job_variables", "payload"})
"""Attributes whose values are for flows, and may be anything."""


def resource_block(kind: type[Resource], label: str, values: Values, *, show_values: bool) -> str:
    """The ``resource`` block of an object with these values: what differs from its default, without its id.

    Unless ``show_values``, what flows are given is hidden, and what may be secret elsewhere.
    """
    body = configured(kind, values, _shown if show_values else _without_secrets)
    return block(f'resource "{kind.type_name}" "{label}"', body)


def _shown(_: Attribute, value: Any) -> Any:
    return value


def _without_secrets(attribute: Attribute, value: Any) -> Any:
    if attribute.sensitive or attribute.name in _NEVER_SHOWN:
        return _HIDDEN
    if isinstance(value, JsonText):
        return JsonText(masked(value.document))
    return masked({attribute.name: value})[attribute.name]
