"""The schedules of a deployment, by slug.

The API returns them in the order of their last change, so they are a map here; a schedule that was made elsewhere
without a slug is known by its id.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from prefect_provider.api import Reply
from prefect_provider.objects.answers import answer_problems, objects_of, refuse_answer
from prefect_provider.objects.mapping import number_from_json, plain
from prefect_provider.objects.remote import delete_if_there
from prefect_provider.objects.reporting import report
from prefect_provider.plugin.language.declaration import Nested, optional
from prefect_provider.plugin.language.kinds import Bool, Integer, Json, Seconds, String, Timestamp, Uuid
from prefect_provider.plugin.language.values import UNKNOWN, Unknown, Value, Values, or_null
from prefect_provider.rules import schedules as schedule_rules
from prefect_provider.rules.recurrence import same_recurrence

if TYPE_CHECKING:
    from collections.abc import Hashable

    from prefect_provider.api import Scope
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.diagnostics import Diagnostics
    from prefect_provider.text.path import Path

__all__ = [
    "Schedule",
    "add_schedules",
    "check_schedule",
    "check_schedules",
    "has_runs_ahead",
    "plan_schedules",
    "respell_rules",
    "schedule_to_api",
    "schedules_from_api",
    "schedules_to_api",
    "write_schedules",
]


class Recurrence(String):
    """An iCalendar rule; Prefect puts a DTSTART before one that has none, which changes nothing."""

    def canonical(self, value: Value) -> Hashable:
        """The rule without the DTSTART that the server supplies."""
        lines = [line for line in str(value).splitlines() if line != "DTSTART:20200101T000000"]
        return "\n".join(lines)


class Schedule(Nested):
    """When runs are made: exactly one of `cron`, `interval` and `rrule`."""

    cron = optional(String(), "Cron expression, such as `0 3 * * *`.")
    interval = optional(Seconds(), "Seconds between runs.")
    rrule = optional(Recurrence(), "iCalendar recurrence rule, such as `FREQ=WEEKLY;BYDAY=MO`.")
    timezone = optional(String(), "IANA time zone, such as `Europe/Berlin`.", null_is="UTC")
    day_or = optional(
        Bool(),
        "For `cron` with both a day of the month and a day of the week: whether either is enough.",
        null_is=True,
    )
    anchor_date = optional(
        Timestamp(),
        "For `interval`: an instant at which a run falls (RFC 3339). Left out, it is when the schedule is made.",
        server_default=True,
    )
    active = optional(Bool(), "Whether the schedule makes runs.", default=True)
    max_scheduled_runs = optional(
        Integer(minimum=1), "How many runs are scheduled ahead; null leaves it to the server."
    )
    parameters = optional(
        Json("object"), "Parameters of the runs, over the deployment's, as a JSON object.", default="{}"
    )


def check_schedules(schedules: Any, diagnostics: Diagnostics) -> None:
    """Report schedules that Prefect refuses or misreads."""
    if not isinstance(schedules, Mapping):
        return
    for slug, schedule in schedules.items():
        if isinstance(schedule, Mapping):
            check_schedule(schedule, diagnostics, ("schedules", slug))


def check_schedule(schedule: Mapping[str, Any], diagnostics: Diagnostics, path: Path) -> None:
    """Report what Prefect refuses or misreads of the schedule at a path."""
    fields = dict(schedule)
    if fields.get("cron") is None and fields.get("day_or") is True:
        # What it is when left out, as a module passes it on for all schedules, and an import writes it down.
        del fields["day_or"]
    parameters = fields.get("parameters")
    if isinstance(parameters, str):
        fields["parameters"] = plain(Json.load(parameters))
    found = schedule_rules.problems(fields, is_unknown=lambda value: isinstance(value, Unknown))
    report(found, diagnostics, path)


def plan_schedules(plan: Plan) -> None:
    """Only an interval has an anchor, and one that was something else before gets one; the others never do."""
    schedules = plan.planned["schedules"]
    if not isinstance(schedules, dict):
        return
    for slug, schedule in schedules.items():
        if not isinstance(schedule, dict):
            continue
        if schedule["interval"] is None:
            configured = (plan.config["schedules"] or {}).get(slug) or {}
            schedule["anchor_date"] = configured.get("anchor_date")
        elif schedule["anchor_date"] is None:
            schedule["anchor_date"] = UNKNOWN


def schedules_from_api(entries: Any, what: str) -> Values:
    """The schedules as Terraform holds them; ``what`` names the request. Raises UnexpectedAnswer."""
    schedules: Values = {}
    for entry in _checked(entries, what):
        fields = schedule_rules.flat(entry)
        interval = fields.get("interval")
        schedules[entry.get("slug") or entry["id"]] = {
            "cron": fields.get("cron"),
            "interval": None if interval is None else number_from_json(interval),
            "rrule": fields.get("rrule"),
            "timezone": fields.get("timezone"),
            "day_or": fields.get("day_or"),
            "anchor_date": fields.get("anchor_date"),
            "active": fields.get("active"),
            "max_scheduled_runs": fields.get("max_scheduled_runs"),
            "parameters": Json.dump(fields.get("parameters") or {}),
        }
    return schedules


def _checked(entries: Any, what: str) -> list[dict[str, Any]]:
    listed = objects_of(what, "schedule", entries, id=Uuid(), schedule=Json("object"), active=Bool())
    problems = [
        problem
        for index, entry in enumerate(listed)
        for problem in answer_problems(Schedule, schedule_rules.flat(entry), path=("schedules", index))
    ]
    if not all(isinstance(entry.get("slug"), str | None) for entry in listed):
        problems.append("a `slug` is no text")
    if problems:
        refuse_answer(what, "list of schedules", problems)
    return listed


def respell_rules(actual: Values, held: Any) -> None:
    """Put the held spelling of a recurrence rule where the server only added a DTSTART to it."""
    for slug, schedule in actual.items():
        before = held.get(slug) if isinstance(held, Mapping) else None
        rule = before.get("rrule") if isinstance(before, Mapping) else None
        if rule and schedule["rrule"] and same_recurrence(rule, schedule["rrule"]):
            schedule["rrule"] = rule


def has_runs_ahead(schedules: Values) -> bool:
    """Whether a schedule says how many runs it has ahead: a deployment's own POST ignores that (Prefect 3.8)."""
    return any(schedule["max_scheduled_runs"] is not None for schedule in schedules.values())


