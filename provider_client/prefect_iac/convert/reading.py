"""What is converted: a ``prefect.yaml``, a file of automations, or a Python file with calls that make deployments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from prefect_iac.convert.symbols import Symbols
from prefect_provider.project.automations import are_automations, read_automations
from prefect_provider.project.calls import read_calls
from prefect_provider.project.document import read_project
from prefect_provider.project.source import ProjectError, read_source
from prefect_provider.project.triggers import trigger_texts
from prefect_provider.text.spelling import names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from prefect_provider.project.automations import FileAutomation
    from prefect_provider.project.document import ProjectDeployment

__all__ = ["Converted", "convert"]

_SUM_OF_A_FILE: Final = re.compile(r"[0-9a-f]{32}")


class Converted(NamedTuple):
    """The deployments of a file, or its automations, and what placeholders stand for."""

    deployments: list[ProjectDeployment]
    automations: list[FileAutomation]
    symbols: Symbols


def convert(
    file: Path,
    code: Path,
    outputs: Mapping[str, Mapping[str, Any]],
    triggers: Mapping[str, Sequence[str]],
) -> Converted:
    """Read a file. Raises ProjectError, and OSError or ValueError where it cannot be read.

    ``outputs`` are those of build steps by their ``id``; ``triggers`` come in the place of the file's, by deployment.
    """
    text = _program(file) if file.suffix == ".py" else file.read_text(encoding="utf-8")
    symbols = Symbols()
    given = {name: trigger_texts(texts, code) for name, texts in triggers.items()}
    if file.suffix == ".py":
        place = file.resolve()
        inside = place.relative_to(code.resolve()) if place.is_relative_to(code.resolve()) else file
        project = read_project(read_calls(text, inside.as_posix(), code), None, code=code, triggers=given)
    else:
        known = symbols.known(dict(outputs))
        source = read_source(text)
        if are_automations(source.read.value):
            if given:
                msg = (
                    f"triggers are given for {names(given)}, and the file has automations and no deployments"
                )
                raise ProjectError(msg)
            return Converted([], list(read_automations(source).values()), symbols)
        try:
            project = read_project(source, known, code=code, triggers=given, is_unknown=symbols.is_marked)
        except ProjectError as error:
            raise ProjectError(symbols.placeholders(str(error))) from error
    deployments = [_for_people(_without_sum(one), symbols) for one in project.deployments.values()]
    return Converted(deployments, [], symbols)


def _program(file: Path) -> str:
    """The text of a program in the encoding that it says, as Python reads it."""
    import tokenize

    try:
        with tokenize.open(file) as stream:
            return stream.read()
    except SyntaxError as error:
        msg = f"line 1: this is no Python: {error.msg}"
        raise ProjectError(msg) from error


def _for_people(one: ProjectDeployment, symbols: Symbols) -> ProjectDeployment:
    """With the placeholders in its warnings as the file has them."""
    return one._replace(warnings=[symbols.placeholders(warning) for warning in one.warnings])


def _without_sum(one: ProjectDeployment) -> ProjectDeployment:
    """Without a version that is the sum of the flow's file: in code that is written down, it would be of yesterday."""
    version = one.fields.get("version")
    if isinstance(version, str) and _SUM_OF_A_FILE.fullmatch(version):
        return one._replace(fields={name: value for name, value in one.fields.items() if name != "version"})
    return one
