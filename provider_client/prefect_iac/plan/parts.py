"""The parts of a plan's JSON, taken out one by one with the place where each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from prefect_iac.plan.stored_object import json_kind
from prefect_provider.text.path import show_path
from prefect_provider.text.problem import expectation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prefect_provider.text.path import Path

__all__ = ["NotYetKnownError", "Part", "PlanError"]

_KINDS: Final = {bool: "boolean", dict: "object", list: "array", str: "string"}
_T = TypeVar("_T")


class PlanError(ValueError):
    """The text is not a plan that can be read; the message says what it is instead, and where, without its values."""


class NotYetKnownError(PlanError):
    """Too little of an object is known before the apply to say what it will be; the plan is sound."""


class Part(NamedTuple):
    """A JSON object inside a plan, and where it stands."""

    value: Mapping[str, Any]
    place: Path = ()

    def field(self, name: str, kind: type[_T], missing: _T | None = None) -> _T:
        """A field of the given type; ``missing`` where there is none or null, if it may be missing.

        Raises :class:`PlanError` for another type.
        """
        value = self.value.get(name)
        if value is None and missing is not None:
            return missing
        if isinstance(value, kind):
            return value
        raise self._damage((name,), f"a JSON {_KINDS[kind]}", value)

    def part(self, name: str) -> Part:
        """The object in a field; an empty one where there is none."""
        empty: dict[str, Any] = {}
        return Part(self.field(name, dict, empty), (*self.place, name))

    def parts(self, name: str) -> Iterator[Part]:
        """The objects of a list; none where there is no list."""
        empty: list[Any] = []
        for index, item in enumerate(self.field(name, list, empty)):
            if not isinstance(item, dict):
                raise self._damage((name, index), "a JSON object", item)
            yield Part(item, (*self.place, name, index))

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list; none where there is no list."""
        empty: list[Any] = []
        items: list[Any] = self.field(name, list, empty)
        for index, item in enumerate(items):
            if not isinstance(item, str):
                raise self._damage((name, index), "a JSON string", item)
        return tuple(items)

    def flag(self, name: str) -> bool | None:
        """True, false, or ``None`` where an older Terraform does not say."""
        return None if self.value.get(name) is None else self.field(name, bool)

    def _damage(self, below: Path, expected: str, value: object) -> PlanError:
        place = show_path((*self.place, *below))
        return PlanError(f"the plan is damaged: {expectation(f'{expected} as `{place}`', json_kind(value))}")
