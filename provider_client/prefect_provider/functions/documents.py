"""What the functions for YAML share: a ``prefect.yaml`` or a file of triggers, and the values of its placeholders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.language.function import ArgumentError, Parameter
from prefect_provider.plugin.language.types import STRING
from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.project.document import Project

__all__ = ["TEXT", "VALUES", "project_of", "values_of"]

TEXT: Final = Parameter("text", STRING, 'The text of the file: `file("${path.module}/prefect.yaml")`.')

VALUES: Final = (
    "what placeholders stand for, and where the code is: `environment` (of `{{ $NAME }}`), `variables`, `blocks` (by "
    "`type.name`, a value or the block's data) and `outputs` (of build steps, by their `id`) are objects; `directory` "
    "is where `prefect deploy` would run, whose code is read; `triggers` are lists of texts, as `prefect deploy "
    "--trigger` takes them, by the deployment's name, which come in the place of the file's"
)

_KNOWN: Final = ("environment", "variables", "blocks", "outputs")
_NAMES: Final = (*_KNOWN, "directory", "triggers")


def values_of(given: Any, position: int) -> dict[str, Any]:
    """The object of an argument. Raises ArgumentError if it is none, or has what nobody reads."""
    if not isinstance(given, dict):
        raise ArgumentError(expectation(f"an object with any of {names(_NAMES)}", show(given)), position)
    for name in given:
        if name not in _NAMES:
            near = closest(name, _NAMES)
            said = f"there is no value `{name}`; " + (
                f"did you mean `{near}`?" if near else f"there are {names(_NAMES)}"
            )
            raise ArgumentError(said, position)
    values = {name: value for name, value in given.items() if value is not None}
    for name, value in values.items():
        if name == "directory" and not isinstance(value, str):
            said = f"{name}: {expectation('the path of a directory', show(value))}"
            raise ArgumentError(said, position)
        if name != "directory" and not isinstance(value, dict):
            said = f"{name}: {expectation('an object', show(value))}"
            raise ArgumentError(said, position)
    for name, texts in values.get("triggers", {}).items():
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            said = f"triggers.{name}: {expectation('a list of texts', show(texts))}"
            raise ArgumentError(said, position)
    return values


def project_of(text: str, values: Mapping[str, Any]) -> Project:
    """The file, read with these values. Raises ArgumentError."""
    from prefect_provider.project.document import read_project
    from prefect_provider.project.source import ProjectError
    from prefect_provider.rules.placeholders import Known

    directory = values.get("directory")
    triggers = {
        name: [(one, f"triggers.{name}[{index}]") for index, one in enumerate(texts)]
        for name, texts in values.get("triggers", {}).items()
    }
    try:
        return read_project(
            text,
            Known.of(**{name: values[name] for name in _KNOWN if name in values}),
            code=None if directory is None else Path(directory),
            triggers=triggers,
        )
    except ProjectError as error:
        raise ArgumentError(str(error), 0) from error
