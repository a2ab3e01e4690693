"""One event, as Prefect's API has it: a JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from prefect_provider.text.json import kind_of
from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import show

__all__ = [
    "Event",
    "EventError",
    "checked",
    "moment",
    "occurred_of",
    "read_event",
    "resource_id_of",
    "written",
]

Event: TypeAlias = dict[str, Any]
"""``id``, ``occurred`` (RFC 3339), ``event`` (its name), ``resource``, ``related``, ``payload``, ``follows``."""


class EventError(ValueError):
    """It is no event; the message says what is wrong, and never repeats what an event may hold."""


def read_event(text: str | bytes) -> Event:
    """The event that a line of JSON is.

    Raises :class:`EventError` for what is none.
    """
    try:
        document = json.loads(text)
    except RecursionError:
        msg = "it is nested too deeply"
        raise EventError(msg) from None
    except UnicodeDecodeError:
        msg = expectation("text in UTF-8", "other bytes")
        raise EventError(msg) from None
    except ValueError as error:
        what = str(error).partition(":")[0]
        msg = f"{expectation('an event as JSON', 'text that is not JSON')} ({what})"
        raise EventError(msg) from None
    return checked(document)


def checked(document: Any) -> Event:
    """The document, if it is an event; raises :class:`EventError` otherwise."""
    if not isinstance(document, dict):
        msg = expectation("an event, a JSON object", f"a JSON {kind_of(document)}")
        raise EventError(msg)
    name = document.get("event")
    if not isinstance(name, str) or not name:
        msg = expectation(
            "the event's name as `event`",
            show(name) if name is None or name == "" else f"a JSON {kind_of(name)}",
        )
        raise EventError(msg)
    resource = document.get("resource")
    if not isinstance(resource, Mapping) or not isinstance(resource.get("prefect.resource.id"), str):
        msg = expectation("`resource` with a `prefect.resource.id`", "none")
        raise EventError(msg)
    occurred = document.get("occurred")
    if not isinstance(occurred, str) or moment(occurred) is None:
        msg = expectation("an instant with its zone (RFC 3339) as `occurred`", _no_instant(occurred))
        raise EventError(msg)
    return document


def _no_instant(value: object) -> str:
    """What stands in the place of an instant, without its value."""
    if not isinstance(value, str):
        return "nothing" if value is None else f"a JSON {kind_of(value)}"
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return "other text"
    return "a time without a zone"


def moment(text: str) -> datetime | None:
    """The instant that a text in RFC 3339 is, in UTC; ``None`` for another text, or one without a zone."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if read.tzinfo is None else read.astimezone(UTC)


def occurred_of(event: Event) -> datetime:
    """When it occurred, in UTC; the event was read with :func:`read_event`."""
    return datetime.fromisoformat(event["occurred"]).astimezone(UTC)


def resource_id_of(event: Event) -> str:
    """The id of the resource that it is about."""
    return str(event["resource"]["prefect.resource.id"])


def written(event: Event) -> str:
    """The event as one line of JSON, without the end of the line; in ASCII, for a text may hold half a character."""
    return json.dumps(event, separators=(",", ":"))
