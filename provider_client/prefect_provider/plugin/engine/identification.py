"""Identities: what names an object for good, apart from the state that describes it.

They are derived from the attributes that a resource declares to name its objects. Terraform keeps an identity beside
the state, and can import by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.plugin.engine.validation import describe
from prefect_provider.plugin.language.types import ObjectType
from prefect_provider.plugin.language.values import has_unknown
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from prefect_provider.plugin.language.resource import Resource
    from prefect_provider.plugin.language.values import Values

__all__ = ["identity_names", "identity_type", "is_whole", "validate_identity"]


def identity_names(kind: type[Resource]) -> tuple[str, ...]:
    """The attributes of an identity."""
    return (*kind.identified_by, *kind.located_by)


def identity_type(kind: type[Resource]) -> ObjectType:
    """The Terraform type of an identity."""
    return ObjectType({name: kind.attributes[name].kind.type for name in identity_names(kind)})


def is_whole(kind: type[Resource], identity: Values | None) -> bool:
    """Whether an identity names an object that there is."""
    return (
        identity is not None
        and not has_unknown(identity)
        and all(identity.get(name) is not None for name in kind.identified_by)
    )


def validate_identity(kind: type[Resource], identity: Values, diagnostics: Diagnostics) -> None:
    """Report what keeps an identity from being one of these objects'."""
    for name in identity_names(kind):
        value = identity.get(name)
        if value is not None:
            for problem in kind.attributes[name].kind.problems(value):
                summary, detail, _ = describe((name,), problem)
                diagnostics.error(f"{summary} of an identity", detail)
        elif name in kind.identified_by:
            diagnostics.error(
                f"Incomplete identity of {kind.type_name}", say(expected=f"`{name}`", got="none")
            )
