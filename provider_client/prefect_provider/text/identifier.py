"""UUIDs, the ids of Prefect's objects."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["UUID_EXAMPLE", "UUID_FORM", "is_uuid"]

UUID_EXAMPLE: Final = "01234567-89ab-cdef-0123-456789abcdef"
UUID_FORM: Final = f"a UUID such as {UUID_EXAMPLE}"

_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID, in either case."""
    return _UUID.fullmatch(text) is not None
