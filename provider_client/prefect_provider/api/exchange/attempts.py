"""A call from its first attempt to its reply: headers, limits, retries, and the error when all is in vain."""

from __future__ import annotations

import asyncio
import base64
import logging
import re
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from prefect_provider.api.errors import ApiError, Forbidden, Interrupted, NotFound, UnexpectedAnswer
from prefect_provider.api.exchange.csrf import CsrfGuard
from prefect_provider.api.exchange.diagnosis import Diagnosis, read_json
from prefect_provider.api.exchange.request import Call
from prefect_provider.api.exchange.retry import Patience, RetryPolicy, parse_retry_after
from prefect_provider.api.exchange.transport import Answer, FaultKind, Outgoing, Transport, TransportFault
from prefect_provider.api.exchange.waits import Pause, Slots, Stopped, StopSignal
from prefect_provider.api.sender import Reply
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api.settings.resolution import Settings

__all__ = ["API_VERSION", "Exchange"]

API_VERSION = "0.8.4"
"""The version of the API that this client was written for (Prefect 3.8); servers refuse below 0.8.0."""

_FIRST_CONNECT = 4.0
_LATER_CONNECT = 10.0
_CONNECTIONS = 32
_CSRF_REFUSALS = 3
_WORKSPACE = re.compile(r"/accounts/[^/]+/workspaces/[^/]+")

_log = logging.getLogger("prefect_provider.api")


