"""What typed models share: they are immutable, refuse unknown fields, and report all broken rules at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, PlainValidator

from prefect_provider.models.problems import Problem, is_reference, number_of, seconds_of

__all__ = ["STORED", "Identifier", "Labels", "Model", "Names", "RelatedLabels", "Seconds", "Whole", "refuse"]

STORED: Final[Mapping[str, Any]] = {"stored": True}
"""The validation context of what the server already holds: the rules for new objects do not apply to it."""


class Model(BaseModel):
    """An immutable object of the API, checked when it is made.

    Its errors do not repeat the input, which may hold secrets.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def refuse(problems: Iterable[Problem]) -> None:
    """Raise the errors among the problems as one; warnings pass.

    :raises ValueError: one line for each error, with its place and remedy.
    """
    errors = [str(problem) for problem in problems if problem.severity == "error"]
    if errors:
        msg = "\n".join(errors)
        raise ValueError(msg)


def _names(value: Iterable[str]) -> frozenset[str]:
    return frozenset(value)


def _labels(value: Mapping[str, Any]) -> dict[str, str | list[str]]:
    return {label: one if isinstance(one, str) else list(one) for label, one in value.items()}


def _related(
    value: Mapping[str, Any] | Sequence[Mapping[str, Any]],
) -> dict[str, str | list[str]] | list[dict[str, str | list[str]]]:
    return _labels(value) if isinstance(value, Mapping) else [_labels(one) for one in value]


def _seconds(value: object) -> float:
    seconds = seconds_of(value)
    if seconds is None:
        msg = f"expected a number of seconds, got {value!r}"
        raise ValueError(msg)
    return seconds


def _whole(value: object) -> int | float:
    number = number_of(value)
    if number is None:
        msg = f"expected a whole number, got {value!r}"
        raise ValueError(msg)
    return number if is_reference(number) else int(number)


def _identifier(value: object) -> str:
    return str(value)


Names: TypeAlias = Annotated[Collection[str], PlainValidator(_names)]
"""Any collection of texts; kept as a ``frozenset``."""

Labels: TypeAlias = Annotated[Mapping[str, str | Sequence[str]], PlainValidator(_labels)]
"""Labels of a resource, each with one value or several; kept as a ``dict`` of texts and lists."""

RelatedLabels: TypeAlias = Annotated[
    Mapping[str, str | Sequence[str]] | Sequence[Mapping[str, str | Sequence[str]]], PlainValidator(_related)
]
"""Labels of a related resource, or a list of them, each for another one."""

Seconds: TypeAlias = Annotated[float | timedelta, PlainValidator(_seconds)]
"""A duration; kept as a ``float`` of seconds."""

Whole: TypeAlias = Annotated[int, PlainValidator(_whole)]
"""A whole number."""

Identifier: TypeAlias = Annotated[str | UUID, PlainValidator(_identifier)]
"""A UUID; kept as text."""
