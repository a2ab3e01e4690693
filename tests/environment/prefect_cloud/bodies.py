"""What the bodies of requests have to be: no field too many, none that is needed left out, each of its kind."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.environment.prefect_cloud.exchange import invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    Kind = Callable[[Any], str]

__all__ = ["fields", "flag", "id_", "moment_or_null", "number", "or_null", "taken", "text"]


def taken(
    body: Any,
    needed: Mapping[str, Kind],
    optional: Mapping[str, Kind],
    *,
    at: tuple[str | int, ...] = ("body",),
) -> dict[str, Any]:
    """The fields of a body that are given; 422 for one that is not as the API has it."""
    if not isinstance(body, dict):
        raise invalid(at, "Input should be a valid dictionary", body)
    for name in body:
        if name not in needed and name not in optional:
            raise invalid((*at, name), "Extra inputs are not permitted", body[name])
    for name in needed:
        if name not in body:
            raise invalid((*at, name), "Field required", body)
    for name, value in body.items():
        wrong = {**needed, **optional}[name](value)
        if wrong:
            raise invalid((*at, name), wrong, value)
    return dict(body)


def fields(body: Any, known: Collection[str], *, needed: Collection[str] = ()) -> dict[str, Any]:
    """The same where the kinds are looked at elsewhere."""
    return taken(body, dict.fromkeys(needed, _anything), dict.fromkeys(known, _anything))


def _anything(_value: Any) -> str:
    return ""


def text(most: int = 5000) -> Kind:
    """A text of so many characters at most."""

    def check(value: Any) -> str:
        if not isinstance(value, str):
            return "Input should be a valid string"
        return f"String should have at most {most} characters" if len(value) > most else ""

    return check


def flag(value: Any) -> str:
    """True or false."""
    return "" if isinstance(value, bool) else "Input should be a valid boolean"


def number(least: float | None = None, most: float | None = None, *, whole: bool = False) -> Kind:
    """A number within bounds."""

    def check(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
            return f"Input should be a valid {'integer' if whole else 'number'}"
        if least is not None and value < least:
            return f"Input should be greater than or equal to {least:g}"
        if most is not None and value > most:
            return f"Input should be less than or equal to {most:g}"
        return ""

    return check


def id_(value: Any) -> str:
    """A UUID."""
    try:
        UUID(value)
    except (AttributeError, TypeError, ValueError):
        return "Input should be a valid UUID"
    return ""


def or_null(kind: Kind) -> Kind:
    """That, or null."""
    return lambda value: "" if value is None else kind(value)


def _moment(value: Any) -> str:
    try:
        datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return "Input should be a valid datetime"
    return ""


moment_or_null = or_null(_moment)
