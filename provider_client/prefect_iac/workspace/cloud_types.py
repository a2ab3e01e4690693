"""Which types are looked at on a server: what only Prefect Cloud has is there only."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from prefect_provider.objects.places import RESOURCES
from prefect_provider.objects.references import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api.settings.resolution import Settings

__all__ = ["ACCOUNT_TYPES", "CLOUD_TYPES", "IN_ACCOUNTS", "types_on"]

ACCOUNT_TYPES: Final = tuple(
    one
    for one in (
        "prefect_account_member",
        "prefect_service_account",
        "prefect_team",
        "prefect_workspace",
        "prefect_workspace_role",
    )
    if one in RESOURCES
)
"""What belongs to an account and can be listed."""

CLOUD_TYPES: Final = tuple(one for one in ("prefect_webhook",) if one in RESOURCES)
"""What belongs to a workspace on Prefect Cloud only."""

IN_ACCOUNTS: Final[Mapping[str, Reference]] = MappingProxyType(
    {
        "default_workspace_role_id": Reference("prefect_workspace_role", "id", "default_workspace_role"),
        "service_account_id": Reference("prefect_service_account", "id", "service_account"),
    }
)
"""Which attributes hold the id of something of an account."""


def types_on(settings: Settings, *, account: bool = False) -> frozenset[str]:
    """Those of these types that there can be at the provider's place; of an account's, if they are wanted."""
    if not settings.is_cloud:
        return frozenset()
    inside = CLOUD_TYPES if settings.workspace_id else ()
    return frozenset((*inside, *(ACCOUNT_TYPES if account else ())))
