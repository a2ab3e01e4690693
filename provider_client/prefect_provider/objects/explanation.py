"""Errors of the API at the attributes that they concern: the server names its fields, Terraform shows attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.api import ApiError, NotFound
from prefect_provider.objects.references import REFERENCES
from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.plugin.language.nested import NestedKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prefect_provider.plugin.language.declaration import Declaration
    from prefect_provider.text.path import Path

__all__ = ["attribute_path", "explain_anywhere", "explain_at_attribute"]


def explain_at_attribute(declaration: type[Declaration], error: Exception) -> Diagnostic | None:
    """The diagnostic for an error that names a field; ``None`` for any other.

    A write that is answered with 404 is about the attribute that refers to an object of the kind that is missing.
    """
    if not isinstance(error, ApiError):
        return None
    problems: Sequence[Any] = getattr(error, "problems", ())
    for problem in problems:
        path = attribute_path(declaration, problem.loc)
        if path:
            return Diagnostic("error", error.title, str(error), path)
    if isinstance(error, NotFound) and error.method in ("POST", "PATCH", "PUT"):
        for name in declaration.attributes:
            referred = REFERENCES.get(name)
            if referred is not None and error.reason.casefold().startswith(_noun(referred.type_name)):
                return Diagnostic("error", error.title, str(error), (name,))
    return None


def explain_anywhere(declaration: type[Declaration], error: Exception) -> Diagnostic | None:
    """The diagnostic for an error that names an attribute at any depth of the body, for one that wraps the object."""
    for problem in getattr(error, "problems", ()):
        named = [step for step in problem.loc if step in declaration.attributes]
        if named:
            return Diagnostic("error", f"Prefect does not accept `{named[0]}`", str(error), (named[0],))
    return None


def _noun(type_name: str) -> str:
    return type_name.removeprefix("prefect_").replace("_", " ")


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
