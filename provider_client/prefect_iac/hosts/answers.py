"""What hosts answer, read piece by piece: JSON in which anything may be missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_iac.hosts.errors import HostError
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Reader"]


class Reader:
    """A JSON object of an answer; whatever is not as expected raises HostError."""

    def __init__(self, document: Any, what: str) -> None:
        if not isinstance(document, dict):
            raise _odd(what, "an object", document)
        self._document: Final[dict[str, Any]] = document
        self._what: Final = what

    @staticmethod
    def each(document: Any, what: str) -> Iterator[Reader]:
        """The objects of a list."""
        if not isinstance(document, list):
            raise _odd(what, "a list", document)
        for item in document:
            yield Reader(item, what)

    def object(self, name: str) -> Reader:
        """An object in it."""
        return Reader(self._document.get(name), f"{self._what}.{name}")

    def optional(self, name: str) -> Reader | None:
        """An object in it, or None where there is none."""
        return None if self._document.get(name) is None else self.object(name)

    def objects(self, name: str) -> Iterator[Reader]:
        """The objects of a list in it."""
        return self.each(self._document.get(name), f"{self._what}.{name}")

    def text(self, name: str) -> str:
        """A text; null is an empty one."""
        value = self._document.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name, "text", value)
        return value or ""

    def number(self, name: str) -> int:
        """A whole number."""
        value = self._document.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(name, "a number", value)
        return value

    def flag(self, name: str) -> bool:
        """Whether something is true."""
        return self._document.get(name) is True

    def _wrong(self, name: str, expected: str, value: Any) -> HostError:
        return _odd(f"{self._what}.{name}", expected, value)


def _odd(what: str, expected: str, got: Any) -> HostError:
    found = show(got) if got is None or isinstance(got, bool | int | str) else type(got).__name__
    return HostError(
        say(
            f"the code host's answer cannot be read: {what}",
            expected=expected,
            got=found,
            remedy="Is it the API's address?",
        )
    )
