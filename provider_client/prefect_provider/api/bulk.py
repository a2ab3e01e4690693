"""Reads that arrive together, answered together.

Terraform asks a provider for one object at a time, ten at once. Here such reads wait a few milliseconds for each
other and become one ``/filter`` call that names them; a burst that goes on becomes paging through the collection,
whose pages answer the reads that follow. A read that comes alone is one GET, as it always was.

What is read is never staler than this process's own last write: a write forgets every page. What a filter does not
return is asked for by itself before it counts as gone, and so is each object where a filter fails, so that an error
reaches only those to whom it belongs.
"""

from __future__ import annotations

import asyncio
import time
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from prefect_provider.api.errors import (
    ApiError,
    ConnectionFailed,
    Interrupted,
    NotFound,
    TimedOut,
    Unavailable,
)
from prefect_provider.api.request import join_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api.sender import Sender

__all__ = ["BulkReader", "Listing"]

PAGE: Final = 200
"""Objects in one answer; servers refuse to give more (Prefect 3.8, unless set up otherwise)."""

_WINDOW_S: Final = 0.003
"""How long the first read of a burst waits for others."""

_BURST: Final = 6
"""Reads that wait at once when many objects are refreshed, so that pages pay; Terraform has ten under way."""

_BURST_S: Final = 2.0
"""How long after such a moment the burst may still go on; pages answer no later reads."""

_WORTH: Final = 0.25
"""The part of the objects asked for that the pages so far must hold for the next one to be worth its while."""

_SURE: Final = 4
"""Objects that were not on the pages, before that is taken to say something."""

_NOBODY_ANSWERS: Final = (ConnectionFailed, Interrupted, TimedOut, Unavailable)


_Future: TypeAlias = "asyncio.Future[dict[str, Any] | None]"


class Listing(NamedTuple):
    """A collection that can be asked for several objects at once."""

    path: str
    """Where its objects are: ``/flows``; the filter is below it, at ``/flows/filter``."""
    name: str
    """The filter's key in the request: ``flows``."""
    sort: str = ""
    """The order that puts the newest first, where there is one."""
    options: Mapping[str, Any] = MappingProxyType({})
    """Further fields of the request, such as ``include_secrets``."""
    params: Mapping[str, Any] = MappingProxyType({})
    """The same as the query of a single GET has it."""
    key: str = "id"
    """What an object is asked for by: its ``id``, or its ``name`` where the API knows it by that."""
    has_keys: bool = True
    """Whether the filter takes keys; without, objects are found by paging only."""


class _Reads:
    """The reads of one listing: who waits, and what pages have brought."""

    __slots__ = ("found", "hits", "is_busy", "listing", "misses", "next_offset", "waiting")

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self.waiting: dict[str, _Future] = {}
        self.is_busy = False
        self.forget()

    def forget(self) -> None:
        """Drop all pages."""
        self.found: dict[str, dict[str, Any]] = {}
        self.next_offset: int | None = 0
        """Where the next page begins; ``None`` when the collection has been read to its end."""
        self.hits = self.misses = 0
        """Of the objects asked for, those that were on the pages so far, and those that were not."""

    @property
    def pages_pay(self) -> bool:
        """Whether there is a next page that is worth its while."""
        if self.next_offset is None:
            return False
        return self.misses < _SURE or self.hits >= _WORTH * (self.hits + self.misses)


def _answer(future: _Future, data: dict[str, Any] | None) -> None:
    if not future.done():
        future.set_result(data)


def _fail(future: _Future, error: Exception) -> None:
    if not future.done():
        future.set_exception(error)


