"""The pull steps of a deployment: how a run gets at its code.

The API holds a step as ``{"<python path>": {inputs}}``. In Terraform it is one flat object: a ``type``, the inputs that
Prefect's own steps have, and ``inputs`` for everything else, so that any step can be written and none is lost. So one
step can be spelled in several ways: by the short name or by the path, with an attribute or in ``inputs``. Two
spellings are the same when they are one step on the server, and the spelling that Terraform holds stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.objects.mapping import plain, value_to_json
from prefect_provider.plugin.language.declaration import Nested, optional, required
from prefect_provider.plugin.language.kinds import Bool, Json, Kind, ListOf, MapOf, String, freeze
from prefect_provider.plugin.language.nested import NestedList
from prefect_provider.plugin.language.values import Unknown, Value, Values, has_unknown
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import names, near_names

if TYPE_CHECKING:
    from collections.abc import Hashable

    from prefect_provider.plugin.language.diagnostics import Diagnostics

__all__ = ["PullStep", "PullSteps", "check_pull_steps", "pull_steps_from_api", "pull_steps_to_api"]

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


class PullSteps(NestedList):
    """Steps in order, each compared as the step that it is on the server."""

    whole = True

    def freeze_object(self, value: Value) -> Hashable:
        """The step as the API has it; an input that is null is one that is not given."""
        if not isinstance(value, Mapping) or has_unknown(dict(value)):
            return super().freeze_object(value)
        try:
            ((path, inputs),) = _step_to_api(dict(value)).items()
        except ValueError:
            # Inputs that are no JSON are reported by their kind.
            return super().freeze_object(value)
        return path, freeze({name: given for name, given in inputs.items() if given is not None})


def check_pull_steps(steps: Any, diagnostics: Diagnostics) -> None:
    """Report inputs that a step does not take, or lacks, or is given twice."""
    if not isinstance(steps, Sequence) or isinstance(steps, str):
        return
    for index, step in enumerate(steps):
        if not isinstance(step, Mapping) or not isinstance(step.get("type"), str):
            continue
        _check_given_twice(index, step, diagnostics)
        given: str = step["type"]
        kind = _TYPES.get(given, given)
        if kind in _PATHS:
            _check_step(index, kind, step, diagnostics)
        elif "." not in kind:
            near = near_names(kind, _PATHS) or _PATHS
            diagnostics.error(
                "Unknown pull step",
                say(
                    f"`{kind}` is none of Prefect's steps, and not the Python path of another, such as "
                    "`my_package.steps.fetch`",
                    remedy=f"Did you mean {names(near, last='or')}?",
                ),
                ("pull_steps", index, "type"),
            )


def _check_given_twice(index: int, step: Mapping[str, Any], diagnostics: Diagnostics) -> None:
    for name in _further_inputs(step):
        if name in _FIELDS and step.get(name) is not None and not isinstance(step[name], Unknown):
            diagnostics.error(
                "Input given twice",
                say(f"`{name}` is given by itself and in `inputs`", remedy="Keep one of the two"),
                ("pull_steps", index, "inputs"),
            )


def _check_step(index: int, kind: str, step: Mapping[str, Any], diagnostics: Diagnostics) -> None:
    allowed = _INPUTS[kind] | _COMMON
    given = {name for name, value in step.items() if value is not None} | _further_inputs(step).keys()
    for name in sorted(set(step) & given - allowed):
        if isinstance(step[name], Unknown):  # it may turn out to be null
            continue
        diagnostics.error(
            "Input that the pull step does not take",
            say(
                f"`{kind}` has no such input",
                expected=f"one of {names(sorted(_INPUTS[kind]))}",
                got=f"`{name}`",
            ),
            ("pull_steps", index, name),
        )
    if isinstance(step.get("inputs"), Unknown):
        return
    for name in _REQUIRED.get(kind, ()):
        if name not in given:
            diagnostics.error(
                "Incomplete pull step", f"`{kind}` needs `{name}`.", ("pull_steps", index, name)
            )


def _further_inputs(step: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the step has in ``inputs``, as far as it is known."""
    text = step.get("inputs")
    found = Json.load(text) if isinstance(text, str) else {}
    return found if isinstance(found, Mapping) else {}


def pull_steps_to_api(steps: list[Values]) -> list[dict[str, Any]]:
    """The steps as the API holds them."""
    return [_step_to_api(step) for step in steps]


def _step_to_api(step: Values) -> dict[str, Any]:
    inputs = {
        name: value_to_json(kind, step[name]) for name, kind in _FIELDS.items() if step.get(name) is not None
    }
    inputs |= plain(dict(_further_inputs(step)))
    return {_PATHS.get(step["type"], step["type"]): inputs}


def pull_steps_from_api(steps: Any, held: Any = None) -> list[Values]:
    """The steps as Terraform holds them, spelled as ``held`` spells them.

    What nothing says the spelling of has the short name of its step, and attributes as far as there are any.
    """
    spelled = held if isinstance(held, list) else []
    return [
        _step_from_api(step, spelled[index] if index < len(spelled) else None)
        for index, step in enumerate(steps or ())
    ]


def _step_from_api(step: Any, held: Any) -> Values:
    values: Values = dict.fromkeys(PullStep.attributes)
    if not isinstance(step, Mapping) or len(step) != 1 or not isinstance(next(iter(step.values())), Mapping):
        # Not a form that Prefect runs, but it can be stored; keep it visible.
        return values | {"type": "unreadable", "inputs": Json.dump({"step": step})}
    ((path, found),) = step.items()
    if not isinstance(held, Mapping) or _PATHS.get(held["type"], held["type"]) != path:
        held = {"type": _TYPES.get(path, path)}
    values["type"] = held["type"]
    rest = {}
    for name, value in found.items():
        kind = _FIELDS.get(name)
        fits = kind is not None and (value is None or _fits(kind, value))
        if fits and not _is_in_inputs(name, held):
            values[name] = value
        else:
            rest[name] = value
    values["inputs"] = Json.dump(rest) if rest else None
    return values


def _is_in_inputs(name: str, held: Mapping[str, Any]) -> bool:
    """Whether Terraform holds an input in ``inputs`` and not as an attribute."""
    if held.get(name) is not None:
        return False
    return isinstance(held.get("inputs"), Unknown) or name in _further_inputs(held)


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
