"""Names of resources, taken from the names of objects."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["label_of", "unique_labels", "word"]

_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")

_LONGEST: Final = 100
"""Characters of a label; what is longer is cut off."""


def label_of(name: str) -> str:
    """A name of Terraform's for an object of that name."""
    label = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")
    return label if _IDENTIFIER.fullmatch(label) else f"_{label}" if label else "restored"


def word(name: str) -> str:
    """A name as one word of small letters, for Terraform and for Python; empty if none of it can be written in them."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    label = re.sub(r"[^a-z0-9]+", "_", bare.lower()).strip("_")[:_LONGEST].rstrip("_")
    return f"_{label}" if label[:1].isdigit() else label


def unique_labels(named: Iterable[tuple[str, str]], otherwise: str) -> dict[str, str]:
    """A label for each id; ``named`` are ids with names, those that were there first before the others.

    The first of a name has it alone, and those after it with a part of their id, so that what is made later changes no
    label. ``otherwise`` is what stands for a name that gives none.
    """
    labels: dict[str, str] = {}
    taken: set[str] = set()
    for id_, name in named:
        label = word(name) or otherwise
        for longer in (label, f"{label}_{id_[:8]}", f"{label}_{id_.replace('-', '_')}"):
            if longer not in taken and (word(name) or longer != label):
                break
        taken.add(longer)
        labels[id_] = longer
    return labels
