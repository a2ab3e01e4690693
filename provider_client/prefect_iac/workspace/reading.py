"""Reads a whole workspace of a server: each collection page by page, all collections side by side."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from prefect_iac.plan.decoding import declaration_of
from prefect_iac.workspace.content import Workspace
from prefect_provider.api import ApiError, Forbidden, NotFound
from prefect_provider.objects.pages import pages
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.text.masking import SENSITIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from prefect_provider.api import Client

__all__ = ["TYPES", "read_workspace"]

TYPES: Final = (
    "prefect_automation",
    "prefect_block",
    "prefect_deployment",
    "prefect_flow",
    "prefect_global_concurrency_limit",
    "prefect_task_run_concurrency_limit",
    "prefect_variable",
    "prefect_work_pool",
    "prefect_work_queue",
)
"""What is read; schedules come with their deployments."""


async def read_workspace(
    client: Client,
    types: Sequence[str] = TYPES,
    *,
    with_values: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Workspace:
    """The objects of the client's workspace, or its account; ``progress`` is told of each page how many objects it had.

    Each page is one request, and each collection takes at least one. Values of blocks and of variables are kept only
    ``with_values``, and then without the secrets of blocks, which a page does not have.
    A collection that this key may not see, or that this server does not have, is left out, and the workspace says so.
    Raises ApiError.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = {type_: group.create_task(_read(client, type_, with_values, progress)) for type_ in types}
    except* ApiError as failures:
        first = failures.exceptions[0]
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        error = first
    else:
        found = {type_: task.result() for type_, task in tasks.items()}
        return Workspace(
            {type_: held for type_, held in found.items() if not isinstance(held, str)},
            {type_: why for type_, why in found.items() if isinstance(why, str)},
        )
    raise error


async def _read(
    client: Client, type_: str, with_values: bool, progress: Callable[[int], None] | None
) -> dict[str, Mapping[str, Any]] | str:
    """The objects of a type by id; or why they cannot be seen."""
    declaration = declaration_of(type_)
    if declaration is None:
        return {}
    asked = declaration(client, Diagnostics())
    scope = asked.scope({})
    order = asked.listed_in or asked.newest_first
    body = {"sort": order} if order else {}
    found: dict[str, Mapping[str, Any]] = {}
    try:
        async for page in pages(scope, f"{asked.listed_at()}/filter", body, noun=asked.noun()):
            listed = [one for one in page if asked.is_listed(one)]
            found |= {one["id"]: one if with_values else _open(type_, one) for one in listed}
            if progress is not None:
                progress(len(listed))
    except (Forbidden, NotFound) as error:
        return str(error)
    return found


def _open(type_: str, data: dict[str, Any]) -> Mapping[str, Any]:
    """An object without what may be a secret as a whole."""
    if type_ == "prefect_block":
        return data | {"data": SENSITIVE, "block_document_references": {}}
    if type_ == "prefect_variable":
        return data | {"value": SENSITIVE}
    return data
