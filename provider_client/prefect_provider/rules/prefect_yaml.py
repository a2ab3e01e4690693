"""A deployment as ``prefect.yaml`` has it: which keys are taken, which are refused and why, and what they say.

Nothing is left out in silence: what Terraform cannot do, `prefect deploy` did.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.durations import with_seconds
from prefect_provider.rules.findings import Findings
from prefect_provider.rules.placeholders import ABSENT, NOTHING_KNOWN
from prefect_provider.rules.schedules import KINDS
from prefect_provider.rules.values import IsUnknown, is_series, nothing_unknown
from prefect_provider.text import json
from prefect_provider.text.problem import Problem, expectation
from prefect_provider.text.spelling import closest, names, show

if TYPE_CHECKING:
    from prefect_provider.rules.placeholders import Known
    from prefect_provider.text.path import Path

__all__ = [
    "AUTOMATION_FIELDS",
    "DOCUMENT_KEYS",
    "automation_name",
    "deployment_fields",
    "deployment_problems",
    "key_problems",
    "named_schedules",
    "type_problems",
]

_TEXTS: Final = ("name", "version", "description", "flow_name", "entrypoint")
_FLAGS: Final = ("paused", "enforce_parameter_schema")
_SAME: Final = frozenset({*_TEXTS, *_FLAGS, "tags", "parameters", "triggers"})
"""Keys that are attributes as well."""

_DONE_BEFORE: Final = ("build", "push")
"""Steps, which may be there when what they put out is given: then they have been taken."""

_REFUSED: Final[Mapping[str, str]] = {
    "build": "`prefect deploy` builds what this describes. Do that before, and leave it out here, or give what each "
    "step put out by its `id`.",
    "push": "`prefect deploy` pushes what this describes. Do that before, and leave it out here, or give what each "
    "step put out by its `id`.",
    "sla": "Service level agreements are objects of their own in Terraform; leave them out here.",
    "version_type": "Give `version_info` instead, and leave it out here.",
}
"""Keys that say what to do, or what has no place in a deployment, with the way out."""

_POOL: Final[Mapping[str, str]] = {
    "name": "work_pool_name",
    "work_queue_name": "work_queue_name",
    "job_variables": "job_variables",
}
_LIMIT: Final[Mapping[str, str]] = {
    "limit": "concurrency_limit",
    "collision_strategy": "collision_strategy",
    "grace_period_seconds": "grace_period_seconds",
}
_KEYS: Final = _SAME | _REFUSED.keys() | {"schedule", "schedules", "concurrency_limit", "pull", "work_pool"}

DOCUMENT_KEYS: Final = frozenset(
    {"name", "prefect-version", "deployments", "definitions", "pull", "build", "push", "triggers"}
)
"""The keys of a whole ``prefect.yaml``, and of a file of triggers."""

AUTOMATION_FIELDS: Final = ("name", "description", "enabled", "parameters", "job_variables", "schedule_after")
"""What an entry of ``triggers`` has beside the trigger itself."""


def automation_name(deployment: str, position: int) -> str:
    """How `prefect deploy` names the automation of a trigger without a name; the first position is 1."""
    return f"{deployment}__automation_{position}"


def deployment_problems(
    deployment: Mapping[str, Any], path: Path = (), known: Known = NOTHING_KNOWN
) -> list[Problem]:
    """What of an entry of ``deployments`` cannot be taken; its triggers and schedules have rules of their own.

    Steps whose output is ``known`` are done.
    """
    found = key_problems(deployment, _KEYS, "a deployment", path)
    for key, remedy in _REFUSED.items():
        if deployment.get(key) and not (key in _DONE_BEFORE and _are_done(deployment[key], known)):
            found.append(Problem((*path, key), f"there is no `{key}` in Terraform", remedy))
    if deployment.get("schedule") and deployment.get("schedules"):
        found.append(Problem((*path, "schedule"), "give `schedule` or `schedules`, not both"))
    limit, pool = deployment.get("concurrency_limit"), deployment.get("work_pool")
    if isinstance(limit, Mapping):
        found += key_problems(limit, _LIMIT, "a concurrency limit", (*path, "concurrency_limit"))
    if isinstance(pool, Mapping):
        found += key_problems(pool, _POOL, "a work pool", (*path, "work_pool"))
    elif pool is not None:
        message = expectation('a mapping such as {"name": "..."}', show(pool))
        found.append(Problem((*path, "work_pool"), message))
    return found


def _are_done(steps: Any, known: Known) -> bool:
    listed = [steps] if isinstance(steps, Mapping) else steps
    return isinstance(listed, list) and all(
        isinstance(step, Mapping)
        and all(
            isinstance(inputs, Mapping)
            and isinstance(inputs.get("id"), str)
            and known.output(inputs["id"]) is not ABSENT
            for inputs in step.values()
        )
        for step in listed
    )


def key_problems(
    mapping: Mapping[str, Any], known: frozenset[str] | Mapping[str, str], what: str, path: Path
) -> list[Problem]:
    """Keys that are not known."""
    found = []
    for key in mapping:
        if key not in known:
            near = closest(key, sorted(known))
            remedy = f"Did you mean `{near}`?" if near else f"It has {names(sorted(known))}."
            found.append(Problem((*path, str(key)), f"{what} has no `{key}`", remedy))
    return found


def type_problems(
    deployment: Mapping[str, Any], path: Path = (), *, is_unknown: IsUnknown = nothing_unknown
) -> list[Problem]:
    """Values that are not of the type that Prefect reads, such as a version that is a number."""
    findings = Findings(is_unknown)
    for key in _TEXTS:
        _quoted(findings, deployment.get(key), (*path, key))
    for key in _FLAGS:
        findings.flag(deployment.get(key), (*path, key))
    pool, limit = deployment.get("work_pool"), deployment.get("concurrency_limit")
    if isinstance(pool, Mapping):
        for key in ("name", "work_queue_name"):
            _quoted(findings, pool.get(key), (*path, "work_pool", key))
        _shape(
            findings, pool.get("job_variables"), (*path, "work_pool", "job_variables"), "a mapping", Mapping
        )
    if isinstance(limit, Mapping):
        findings.integer(limit.get("limit"), (*path, "concurrency_limit", "limit"), least=1)
    else:
        findings.integer(limit, (*path, "concurrency_limit"), least=1)
    for key in ("schedules", "triggers"):
        _shape(findings, deployment.get(key), (*path, key), "a list", list)
    _shape(findings, deployment.get("parameters"), (*path, "parameters"), "a mapping", Mapping)
    _shape(findings, deployment.get("pull"), (*path, "pull"), "a list of steps", (list, Mapping))
    tags = deployment.get("tags")
    if findings.is_checkable(tags) and not (
        is_series(tags) and all(isinstance(tag, str) or is_unknown(tag) for tag in tags)
    ):
        findings.error((*path, "tags"), expectation("a list of texts", show(tags)))
    return findings.problems


def _quoted(findings: Findings, value: object, path: Path) -> None:
    if findings.is_checkable(value) and not isinstance(value, str):
        findings.error(path, expectation("text", show(value)), "Put it in quotes.")


def _shape(
    findings: Findings, value: object, path: Path, expected: str, shape: type | tuple[type, ...]
) -> None:
    if findings.is_checkable(value) and not isinstance(value, shape):
        findings.error(path, expectation(expected, show(value)))


def deployment_fields(deployment: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry that has no problems says, by the names of Terraform; what says nothing is left out.

    The parts of the pool and of the limit stand beside the rest. ``schedules`` is a list, and ``pull_steps`` is one of
    steps as Prefect has them.
    """
    given = {key: value for key, value in deployment.items() if value is not None and key not in _REFUSED}
    fields = {key: value for key, value in given.items() if key in _SAME}
    if given.get("schedule"):
        fields["schedules"] = [given["schedule"]]
    elif "schedules" in given:
        # No schedules, as an empty list or mapping, are none; a schedule that is empty is none either.
        schedules = given["schedules"]
        fields["schedules"] = (
            [one for one in schedules if one != {}] if isinstance(schedules, list) else schedules
        )
    if is_series(fields.get("tags")):
        # As Prefect has it: a placeholder may stand for nothing.
        fields["tags"] = [tag for tag in fields["tags"] if not isinstance(tag, str) or tag.strip()]
    limit = given.get("concurrency_limit")
    if isinstance(limit, Mapping):
        fields |= {_LIMIT[key]: value for key, value in limit.items() if value is not None}
    elif limit is not None:
        fields["concurrency_limit"] = limit
    fields |= {_POOL[key]: value for key, value in given.get("work_pool", {}).items() if value is not None}
    if "pull" in given:
        pull = given["pull"]
        fields["pull_steps"] = [step for step in ([pull] if isinstance(pull, Mapping) else pull) if step]
    return fields