def schedules_to_api(schedules: Mapping[str, Values]) -> list[dict[str, Any]]:
    """The schedules as the API takes them."""
    return [schedule_to_api(slug, schedule) for slug, schedule in schedules.items()]


def schedule_to_api(slug: str | None, schedule: Values) -> dict[str, Any]:
    """One schedule as the API takes it; what is not known yet is left to the server.

    Always whole: a PATCH without `parameters` empties them, and one without `anchor_date` moves it (Prefect 3.8).
    """
    fields = {name: or_null(value) for name, value in schedule.items()}
    fields["parameters"] = plain(Json.load(fields["parameters"] or "{}"))
    if isinstance(fields["interval"], Decimal):
        fields["interval"] = float(fields["interval"])
    return schedule_rules.to_api(fields | {"slug": slug})


async def write_schedules(scope: Scope, deployment_id: str, planned: Mapping[str, Values]) -> None:
    """Make the deployment's schedules those that are planned, touching only what differs."""
    path = f"/deployments/{deployment_id}/schedules"
    entries = (await scope.get(path)).data
    stored = schedules_from_api(entries, f"GET {path}")
    existing = {entry.get("slug") or entry["id"]: entry for entry in entries}
    kind = Schedule.attributes
    new = []
    for slug, schedule in planned.items():
        before = stored.get(slug)
        if before is None:
            new.append(schedule_to_api(slug, schedule))
            continue
        changed = {
            name
            for name, attribute in kind.items()
            if not isinstance(schedule[name], Unknown) and not attribute.same(before[name], schedule[name])
        }
        if "max_scheduled_runs" in changed and schedule["max_scheduled_runs"] is None:
            # Prefect 3.8 ignores null for this field in a PATCH.
            await delete_if_there(scope, f"{path}/{existing[slug]['id']}")
            new.append(schedule_to_api(slug, schedule))
        elif changed:
            body = schedule_to_api(slug, schedule)
            if existing[slug].get("slug") is None:
                del body["slug"]
            await scope.patch(f"{path}/{existing[slug]['id']}", body)
    for slug, entry in existing.items():
        if slug not in planned:
            await delete_if_there(scope, f"{path}/{entry['id']}")
    if new:
        await _post(scope, path, new)


async def add_schedules(scope: Scope, deployment_id: str, planned: Mapping[str, Values]) -> None:
    """Give a new deployment its schedules."""
    if planned:
        await _post(scope, f"/deployments/{deployment_id}/schedules", schedules_to_api(planned))


async def _post(scope: Scope, path: str, new: list[dict[str, Any]]) -> None:
    """Post schedules; Prefect makes all of them or none, and refuses a slug that is there."""

    async def made_by_this_call() -> Reply | None:
        entries = (await scope.get(path)).data
        made = {*schedules_from_api(entries, f"GET {path}")} >= {schedule["slug"] for schedule in new}
        return Reply(201, entries) if made else None

    await scope.post(path, new, recover=made_by_this_call)
