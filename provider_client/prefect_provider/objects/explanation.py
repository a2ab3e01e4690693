"""Errors of the API at the attributes that they concern: the server names its fields, Terraform shows attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.api import ApiError, NotFound
from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.plugin.language.nested import NestedKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.text.path import Path

__all__ = ["attribute_path", "explain_at_attribute"]


def explain_at_attribute(
    declaration: type[Declaration], error: Exception, refers_to: Mapping[str, str]
) -> Diagnostic | None:
    """The diagnostic for an error that names a field; ``None`` for any other.

    ``refers_to`` gives, for the attributes that name other objects, the resource type of the other object: a 404 that
    names its kind is about that attribute.
    """
    if not isinstance(error, ApiError):
        return None
    problems: Sequence[Any] = getattr(error, "problems", ())
    for problem in problems:
        path = attribute_path(declaration, problem.loc)
        if path:
            return Diagnostic("error", error.title, str(error), path)
    if isinstance(error, NotFound) and error.method in ("POST", "PATCH", "PUT"):
        for name, type_name in refers_to.items():
            noun = type_name.removeprefix("prefect_").replace("_", " ")
            if error.reason.casefold().startswith(noun):
                return Diagnostic("error", error.title, str(error), (name,))
    return None


def attribute_path(declaration: type[Declaration], loc: Sequence[str | int]) -> Path:
    """The path of the attribute that a path inside the API's body leads to; empty if it leads to none.

    It ends at the attribute that holds a document, and at a set: Terraform can point into neither.
    """
    for name, attribute in declaration.attributes.items():
        if not loc or not attribute.configurable or attribute.source != loc[0]:
            continue
        kind, rest = attribute.kind, loc[1:]
        if not isinstance(kind, NestedKind) or kind.mode == "set" or not rest:
            return (name,)
        if kind.mode == "single":
            return (name, *attribute_path(kind.nested, rest))
        return (name, rest[0], *attribute_path(kind.nested, rest[1:]))
    return ()
