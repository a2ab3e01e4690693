"""One Prefect server as this process talks to it: what all requests to it share, and one attempt at one of them.

They share the headers, the turns of writes, the number of connections, the token against forged requests, the
pause that a rate limit asks for, and the knowledge whether the server is there at all.
"""

from __future__ import annotations

import asyncio
import base64
import logging
import re
import time
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api.errors import ApiError, NotFound, UnexpectedAnswer
from prefect_provider.api.exchange.answers import flaw_of, had_no_effect, read_json
from prefect_provider.api.exchange.attempts import Attempts, Failure
from prefect_provider.api.exchange.csrf import CsrfGuard
from prefect_provider.api.exchange.diagnosis import Diagnosis
from prefect_provider.api.exchange.outage import Outage
from prefect_provider.api.exchange.pace import Pace
from prefect_provider.api.exchange.retry import RetryPolicy, parse_retry_after
from prefect_provider.api.exchange.server_clock import ServerClock
from prefect_provider.api.exchange.standstill import Standstill
from prefect_provider.api.exchange.transport import Answer, FaultKind, Outgoing, Transport, TransportFault
from prefect_provider.api.exchange.turns import Turns
from prefect_provider.api.exchange.waits import Pause, Slots, Stopped, StopSignal
from prefect_provider.api.request import Reply, Request
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api.exchange.creations import Creations
    from prefect_provider.api.exchange.standstill import Wait
    from prefect_provider.api.settings.resolution import Settings

__all__ = ["API_VERSION", "Server"]

API_VERSION: Final = "0.8.4"
"""The version of the API that this client was written for (Prefect 3.8); servers refuse below 0.8.0."""

_FIRST_CONNECT: Final = 4.0
_LATER_CONNECT: Final = 10.0
_CONNECTIONS: Final = 32
_LAST_READ: Final = 0.8
_LAST_WRITE: Final = 0.8
"""Seconds that a request still has after a stop, so that Ctrl-C takes two; what a write made that was not answered
by then, the next apply finds."""

_TRY_READ: Final = 5.0
_TRY_WRITE: Final = 15.0
"""Seconds for a request that is let through to see whether a server answers again that did not for long."""

_WORKSPACE: Final = re.compile(r"/accounts/[^/]+/workspaces/[^/]+")

_log = logging.getLogger("prefect_provider.api")


