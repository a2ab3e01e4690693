"""An AWS Lambda function that tells Prefect of files which land in S3; `file_landed` acts on that.

Give it the notification `s3:ObjectCreated:*` of the buckets, and the address of the API in the variable
PREFECT_API_URL; for Prefect Cloud also a key in PREFECT_API_KEY. It needs nothing but Python.
"""

import json
import os
import urllib.request
from typing import Any
from uuid import NAMESPACE_URL, uuid5


def event_of(record: dict[str, Any]) -> dict[str, Any]:
    """The event for one record of a notification.

    AWS may deliver a notification more than once. The same record gives the same id, and Prefect
    counts an event once.
    """
    stored = record["s3"]
    bucket, key = stored["bucket"]["name"], stored["object"]["key"]
    return {
        "id": str(uuid5(NAMESPACE_URL, f"s3://{bucket}/{key}#{stored['object']['sequencer']}")),
        "occurred": record["eventTime"],
        "event": "s3.object.created",
        "resource": {"prefect.resource.id": f"s3.bucket.{bucket}", "prefect.resource.name": bucket},
        "payload": {"bucket": bucket, "key": key, "size": stored["object"]["size"]},
    }


def handler(notification: dict[str, Any], context: object) -> None:  # noqa: ARG001 - given by AWS
    """Send an event for each record; an error makes AWS try again."""
    request = urllib.request.Request(  # noqa: S310 - the address is the function's own setting
        f"{os.environ['PREFECT_API_URL']}/events",
        data=json.dumps([event_of(record) for record in notification["Records"]]).encode(),
        headers={"Content-Type": "application/json"},
    )
    if key := os.environ.get("PREFECT_API_KEY"):
        request.add_header("Authorization", f"Bearer {key}")
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310 - as above
        pass
