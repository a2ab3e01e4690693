"""Parts of a configuration laid over each other, and keys as Terraform has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from prefect_constructs.native.failure import SynthesisError
from prefect_constructs.native.tokens import UNDEFINED, IResolvable

__all__ = ["merge", "set_at", "snake_case", "snake_keys", "without_none"]

_ENDS: Final = re.compile(r"^[^A-Za-z0-9]*|[^A-Za-z0-9]*$")
_HUMP: Final = re.compile(r"([a-z0-9])([A-Z])")
_BETWEEN: Final = re.compile(r"[^A-Za-z0-9]+|_+")
_PLAIN: Final = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")

_AS_THEY_ARE: Final = frozenset({"tags", "environment"})
"""Mappings whose keys are the user's."""


def without_none(value: Any) -> Any:
    """The value without what is ``None`` in its mappings and lists: to the CDK, that is not given."""
    kind = type(value)
    if kind is dict:
        return {key: without_none(one) for key, one in value.items() if one is not None}
    if kind is list or kind is tuple:
        return [without_none(one) for one in value if one is not None]
    if isinstance(value, Mapping):
        return without_none(dict(value))
    return value


def merge(target: dict[str, Any], source: Mapping[str, Any]) -> dict[str, Any]:
    """Lay ``source`` over ``target``, which is changed: mappings become one, lists are joined.

    What is undefined removes; ``None`` is a value as any other.
    """
    for key, value in source.items():
        if value is UNDEFINED:
            target.pop(key, None)
        elif isinstance(value, dict):
            target[key] = _within(target.get(key), value, key)
        elif isinstance(value, (list, tuple)) and isinstance(target.get(key), list):
            target[key] = [*target[key], *value]
        else:
            target[key] = value
    return target


def _within(below: Any, value: dict[str, Any], key: str) -> Any:
    if isinstance(below, dict):
        return merge(below, value)
    if isinstance(below, list):
        return _into_list(below, value, key)
    return merge({}, value)


def _into_list(items: list[Any], source: dict[str, Any], key: str) -> list[Any]:
    """Lay a mapping over a list: its keys are numbers of elements, as in ``add_override("actions.0.type", ...)``."""
    found = list(items)
    for index, value in source.items():
        if not index.isdecimal():
            msg = f"an override of `{key}`: expected the number of an element of the list, got {index!r}"
            raise SynthesisError(msg)
        place = int(index)
        found += [None] * (place + 1 - len(found))
        found[place] = _within(found[place], value, index) if isinstance(value, dict) else value
    return found


def set_at(overrides: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path of keys with dots between them, making mappings on the way; ``None`` is undefined."""
    *outer, last = path.split(".")
    here = overrides
    for key in outer:
        below = here.get(key)
        if not isinstance(below, dict):
            below = here[key] = {}
        here = below
    here[last] = _undefined(value)


def _undefined(value: Any) -> Any:
    if value is None:
        return UNDEFINED
    if isinstance(value, Mapping):
        return {key: _undefined(one) for key, one in value.items()}
    return without_none(value)


def snake_case(text: str) -> str:
    """``createBeforeDestroy`` as ``create_before_destroy``."""
    if _PLAIN.fullmatch(text):
        return text
    inner = _ENDS.sub("", text)
    humps = _HUMP.sub(lambda found: f"{found[1]}_{found[2].lower()}", inner)
    return _BETWEEN.sub("_", humps).lower()


def snake_keys(value: Any) -> Any:
    """The value with the keys of all its mappings in Terraform's spelling."""
    if isinstance(value, (list, tuple)):
        return [snake_keys(one) for one in value]
    if isinstance(value, IResolvable) or not isinstance(value, Mapping):
        return value
    return {
        (key if key in _AS_THEY_ARE else snake_case(key)): (one if key in _AS_THEY_ARE else snake_keys(one))
        for key, one in value.items()
    }
