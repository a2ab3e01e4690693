"""The pull steps of a deployment: how a run gets at its code.

The API holds a step as ``{"<python path>": {inputs}}``. In Terraform it is one flat object: a ``type``, the inputs that
Prefect's own steps have, and ``inputs`` for everything else, so that any step can be written and none is lost.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.mapping import plain, value_to_json
from prefect_provider.plugin.language.declaration import Nested, optional, required
from prefect_provider.plugin.language.kinds import Bool, Json, Kind, ListOf, MapOf, String
from prefect_provider.plugin.language.values import Unknown, Values

if TYPE_CHECKING:
    from prefect_provider.plugin.language.diagnostics import Diagnostics

__all__ = ["PullStep", "check_pull_steps", "pull_steps_from_api", "pull_steps_to_api"]

_PATHS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "set_working_directory": "prefect.deployments.steps.set_working_directory",
        "git_clone": "prefect.deployments.steps.git_clone",
        "run_shell_script": "prefect.deployments.steps.run_shell_script",
        "pip_install_requirements": "prefect.deployments.steps.pip_install_requirements",
        "pull_from_azure_blob_storage": "prefect_azure.deployments.steps.pull_from_azure_blob_storage",
        "pull_from_gcs": "prefect_gcp.deployments.steps.pull_from_gcs",
        "pull_from_s3": "prefect_aws.deployments.steps.pull_from_s3",
    }
)
_TYPES: Final = {path: name for name, path in _PATHS.items()}

_COMMON: Final = frozenset({"type", "id", "requires", "credentials", "inputs"})
_INPUTS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "set_working_directory": frozenset({"directory"}),
        "git_clone": frozenset(
            {
                *("repository", "branch", "commit_sha", "include_submodules", "access_token"),
                *("directories", "clone_directory_name"),
            }
        ),
        "run_shell_script": frozenset({"script", "directory", "env", "stream_output", "expand_env_vars"}),
        "pip_install_requirements": frozenset({"directory", "requirements_file", "stream_output"}),
        "pull_from_azure_blob_storage": frozenset({"container", "folder"}),
        "pull_from_gcs": frozenset({"bucket", "folder"}),
        "pull_from_s3": frozenset({"bucket", "folder"}),
    }
)
_REQUIRED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "set_working_directory": ("directory",),
        "git_clone": ("repository",),
        "run_shell_script": ("script",),
        "pull_from_azure_blob_storage": ("container", "folder"),
        "pull_from_gcs": ("bucket", "folder"),
        "pull_from_s3": ("bucket", "folder"),
    }
)


class PullStep(Nested):
    """One step; the inputs that it takes depend on its type."""

    type = required(
        String(
            pattern=r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*",
            form="the name of one of Prefect's steps, or the Python path of any other",
        ),
        "The step: " + ", ".join(f"`{name}`" for name in _PATHS) + ", or the Python path of any other step.",
    )
    id = optional(String(), "Name under which later steps find this one's outputs.")
    requires = optional(String(), "Python package that the step needs.")
    credentials = optional(
        String(), 'Credentials block: `"{{ prefect.blocks.github-credentials.my-block }}"`.'
    )
    repository = optional(String(), "URL of the repository (git_clone).")
    branch = optional(String(), "Branch to clone (git_clone); the default branch when left out.")
    commit_sha = optional(String(), "Commit to check out (git_clone).")
    include_submodules = optional(Bool(), "Whether to clone submodules (git_clone).")
    access_token = optional(String(), "Access token (git_clone); better a credentials block.", sensitive=True)
    directories = optional(ListOf(String()), "Directories to check out sparsely (git_clone).")
    clone_directory_name = optional(String(), "Directory to clone into (git_clone).")
    directory = optional(
        String(), "Directory (set_working_directory, run_shell_script, pip_install_requirements)."
    )
    script = optional(String(), "Shell script (run_shell_script).")
    env = optional(MapOf(String()), "Environment variables (run_shell_script).")
    stream_output = optional(Bool(), "Whether to show output (run_shell_script, pip_install_requirements).")
    expand_env_vars = optional(Bool(), "Whether to expand variables in the script (run_shell_script).")
    requirements_file = optional(String(), "Requirements file (pip_install_requirements).")
    bucket = optional(String(), "Bucket (pull_from_s3, pull_from_gcs).")
    container = optional(String(), "Container (pull_from_azure_blob_storage).")
    folder = optional(String(), "Folder in the bucket or container (pull_from_*).")
    inputs = optional(Json("object"), "Further inputs of the step, as a JSON object.", null_is="{}")


_FIELDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        name: attribute.kind
        for name, attribute in PullStep.attributes.items()
        if name not in ("type", "inputs")
    }
)


def check_pull_steps(steps: Any, diagnostics: Diagnostics) -> None:
    """Report inputs that a step does not take, or lacks."""
    if not isinstance(steps, Sequence) or isinstance(steps, str):
        return
    for index, step in enumerate(steps):
        if not isinstance(step, Mapping) or not isinstance(step.get("type"), str):
            continue
        if step["type"] in _PATHS:
            _check_step(index, step, diagnostics)
        elif "." not in step["type"]:
            near = difflib.get_close_matches(step["type"], _PATHS)
            diagnostics.error(
                "Unknown pull step",
                f"`{step['type']}` is none of Prefect's steps, and not the Python path of another, such as "
                f"`my_package.steps.fetch`. Did you mean {' or '.join(f'`{name}`' for name in near or _PATHS)}?",
                ("pull_steps", index, "type"),
            )


def _check_step(index: int, step: Mapping[str, Any], diagnostics: Diagnostics) -> None:
    kind = step["type"]
    allowed = _INPUTS[kind] | _COMMON
    extra = step.get("inputs")
    given = {name for name, value in step.items() if value is not None}
    if isinstance(extra, str):
        given |= set(Json.load(extra))
    for name in sorted(set(step) & given - allowed):
        diagnostics.error(
            "Input that the pull step does not take",
            f"`{kind}` takes {', '.join(f'`{field}`' for field in sorted(_INPUTS[kind]))}, got `{name}`.",
            ("pull_steps", index, name),
        )
    if isinstance(extra, Unknown):
        return
    for name in _REQUIRED.get(kind, ()):
        if name not in given:
            diagnostics.error(
                "Incomplete pull step", f"`{kind}` needs `{name}`.", ("pull_steps", index, name)
            )


def pull_steps_to_api(steps: list[Values]) -> list[dict[str, Any]]:
    """The steps as the API holds them."""
    return [_step_to_api(step) for step in steps]


def _step_to_api(step: Values) -> dict[str, Any]:
    inputs = {
        name: value_to_json(kind, step[name]) for name, kind in _FIELDS.items() if step.get(name) is not None
    }
    if step.get("inputs") is not None:
        inputs |= plain(Json.load(step["inputs"]))
    return {_PATHS.get(step["type"], step["type"]): inputs}


def pull_steps_from_api(steps: Any) -> list[Values]:
    """The steps as Terraform holds them; what has no attribute of its own is in ``inputs``."""
    return [_step_from_api(step) for step in steps or ()]


def _step_from_api(step: Any) -> Values:
    values: Values = dict.fromkeys(PullStep.attributes)
    if not isinstance(step, Mapping) or len(step) != 1 or not isinstance(next(iter(step.values())), Mapping):
        # Not a form that Prefect runs, but it can be stored; keep it visible.
        return values | {"type": "unreadable", "inputs": Json.dump({"step": step})}
    ((path, found),) = step.items()
    values["type"] = _TYPES.get(path, path)
    rest = {}
    for name, value in found.items():
        kind = _FIELDS.get(name)
        if kind is not None and (value is None or _fits(kind, value)):
            values[name] = value
        else:
            rest[name] = value
    values["inputs"] = Json.dump(rest) if rest else None
    return values


def _fits(kind: Kind, value: Any) -> bool:
    """Whether a stored input is of the attribute's type; inputs may also be templates."""
    match kind:
        case Bool():
            return isinstance(value, bool)
        case ListOf():
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        case MapOf():
            return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
    return isinstance(value, str)
