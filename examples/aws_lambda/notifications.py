"""What S3 tells of new objects: directly, through EventBridge, and wrapped up by SQS or SNS.

The forms are those of the S3 user guide: "Event message structure" for notifications, "EventBridge event message
structure" for events. The keys of the former are URL-encoded, those of the latter are not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from .objects import StoredObject
from .problems import NotANotificationError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Message", "messages_of", "objects_of"]

_FORMS = (
    "a notification of S3 (`Records` with `s3`), an event of EventBridge (`source` aws.s3), "
    "or one of these in a message of SQS or SNS"
)


@dataclass(frozen=True)
class Message:
    """One message of SQS, with the id by which SQS is told that it failed; or all of a call by another service."""

    body: Any
    id: str | None = None


def messages_of(event: object) -> list[Message]:
    """What a call of the function holds: each message of a queue by itself, or the whole."""
    records = event.get("Records") if isinstance(event, dict) else None
    if isinstance(records, list) and records and all(_is_of_queue(record) for record in records):
        return [Message(record["body"], record["messageId"]) for record in records]
    return [Message(event)]


def objects_of(body: object) -> list[StoredObject]:
    """The objects that a message tells of; none if it is S3's test message, or tells of other things than new objects.

    :raises NotANotificationError: it does not tell of objects in S3, or not as AWS does.
    """
    return list(_objects(body))


def _is_of_queue(record: object) -> bool:
    return isinstance(record, dict) and record.get("eventSource") == "aws:sqs"


def _objects(body: Any) -> Iterator[StoredObject]:
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise _wrong(body, "JSON text") from error
    match body:
        case {"Event": "s3:TestEvent"}:
            return
        case {"Type": "Notification", "Message": str(message)}:
            yield from _objects(message)
        case {"source": "aws.s3", "detail-type": kind, "detail": _}:
            if kind == "Object Created":
                yield _of_event(body)
        case {"Records": list(records)}:
            for record in records:
                yield from _of_record(record)
        case _:
            raise _wrong(body, _FORMS)


def _of_record(record: Any) -> Iterator[StoredObject]:
    match record:
        case {"Sns": {"Message": message}} | {"eventSource": "aws:sqs", "body": message}:
            yield from _objects(message)
        case {"eventSource": "aws:s3", "eventName": str(name), "s3": _}:
            if name.removeprefix("s3:").startswith("ObjectCreated:"):
                yield _of_notification(record)
        case _:
            raise _wrong(record, "a record of S3 (`eventSource` aws:s3, `eventName` and `s3`), SQS or SNS")


def _of_notification(record: dict[str, Any]) -> StoredObject:
    match record["s3"]:
        case {"bucket": {"name": str(bucket)}, "object": {"key": str(key)} as about}:
            return StoredObject(
                bucket=bucket,
                key=unquote_plus(key),
                time=_time(record.get("eventTime"), record),
                size=about.get("size"),
                version=_version(about.get("versionId")),
                etag=about.get("eTag"),
                sequencer=about.get("sequencer"),
                region=record.get("awsRegion"),
                record=record,
            )
    raise _wrong(record, "`s3` with `bucket.name` and `object.key`")


def _of_event(event: dict[str, Any]) -> StoredObject:
    match event["detail"]:
        case {"bucket": {"name": str(bucket)}, "object": {"key": str(key)} as about}:
            return StoredObject(
                bucket=bucket,
                key=key,
                time=_time(event.get("time"), event),
                size=about.get("size"),
                version=_version(about.get("version-id")),
                etag=about.get("etag"),
                sequencer=about.get("sequencer"),
                region=event.get("region"),
                record=event,
            )
    raise _wrong(event, "`detail` with `bucket.name` and `object.key`")


def _version(given: str | None) -> str | None:
    """The version, unless it is the one of all objects that a bucket has while it keeps no versions."""
    return None if given == "null" else given


def _time(given: object, record: object) -> datetime:
    try:
        time = datetime.fromisoformat(str(given))
    except ValueError as error:
        raise _wrong(record, "a time such as 2026-01-31T12:00:00Z") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _wrong(got: object, expected: str) -> NotANotificationError:
    text = got if isinstance(got, str) else json.dumps(got, default=repr)
    shown = text if len(text) <= 300 else f"{text[:300]}..."
    return NotANotificationError(f"expected {expected}, got {shown}")