class Server:
    """Answers requests with replies; ``policy`` says how long each is tried."""

    def __init__(
        self, settings: Settings, transport: Transport | None, user_agent_suffix: str, policy: RetryPolicy
    ) -> None:
        self.stop = StopSignal()
        self.diagnosis = Diagnosis(settings)
        self.policy = policy
        self.pause = Pause(self.stop)
        self.outage = Outage()
        self.standstill = Standstill(policy.standstill)
        self.pace = Pace(settings.requests_per_minute, self.stop)
        self.clock = ServerClock()
        self.creations: Creations | None = None
        self.csrf = CsrfGuard(self._fetch_csrf_token, enabled=settings.csrf_enabled and not settings.is_cloud)
        self._settings = settings
        self._transport = transport
        self._user_agent_suffix = user_agent_suffix
        self._headers: dict[str, str] | None = None
        self.turns = Turns(self.stop, limit=settings.write_concurrency, accepts=settings.is_cloud)
        self._connections = Slots(_CONNECTIONS, self.stop)
        self._under_way: dict[asyncio.Timeout, float] = {}
        self.stop.on_stop(self._hurry)
        self._answered = False
        self._real_workspaces: set[str] = set()

    @property
    def is_cloud(self) -> bool:
        """Whether it is Prefect Cloud."""
        return self._settings.is_cloud

    def url_of(self, request: Request) -> str:
        """Where a request goes, without its query and without a slash at its end."""
        return f"{self._settings.endpoint.url}{request.path}".rstrip("/")

    async def aclose(self) -> None:
        """End all waits and close all connections."""
        self.stop.set()
        if self._transport is not None:
            await self._transport.aclose()

    async def reply(self, request: Request, within: float | None = None) -> Reply:
        """The reply to a request, after as many attempts as it takes; writes take turns. Raises ApiError.

        ``within`` is the most that it alone may take, in seconds.
        """
        try:
            if not request.is_write:
                return await self.reply_at_once(request, within)
            if self.stop.is_set:
                raise Stopped
            async with self.turns.turn(inserts=request.inserts):
                return await self.reply_at_once(request)
        except Stopped as exc:
            raise self.diagnosis.interrupted(request, "waited; it was not sent") from exc

    async def reply_at_once(self, request: Request, within: float | None = None) -> Reply:
        """The reply to a request that waits for no turn: to a read, or inside the turn of a write."""
        return await Attempts(self, request, within).reply()

    async def attempt(self, request: Request, token: Mapping[str, str], number: int, wait: Wait) -> Reply:
        """Send once.

        Raises:
            Failure: there is no success.
            ConfigurationError: the settings allow no connection.
        """
        if self.outage.fault is not None and not self.outage.admits():
            raise self._not_tried(request, self.outage.fault)
        try:
            answer = await self._send(request, token, number, wait)
        except TransportFault as fault:
            error: ApiError = self.diagnosis.of_fault(request, fault)
            if fault.kind == "timed_out" and self.stop.is_set:
                error = self.diagnosis.interrupted(request, "was under way")
            elif fault.kind == "timed_out" and fault.reached and wait.left <= 0:
                error = self.diagnosis.at_a_standstill(request, wait)
            error.__cause__ = fault
            # Before the server has ever answered, the address is the likeliest fault, and no wait mends it.
            temporary = self._answered and fault.kind != "too_large"
            raise Failure(
                error,
                unknown=fault.reached,
                temporary=temporary,
                gone=None if fault.reached or not self._answered else fault,
            ) from None
        self.outage.ends()
        try:
            return await self._read(request, answer)
        except ApiError as error:
            if isinstance(error, UnexpectedAnswer) and answer.status // 100 != 3 and await self._is_at_root():
                return await self.attempt(request, token, number, wait)
            temporary = self.policy.is_temporary(answer.status)
            if request.is_write and answer.status == 503 and had_no_effect(answer):
                self.turns.refused()
            # A read whose answer says nothing may be answered next time, once this is known to be Prefect; and so may
            # whatever a gateway had no route for, as when it is loading them.
            brief = self._answered and not temporary
            brief = brief and (
                _is_no_route(error)
                or (not request.is_write and (answer.status // 100 == 2 or answer.status == 500))
            )
            raise Failure(
                error,
                unknown=not had_no_effect(answer),
                temporary=temporary or brief,
                brief=brief,
                retry_after=parse_retry_after(answer.headers.get("retry-after"), datetime.now(UTC)),
            ) from error

    async def _send(self, request: Request, token: Mapping[str, str], number: int, wait: Wait) -> Answer:
        """One request and its answer, with a log record without headers, query or body.

        Raises:
            TransportFault: there is no answer.
        """
        headers = {**self._common_headers(), **token}
        if request.body is not None:
            headers["content-type"] = "application/json"
        limit, last = self._settings.request_timeout, _LAST_WRITE if request.is_write else _LAST_READ
        if wait.left <= 0:
            limit = min(limit, _TRY_WRITE if request.is_write else _TRY_READ)
        if self.stop.is_set:
            limit = min(limit, last)
        connect = min(limit, _LATER_CONNECT if self._answered else _FIRST_CONNECT)
        url = f"{self._settings.endpoint.url}{request.path}{request.query}"
        outgoing = Outgoing(request.method, url, headers, request.body, connect)
        status: int | None = None
        async with self._connections:
            started = time.monotonic()
            try:
                async with asyncio.timeout(limit) as clock:
                    self._under_way[clock] = last
                    if wait.left > 0:
                        wait.cut = partial(clock.reschedule, 0.0)
                    answer = await self._open().send(outgoing)
                status = answer.status
                self.clock.heed(answer.headers.get("date"), time.monotonic() - started)
                self.pace.heed(answer.headers)
            except TimeoutError as exc:
                kind: FaultKind = "timed_out"
                raise TransportFault(kind, "no answer", reached=True) from exc
            finally:
                wait.cut = None
                self._under_way.pop(clock, None)
                milliseconds = round((time.monotonic() - started) * 1000, 1)
                path = self.diagnosis.path_of(request)
                _log.debug(
                    "%s %s: %s in %s ms",
                    request.method,
                    path,
                    status or "no answer",
                    milliseconds,
                    extra=_fields(request.method, path, status, number, milliseconds),
                )
        return answer

    async def _read(self, request: Request, answer: Answer) -> Reply:
        """A success as a reply; raises the ApiError that explains anything else."""
        workspace = _WORKSPACE.match(request.path)
        if 200 <= answer.status < 300:
            data, flaw = read_json(answer)
            if flaw := flaw or flaw_of(request, answer, data):
                raise self.diagnosis.not_prefect(request, answer, flaw)
            self._answered = True
            if workspace:
                self._real_workspaces.add(workspace[0])
            return Reply(answer.status, data)
        error = self.diagnosis.of_answer(request, answer)
        if not isinstance(error, UnexpectedAnswer):
            self._answered = True
        elif error.status == 404 and workspace and self.is_cloud and not read_json(answer)[1]:
            # Whether Prefect Cloud names the object in every 404 is not documented, so a nameless one is
            # believed once the workspace itself is known to be there.
            question = f"{workspace[0]}/variables/filter"
            if request.path == question:
                raise error
            if workspace[0] not in self._real_workspaces:
                await self.reply_at_once(Request("POST", question, {"limit": 0}))
            path = self.diagnosis.path_of(request)
            what = f"Prefect answered 404 to {request.method} {path}"
            raise NotFound(what, method=request.method, path=path, status=404)
        raise error

    def log_retry(self, request: Request, attempt: int, status: int | None, wait: float) -> None:
        """Say that a request will be tried again."""
        path = self.diagnosis.path_of(request)
        _log.warning(
            "%s %s: %s, trying again in %.2f s",
            request.method,
            path,
            status or "no answer",
            wait,
            extra=_fields(request.method, path, status, attempt, None),
        )

    async def _is_at_root(self) -> bool:
        """Whether the API is at the root of a host that was written without a path, and not below ``/api``.

        Asked once, when the first answer is not one of Prefect.
        """
        endpoint = self._settings.endpoint
        if self._answered or not endpoint.is_bare:
            return False
        endpoint.is_bare = False
        guess, endpoint.url = endpoint.url, endpoint.url.removesuffix("/api")
        try:
            found = await self.reply_at_once(Request("GET", "/admin/version"))
        except ApiError:
            pass
        else:
            if isinstance(found.data, str):
                return True
        endpoint.url = guess
        return False

    def _hurry(self) -> None:
        for clock, seconds in self._under_way.items():
            end, ends = asyncio.get_running_loop().time() + seconds, clock.when()
            clock.reschedule(end if ends is None else min(end, ends))

    def _not_tried(self, request: Request, fault: TransportFault) -> Failure:
        error = self.diagnosis.of_fault(request, fault)
        error.note = f"Another request found this {self.outage.lasts():.0f} s ago; this one was not sent"
        return Failure(error, unknown=False, temporary=False)

    async def _fetch_csrf_token(self, client_id: str) -> Any:
        question = Request("GET", "/csrf-token", params={"client": client_id})
        return (await self.reply_at_once(question)).data

    def _open(self) -> Transport:
        if self._transport is None:
            from prefect_provider.api.exchange.routes import open_transport

            self._transport = open_transport(self._settings)
        return self._transport

    def _common_headers(self) -> dict[str, str]:
        if self._headers is None:
            settings = self._settings
            self._headers = {"accept": "application/json", "x-prefect-api-version": API_VERSION}
            if settings.basic_auth_key:
                encoded = base64.b64encode(settings.basic_auth_key.encode()).decode()
                self._headers["authorization"] = f"Basic {encoded}"
            elif settings.api_key:
                self._headers["authorization"] = f"Bearer {settings.api_key}"
            self._headers.update(settings.custom_headers)
            # A user agent that begins with prefect/ makes servers adapt their answers to old versions of its
            # client.
            self._headers["user-agent"] = f"prefect-iac/{VERSION} {self._user_agent_suffix}".strip()
        return self._headers


def _is_no_route(error: ApiError) -> bool:
    return isinstance(error, UnexpectedAnswer) and error.status == 404


def _fields(
    method: str, path: str, status: int | None, attempt: int, duration_ms: float | None
) -> dict[str, str | int | float | None]:
    return {
        "http_method": method,
        "http_path": path,
        "http_status": status,
        "duration_ms": duration_ms,
        "attempt": attempt,
    }
