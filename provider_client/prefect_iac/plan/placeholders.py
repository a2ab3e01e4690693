"""What stands for a value that is known only after the apply, so that references can be followed before it.

``unknown:prefect_deployment.nightly.id`` is the id that this object will have. Where a plan does not tell what a value
will be, its own place stands for it: ``unknown:prefect_automation.alert.actions[0].body``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["holds_placeholder", "is_placeholder", "placeholder", "with_values"]

_MARK: Final = "unknown:"

_SPELLING: Final = str.maketrans({"[": "(", "]": ")", "*": "%2A", "?": "%3F"})
"""An address without what a trigger would take for a wildcard."""


def placeholder(address: str, attribute: str = "id") -> str:
    """The text that stands for an attribute of the object at an address.

    Keys are in round brackets, ``unknown:prefect_deployment.each("x").id``: as a pattern it matches itself only.
    """
    return f"{_MARK}{address}.{attribute}".translate(_SPELLING)


def is_placeholder(value: object) -> bool:
    """Whether a value stands for one that is not known; the predicate that rules and events ask for."""
    return isinstance(value, str) and value.startswith(_MARK)


def holds_placeholder(value: object) -> bool:
    """Whether a part of a text is not known, such as the id in ``prefect.deployment.<id>``."""
    return isinstance(value, str) and _MARK in value


def with_values(document: Any, known: Mapping[str, str]) -> Any:
    """A JSON document with values in the places of their placeholders, such as after the apply."""
    match document:
        case str():
            # One may begin as another does, so the longest go first.
            for mark in sorted(known, key=len, reverse=True) if _MARK in document else ():
                document = document.replace(mark, known[mark])
            return document
        case dict():
            return {with_values(key, known): with_values(value, known) for key, value in document.items()}
        case list():
            return [with_values(item, known) for item in document]
    return document
