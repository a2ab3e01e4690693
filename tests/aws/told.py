"""What AWS tells of objects in S3, as its documentation shows it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote_plus

__all__ = ["EVENT_ID", "TEST_MESSAGE", "TIME", "event_of", "notification_of", "queued", "record_of"]

TIME = "2026-01-31T12:00:07.500Z"
EVENT_ID = "17793124-05d4-b198-2fde-7ededc63b103"

TEST_MESSAGE = {
    "Service": "Amazon S3",
    "Event": "s3:TestEvent",
    "Time": TIME,
    "Bucket": "incoming",
    "RequestId": "5582815E1AEA5ADF",
    "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE",
}


def record_of(
    key: str,
    *,
    bucket: str = "incoming",
    size: int | None = 1024,
    sequencer: str = "0A1B2C3D4E5F678901",
    version: str | None = None,
    time: str = TIME,
    name: str = "ObjectCreated:Put",
) -> dict[str, Any]:
    """A record of a notification; its key is encoded, as S3 does it."""
    about: dict[str, Any] = {
        "key": quote_plus(key, safe="/"),
        "size": size,
        "eTag": "d41d8cd98f00b204e9800998ecf8427e",
        "versionId": version,
        "sequencer": sequencer,
    }
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "eu-central-1",
        "eventTime": time,
        "eventName": name,
        "userIdentity": {"principalId": "AWS:EXAMPLE"},
        "requestParameters": {"sourceIPAddress": "192.0.2.1"},
        "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810"},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "to-prefect",
            "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
            "object": {name: value for name, value in about.items() if value is not None},
        },
    }


def notification_of(*keys: str, **about: Any) -> dict[str, Any]:
    """A notification with a record for each key."""
    return {"Records": [record_of(key, **about) for key in keys]}


def event_of(
    key: str,
    *,
    bucket: str = "incoming",
    size: int = 1024,
    sequencer: str = "0A1B2C3D4E5F678901",
    version: str | None = None,
    time: str = TIME,
    kind: str = "Object Created",
) -> dict[str, Any]:
    """An event of EventBridge; its key is as it is."""
    about = {
        "key": key,
        "size": size,
        "etag": "d41d8cd98f00b204e9800998ecf8427e",
        "version-id": version,
        "sequencer": sequencer,
    }
    return {
        "version": "0",
        "id": EVENT_ID,
        "detail-type": kind,
        "source": "aws.s3",
        "account": "111122223333",
        "time": time,
        "region": "eu-central-1",
        "resources": [f"arn:aws:s3:::{bucket}"],
        "detail": {
            "version": "0",
            "bucket": {"name": bucket},
            "object": {name: value for name, value in about.items() if value is not None},
            "request-id": "N4N7GDK58NMKJ12R",
            "requester": "123456789012",
            "source-ip-address": "192.0.2.1",
            "reason": "PutObject",
        },
    }


def queued(*bodies: object) -> dict[str, Any]:
    """A batch of SQS; the messages are called ``m0``, ``m1`` and so on."""
    return {
        "Records": [
            {"messageId": f"m{number}", "eventSource": "aws:sqs", "body": json.dumps(body)}
            for number, body in enumerate(bodies)
        ]
    }