def named_schedules(schedules: list[Any]) -> list[tuple[str, dict[str, Any]]]:
    """Schedules, each with its slug, and durations in seconds; one without a slug is called by its kind.

    The second of a kind is ``cron-2``, as Terraform tells them apart by their slugs. A recurrence rule may be a
    document in a text, as `prefect deploy --rrule` takes it.
    """
    taken = {one["slug"] for one in schedules if isinstance(one.get("slug"), str)}
    found = []
    for one in schedules:
        schedule = {key: value for key, value in with_seconds(one).items() if value is not None}
        schedule |= _rule_in_text(schedule)
        slug = schedule.pop("slug", None)
        if slug is None:
            kind = next((kind for kind in KINDS if schedule.get(kind) is not None), KINDS[0])
            slugs = [kind, *(f"{kind}-{number}" for number in range(2, len(schedules) + 2))]
            slug = next(one for one in slugs if one not in taken)
            taken.add(slug)
        found.append((slug, schedule))
    return found


def _rule_in_text(schedule: Mapping[str, Any]) -> dict[str, Any]:
    """What ``{"rrule": "...", "timezone": "..."}`` in a text says; the time zone beside it comes first."""
    text = schedule.get("rrule")
    if not isinstance(text, str) or not text.lstrip().startswith("{"):
        return {}
    try:
        rule = json.parse(text)
    except ValueError:
        return {}
    return {**rule, **{key: schedule[key] for key in ("timezone",) if key in schedule}}
