"""The deployments that actions run, each asked for once by a process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.objects.once import know, once

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Client, Scope

__all__ = ["note_run_target", "run_target"]


def note_run_target(client: Client, scope: Scope, deployment: Mapping[str, Any]) -> None:
    """Remember a deployment as the server answered it."""
    know(client, _key(scope, str(deployment["id"])), deployment)


async def run_target(client: Client, scope: Scope, deployment_id: str) -> Mapping[str, Any] | None:
    """The deployment of an id, as its API has it; ``None`` if there is none. Raises ApiError."""
    return await once(
        client, _key(scope, deployment_id), scope.collection("/deployments").read(deployment_id)
    )


def _key(scope: Scope, deployment_id: str) -> tuple[str, str, str]:
    return ("deployment", scope.prefix, deployment_id.lower())
