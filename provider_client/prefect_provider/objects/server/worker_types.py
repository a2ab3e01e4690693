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
    from prefect_provider.api import Client

__all__ = ["known_worker_types", "type_problem"]

_METADATA: Final = "/collections/views/aggregate-worker-metadata"
_AGENT: Final = "prefect-agent"
_log: Final = logging.getLogger("prefect_provider.objects")


async def known_worker_types(client: Client) -> frozenset[str]:
    """The types of the workers that Prefect and its integrations bring; empty if the server does not tell."""
    try:
        return await once(client, _METADATA, _ask(client))
    except ApiError as error:
        _log.info("cannot look which types of workers there are: %s", error)
        return frozenset()


async def _ask(client: Client) -> frozenset[str]:
    return frozenset(_types((await client.get(_METADATA)).data))


def _types(metadata: Any) -> list[str]:
    """By package and then by type: ``{"prefect-aws": {"ecs": {...}}}``."""
    packages = metadata.values() if isinstance(metadata, Mapping) else ()
    return [type_ for package in packages if isinstance(package, Mapping) for type_ in package]


def type_problem(type_: str, known: frozenset[str]) -> Problem | None:
    """A warning for a type of pool that is not known: it may be misspelt, or that of a worker of somebody's own."""
    # Pools of Prefect Cloud that run what they are given have types such as `ecs:push` and `prefect:managed`.
    if not known or type_ in known or type_ == _AGENT or ":" in type_:
        return None
    near = closest(type_, known)
    others = f"There are {names(sorted(known))}, and workers of your own."
    message = expectation("a type of worker that there is", show(type_))
    remedy = f"Did you mean `{near}`? A pool's type cannot be changed later." if near else others
    return Problem(("type",), message, remedy, "warning")
