"""Where in an API a request goes: the whole server, an account, or a workspace.

A self-hosted server has one workspace, at ``/api``. Prefect Cloud has it at
``/api/accounts/<account>/workspaces/<workspace>``, where the same paths follow. All scopes of a client share
its connections, locks and tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.api.listing import Listing
from prefect_provider.api.reads import Collection
from prefect_provider.api.request import join_path
from prefect_provider.api.sender import Sender

if TYPE_CHECKING:
    from prefect_provider.api.client import Client
    from prefect_provider.api.request import Reply, Request

__all__ = ["Scope"]


class Scope(Sender):
    """One account's or workspace's part of an API; ``prefix`` stands before every path."""

    __slots__ = ("_client", "account_id", "prefix", "workspace_id")

    def __init__(self, client: Client, account_id: str | None, workspace_id: str | None) -> None:
        self._client = client
        self.account_id = account_id
        self.workspace_id = workspace_id
        self.prefix = join_path("accounts", account_id) if account_id else ""
        self.prefix += join_path("workspaces", workspace_id) if workspace_id else ""

    async def send(self, request: Request) -> Reply:
        """Send a request to a path of this scope; see `Sender.send`."""
        return await self._client.send(request.below(self.prefix))

    def url_of(self, path: str) -> str:
        """The whole address of a path of this scope, without a slash at its end."""
        return f"{self._client.settings.endpoint.url}{self.prefix}{path}".rstrip("/")

    def collection(self, listing: Listing | str) -> Collection:
        """The objects of a listing; of a path such as ``/flows``, whose filter bears the same name."""
        if isinstance(listing, str):
            path = listing.rstrip("/")
            listing = Listing(path, path.rpartition("/")[2])
        return Collection(self._client.reader(self), listing)
