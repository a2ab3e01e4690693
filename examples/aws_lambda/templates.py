"""Texts and documents with ``{fields}`` of an object in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["TemplateError", "fill", "fill_text"]

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class TemplateError(Exception):
    """A template names what there is not, or has a brace too many; says what there is."""


def fill(template: Any, fields: Mapping[str, Any]) -> Any:
    """A document of JSON, with its texts filled in.

    A text that is nothing but one ``{field}`` becomes the field's value as it is, a number or a list, too. A path goes
    inside of a field: ``{record.requestParameters.sourceIPAddress}``, ``{record.resources.0}``. ``{{`` and ``}}`` are
    braces.

    :raises TemplateError: there is no such field.
    """
    match template:
        case str():
            whole = _PART.fullmatch(template)
            return _value(whole[1], fields) if whole and whole[1] is not None else fill_text(template, fields)
        case dict():
            return {name: fill(value, fields) for name, value in template.items()}
        case list():
            return [fill(value, fields) for value in template]
    return template


def fill_text(template: str, fields: Mapping[str, Any]) -> str:
    """A text with the fields' values written into it; what an object does not have is empty.

    :raises TemplateError: there is no such field.
    """

    def written(part: re.Match[str]) -> str:
        if part[0] in ("{{", "}}"):
            return part[0][0]
        if part[1] is None:
            msg = f"{template!r} has a single {part[0]}: write {part[0] * 2} for a brace"
            raise TemplateError(msg)
        value = _value(part[1], fields)
        return "" if value is None else str(value)

    return _PART.sub(written, template)


def _value(path: str, fields: Mapping[str, Any]) -> Any:
    value: Any = fields
    walked: list[str] = []
    for step in path.split("."):
        inside = dict(enumerate(value)) if isinstance(value, list) else value
        name = int(step) if isinstance(value, list) and step.isdecimal() else step
        if not isinstance(inside, dict) or name not in inside:
            there = ", ".join(map(str, inside)) if isinstance(inside, dict) else "nothing"
            place = f"`{'.'.join(walked)}` has" if walked else "there are the fields"
            msg = f"there is no `{path}`: {place} {there}"
            raise TemplateError(msg)
        value = inside[name]
        walked.append(step)
    return value
