"""The types of work pools of a workspace, with those that need no worker: push pools, and Prefect's own machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.environment.prefect_cloud.exchange import Answer, Refusal
from tests.environment.prefect_cloud.routing import route

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["WITHOUT_WORKERS"]

_AT: Final = "/accounts/{account_id}/workspaces/{workspace_id}/collections"

WITHOUT_WORKERS: Final = (
    ("prefect-aws", "ecs:push"),
    ("prefect-azure", "azure-container-instance:push"),
    ("prefect-gcp", "cloud-run-v2:push"),
    ("prefect-gcp", "cloud-run:push"),
    ("prefect-modal", "modal:push"),
    ("prefect", "prefect:managed"),
)
"""Such types, each with the package that it comes from."""


@route("GET", f"{_AT}/work_pool_types")
def work_pool_types(cloud: PrefectCloud, request: Request) -> Answer:
    """What the real server knows of workers, and the types that only Prefect Cloud has."""
    answer = cloud.forward(request, path="/collections/views/aggregate-worker-metadata")
    if answer.status != 200:
        return answer
    found: dict[str, dict[str, Any]] = {name: dict(types) for name, types in answer.data.items()}
    for package, type_ in WITHOUT_WORKERS:
        found.setdefault(package, {})[type_] = {
            "type": type_,
            "display_name": type_,
            "description": "Runs what it is given, without a worker.",
            "default_base_job_configuration": {
                "job_configuration": {"env": "{{ env }}"},
                "variables": {
                    "type": "object",
                    "properties": {"env": {"type": "object", "additionalProperties": {"type": "string"}}},
                },
            },
        }
    return Answer(200, found)


@route("GET", f"{_AT}/views/aggregate-worker-metadata")
def no_view(_cloud: PrefectCloud, _request: Request) -> Answer:
    """Prefect Cloud has it elsewhere."""
    raise Refusal(404, "Not Found")
