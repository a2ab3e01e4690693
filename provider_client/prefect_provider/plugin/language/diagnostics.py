"""What a provider tells the person at the terminal: errors and warnings, each with a place.

A diagnostic has a short summary, a detail that says what was expected and how to fix it, and the path of
the attribute it is about. Paths inside sets end at the set, because Terraform cannot point into one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.text.path import Path, show_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prefect_provider.text.problem import Severity

__all__ = ["Diagnostic", "Diagnostics", "ProviderError"]


def _shown(text: str) -> str:
    """The text without what a terminal obeys: Terraform prints it as it is, and it may quote what a server said."""
    if text.isprintable():
        return text
    from prefect_provider.text.printing import printable

    return printable(text)


class Diagnostic:
    """One error or warning; texts that control a terminal are left out of it."""

    __slots__ = ("detail", "path", "severity", "summary")

    def __init__(self, severity: Severity, summary: str, detail: str = "", path: Path = ()) -> None:
        self.severity: Final = severity
        self.summary: Final = _shown(summary)
        self.detail: Final = _shown(detail)
        self.path: Final = path

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Diagnostic):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"Diagnostic({self.severity}, {show_path(self.path)!r}, {self.summary!r}, {self.detail!r})"

    def _key(self) -> tuple[object, ...]:
        return (self.severity, self.summary, self.detail, self.path)


class ProviderError(Exception):
    """Raise it to stop a call with one error diagnostic."""

    def __init__(self, summary: str, detail: str = "", path: Path = ()) -> None:
        super().__init__(f"{summary}: {detail}" if detail else summary)
        self.diagnostic = Diagnostic("error", summary, detail, path)


class Diagnostics:
    """The errors and warnings of one call, in the order they were found."""

    __slots__ = ("items",)

    def __init__(self) -> None:
        self.items: list[Diagnostic] = []

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def has_errors(self) -> bool:
        """Whether any of them is an error."""
        return any(item.severity == "error" for item in self.items)

    def error(self, summary: str, detail: str = "", path: Path = ()) -> None:
        """Add an error."""
        self.items.append(Diagnostic("error", summary, detail, path))

    def warning(self, summary: str, detail: str = "", path: Path = ()) -> None:
        """Add a warning."""
        self.items.append(Diagnostic("warning", summary, detail, path))

    def add(self, diagnostic: Diagnostic) -> None:
        """Add one that was made elsewhere."""
        self.items.append(diagnostic)