class BulkReader:
    """Reads objects of one scope; belongs to one event loop."""

    def __init__(self, sender: Sender, *, enabled: bool = True) -> None:
        """Unless ``enabled``, each read is a GET of its own."""
        self._sender = sender
        self._enabled = enabled
        self._reads: dict[tuple[str, frozenset[tuple[str, Any]]], _Reads] = {}
        self._worker: asyncio.Task[None] | None = None
        self._pages: set[asyncio.Task[None]] = set()
        self._burst_ends = 0.0
        self._writes = 0

    def forget(self) -> None:
        """A write begins or ends: what pages have brought may no longer be true."""
        self._writes += 1
        self._forget_pages()

    def _forget_pages(self) -> None:
        for reads in self._reads.values():
            reads.forget()

    async def read(self, listing: Listing, key: str) -> dict[str, Any] | None:
        """The object with this key; ``None`` when the server has none.

        Raises:
            ApiError: the server could not be asked; never NotFound.
        """
        kind = (listing.path, frozenset(listing.options.items()))
        reads = self._reads.setdefault(kind, _Reads(listing))
        if not self._enabled:
            return await self._get(listing, key)
        now = time.monotonic()
        if self._burst_ends and now > self._burst_ends:
            self._burst_ends = 0.0
            self._forget_pages()
        # Once only: whoever asks again wants to know what is true by then.
        brought = reads.found.pop(key, None)
        if brought is not None:
            reads.hits += 1
            return brought
        if reads.next_offset != 0:
            reads.misses += 1
        future = reads.waiting.get(key)
        if future is None:
            future = reads.waiting[key] = asyncio.get_running_loop().create_future()
        if sum(len(one.waiting) for one in self._reads.values()) >= _BURST:
            self._burst_ends = now + _BURST_S
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await asyncio.shield(future)

    async def _work(self) -> None:
        """Serve who waits, always where most do, until nobody does.

        Named reads are asked for one call after the other: meanwhile others gather, and the calls stay few.
        """
        await asyncio.sleep(_WINDOW_S)
        while True:
            idle = [reads for reads in self._reads.values() if reads.waiting and not reads.is_busy]
            if not idle:
                if not self._pages:
                    return
                await asyncio.wait(self._pages, return_when=asyncio.FIRST_COMPLETED)
                continue
            reads = max(idle, key=lambda one: len(one.waiting))
            if self._wants_page(reads):
                reads.is_busy = True
                task = asyncio.create_task(self._read_page(reads))
                self._pages.add(task)
                task.add_done_callback(self._pages.discard)
            else:
                await self._read_named(reads)

    def _wants_page(self, reads: _Reads) -> bool:
        if not reads.listing.has_keys:
            return reads.next_offset is not None
        return self._burst_ends > 0 and reads.pages_pay

    async def _read_page(self, reads: _Reads) -> None:
        """Read the next page, keep it, and answer those whom it concerns."""
        listing, asked, offset, writes = (
            reads.listing,
            list(reads.waiting),
            reads.next_offset or 0,
            self._writes,
        )
        body = {**listing.options, "limit": PAGE, "offset": offset}
        if listing.sort:
            body["sort"] = listing.sort
        try:
            page = await self._ask(listing, body)
        except ApiError as error:
            # Whoever waits is asked for by name instead.
            reads.next_offset = None
            if isinstance(error, _NOBODY_ANSWERS):
                for key in asked:
                    _fail(reads.waiting.pop(key), error)
            return
        finally:
            reads.is_busy = False
        if writes != self._writes:
            # It may be older than the write, and so answers nobody.
            return
        reads.found |= page
        reads.next_offset = offset + PAGE if len(page) >= PAGE else None
        here = [key for key in reads.waiting if key in page]
        if offset == 0:
            reads.misses += len(reads.waiting) - len(here)
        reads.hits += len(here)
        for key in here:
            _answer(reads.waiting.pop(key), reads.found.pop(key))

    async def _read_named(self, reads: _Reads) -> None:
        """Ask for those who wait, by their keys; who asks for one of them from now on waits anew."""
        asked = {key: reads.waiting.pop(key) for key in list(reads.waiting)[:PAGE]}
        if len(asked) > 1 and reads.listing.has_keys:
            filter_ = {reads.listing.name: {reads.listing.key: {"any_": list(asked)}}}
            try:
                found = await self._ask(reads.listing, {**reads.listing.options, **filter_, "limit": PAGE})
            except _NOBODY_ANSWERS as error:
                for future in asked.values():
                    _fail(future, error)
                return
            except ApiError:
                found = {}
            for key in found.keys() & asked.keys():
                _answer(asked.pop(key), found[key])
        await asyncio.gather(*(self._read_one(reads.listing, *one) for one in asked.items()))

    async def _read_one(self, listing: Listing, key: str, future: _Future) -> None:
        try:
            found = await self._get(listing, key)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the one who asked
            _fail(future, error)
        else:
            _answer(future, found)

    async def _get(self, listing: Listing, key: str) -> dict[str, Any] | None:
        try:
            reply = await self._sender.get(listing.path + join_path(key), dict(listing.params) or None)
        except NotFound:
            return None
        found: dict[str, Any] = reply.data
        return found

    async def _ask(self, listing: Listing, body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The objects of a filter's answer, by key; raises ApiError."""
        reply = await self._sender.post(f"{listing.path}/filter", dict(body))
        objects = reply.data if isinstance(reply.data, list) else []
        return {str(one[listing.key]): one for one in objects if isinstance(one, dict) and listing.key in one}