class Exchange:
    """Carries calls to one server; what all of a client's requests have in common."""

    def __init__(
        self, settings: Settings, transport: Transport | None, user_agent_suffix: str, policy: RetryPolicy
    ) -> None:
        self.stop = StopSignal()
        self.diagnosis = Diagnosis(settings)
        self.base_path = "/" + settings.endpoint.url.split("/", 3)[3]
        self._settings = settings
        self._transport = transport
        self._policy = policy
        self._user_agent_suffix = user_agent_suffix
        self._headers: dict[str, str] | None = None
        self._writes = Slots(settings.write_concurrency, self.stop)
        self._connections = Slots(_CONNECTIONS, self.stop)
        self._pause = Pause(self.stop)
        self._csrf = CsrfGuard(
            self._fetch_csrf_token, enabled=settings.csrf_enabled and not settings.is_cloud
        )
        self._answered = False
        self._real_workspaces: set[str] = set()

    async def aclose(self) -> None:
        """End all waits and close all connections."""
        self.stop.set()
        if self._transport is not None:
            await self._transport.aclose()

    async def carry(self, call: Call) -> Reply:
        """The reply to a call; raises ApiError."""
        try:
            if not call.is_write:
                return await self._persist(call)
            if self.stop.is_set:
                raise Stopped
            async with self._writes:
                return await self._persist(call)
        except Stopped as exc:
            raise self._interrupted(call, None) from exc

    async def _persist(self, call: Call) -> Reply:
        """Attempt a call until it succeeds, must not be repeated, or patience ends."""
        patience = Patience(self._policy, time.monotonic())
        refusals = 0
        while True:
            patience.waited(await self._pause.over())
            token = await self._csrf.headers(call.method)
            patience.attempts += 1
            try:
                return await self._attempt(call, token, patience.attempts)
            except Forbidden as exc:
                refusals += 1
                if self._settings.is_cloud or not _concerns_csrf(exc) or refusals == _CSRF_REFUSALS:
                    raise
                await self._csrf.refused(token)
                patience.attempts -= 1
                continue
            except _FailedAttempt as failure:
                error, status, retry_after = failure.error, failure.error.status, failure.retry_after
                repeat = failure.temporary and (not error.ambiguous or call.recover is not None)
            wait = patience.next_wait(time.monotonic(), status, retry_after) if repeat else None
            if wait is None:
                error.note = patience.refusal
                raise error
            self._log_retry(call, patience.attempts, status, wait)
            if status == 429 and retry_after:
                self._pause.hold(retry_after)
            try:
                await self.stop.sleep(wait)
            except Stopped:
                raise self._interrupted(call, error) from error
            if error.ambiguous and call.recover is not None and (found := await call.recover()) is not None:
                return found

    async def _attempt(self, call: Call, token: Mapping[str, str], number: int) -> Reply:
        """Send once.

        Raises:
            _FailedAttempt: the error, and whether another attempt may mend it.
            Forbidden: it may be for want of a token.
        """
        try:
            answer = await self._send(call, token, number)
        except TransportFault as fault:
            ambiguous = fault.reached and not call.safe
            error = self.diagnosis.of_fault(
                call.method, self.base_path + call.path, fault, ambiguous=ambiguous
            )
            error.__cause__ = fault
            # Before the server has ever answered, the address is the likeliest fault, and no wait mends it.
            raise _FailedAttempt(error, temporary=self._answered) from None
        try:
            return await self._understand(call, answer)
        except Forbidden:
            raise
        except ApiError as error:
            temporary = self._policy.is_temporary(answer.status)
            error.ambiguous = (
                not call.safe
                and (temporary or answer.status >= 500)
                and not self._policy.is_rejection(answer.status)
            )
            retry_after = parse_retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
            raise _FailedAttempt(error, temporary=temporary, retry_after=retry_after) from None

    async def _send(self, call: Call, token: Mapping[str, str], number: int) -> Answer:
        """One request and its answer, with a log record without headers, query or body.

        Raises:
            TransportFault: there is no answer.
        """
        headers = {**self._common_headers(), **token}
        if call.body is not None:
            headers["content-type"] = "application/json"
        limit = self._settings.request_timeout
        connect = min(limit, _LATER_CONNECT if self._answered else _FIRST_CONNECT)
        url = f"{self._settings.endpoint.url}{call.path}{call.query}"
        status: int | None = None
        async with self._connections:
            started = time.monotonic()
            try:
                async with asyncio.timeout(limit):
                    answer = await self._open().send(Outgoing(call.method, url, headers, call.body, connect))
                status = answer.status
            except TimeoutError as exc:
                kind: FaultKind = "timed_out"
                raise TransportFault(kind, "no answer", reached=True) from exc
            finally:
                milliseconds = round((time.monotonic() - started) * 1000, 1)
                path = self.base_path + call.path
                _log.debug(
                    "%s %s: %s in %s ms",
                    call.method,
                    path,
                    status or "no answer",
                    milliseconds,
                    extra=_fields(call.method, path, status, number, milliseconds),
                )
        return answer

    async def _understand(self, call: Call, answer: Answer) -> Reply:
        """A success as a reply; raises the ApiError that explains anything else."""
        path = self.base_path + call.path
        workspace = _WORKSPACE.match(call.path)
        if 200 <= answer.status < 300:
            data, is_json = read_json(answer)
            if not is_json:
                raise self.diagnosis.not_prefect(call.method, path, answer)
            self._answered = True
            if workspace:
                self._real_workspaces.add(workspace[0])
            return Reply(answer.status, data)
        error = self.diagnosis.of_answer(call.method, path, answer, call.conceal)
        if not isinstance(error, UnexpectedAnswer):
            self._answered = True
        elif error.status == 404 and workspace and self._settings.is_cloud and read_json(answer)[1]:
            # Whether Prefect Cloud names the object in every 404 is not documented, so a nameless one is
            # believed once the workspace itself is known to be there.
            question = f"{workspace[0]}/variables/filter"
            if call.path == question:
                raise error
            if workspace[0] not in self._real_workspaces:
                await self._persist(Call("POST", question, {"limit": 0}))
            what = f"Prefect answered 404 to {call.method} {path}"
            raise NotFound(what, method=call.method, path=path, status=404)
        raise error

    async def _fetch_csrf_token(self, client_id: str) -> Any:
        return (await self._persist(Call("GET", "/csrf-token", params={"client": client_id}))).data

    def _open(self) -> Transport:
        if self._transport is None:
            from prefect_provider.api.exchange.httpx_transport import HttpxTransport

            self._transport = HttpxTransport(self._settings)
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

    def _interrupted(self, call: Call, last: ApiError | None) -> Interrupted:
        path = self.base_path + call.path
        return Interrupted(
            f"Stopped while {call.method} {path} waited"
            + (" to be tried again" if last else "; it was not sent"),
            reason=f"the last attempt failed, {last.what}" if last else "",
            method=call.method,
            path=path,
            ambiguous=last is not None and last.ambiguous,
        )

    def _log_retry(self, call: Call, attempt: int, status: int | None, wait: float) -> None:
        path = self.base_path + call.path
        _log.warning(
            "%s %s: %s, trying again in %.2f s",
            call.method,
            path,
            status or "no answer",
            wait,
            extra=_fields(call.method, path, status, attempt, None),
        )


class _FailedAttempt(Exception):  # noqa: N818 - an event inside this module, not an error by itself
    """An attempt failed with this error; ``temporary`` tells whether another may succeed."""

    def __init__(self, error: ApiError, *, temporary: bool, retry_after: float | None = None) -> None:
        super().__init__(error.what)
        self.error = error
        self.temporary = temporary
        self.retry_after = retry_after


def _concerns_csrf(error: Forbidden) -> bool:
    # Prefect 3.8: "Missing CSRF token.", "Missing client identifier.", "Invalid CSRF token or client
    # identifier."
    return "CSRF" in error.reason or "client identifier" in error.reason


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
