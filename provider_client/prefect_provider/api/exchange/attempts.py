"""All attempts at one request: when to send it again, when to look whether it took effect, when to give up.

After each attempt a request was done, was not done, or may have been done. What may have been done is sent
again only if that does no harm, or if a look at the server shows that it was not.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from prefect_provider.api.errors import ApiError, Forbidden, NotFound
from prefect_provider.api.exchange.retry import Patience
from prefect_provider.api.exchange.waits import Stopped
from prefect_provider.api.request import Reply, Request
from prefect_provider.text.problem import sentence

if TYPE_CHECKING:
    from prefect_provider.api.exchange.creations import Creations
    from prefect_provider.api.exchange.server import Server
    from prefect_provider.api.exchange.transport import TransportFault

__all__ = ["Attempts", "Failure"]

_AGAIN: Final = "waited to be tried again"
_BRIEFLY: Final = 3
"""Attempts at a request whose answers make no sense, such as a page of a gateway that is starting."""

_CSRF_REFUSALS: Final = 3


class Failure(Exception):  # noqa: N818 - an event between these modules, not an error by itself
    """An attempt failed with this error.

    ``unknown`` tells whether the request may have taken effect all the same; ``temporary`` whether another
    attempt may succeed, ``brief`` that it is one of a few only; ``gone`` is the fault when a server that has answered
    before could not be reached.
    """

    def __init__(
        self,
        error: ApiError,
        *,
        unknown: bool,
        temporary: bool,
        brief: bool = False,
        retry_after: float | None = None,
        gone: TransportFault | None = None,
    ) -> None:
        super().__init__(error.what)
        self.error = error
        self.unknown = unknown
        self.temporary = temporary
        self.brief = brief
        self.retry_after = retry_after
        self.gone = gone

    @property
    def is_answer(self) -> bool:
        """Whether the server has done its work all the same: it knows the object, or refuses the request."""
        return self.error.status is not None and self.error.status < 500 and not self.temporary


class Attempts:
    """The attempts at one request to a server."""

    __slots__ = ("_brief", "_doubt", "_patience", "_refusals", "_request", "_server", "_wait")

    def __init__(self, server: Server, request: Request, within: float | None = None) -> None:
        self._server = server
        self._request = request
        self._patience = Patience(server.policy, time.monotonic())
        self._wait = server.standstill.wait(
            server.diagnosis.call_of(request), is_write=request.is_write, within=within
        )
        self._refusals = 0
        self._brief = 0
        # The last error after which the request may have taken effect; the doubt outlives later attempts,
        # since a server may be slow to act.
        self._doubt: ApiError | None = None

    async def reply(self) -> Reply:
        """The reply; raises the ApiError of the attempt that was the last."""
        with self._wait:
            creations = self._server.creations
            if creations is None or not self._request.creates:
                return await self._reply()
            return await self._noted(creations)

    async def _noted(self, creations: Creations) -> Reply:
        """The reply to a creation, of which a note is kept as long as it is not known what came of it."""
        body = _only_one(self._request.json)
        name = body.get("name", body.get("tag", body.get("slug"))) if isinstance(body, Mapping) else None
        creation = creations.begin(self._server.url_of(self._request), name if isinstance(name, str) else "")
        try:
            reply = await self._reply()
        except ApiError as error:
            if not error.ambiguous:
                creations.failed(creation)
            raise
        # 200: it was there before.
        made = _only_one(reply.data)
        if reply.status == 201 and isinstance(made, Mapping):
            creations.made(creation, str(made["id"]))
        else:
            creations.failed(creation)
        return reply

    async def _reply(self) -> Reply:
        request, server, patience = self._request, self._server, self._patience
        while True:
            outcome = await self._outcome()
            if isinstance(outcome, Reply):
                self._wait.answered()
                return outcome
            error = outcome.error
            if outcome.is_answer:
                self._wait.answered()
            if outcome.unknown and request.is_write:
                self._doubt = error
                error.ambiguous = not request.safe
            wait = self._wait_after(outcome)
            if wait is None:
                error.note = error.note or patience.refusal
                if patience.is_cut and not self._wait.is_private:
                    error.given_up = True
                    server.standstill.is_over()
                return await self._give_up(outcome, error)
            server.log_retry(request, patience.attempts, error.status, wait)
            self._wait.why = f"and is tried again after: {error.what}"
            try:
                await server.stop.sleep(wait)
            except Stopped:
                return await self._give_up(outcome, server.diagnosis.interrupted(request, _AGAIN, error))
            if (found := await self._look()) is not None:
                return found

    async def _outcome(self) -> Reply | Failure:
        """What came of another attempt."""
        try:
            return await self._attempt()
        except Failure as failure:
            return await self._explained_by_doubt(failure.error) or failure
        except ApiError as error:
            return Failure(error, unknown=False, temporary=False)
        except Stopped:
            if self._doubt is None:
                raise
            stopped = self._server.diagnosis.interrupted(self._request, _AGAIN, self._doubt)
            return Failure(stopped, unknown=False, temporary=False)

    async def _attempt(self) -> Reply:
        """Send once, with a valid token where the server wants one."""
        request, server, wait = self._request, self._server, self._wait
        while True:
            if pause := server.pause.left:
                wait.why = f"because Prefect asked to wait {pause:.0f} s"
                self._patience.waited(await server.pause.over())
            wait.why = "for its turn"
            self._patience.postponed(await server.pace.turn(wait.left))
            token = await server.csrf.headers(request.method)
            self._patience.attempts += 1
            wait.why = "and there is no answer yet"
            if wait.left <= 0 and not server.standstill.lets_through():
                error = server.diagnosis.at_a_standstill(request, wait, sent=False)
                raise Failure(error, unknown=False, temporary=False)
            if request.is_write:
                server.stop.check()
            try:
                reply = await server.attempt(request, token, self._patience.attempts, wait)
            except Failure as failure:
                self._refusals += 1
                if server.is_cloud or not _concerns_csrf(failure.error) or self._refusals == _CSRF_REFUSALS:
                    raise
            else:
                return await self._confirmed(reply)
            await server.csrf.refused(token)
            self._patience.attempts -= 1

    async def _confirmed(self, reply: Reply) -> Reply:
        """A deletion that was answered neither with 204 nor with what was deleted is believed once that is gone."""
        request, server = self._request, self._server
        told = isinstance(reply.data, dict) and "id" in reply.data
        if request.method != "DELETE" or reply.status == 204 or told:
            return reply
        try:
            await server.reply_at_once(Request("GET", request.path))
        except ApiError as error:
            # 405: nothing can be read there.
            if isinstance(error, NotFound) or error.status == 405:
                return reply
            raise
        raise Failure(server.diagnosis.not_deleted(request, reply.status), unknown=False, temporary=False)

    async def _explained_by_doubt(self, error: ApiError) -> Reply | None:
        """The reply when the error only shows that an earlier attempt took effect."""
        if self._doubt is None or error.status != 404:
            return None
        if self._request.method == "DELETE" and isinstance(error, NotFound):
            return Reply(204, None)
        renamed = self._request.path_after_rename()
        if renamed is None:
            return None
        try:
            await self._server.reply_at_once(Request("GET", renamed))
        except NotFound:
            return None
        except ApiError as exc:
            raise self._doubt from exc
        return Reply(204, None)

    def _wait_after(self, failure: Failure) -> float | None:
        """Seconds until the next attempt; None when there must be none."""
        request, server, error = self._request, self._server, failure.error
        if not failure.temporary or (failure.unknown and not request.safe and request.recover is None):
            return None
        if failure.brief:
            # Those with another fault said nothing of how long this one takes.
            self._brief += 1
            if self._brief >= _BRIEFLY:
                return None
        if failure.gone and server.outage.fault is not None:
            server.outage.begins(failure.gone)
            return None
        wait = self._patience.next_wait(
            time.monotonic(), error.status, failure.retry_after, max(self._wait.left, 0.0)
        )
        if wait is None:
            if failure.gone:
                server.outage.begins(failure.gone)
            return None
        if error.status == 429 and failure.retry_after:
            server.pause.hold(failure.retry_after)
        return max(wait, server.policy.settling) if failure.unknown and request.recover else wait

    async def _give_up(self, failure: Failure, error: ApiError) -> Reply:
        """Raise the error, unless the request turns out to have taken effect."""
        if self._doubt is None:
            raise error
        if self._request.recover is None:
            error.ambiguous = not self._request.safe
            raise error
        settled = True
        if failure.unknown and error is failure.error:
            try:
                await self._server.stop.sleep(self._server.policy.settling)
            except Stopped:
                settled = False
        if (found := await self._look()) is not None:
            return found
        error.ambiguous = failure.unknown and (not settled or error is not failure.error)
        if not error.ambiguous:
            _add_note(error, "It was looked for afterwards, and is not there")
        raise error

    async def _look(self) -> Reply | None:
        """What the request made, if that is in doubt and can be looked up.

        Raises:
            ApiError: the one that left the outcome open, because the look failed.
        """
        doubt, recover = self._doubt, self._request.recover
        if doubt is None or recover is None:
            return None
        try:
            policy = self._server.policy
            longest = policy.longest_last_look if self._server.stop.is_set else policy.longest_look
            async with asyncio.timeout(longest):
                return await recover()
        except Exception as exc:
            doubt.ambiguous = True
            reason = exc.what if isinstance(exc, ApiError) else type(exc).__name__
            _add_note(doubt, f"Looking whether it did failed: {reason}")
            raise doubt from exc


def _only_one(data: object) -> object:
    """What a list of one has in it: some objects are posted, and answered, in a list."""
    return data[0] if isinstance(data, list) and len(data) == 1 else data


def _add_note(error: ApiError, note: str) -> None:
    error.note = " ".join(sentence(part) for part in (error.note, note) if part)


def _concerns_csrf(error: ApiError) -> bool:
    # Prefect 3.8: "Missing CSRF token.", "Missing client identifier.", "Invalid CSRF token or client
    # identifier."
    return isinstance(error, Forbidden) and ("CSRF" in error.reason or "client identifier" in error.reason)
