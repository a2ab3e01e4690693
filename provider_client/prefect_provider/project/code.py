"""What `prefect deploy` takes from a flow's code, and from where it is run; the code is read, never imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.text.problem import Problem
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from prefect_provider.text.path import Path

__all__ = ["WORKING_DIRECTORY", "code_fields", "default_pull_steps"]

_DOCKER_BUILD: Final = "prefect_docker.deployments.steps.build_docker_image"
WORKING_DIRECTORY: Final = "prefect.deployments.steps.set_working_directory"
_IN_IMAGES: Final = "/opt/prefect"


def code_fields(
    fields: Mapping[str, Any], path: Path, directory: FilePath, problems: list[Problem]
) -> tuple[dict[str, Any], list[str]]:
    """The flow's name and parameters, and its description and version where the entry has none; and what to warn of.

    As Prefect has it, the version is that of the decorator, or the MD5 sum of the file.
    """
    from prefect_provider.flow_code.source import FlowSourceError, read_flow

    entrypoint = fields.get("entrypoint")
    if not isinstance(entrypoint, str):
        return {}, []
    try:
        source = read_flow(entrypoint, directory)
    except FlowSourceError as error:
        problems.append(Problem((*path, "entrypoint"), str(error)))
        return {}, []
    if source is None:
        what = "so its parameters, description and version are not taken from it"
        return {}, [f"the code of {entrypoint} is not in {directory}, {what}"]
    given = fields.get("flow_name")
    if isinstance(given, str) and given != source.name:
        what = f"the flow of {entrypoint} is called {show(source.name)}, which `prefect deploy` takes"
        problems.append(Problem((*path, "flow_name"), what, "Leave `flow_name` out."))
    found: dict[str, Any] = {
        "flow_name": source.name,
        # As `prefect deploy` sends it, without what is empty.
        "parameter_openapi_schema": {
            key: value
            for key, value in source.parameters_schema.items()
            if (key, value) != ("definitions", {})
        },
    }
    from_code = {"description": source.description, "version": source.version}
    found |= {name: value for name, value in from_code.items() if value and not fields.get(name)}
    return found, list(source.warnings)


def default_pull_steps(
    build: Any, job_variables: Mapping[str, Any] | None, directory: FilePath
) -> list[dict[str, Any]]:
    """The steps of a deployment that says nothing of them: the directory in which it is deployed, or the image's."""
    steps = [build] if isinstance(build, Mapping) else build or []
    image = next((step[_DOCKER_BUILD] for step in steps if step.get(_DOCKER_BUILD)), None)
    if image is not None:
        if image.get("dockerfile") != "auto":
            return []
        place = f"{_IN_IMAGES}/{directory.resolve().name}"
    elif (job_variables or {}).get("image"):
        place = _IN_IMAGES
    else:
        place = str(directory.resolve())
    return [{WORKING_DIRECTORY: {"directory": place}}]
