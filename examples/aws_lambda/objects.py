"""An object that was stored in S3, as a notification tells of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["StoredObject"]


@dataclass(frozen=True)
class StoredObject:
    """``time`` is when it was stored, ``size`` is in bytes, and ``record`` is all that the notification says of it.

    What a notification does not say is ``None``; only a bucket with versions has ``version``.
    """

    bucket: str
    key: str
    time: datetime
    size: int | None = None
    version: str | None = None
    etag: str | None = None
    sequencer: str | None = None
    region: str | None = None
    record: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def uri(self) -> str:
        """Where it is: ``s3://bucket/key``."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def revision(self) -> str:
        """What tells it from what else was stored under its key, the same each time that AWS tells of it.

        That is its version, or else the sequencer, which no other PUT of the key has, or else the hash of its content.
        """
        return self.version or self.sequencer or self.etag or self.time.isoformat()

    def fields(self) -> dict[str, Any]:
        """What templates may name."""
        folder, _, name = self.key.rpartition("/")
        stem, dot, suffix = name.rpartition(".")
        return {
            "bucket": self.bucket,
            "key": self.key,
            "uri": self.uri,
            "folder": folder,
            "name": name,
            "stem": stem if dot else name,
            "suffix": suffix if dot else "",
            "size": self.size,
            "version": self.version,
            "etag": self.etag,
            "sequencer": self.sequencer,
            "revision": self.revision,
            "region": self.region,
            "time": self.time.isoformat(),
            "record": self.record,
        }
