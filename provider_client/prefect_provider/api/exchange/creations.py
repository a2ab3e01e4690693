"""What keeps note of creations that are under way, for the case that nobody lives to see them answered."""

from __future__ import annotations

from typing import Protocol

__all__ = ["Creations"]


class Creations(Protocol):
    """Is told of each request that creates an object; none of it may raise."""

    def begin(self, url: str, name: str) -> int:
        """An object of that name is about to be posted to a collection; returns what to call this creation."""
        ...

    def made(self, creation: int, object_id: str) -> None:
        """It was made."""
        ...

    def failed(self, creation: int) -> None:
        """Nothing was made by it."""
        ...
