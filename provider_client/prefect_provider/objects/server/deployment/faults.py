"""What Prefect refuses of a deployment, at the attribute that it is about.

Its answers (3.8) name a field of the parameters or of the job variables without saying which of the two, and of other
objects only their kind.
"""

from __future__ import annotations

from typing import Final

from prefect_provider.api import ApiError
from prefect_provider.plugin.language.diagnostics import Diagnostic

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


def explain_fault(error: Exception) -> Diagnostic | None:
    """The diagnostic for what the server refused of one attribute; ``None`` for anything else."""
    if not isinstance(error, ApiError) or error.status not in (400, 404, 409, 422):
        return None
    for text, end, attribute in _TELLING:
        if text in error.reason and error.path.endswith(end):
            return Diagnostic("error", f"Prefect does not accept `{attribute}`", str(error), (attribute,))
    return None
