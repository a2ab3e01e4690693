"""The automations of a file, in YAML or JSON, in any of the three shapes in which Prefect has them.

It is what the REST API takes, what an object of the SDK becomes when it is written out, or what `prefect automation
inspect` prints; one, a list, or a list below ``automations``, as `prefect automation create --from-file` takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_provider.project.source import Source, read_source
from prefect_provider.rules.automations import configured, problems
from prefect_provider.rules.durations import with_seconds
from prefect_provider.rules.prefect_yaml import key_problems
from prefect_provider.text.problem import Problem
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path

__all__ = ["FileAutomation", "are_automations", "read_automations"]

_LIST: Final = "automations"


class FileAutomation(NamedTuple):
    """An automation with its place in a file."""

    source: Source
    path: Path
    name: str
    fields: dict[str, Any]
    """As the API has them, without what says nothing; durations are seconds."""


def are_automations(whole: object) -> bool:
    """Whether what a text says is automations, and no ``prefect.yaml`` or file of triggers."""
    if isinstance(whole, Mapping):
        return _LIST in whole or "trigger" in whole or "actions" in whole
    return isinstance(whole, list)


def read_automations(text: str | Source) -> dict[str, FileAutomation]:
    """The automations by name, in the order of the file. Raises ProjectError."""
    source = read_source(text) if isinstance(text, str) else text
    found: dict[str, FileAutomation] = {}
    wrong: list[Problem] = []
    for path, entry in _entries(source):
        fields = configured(with_seconds(entry))
        wrong += problems(fields, path)
        name = fields.get("name")
        if not isinstance(name, str):
            continue
        if name in found:
            line = source.read.line((*found[name].path, "name"))
            what = f"the automation {show(name)} is there already, in line {line}"
            wrong.append(Problem((*path, "name"), what, "Give one of them another name."))
        else:
            found[name] = FileAutomation(source, path, name, fields)
    source.refuse(wrong)
    return found


def _entries(source: Source) -> list[tuple[Path, Mapping[str, Any]]]:
    value = source.read.value
    if isinstance(value, list):
        return [((index,), entry) for index, entry in source.entries((), value)]
    expected = "an automation, a list of them, or a mapping with `automations`"
    whole = source.whole(expected)
    if not whole:
        return []
    if _LIST not in whole:
        return [((), whole)]
    source.refuse(key_problems(whole, frozenset({_LIST}), "a file of automations", ()))
    return [((_LIST, index), entry) for index, entry in source.entries((_LIST,), whole[_LIST])]
