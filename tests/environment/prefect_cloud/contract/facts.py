"""What a fact is, and where all of them are."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["CONFIDENCES", "Answered", "Check", "Checked", "Confidence", "Fact", "Part", "parts"]

Confidence: TypeAlias = Literal["documented", "client", "assumed"]

CONFIDENCES: Final[dict[Confidence, str]] = {
    "documented": "Prefect's public documentation says it",
    "client": "a published client relies on it",
    "assumed": "nobody says it; the simulator has to do something",
}
"""How sure a fact is, surest first."""


class Answered(Protocol):
    """An answer to a request."""

    status: int
    headers: dict[str, str]
    data: Any


class Checked(Protocol):
    """The account that a check asks; paths are below ``/api``, ``A`` being the account's and ``P`` the workspace's.

    A check raises AssertionError where the fact does not hold, and :class:`LookupError` where the account has nothing
    to see it by.
    """

    account_id: str
    workspace_id: str

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Answered:
        """The answer to a request with the account's key, or another; ``path`` such as ``A/teams/filter``."""


Check: TypeAlias = Callable[[Checked], None]


@dataclass(frozen=True)
class Fact:
    """One line of the contract."""

    id: str
    """A short name, unique among all: ``workspace-handle-unique``."""

    statement: str
    """What is so. ``A`` stands for ``/accounts/{account_id}``, ``P`` for ``A/workspaces/{workspace_id}``."""

    source: str
    confidence: Confidence

    check: Check | None = None
    """Asks an account whether it holds; it changes nothing there unless the fact ``writes``."""

    writes: bool = False
    """Whether the check makes objects (and deletes them again), for which it needs a scratch workspace."""


@dataclass(frozen=True)
class Part:
    """The facts of one file."""

    name: str
    title: str
    facts: Sequence[Fact]


def parts() -> list[Part]:
    """All parts, by name; raises ValueError for an id that two facts have."""
    package = importlib.import_module("tests.environment.prefect_cloud.contract")
    found: list[Part] = []
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        facts = getattr(loaded, "FACTS", None)
        if facts is not None:
            title = (loaded.__doc__ or module.name).strip().splitlines()[0].rstrip(".")
            found.append(Part(module.name, title, tuple(facts)))
    ids = [fact.id for part in found for fact in part.facts]
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        msg = f"two facts are called {', '.join(twice)}"
        raise ValueError(msg)
    return found
