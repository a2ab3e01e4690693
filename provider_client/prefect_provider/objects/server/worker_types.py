"""The types of workers that the server knows, and which of them was probably meant."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import ApiError
from prefect_provider.objects.once import once
from prefect_provider.text.problem import Problem, expectation
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from prefect_provider.api import Client, Scope
    from prefect_provider.api.sender import Sender

__all__ = ["AT_CLOUD", "AT_SERVER", "known_worker_types", "type_problem"]

AT_SERVER: Final = "/collections/views/aggregate-worker-metadata"
"""Where a self-hosted server has the types, beside its workspace."""

AT_CLOUD: Final = "/collections/work_pool_types"
"""Where a workspace of Prefect Cloud has them."""

_WITHOUT_WORKERS: Final = frozenset(
    {
        *("azure-container-instance:push", "cloud-run:push", "cloud-run-v2:push", "ecs:push"),
        *("modal:push", "prefect:managed"),
    }
)
"""Types of pools that only Prefect Cloud runs: it starts what they are given by itself."""

_AGENT: Final = "prefect-agent"
_log: Final = logging.getLogger("prefect_provider.objects")


async def known_worker_types(client: Client, scope: Scope) -> frozenset[str]:
    """The types of the workers that Prefect and its integrations bring; empty if the server does not tell."""
    asked, path = (scope, AT_CLOUD) if client.settings.is_cloud else (client, AT_SERVER)
    try:
        return await once(client, (path, scope.prefix), _ask(asked, path))
    except ApiError as error:
        _log.info("cannot look which types of workers there are: %s", error)
        return frozenset()


async def _ask(sender: Sender, path: str) -> frozenset[str]:
    return frozenset(_types((await sender.get(path)).data))


def _types(metadata: Any) -> list[str]:
    """By package and then by type: ``{"prefect-aws": {"ecs": {...}}}``."""
    packages = metadata.values() if isinstance(metadata, Mapping) else ()
    return [type_ for package in packages if isinstance(package, Mapping) for type_ in package]


def type_problem(type_: str, known: frozenset[str], *, cloud: bool) -> Problem | None:
    """What is wrong with the type of a pool.

    An error for one that only Prefect Cloud runs, on a server that is not; a warning for one that is not known: it may
    be misspelt, or that of a worker of somebody's own.
    """
    if type_ in _WITHOUT_WORKERS and not cloud:
        worker = type_.partition(":")[0]
        remedy = (
            "Use a type that has workers." if worker == "prefect" else f"Use `{worker}`, and start a worker."
        )
        message = f"pools of the type {show(type_)} exist on Prefect Cloud only, and this server is not Cloud"
        return Problem(("type",), message, remedy)
    if not known or type_ in known | _WITHOUT_WORKERS or type_ == _AGENT:
        return None
    near = closest(type_, known)
    others = f"There are {names(sorted(known))}, and workers of your own."
    message = expectation("a type of worker that there is", show(type_))
    remedy = f"Did you mean `{near}`? A pool's type cannot be changed later." if near else others
    return Problem(("type",), message, remedy, "warning")
