"""Where Prefect's own pages show an event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from prefect_provider.api.settings.resolution import Settings

__all__ = ["event_page", "pages_of"]


def pages_of(settings: Settings) -> str:
    """The address under which a server has its pages; that of the workspace on Prefect Cloud."""
    if settings.is_cloud:
        account, workspace = settings.account_id, settings.workspace_id
        return f"https://app.prefect.cloud/account/{account}/workspace/{workspace}"
    return settings.endpoint.url.rstrip("/").removesuffix("/api")


def event_page(pages: str, event_id: str, occurred: int) -> str:
    """The page of an event that occurred then, in microseconds since 1970; empty without pages or an id."""
    if not pages or not event_id:
        return ""
    day = datetime.fromtimestamp(occurred // 1_000_000, UTC).date()
    return f"{pages}/events/event/{day}/{quote(event_id, safe='')}"
