"""What Prefect (3.8) refuses of a deployment in words that do not name the attribute, at the attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.api import ApiError
from prefect_provider.plugin.language.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["explain_fault"]

_TELLING: Final = (
    # What the answer says, how the path of the request ends (empty: any), the attribute.
    ("not a valid json schema", "", "parameter_openapi_schema"),
    ("hydrating deployment parameters", "", "parameters"),
    # The stored ones, which the request has left as they are.
    ("Error updating deployment: Validation failed", "", "parameters"),
    ("parameter schema enforcement", "", "parameter_openapi_schema"),
    ("find storage block", "", "storage_document_id"),
    ("find infrastructure block", "", "infrastructure_document_id"),
    ("Concurrency limit not found", "", "global_concurrency_limit_id"),
    ("Work pool ", "", "work_pool_name"),
    # The one reference that the server leaves to the database.
    ("Data integrity conflict", "/deployments/", "flow_id"),
    ("Data integrity conflict", "/schedules", "schedules"),
)


_REFERENCES: Final = ("storage_document_id", "infrastructure_document_id")
"""Blocks that a PATCH leaves to the database."""


def explain_fault(
    error: Exception, attributes: Collection[str], sent: Collection[str] = ()
) -> Diagnostic | None:
    """The diagnostic for what the server refused of one of the attributes; ``None`` for anything else.

    ``sent`` are those of the PATCH that was under way.
    """
    if not isinstance(error, ApiError) or error.status not in (400, 404, 409, 422):
        return None
    attribute = _named(error, attributes) or _told(error)
    if attribute is None and "Data integrity conflict" in error.reason:
        attribute = next((name for name in _REFERENCES if name in sent), None)
    if attribute is None:
        return None
    return Diagnostic("error", f"Prefect does not accept `{attribute}`", str(error), (attribute,))


def _named(error: ApiError, attributes: Collection[str]) -> str | None:
    """The attribute of a field that the answer names."""
    if error.problems and error.path.endswith("/schedules"):
        return "schedules"
    fields = [str(problem.loc[0]) for problem in error.problems if problem.loc]
    return next((field for field in fields if field in attributes), None)


def _told(error: ApiError) -> str | None:
    return next(
        (name for text, end, name in _TELLING if text in error.reason and error.path.endswith(end)), None
    )
