"""The function reads what AWS sends, in every wrapping, and says of anything else what it expected."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from examples.aws_lambda.notifications import messages_of, objects_of
from examples.aws_lambda.objects import StoredObject
from examples.aws_lambda.problems import NotANotificationError
from tests.aws.told import TEST_MESSAGE, event_of, notification_of, queued, record_of

KEY = "daily reports/ä+b 100%.csv"


def told_by_sns(body: object) -> dict[str, Any]:
    """What a topic calls a function with."""
    return {
        "Records": [{"EventSource": "aws:sns", "Sns": {"Type": "Notification", "Message": json.dumps(body)}}]
    }


@pytest.mark.parametrize(
    "event",
    [
        notification_of(KEY),
        event_of(KEY),
        queued(notification_of(KEY)),
        queued(event_of(KEY)),
        queued({"Type": "Notification", "Message": json.dumps(notification_of(KEY))}),
        told_by_sns(notification_of(KEY)),
    ],
    ids=["notification", "event", "sqs", "event in sqs", "sns in sqs", "sns"],
)
def test_forms(event: dict[str, Any]) -> None:
    """Whoever tells of an object, it is the same object; the key of a notification is decoded, that of an event not."""
    (message,) = messages_of(event)
    (stored,) = objects_of(message.body)
    assert stored == StoredObject(
        bucket="incoming",
        key=KEY,
        time=datetime(2026, 1, 31, 12, 0, 7, 500_000, tzinfo=UTC),
        size=1024,
        etag="d41d8cd98f00b204e9800998ecf8427e",
        sequencer="0A1B2C3D4E5F678901",
        region="eu-central-1",
    )
    assert stored.uri == f"s3://incoming/{KEY}"


def test_key_of_an_event_with_signs_of_an_encoding() -> None:
    """A key that has ``%20`` and ``+`` in its name keeps them, both ways."""
    for body in (notification_of("a%20b+c"), event_of("a%20b+c")):
        assert objects_of(body)[0].key == "a%20b+c"


def test_several() -> None:
    """Each record and each message has its objects; messages of a queue keep their ids."""
    assert [stored.key for stored in objects_of(notification_of("a", "b"))] == ["a", "b"]
    messages = messages_of(queued(notification_of("a", "b"), event_of("c")))
    assert [message.id for message in messages] == ["m0", "m1"]
    assert [[stored.key for stored in objects_of(message.body)] for message in messages] == [
        ["a", "b"],
        ["c"],
    ]


@pytest.mark.parametrize(
    "body",
    [
        TEST_MESSAGE,
        json.dumps(TEST_MESSAGE),
        notification_of("a", name="ObjectRemoved:Delete"),
        event_of("a", kind="Object Deleted"),
        {"Records": []},
    ],
)
def test_nothing_new(body: object) -> None:
    """S3's test message, and what is told of other things than new objects, is nothing to act on."""
    assert objects_of(body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "expected a notification of S3 (`Records` with `s3`), an event of EventBridge"),
        (None, "expected a notification of S3"),
        ([record_of("a")], "expected a notification of S3"),
        ({"source": "aws.ec2", "detail-type": "x", "detail": {}}, "expected a notification of S3"),
        ("no JSON", "expected JSON text, got no JSON"),
        ("[" * 100_000, "expected JSON text, got [["),
        ({"Records": [{"eventSource": "aws:dynamodb"}]}, "expected a record of S3 (`eventSource` aws:s3"),
        ({"Records": ["text"]}, "expected a record of S3"),
        (
            {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {"bucket": {}}}]},
            "expected `s3` with `bucket.name` and `object.key`",
        ),
        (
            {**event_of("a"), "detail": {"bucket": "b"}},
            "expected `detail` with `bucket.name` and `object.key`",
        ),
        (notification_of("a", time="yesterday"), "expected a time such as 2026-01-31T12:00:00Z"),
        ({**event_of("a"), "time": None}, "expected a time such as 2026-01-31T12:00:00Z"),
    ],
)
def test_anything_else(body: object, expected: str) -> None:
    """Anything else is an error that says what was expected and shows what came, though not all of a long one."""
    with pytest.raises(NotANotificationError) as caught:
        objects_of(body)
    assert str(caught.value).startswith(expected)
    assert ", got " in str(caught.value)
    assert len(str(caught.value)) < 600


def test_revisions() -> None:
    """A version tells objects of one key apart, else the sequencer; `null` is no version."""
    revisions = {
        about: objects_of(notification_of("a", version=version, sequencer=about))[0].revision
        for about, version in (("01", "v1"), ("02", "null"), ("03", None))
    }
    assert revisions == {"01": "v1", "02": "02", "03": "03"}
    assert objects_of(event_of("a", version="v1"))[0].revision == "v1"
