"""Writes of a deployment that are more than one PATCH: its limit, and what Prefect changes only by a POST."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import Conflict, join_path
from prefect_provider.objects.remote import delete_if_there
from prefect_provider.objects.server.deployment.schedules import (
    schedules_from_api,
    schedules_to_api,
    write_schedules,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Scope
    from prefect_provider.plugin.language.values import Values

__all__ = ["post_again", "write_limits"]

_SENT_ALONG: Final = ("name", "flow_id", "paused", "work_pool_name", "work_queue_name", "job_variables")
"""What a POST might reset in some version if it is not sent. The rest is kept, as is the limit."""


async def write_limits(scope: Scope, path: str, prior: Values, planned: Values, changed: list[str]) -> None:
    """Change the limit without touching one that others share.

    Prefect deletes the linked limit with `concurrency_limit: null`, whoever else uses it, and leaves the deployment's
    own limit behind when it is linked to another.
    """
    own, shared = planned["concurrency_limit"], planned["global_concurrency_limit_id"]
    if prior["concurrency_limit"] is not None and own is None and "concurrency_limit" in changed:
        await scope.patch(path, {"concurrency_limit": None})
    if "global_concurrency_limit_id" in changed:
        await scope.patch(path, {"global_concurrency_limit_id": shared})
    if own is not None and "concurrency_limit" in changed:
        try:
            await scope.patch(path, {"concurrency_limit": int(own)})
        except Conflict:
            leftover = join_path("v2", "concurrency_limits", f"deployment:{prior['id']}")
            await delete_if_there(scope, leftover)
            await scope.patch(path, {"concurrency_limit": int(own)})


async def post_again(
    scope: Scope,
    data: Mapping[str, Any],
    *,
    labels: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> None:
    """Change labels or parameters of a deployment, of which the API returned ``data``, by posting it once more.

    An open-source server changes labels in no other way, and a PATCH stores what marked parameters resolve to now. The
    POST keeps the id, and drops parameters, labels and schedules that it is not given, so those are sent along. The
    schedules are made anew: they keep their slugs, or have their former ids as slugs, and their runs are planned again.
    """
    schedules = schedules_from_api(data.get("schedules"), f"GET /deployments/{data['id']}")
    body = {name: data[name] for name in _SENT_ALONG if data.get(name) is not None}
    body |= {
        "labels": labels if labels is not None else data.get("labels") or {},
        "parameters": parameters if parameters is not None else data.get("parameters") or {},
        "schedules": schedules_to_api(schedules),
    }
    await scope.post("/deployments/", body, retry="safe")
    if schedules:
        # Prefect 3.8 ignores their `max_scheduled_runs` there.
        await write_schedules(scope, data["id"], schedules)
