"""An event: what happened, when, to which resource, and with which related ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal

__all__ = ["ANY", "SECOND", "Event", "EventError", "Labels", "as_text", "microseconds", "read_event"]

SECOND: Final = 1_000_000
"""Times and durations of events are whole microseconds; times are since 1970, in UTC."""


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class _Any(Enum):
    ANY = "any"


ANY: Final = _Any.ANY
"""The value of a label that a resource has and that is not known: it matches ``*`` and nothing else."""

Labels: TypeAlias = "Mapping[str, str | Literal[_Any.ANY] | None]"
"""A resource: its labels with their values; ``None`` is as good as no label."""


class Event(NamedTuple):
    """What happened, to which resource, with which related ones; what follows is of events that did happen."""

    name: str
    resource: Labels
    related: Sequence[Labels] = ()
    id: str = ""
    occurred: int = 0
    """Microseconds since 1970."""
    received: int | None = None
    """When the server saw it, in microseconds since 1970; ``None`` is as if at once."""
    follows: str | None = None
    """The id of the event that comes before this one."""

    @property
    def arrived(self) -> int:
        """When the server saw it."""
        return self.occurred if self.received is None else self.received


class EventError(ValueError):
    """A document that is no event; the message says what is wrong with it."""


def read_event(document: Mapping[str, Any]) -> Event:
    """The event of a document as the API gives it. Raises EventError; the payload is left aside."""
    name = document.get("event")
    resource = document.get("resource")
    related = document.get("related") or ()
    if not isinstance(name, str):
        raise EventError(say("The event has no name", expected="a text in `event`", got=show(name)))
    if not isinstance(resource, dict):
        raise EventError(
            say("The event has no resource", expected="labels in `resource`", got=show(resource))
        )
    if not isinstance(related, (list, tuple)) or not all(isinstance(one, dict) for one in related):
        raise EventError(
            say("The related resources are none", expected="a list of labels in `related`", got=show(related))
        )
    received = document.get("received")
    follows = document.get("follows")
    return Event(
        name,
        resource,
        related,
        str(document.get("id") or ""),
        microseconds(document.get("occurred")),
        None if received is None else microseconds(received),
        None if follows is None else str(follows),
    )


def microseconds(time: object) -> int:
    """The microseconds since 1970 of a time in ISO 8601; one without a zone is in UTC. Raises EventError."""
    try:
        found = datetime.fromisoformat(time)  # type: ignore[arg-type]  # what is no text is refused here
    except (TypeError, ValueError):
        raise EventError(
            say("The event has no time", expected="a time in ISO 8601 in `occurred`", got=show(time))
        ) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return (found - _EPOCH) // _MICROSECOND


def as_text(time: int) -> str:
    """A time in ISO 8601, in UTC: ``2026-11-25T09:12:44Z``; fractions of a second only if there are any."""
    found = _EPOCH + time * _MICROSECOND
    return found.isoformat().replace("+00:00", "Z")
