"""A text that deployments or triggers are read from, whose errors name its lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.yaml_text import YamlError, read_yaml
from prefect_provider.text.problem import Problem, expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_provider.rules.yaml_text import YamlText
    from prefect_provider.text.path import Path

__all__ = ["ProjectError", "Source", "read_source"]


class ProjectError(ValueError):
    """What cannot be taken, a line for each, which begins with the line of the text."""


class Source:
    """A text that has been read, and what it is called in errors; nothing where it is the only one."""

    def __init__(self, read: YamlText, label: str = "") -> None:
        self.read: Final = read
        self._label: Final = label

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Raise ProjectError if any of them is an error."""
        errors = [problem for problem in problems if problem.severity == "error"]
        if errors:
            raise ProjectError(_labelled(self._label, self.read.located(errors)))

    def whole(self, expected: str) -> Mapping[str, Any]:
        """The mapping that the text is."""
        value = {} if self.read.value is None else self.read.value
        if not isinstance(value, Mapping):
            self.refuse([Problem((), expectation(expected, show(value)))])
        whole: Mapping[str, Any] = value
        return whole

    def entries(self, path: Path, value: Any) -> list[tuple[int, Mapping[str, Any]]]:
        """The mappings of a list with their places; what is empty says nothing."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse([Problem(path, expectation("a list", show(value)))])
        given = [(index, item) for index, item in enumerate(value) if item is not None]
        self.refuse(
            Problem((*path, index), expectation("a mapping", show(item)))
            for index, item in given
            if not isinstance(item, Mapping)
        )
        return given


def read_source(text: str, label: str = "") -> Source:
    """Read YAML, or JSON. Raises ProjectError."""
    try:
        return Source(read_yaml(text), label)
    except YamlError as error:
        raise ProjectError(_labelled(label, str(error))) from error


def _labelled(label: str, text: str) -> str:
    return "\n".join(f"{label}: {line}" for line in text.splitlines()) if label else text
