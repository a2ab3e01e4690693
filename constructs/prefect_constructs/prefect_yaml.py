"""A deployment as ``prefect.yaml`` has it, as arguments of :class:`~prefect_constructs.deployment.Deployment`.

All of it is taken, or refused by the name of its key: what Terraform cannot do, `prefect deploy` did.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_constructs.errors import refuse
from prefect_constructs.plain_values import plain_value
from prefect_constructs.sdk import as_document, plain_keys
from prefect_provider.objects.server.deployment.pull_steps import pull_steps_from_api
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path

__all__ = ["deployment_arguments"]

_SAME: Final = frozenset(
    {
        *("name", "version", "description", "tags", "paused", "flow_name", "entrypoint", "parameters"),
        *("enforce_parameter_schema", "triggers"),
    }
)
"""Keys that are arguments as well."""

_REFUSED: Final[Mapping[str, str]] = {
    "build": "`prefect deploy` builds what this describes. Do that before, and leave it out here.",
    "push": "`prefect deploy` pushes what this describes. Do that before, and leave it out here.",
    "sla": "Service level agreements are objects of their own in Terraform; leave them out here.",
    "version_type": "Give `version_info` instead, and leave it out here.",
}
"""Keys that say what to do, or what has no place in a deployment, with the way out."""

_POOL: Final = frozenset({"name", "work_queue_name", "job_variables"})
_LIMIT: Final = frozenset({"limit", "collision_strategy", "grace_period_seconds"})
_KEYS: Final = _SAME | _REFUSED.keys() | {"schedule", "schedules", "concurrency_limit", "pull", "work_pool"}

_TEMPLATE: Final = re.compile(r"\{\{(?!\s*ctx\.).*?\}\}")
"""What `prefect deploy` renders; `ctx` is rendered when a run starts."""


def deployment_arguments(document: Any, where: Callable[[], str]) -> dict[str, Any]:
    """The arguments for an entry of ``deployments`` in ``prefect.yaml``.

    :raises PrefectConstructError: a key of it cannot be taken; the error names the key and ``where()``.
    """
    whole = as_document(document)
    if whole is None:
        raise refuse(where, (), expected="the mapping of a deployment", got=show(document))
    given = _known(plain_keys(whole), _KEYS, "a deployment", (), where)
    for key, remedy in _REFUSED.items():
        if given.pop(key, None):
            raise refuse(where, (key,), f"there is no `{key}` in Terraform", remedy=remedy)
    _refuse_templates(given, where)
    arguments = {key: value for key, value in given.items() if key in _SAME}
    arguments |= _schedules(given, where)
    arguments |= _limit(given.get("concurrency_limit"), where)
    arguments |= _pool(given.get("work_pool"), where)
    if "pull" in given:
        pull = given["pull"]
        steps = [step for step in ([pull] if isinstance(pull, Mapping) else pull) if step]
        arguments["pull_steps"] = [
            {name: value for name, value in step.items() if value is not None}
            for step in pull_steps_from_api(steps)
        ]
    return arguments


def _known(
    mapping: Mapping[str, Any], known: frozenset[str], what: str, path: Path, where: Callable[[], str]
) -> dict[str, Any]:
    """What is set of a mapping; a key that is not known is refused."""
    for key in mapping:
        if key not in known:
            near = closest(key, sorted(known))
            remedy = f"Did you mean `{near}`?" if near else f"It has {names(sorted(known))}."
            raise refuse(where, (*path, str(key)), f"{what} has no `{key}`", remedy=remedy)
    return {key: value for key, value in mapping.items() if value is not None}


def _schedules(given: Mapping[str, Any], where: Callable[[], str]) -> dict[str, Any]:
    if given.get("schedule") and given.get("schedules"):
        raise refuse(where, ("schedule",), "give `schedule` or `schedules`, not both")
    if given.get("schedule"):
        return {"schedules": [given["schedule"]]}
    # No schedules, as an empty list or mapping, are none; a schedule that is empty is none either.
    if "schedules" not in given:
        return {}
    schedules = given["schedules"]
    return {
        "schedules": [one for one in schedules if one != {}] if isinstance(schedules, list) else schedules
    }


def _limit(limit: Any, where: Callable[[], str]) -> dict[str, Any]:
    if not isinstance(limit, Mapping):
        return {} if limit is None else {"concurrency_limit": limit}
    found = _known(plain_keys(limit), _LIMIT, "a concurrency limit", ("concurrency_limit",), where)
    renamed = {"limit": "concurrency_limit", "grace_period_seconds": "grace_period"}
    return {renamed.get(key, key): value for key, value in found.items()}


def _pool(pool: Any, where: Callable[[], str]) -> dict[str, Any]:
    if pool is None:
        return {}
    if not isinstance(pool, Mapping):
        expected = 'a mapping such as {"name": "..."}'
        raise refuse(where, ("work_pool",), expected=expected, got=show(pool))
    found = _known(plain_keys(pool), _POOL, "a work pool", ("work_pool",), where)
    renamed = {"name": "work_pool", "work_queue_name": "work_queue"}
    return {renamed.get(key, key): value for key, value in found.items()}


def _refuse_templates(given: Mapping[str, Any], where: Callable[[], str]) -> None:
    """Refuse what `prefect deploy` would render, and Terraform would take as it is."""
    for key, value in given.items():
        if key == "pull":
            continue  # rendered when a run starts
        for path, text in _texts(value, (key,)):
            inside_trigger = key == "triggers" and ("parameters" in path or "job_variables" in path)
            found = None if inside_trigger else _TEMPLATE.search(text)
            if found is not None:
                what = f"`prefect deploy` renders `{found[0]}`, and Terraform takes it as it is"
                remedy = "Write the value, or give this argument beside the document."
                raise refuse(where, path, what, remedy=remedy)


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    match value:
        case str():
            yield path, str(plain_value(value))
        case Mapping():
            for key, item in value.items():
                yield from _texts(item, (*path, str(plain_value(key))))
        case list() | tuple():
            for index, item in enumerate(value):
                yield from _texts(item, (*path, index))
