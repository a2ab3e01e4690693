"""What the functions for YAML share: a ``prefect.yaml`` or a file of triggers, checked, with the line of each part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.language.function import ArgumentError, Parameter
from prefect_provider.plugin.language.types import STRING
from prefect_provider.text.problem import Problem, expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.rules.yaml_text import YamlText

__all__ = ["TEXT", "Document"]

TEXT: Final = Parameter("text", STRING, 'The text of the file: `file("${path.module}/prefect.yaml")`.')


class Document:
    """A whole file. Raises ArgumentError where it has keys that nobody reads, or is none."""

    def __init__(self, text: str) -> None:
        from prefect_provider.rules.prefect_yaml import (
            DOCUMENT_KEYS,
            deployment_problems,
            key_problems,
            type_problems,
        )
        from prefect_provider.rules.yaml_text import YamlError, read_yaml

        try:
            self.read: YamlText = read_yaml(text)
        except YamlError as error:
            raise ArgumentError(str(error), 0) from error
        value = {} if self.read.value is None else self.read.value
        if not isinstance(value, dict):
            self.refuse([Problem((), expectation("a mapping with `deployments` or `triggers`", show(value)))])
        self.whole: Mapping[str, Any] = value
        problems = key_problems(value, DOCUMENT_KEYS, "the file", ())
        # What the file says for all deployments is refused where each of them may not say it.
        shared = {key: value[key] for key in ("build", "push") if value.get(key)}
        pull = {"pull": value.get("pull")}
        self.refuse(problems + deployment_problems(shared) + type_problems(pull))
        self.deployments: dict[str, tuple[int, Mapping[str, Any]]] = {}
        """The entries with their places, by name."""
        self._read_deployments()

    def _read_deployments(self) -> None:
        from prefect_provider.rules.prefect_yaml import deployment_problems, type_problems

        problems: list[Problem] = []
        for index, entry in self.entries(("deployments",), self.whole.get("deployments")):
            path = ("deployments", index)
            found = deployment_problems(entry, path) + type_problems(entry, path)
            name = entry.get("name")
            if name is None or name == "":
                found.append(Problem(path, "a deployment needs a `name`"))
            elif name in self.deployments:
                first = self.read.line(("deployments", self.deployments[name][0], "name"))
                what = f"the deployment {show(name)} is there already, in line {first}"
                remedy = "Give one of them another name, or a file of its own."
                found.append(Problem((*path, "name"), what, remedy))
            elif isinstance(name, str):
                self.deployments[name] = (index, entry)
            problems += found
        self.refuse(problems)

    def entries(self, path: tuple[str | int, ...], value: Any) -> list[tuple[int, Mapping[str, Any]]]:
        """The mappings of a list with their places; what is empty says nothing."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse([Problem(path, expectation("a list", show(value)))])
        given = [(index, item) for index, item in enumerate(value) if item is not None]
        self.refuse(
            [
                Problem((*path, index), expectation("a mapping", show(item)))
                for index, item in given
                if not isinstance(item, dict)
            ]
        )
        return given

    def refuse(self, problems: list[Problem]) -> None:
        """Raise ArgumentError if any of them is an error; a function has no way to warn."""
        errors = [problem for problem in problems if problem.severity == "error"]
        if errors:
            raise ArgumentError(self.read.located(errors), 0)
