"""What Prefect refuses of a deployment, at the attribute that it is about.

Its answers (3.8) name a field of the parameters or of the job variables without saying which of the two, and of other
objects only their kind.
"""

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
    ("parameter schema enforcement", "", "parameter_openapi_schema"),
    ("Error creating deployment: Validation failed", "", "job_variables"),
    ("Error creating deployment: <", "", "job_variables"),
    ("Error updating deployment: Validation failed", "", "parameters"),
    ("Validation failed for field", "/deployments/", "parameters"),
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


def explain_fault(error: Exception, sent: Collection[str] = ()) -> Diagnostic | None:
    """The diagnostic for what the server refused of one attribute; ``None`` for anything else.

    ``sent`` are the attributes of the PATCH that was under way.
    """
    if not isinstance(error, ApiError) or error.status not in (400, 404, 409, 422):
        return None
    attribute = next(
        (name for text, end, name in _TELLING if text in error.reason and error.path.endswith(end)), None
    )
    if attribute is None and "Data integrity conflict" in error.reason:
        attribute = next((name for name in _REFERENCES if name in sent), None)
    if attribute is None:
        return None
    return Diagnostic("error", f"Prefect does not accept `{attribute}`", str(error), (attribute,))
