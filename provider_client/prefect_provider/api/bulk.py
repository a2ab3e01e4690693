"""Reads that arrive together, answered together.

Terraform asks a provider for one object at a time, ten at once. Here such reads wait a few milliseconds for each
other and become one ``/filter`` call that names them; a burst that goes on becomes paging through the collection,
whose pages answer the reads that follow. A read that comes alone is one GET, as it always was.

What is read is never staler than this process's own last write: a write forgets every page. What a filter does not
return is asked for by itself before it counts as gone, unless the listing says that nothing hangs on it; and so is each
object where a filter fails, so that an error reaches only those to whom it belongs.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from prefect_provider.api.errors import (
    ApiError,
    ConnectionFailed,
    Interrupted,
    Invalid,
    NotFound,
    TimedOut,
    Unavailable,
    UnexpectedAnswer,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from prefect_provider.api.listing import Listing
    from prefect_provider.api.sender import Sender

__all__ = ["BulkReader"]

PAGE: Final = 200
"""Objects in one answer; servers refuse to give more (Prefect 3.8, unless set up otherwise)."""

_WINDOW_S: Final = 0.005
"""How long the first read of a burst waits for others."""

_BURST: Final = 6
"""Reads that wait at once when many objects are refreshed, so that pages pay; Terraform has ten under way."""

_LULL_S: Final = 0.006
"""Seconds without another read after which a burst is asked for what it has so far."""

_BURST_S: Final = 2.0
"""How long after such a moment, or the answer to it, the burst may still go on; pages answer no later reads."""

_WORTH: Final = 0.25
"""The part of the objects asked for that the pages so far must hold for the next one to be worth its while."""

_SURE: Final = 4
"""Objects that were not on the pages, before that is taken to say something."""

_LONG_LULL_S: Final = 0.04
"""The same where few objects are asked for among many, and no page spares a request."""

_MANY: Final = 30
"""Objects of a collection that were asked for by name before a page of it is tried although others told nothing."""

_PAID: Final = 5
"""Objects that each page has spared being asked for by name, before it has paid for itself by half."""

_AT_ONCE: Final = 10
"""Objects that are asked for at the same time: as many as Terraform has under way unless it is told otherwise."""

_NOBODY_ANSWERS: Final = (ConnectionFailed, Interrupted, TimedOut, Unavailable)


_Future: TypeAlias = "asyncio.Future[dict[str, Any] | None]"
_Key: TypeAlias = tuple[str, ...]


class _Question(NamedTuple):
    """Somebody who waits for an object."""

    future: _Future
    path: str
    """Where a GET has the object; empty where only the filter does."""


class _Found(NamedTuple):
    """What a filter answered."""

    objects: dict[_Key, dict[str, Any]]
    is_full: bool
    """Whether there may be more."""
    is_plain: bool
    """Whether every object of the answer has a key, and one of its own."""

    @property
    def is_all(self) -> bool:
        """Whether these are all that there are."""
        return self.is_plain and not self.is_full


class _Reads:
    """The reads of one listing: who waits, and what pages have brought."""

    __slots__ = (
        "found",
        "given",
        "hits",
        "is_busy",
        "is_complete",
        "is_plain",
        "listing",
        "misses",
        "named",
        "next_offset",
        "takes_keys",
        "waiting",
    )

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self.waiting: dict[_Key, _Question] = {}
        self.is_busy = False
        self.takes_keys = listing.has_keys
        """Whether the filter takes keys, as far as is known."""
        self.forget()

    def forget(self) -> None:
        """Drop all pages."""
        self.found: dict[_Key, dict[str, Any]] = {}
        self.given: set[_Key] = set()
        """What pages had and somebody was given: whoever asks again wants to know what is true by then."""
        self.next_offset: int | None = 0
        """Where the next page begins; ``None`` when no more are read."""
        self.is_plain = True
        """Whether every object of the pages so far has a key."""
        self.is_complete = False
        """Whether the pages are the whole collection."""
        self.hits = self.misses = self.named = 0
        """Of the objects asked for, those that were on the pages so far, those that were not, and those that were then
        asked for by name."""

    def brought(self, key: _Key) -> dict[str, Any] | None:
        """What a page brought, if it did.

        Once only, unless it is shared: whoever asks again wants to know what is true by then.
        """
        return self.found.get(key) if self.listing.is_shared else self.found.pop(key, None)

    @property
    def pages_pay(self) -> bool:
        """Whether there is a next page that is worth its while."""
        if self.next_offset is None or (self.next_offset and not self.hits):
            return False
        if self.misses < _SURE or self.hits >= _WORTH * (self.hits + self.misses):
            return True
        pages = self.next_offset // PAGE
        return self.named >= _MANY * pages and self.hits >= _PAID * pages


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
        self._reads: dict[tuple[str, _Key, frozenset[tuple[str, Any]], bool, bool], _Reads] = {}
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

    async def read(self, listing: Listing, *key: str, path: str = "") -> dict[str, Any] | None:
        """The object with this key; ``None`` when the server has none.

        ``path`` is where a GET has it; without, it is asked for through the filter also when it is alone.

        Raises:
            ApiError: the server could not be asked; never NotFound.
        """
        question, wanted = _Question(asyncio.get_running_loop().create_future(), path), listing.normal(key)
        if not self._enabled:
            return await self._get(listing, wanted, question)
        options = frozenset(listing.options.items())
        kind = (listing.path, listing.key, options, listing.is_shared, listing.has_pages)
        reads = self._reads.setdefault(kind, _Reads(listing))
        now = time.monotonic()
        if self._burst_ends and now > self._burst_ends:
            self._burst_ends = 0.0
            self._forget_pages()
        if listing.is_final and reads.is_complete and wanted not in reads.given:
            return reads.found.get(wanted)
        brought = reads.brought(wanted)
        if brought is not None:
            reads.given.add(wanted)
            reads.hits += 1
            self._go_on()
            return brought
        if reads.next_offset != 0:
            reads.misses += 1
        question = reads.waiting.setdefault(wanted, question)
        if self._waiting >= _BURST:
            self._burst_ends = now + _BURST_S
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await asyncio.shield(question.future)

    @property
    def _waiting(self) -> int:
        return sum(len(one.waiting) for one in self._reads.values())

    async def _gather(self) -> None:
        """Where it is more than one, wait as long as more arrive, up to what Terraform has under way."""
        while (before := self._waiting) < _AT_ONCE and (self._burst_ends or before > 1):
            await asyncio.sleep(_LONG_LULL_S if self._in_doubt else _LULL_S)
            if self._waiting == before:
                return

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
                await self._gather()
                await self._read_named(max(idle, key=lambda one: len(one.waiting)))

    def _wants_page(self, reads: _Reads) -> bool:
        if not reads.takes_keys:
            # Without a filter a page answers several; who is alone is asked for by a GET.
            is_alone = len(reads.waiting) == 1 and not self._burst_ends
            return not is_alone and reads.pages_pay
        if not self._burst_ends or not reads.listing.has_pages or not reads.pages_pay:
            return False
        return reads.next_offset != 0 or reads.named >= _MANY or not self._in_doubt

    @property
    def _in_doubt(self) -> bool:
        """Whether the pages so far have told next to nothing: few objects are asked for among many."""
        told = [
            reads
            for reads in self._reads.values()
            if reads.next_offset != 0 and not (reads.listing.is_final and reads.is_complete)
        ]
        hits = sum(reads.hits for reads in told)
        return bool(told) and hits < _WORTH * (hits + sum(reads.misses for reads in told))

    async def _read_page(self, reads: _Reads) -> None:
        """Read the next page."""
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
                    _fail(reads.waiting.pop(key).future, error)
            return
        finally:
            reads.is_busy = False
        if writes != self._writes:
            # It may be older than the write, and so answers nobody.
            return
        self._keep(reads, page, offset)
        self._go_on()

    def _go_on(self) -> None:
        """A burst is not over because the server took its time over what it asked for."""
        if self._burst_ends:
            self._burst_ends = max(self._burst_ends, time.monotonic() + _BURST_S)

    @staticmethod
    def _keep(reads: _Reads, page: _Found, offset: int) -> None:
        """Keep a page, and answer those whom it concerns."""
        reads.found |= page.objects
        reads.is_plain &= page.is_plain
        reads.is_complete = reads.is_plain and not page.is_full
        reads.next_offset = offset + PAGE if page.is_full else None
        here = [key for key in reads.waiting if key in page.objects]
        if offset == 0:
            reads.misses += len(reads.waiting) - len(here)
        reads.hits += len(here)
        if reads.listing.is_final and reads.is_complete:
            for key in [key for key in reads.waiting if key in reads.found or key not in reads.given]:
                _answer(reads.waiting.pop(key).future, reads.found.get(key))
        for key in here:
            if key in reads.waiting:
                reads.given.add(key)
                _answer(reads.waiting.pop(key).future, reads.brought(key))

    async def _read_named(self, reads: _Reads) -> None:
        """Ask for those who wait, by their keys; who asks for one of them from now on waits anew."""
        listing = reads.listing
        asked = {key: reads.waiting.pop(key) for key in list(reads.waiting)[:PAGE]}
        reads.named += len(asked)
        if len(asked) > 1 and reads.takes_keys:
            try:
                found = await self._find(listing, asked)
            except _NOBODY_ANSWERS as error:
                for question in asked.values():
                    _fail(question.future, error)
                return
            except ApiError as error:
                if isinstance(error, Invalid) and listing.has_pages:
                    # As an older server answers to keys that its filter does not know: pages do without.
                    reads.takes_keys = False
                found = _Found({}, is_full=False, is_plain=False)
            for key in list(asked):
                if key in found.objects or (listing.is_final and found.is_all):
                    _answer(asked.pop(key).future, found.objects.get(key))
        await self._read_each(listing, asked)
        self._go_on()

    async def _read_each(self, listing: Listing, asked: Mapping[_Key, _Question]) -> None:
        """Ask for each by itself, a few at once, until it turns out that nobody answers."""
        each = list(asked.items())
        for start in range(0, len(each), _AT_ONCE):
            some = each[start : start + _AT_ONCE]
            errors = await asyncio.gather(*(self._read_one(listing, *one) for one in some))
            dead = next((error for error in errors if isinstance(error, _NOBODY_ANSWERS)), None)
            if dead is not None:
                for _, question in each[start + _AT_ONCE :]:
                    _fail(question.future, dead)
                return

    async def _read_one(self, listing: Listing, key: _Key, question: _Question) -> Exception | None:
        try:
            found = await self._get(listing, key, question)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the one who asked
            _fail(question.future, error)
            return error
        _answer(question.future, found)
        return None

    async def _get(self, listing: Listing, key: _Key, question: _Question) -> dict[str, Any] | None:
        if not question.path:
            found = await self._find(listing, [key])
            if key not in found.objects and not found.is_all:
                at = f"{listing.path}/filter"
                msg = f"The answer to POST {at} does not tell whether the object is there"
                raise UnexpectedAnswer(msg, method="POST", path=at, status=200)
            return found.objects.get(key)
        try:
            reply = await self._sender.get(question.path, dict(listing.params) or None)
        except NotFound:
            return None
        data: dict[str, Any] = reply.data
        return data

    async def _find(self, listing: Listing, keys: Collection[_Key]) -> _Found:
        """What the filter has of these keys."""
        return await self._ask(listing, {**listing.options, **listing.wanted(keys), "limit": PAGE})

    async def _ask(self, listing: Listing, body: Mapping[str, Any]) -> _Found:
        """The objects of a filter's answer; raises ApiError."""
        path = f"{listing.path}/filter"
        reply = await self._sender.post(path, dict(body))
        if not isinstance(reply.data, list):
            msg = f"The answer to POST {path} is not a list"
            raise UnexpectedAnswer(msg, method="POST", path=path, status=reply.status)
        objects = {key: one for one in reply.data if (key := listing.key_of(one)) is not None}
        is_plain = len(objects) == len(reply.data)
        return _Found(objects, is_full=len(reply.data) >= PAGE, is_plain=is_plain)
