"""The event of Prefect that tells of an object; automations decide what comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:
    from .objects import StoredObject

__all__ = ["EVENT", "event_of"]

EVENT = "s3.object.created"


def event_of(stored: StoredObject) -> dict[str, Any]:
    """The event, about the bucket.

    AWS may tell of an object more than once. The same object gives the same id, and Prefect counts an event once.
    """
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{stored.uri}#{stored.revision}")),
        "occurred": stored.time.isoformat(),
        "event": EVENT,
        "resource": {
            "prefect.resource.id": f"s3.bucket.{stored.bucket}",
            "prefect.resource.name": stored.bucket,
        },
        "payload": {
            "bucket": stored.bucket,
            "key": stored.key,
            "size": stored.size,
            "etag": stored.etag,
            "version": stored.version,
        },
    }
