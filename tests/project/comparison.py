"""What Prefect makes on the server, and what ours does: the fields that differ, but for those that are known to."""

from __future__ import annotations

import json
from copy import deepcopy
from re import fullmatch
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["difference", "expected", "merge", "without_sum"]


def expected(theirs: dict[str, Any]) -> dict[str, Any]:
    """What is theirs, without what is known to differ: each is a rule of docs/prefect-yaml.md."""
    return {name: _without_known_differences(one) for name, one in deepcopy(theirs).items()}


def _without_known_differences(one: dict[str, Any]) -> dict[str, Any]:
    if one.get("description") in ("", "None"):
        # Prefect 3.8.8 stores the word where a flow has no description.
        one["description"] = None
    schema = one.get("parameter_openapi_schema", {})
    if schema.get("definitions") == {}:
        del schema["definitions"]
    for step in one.get("pull_steps") or ():
        clone = step.get("prefect.deployments.steps.git_clone", {})
        if clone.get("branch", "") is None:
            # Terraform has no null in a step, and it says nothing.
            del clone["branch"]
    if "tags" in one:
        # They are a set.
        one["tags"] = sorted(one["tags"])
    for schedule in one.get("schedules", ()):
        inner = schedule["schedule"]
        if str(schedule.get("slug")).split("-")[0] in ("cron", "interval", "rrule"):
            # A schedule has a slug in Terraform, which tells it from the others by it.
            schedule["slug"] = None
        if not str(inner.get("anchor_date", "2030")).startswith("2030"):
            # It is the moment at which the schedule is made.
            inner["anchor_date"] = "<now>"
    one.get("schedules", []).sort(key=lambda schedule: json.dumps(schedule, sort_keys=True))
    return one


def without_sum(one: dict[str, Any]) -> dict[str, Any]:
    """Without a version that is the sum of the flow's file, which code that is written down does not hold."""
    return {**one, "version": None} if fullmatch("[0-9a-f]{32}", str(one.get("version"))) else one


def difference(theirs: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    """The fields that are not equal, by the object's name."""
    theirs, ours = expected(theirs), expected(ours)
    found: dict[str, Any] = {}
    for name in sorted(theirs.keys() | ours.keys()):
        one, other = theirs.get(name), ours.get(name)
        if one is None or other is None:
            found[name] = "missing in ours" if other is None else "only in ours"
            continue
        fields = {key: (one.get(key), other.get(key)) for key in one.keys() | other.keys()}
        unequal = {key: pair for key, pair in fields.items() if pair[0] != pair[1]}
        if unequal:
            found[name] = unequal
    return found


def merge(whole: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Put a part of a configuration into the whole."""
    for key, value in part.items():
        if isinstance(value, dict):
            merge(whole.setdefault(key, {}), value)
        else:
            whole[key] = value
