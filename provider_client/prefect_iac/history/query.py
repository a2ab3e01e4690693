"""Which events are wanted; each source narrows by it where the events are, and exactly."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.history.event import moment, occurred_of, resource_id_of
from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_iac.history.event import Event

__all__ = ["ALL", "Query", "Share", "read_moment", "share_of"]


class Share(NamedTuple):
    """One of ``of`` equal parts of all resources, counted from 0: all events of a resource are in the same part."""

    number: int
    of: int


class Query(NamedTuple):
    """What is wanted; a field that is empty does not narrow."""

    names: tuple[str, ...] = ()
    """Names of events; one that ends in ``*`` stands for all that begin so."""
    since: datetime | None = None
    """Inclusive, with a zone."""
    until: datetime | None = None
    """Inclusive, with a zone."""
    resources: tuple[str, ...] = ()
    """Ids of resources (of the event's own, not of related ones); with ``*`` at the end, as names."""
    share: Share | None = None

    def takes(self, event: Event) -> bool:
        """Whether an event is one of those."""
        if self.names and not _fits(event["event"], self.names):
            return False
        if self.resources and not _fits(resource_id_of(event), self.resources):
            return False
        if self.share is not None and share_of(resource_id_of(event), self.share.of) != self.share.number:
            return False
        if self.since is None and self.until is None:
            return True
        occurred = occurred_of(event)
        return (self.since is None or occurred >= self.since) and (
            self.until is None or occurred <= self.until
        )

    def filter(self) -> dict[str, Any]:
        """The filter of Prefect's API for it, newest first; it may let through more, and nothing less."""
        # Without `since`, a server takes the last 180 days.
        occurred = {"since": (self.since or _BEFORE_PREFECT).isoformat()}
        if self.until is not None:
            occurred["until"] = self.until.isoformat()
        made: dict[str, Any] = {"order": "DESC", "occurred": occurred}
        if self.names:
            made["event"] = _pushed(self.names, "name", "prefix")
        if self.resources:
            made["resource"] = _pushed(self.resources, "id", "id_prefix")
        return {key: value for key, value in made.items() if value}


_BEFORE_PREFECT: Final = datetime(2018, 1, 1, tzinfo=UTC)

ALL: Final = Query()
"""Every event."""


def share_of(resource_id: str, of: int) -> int:
    """Which of ``of`` parts a resource is in; tables work it out in the same way."""
    digest = hashlib.md5(resource_id.encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % of


def read_moment(text: str, now: datetime) -> datetime:
    """The instant that a text means: a duration before ``now``, such as ``7d``, or a date or time (RFC 3339).

    A date, or a time without a zone, is in UTC. Raises ``ValueError`` with what is expected.
    """
    from prefect_provider.rules.durations import worded_seconds

    text = text.strip()
    found = moment(text)
    if found is not None:
        return found
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        pass
    seconds = worded_seconds(text)
    if seconds is not None and seconds > 0:
        try:
            return now - timedelta(seconds=float(seconds))
        except OverflowError:
            pass
    msg = expectation("a duration such as `7d`, or a time such as `2026-11-18T00:00:00Z`", show(text))
    raise ValueError(msg)


def _fits(text: str, wanted: tuple[str, ...]) -> bool:
    return any(text.startswith(one[:-1]) if one.endswith("*") else text == one for one in wanted)


def _pushed(wanted: tuple[str, ...], exact: str, prefix: str) -> dict[str, list[str]]:
    """A server requires both fields where both are given, so names go as prefixes beside prefixes."""
    if any(one == "*" for one in wanted):
        return {}
    if any(one.endswith("*") for one in wanted):
        return {prefix: [one.removesuffix("*") for one in wanted]}
    return {exact: list(wanted)}
