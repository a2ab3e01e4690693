"""The client of one Prefect API: sends requests, tries again where that is safe, explains what went wrong.

Reads run side by side. Writes take turns (`Settings.write_concurrency`, found out by default), each with all its
attempts, because Prefect on SQLite refuses most writes that meet another. Nothing is sent before the first
request: a wrong address or key shows in it, after some four seconds at most, because nothing is tried again
until the server has answered once.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Self

from prefect_provider.api.bulk import BulkReader
from prefect_provider.api.errors import ConfigurationError, Forbidden
from prefect_provider.api.exchange.retry import RetryPolicy
from prefect_provider.api.exchange.server import Server
from prefect_provider.api.exchange.waits import Stopped
from prefect_provider.api.request import Request
from prefect_provider.api.scope import Scope
from prefect_provider.api.sender import Sender

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from prefect_provider.api.exchange.creations import Creations
    from prefect_provider.api.exchange.transport import Transport
    from prefect_provider.api.request import Reply
    from prefect_provider.api.settings.resolution import Settings

__all__ = ["Client"]

_CHECK: Final = 10.0
"""Seconds that `Client.check` may take: what needs an answer waits longer for it."""


class Client(Sender):
    """A client of one Prefect API; use as ``async with Client(settings) as client:``, or call `aclose`.

    Paths are relative to ``…/api``; `workspace` and `account` put their prefix before. It belongs to the
    event loop in which it is first used. ``transport`` replaces the network, ``policy`` the waits between
    attempts.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        transport: Transport | None = None,
        user_agent_suffix: str = "",
        policy: RetryPolicy | None = None,
    ) -> None:
        self.settings = settings
        policy = policy or RetryPolicy(
            max_retries=settings.max_retries,
            extra_codes=settings.retry_extra_codes,
            standstill=settings.patience,
        )
        self._server = Server(settings, transport, user_agent_suffix, policy)
        self._readers: dict[str, BulkReader] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End all waits and close all connections."""
        await self._server.aclose()

    def stop(self) -> None:
        """End every wait with `Interrupted`, and let no further write begin.

        What is under way may still be answered for some seconds. Reads that need not wait still go out, so that
        a resource that was just written can be recorded, and a write whose outcome is open be looked up.
        """
        self._server.stop.set()

    def stop_when(self, is_deserted: Callable[[], bool]) -> None:
        """Ask this before each write, and stop instead if it is so."""
        self._server.stop.is_deserted = is_deserted

    async def rest(self, seconds: float) -> bool:
        """Wait; False as soon as the client is stopped."""
        try:
            await self._server.stop.sleep(seconds)
        except Stopped:
            return False
        return True

    def note_creations(self, creations: Creations) -> None:
        """Tell of each creation before it is sent, and of what came of it."""
        self._server.creations = creations

    def account(self, account_id: str | None = None) -> Scope:
        """Prefect Cloud's account: this one, or the provider's.

        Raises:
            ConfigurationError: there is neither.
        """
        account = account_id or self.settings.account_id
        if account is None:
            msg = "This object belongs to a Prefect Cloud account, and none is set"
            raise ConfigurationError(
                msg,
                attribute="account_id",
                remedy="Set account_id on the resource or the provider, or PREFECT_CLOUD_ACCOUNT_ID",
            )
        return Scope(self, account, None)

    def workspace(self, account_id: str | None = None, workspace_id: str | None = None) -> Scope:
        """A workspace: the given ids, else the provider's; a self-hosted server's is its whole API.

        Raises:
            ConfigurationError: Prefect Cloud without both ids, or a workspace without its account.
        """
        account = account_id or self.settings.account_id
        # The provider's workspace is of no use in another account than its own.
        own = account == self.settings.account_id
        workspace = workspace_id or (self.settings.workspace_id if own else None)
        if account and workspace:
            return Scope(self, account, workspace)
        if self.settings.is_cloud or workspace_id or account_id:
            missing = "workspace_id" if account else "account_id"
            msg = f"This object belongs to a Prefect Cloud workspace, and {missing} is not set"
            raise ConfigurationError(
                msg,
                attribute=missing,
                remedy=f"Set {missing} on the resource or the provider, or PREFECT_CLOUD_{missing.upper()}, "
                "or put both ids into the endpoint: "
                "https://api.prefect.cloud/api/accounts/<account id>/workspaces/<workspace id>",
            )
        return Scope(self, None, None)

    def reader(self, scope: Scope) -> BulkReader:
        """What answers the reads of a scope that arrive together; one for all scopes of one prefix."""
        return self._readers.setdefault(scope.prefix, BulkReader(scope, enabled=self.settings.bulk_reads))

    async def check(self) -> str | None:
        """Ask one cheap question, and return the server's version, as ``3.8.8``; None from Prefect Cloud.

        Nobody needs to call it: the first request of any kind reports a wrong address or key just as clearly.

        Raises:
            ApiError: it cannot be reached, does not accept the credentials, or is no Prefect API.
        """
        if not self.settings.is_cloud:
            question = Request("GET", "/admin/version")
            reply = await self._server.reply(question, self._within())
            if isinstance(reply.data, str):
                return reply.data
            raise self._server.diagnosis.no_route(question)
        if self.settings.account_id and self.settings.workspace_id:
            question = Request("POST", f"{self.workspace().prefix}/variables/filter", {"limit": 0})
        else:
            question = Request("GET", "/me/")
        # A role may allow everything but this: what the key may do is seen by what is done.
        with contextlib.suppress(Forbidden):
            await self._server.reply(question, self._within())
        return None

    def _within(self) -> float:
        """Seconds for a question on which nothing depends."""
        return min(_CHECK, self._server.policy.standstill)

    @property
    def clock_ahead(self) -> timedelta | None:
        """How far the server's clock is ahead of ours; None before it has told."""
        return self._server.clock.ahead

    @property
    def present(self) -> datetime:
        """What time it is by the server's clock; by ours before it has told."""
        return datetime.now(UTC) + (self.clock_ahead or timedelta())

    async def send(self, request: Request) -> Reply:
        """Send a request to a path below ``…/api``; see `Sender.send`."""
        if not request.is_write:
            return await self._server.reply(request)
        # Neither what was read before a write nor what was read during it is true after it.
        self._forget()
        try:
            return await self._server.reply(request)
        finally:
            self._forget()

    def _forget(self) -> None:
        for reader in self._readers.values():
            reader.forget()
