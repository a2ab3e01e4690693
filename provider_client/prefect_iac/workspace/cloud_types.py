"""Which types are looked at on a server: what only Prefect Cloud has is there only."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from prefect_provider.objects.catalogue import CLOUD_RESOURCES
from prefect_provider.objects.listing import has_listing
from prefect_provider.objects.references import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api.settings.resolution import Settings

__all__ = ["ACCOUNT_TYPES", "CLOUD_TYPES", "IN_ACCOUNTS", "types_on"]

_LISTED: Final = tuple(kind for kind in CLOUD_RESOURCES if has_listing(kind) and not kind.listed_with)

ACCOUNT_TYPES: Final = tuple(kind.type_name for kind in _LISTED if "workspace_id" not in kind.located_by)
"""What belongs to an account and can be listed."""

CLOUD_TYPES: Final = tuple(kind.type_name for kind in _LISTED if "workspace_id" in kind.located_by)
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
