"""What comes in and what goes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Answer", "Refusal", "Request", "gone", "invalid"]


@dataclass(frozen=True)
class Request:
    """One request: ``path`` is below ``/api``, ``names`` are the parts of it that the route names."""

    method: str
    path: str
    names: dict[str, str]
    query: dict[str, str]
    body: Any
    actor: dict[str, Any] | None
    """Whose key it carries; None for a hook, which needs none."""

    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""
    """The body as it came."""


@dataclass(frozen=True)
class Answer:
    """A status and what is sent as JSON; nothing is sent with 204."""

    status: int = 200
    data: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818 - an answer, not a failure of the simulator
    """An answer other than success, with the ``detail`` that Prefect's errors have."""

    def __init__(self, status: int, detail: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, detail)
        self.answer = Answer(status, {"detail": detail}, headers or {})


def gone(*, noun: str) -> Refusal:
    """There is no such object, or none that the key may see."""
    return Refusal(404, f"{noun} not found")


def invalid(place: tuple[str | int, ...], message: str, given: Any = None) -> Refusal:
    """A request whose body is refused, in the form of FastAPI; ``place`` such as ``("body", "name")``."""
    return Refusal(422, [{"type": "value_error", "loc": list(place), "msg": message, "input": given}])
