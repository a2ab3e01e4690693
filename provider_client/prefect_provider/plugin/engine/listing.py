"""Lists of objects that exist, for ``terraform query``: found one by one, for as long as somebody wants more."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, NamedTuple

from prefect_provider.plugin.engine.lifecycle import describe_failure, identity_of, imported_state
from prefect_provider.plugin.language.diagnostics import Diagnostics

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.plugin.engine.lifecycle import Explain
    from prefect_provider.plugin.language.resource import Found, ListResource
    from prefect_provider.plugin.language.values import Values

__all__ = ["Listed", "list_objects"]


class Listed(NamedTuple):
    """What a listing says: an object, or only diagnostics."""

    diagnostics: Diagnostics
    identity: Values | None = None
    display_name: str = ""
    state: Values | None = None
    """All attributes, as an import would have them, if they are wanted."""


async def list_objects(
    kind: type[ListResource],
    client: Any,
    config: Values,
    explain: Explain,
    *,
    whole: bool = False,
    limit: int = 0,
) -> AsyncGenerator[Listed, None]:
    """The objects that meet the configuration, at most ``limit`` (0: all), ``whole`` with their attributes.

    An exception becomes an error, after which there is nothing more. Closing it early is no failure.
    """
    call = kind(client, Diagnostics())
    count = 0
    try:
        async with aclosing(call.found(config)) as objects:
            async for found in objects:
                yield await _listed(found, explain, whole=whole)
                count += 1
                if count == limit:
                    break
    except Exception as error:  # noqa: BLE001 - the boundary: whatever it is must reach the user as a diagnostic
        call.diagnostics.add(describe_failure(error, f"listing {kind.type_name}", explain))
    if len(call.diagnostics):
        yield Listed(call.diagnostics)


async def _listed(found: Found, explain: Explain, *, whole: bool) -> Listed:
    resource, kind = found.resource, type(found.resource)
    identity = await identity_of(resource, found.values, resource.diagnostics, explain)
    if found.values is not None and identity is None:
        resource.diagnostics.warning(
            f"A {kind.type_name} is left out of the list", f'"{found.display_name}" has no identity.'
        )
    # Terraform ends a list at the first error; and what leads to a place in the object leads nowhere in its own block.
    told = Diagnostics()
    for one in resource.diagnostics:
        told.warning(one.summary, one.detail)
    state = None
    if whole and identity is not None and found.values is not None:
        state = imported_state(kind, found.values)
    return Listed(told, identity, found.display_name, state)
