"""The names that constructs have in Terraform's state: the same as those that the CDK gives."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["name_of_path"]

_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST: Final = 255
_LONGEST_READABLE: Final = 240
_OF_HASH: Final = 8

_LEFT_OUT: Final = "Default"
"""An id that counts nowhere."""

_HIDDEN: Final = "Resource"
"""An id that counts in the hash alone."""


def name_of_path(ids: Sequence[str]) -> str:
    """The name of a construct whose ids below its stack are these.

    One that is in the stack itself is called as its id. Others have the hash of their path at the end. It is empty
    where nothing is left of the ids.
    """
    counted = [one for one in ids if one != _LEFT_OUT]
    if not counted:
        return ""
    if len(counted) == 1:
        name = _NOT_IN_NAMES.sub("", counted[0])
        if len(name) <= _LONGEST:
            return name
    readable: list[str] = []
    previous = ""
    for one in counted:
        # What repeats the end of the id before it says nothing new.
        if not readable or not previous.endswith(one):
            previous = one
            readable.append(one)
    shown = "_".join(_NOT_IN_NAMES.sub("", one) for one in readable if one != _HIDDEN)
    path = "/".join(counted).encode("utf-8", "replace")
    hashed = hashlib.md5(path, usedforsecurity=False).hexdigest()[:_OF_HASH].upper()
    return f"{shown[:_LONGEST_READABLE]}_{hashed}"
