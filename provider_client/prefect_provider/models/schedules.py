"""The schedules of deployments as typed objects, one class for each kind.

They take what :mod:`schedule_rules` allows and refuse the rest with ``pydantic.ValidationError`` (a
``ValueError``). ``to_api`` gives the JSON body; ``schedule_from_api`` reads the server's answer, and takes
there what the rules would refuse of a new schedule.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Field, PlainValidator, Tag, TypeAdapter, ValidationInfo, model_validator

from prefect_provider.models import schedule_rules
from prefect_provider.models.base import STORED, Model, Seconds, Whole, refuse
from prefect_provider.models.problems import is_reference

__all__ = [
    "CronSchedule",
    "IntervalSchedule",
    "RRuleSchedule",
    "Schedule",
    "parse_schedule",
    "schedule_from_api",
    "warnings",
]


def _moment(value: str | datetime) -> str | datetime:
    return value


class _Schedule(Model):
    """What every schedule has.

    ``slug`` names it within its deployment. ``parameters`` override the deployment's. ``timezone`` is an
    IANA name; none is UTC.
    """

    slug: str | None = None
    active: bool = True
    max_scheduled_runs: Whole | None = None
    parameters: Mapping[str, Any] = Field(default_factory=dict)
    timezone: str | None = None

    def to_api(self) -> dict[str, Any]:
        """The JSON body, for a list to post or for one to patch."""
        return schedule_rules.to_api(self.model_dump())

    @model_validator(mode="before")
    @classmethod
    def _follow_the_rules(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, Mapping):
            return data
        fields = {name: value for name, value in data.items() if value is not None}
        if info.context != STORED:
            refuse(schedule_rules.problems(fields, is_unknown=is_reference))
        return fields


class CronSchedule(_Schedule):
    """Runs by a cron expression; ``day_or``: either of the day fields is enough."""

    cron: str
    day_or: bool = True


class IntervalSchedule(_Schedule):
    """Runs every ``interval`` seconds, counted from ``anchor_date``; without one, from when it is created."""

    interval: Seconds
    anchor_date: Annotated[str | datetime, PlainValidator(_moment)] | None = None


class RRuleSchedule(_Schedule):
    """Runs by a recurrence rule (RFC 5545)."""

    rrule: str


def _kind_of(value: object) -> str | None:
    if isinstance(value, Mapping):
        return next((kind for kind in schedule_rules.KINDS if value.get(kind) is not None), None)
    return next((kind for kind in schedule_rules.KINDS if hasattr(value, kind)), None)


Schedule: TypeAlias = Annotated[
    Annotated[CronSchedule, Tag("cron")]
    | Annotated[IntervalSchedule, Tag("interval")]
    | Annotated[RRuleSchedule, Tag("rrule")],
    Discriminator(_kind_of),
]
"""Any schedule. A mapping is taken for the kind whose field it has."""

_ADAPTER: TypeAdapter[CronSchedule | IntervalSchedule | RRuleSchedule] = TypeAdapter(Schedule)


def parse_schedule(data: Mapping[str, Any]) -> Schedule:
    """Read a flat schedule that a user wrote, for example in YAML.

    :raises ValueError: it breaks a rule; ``pydantic.ValidationError`` is one.
    """
    if sum(data.get(kind) is not None for kind in schedule_rules.KINDS) != 1:
        refuse(schedule_rules.problems(data, is_unknown=is_reference))
    return _ADAPTER.validate_python(data)


def schedule_from_api(data: Mapping[str, Any]) -> Schedule:
    """Read a schedule from the server's answer, without its id and the fields of a newer server.

    :raises pydantic.ValidationError: it is of no known kind.
    """
    return _ADAPTER.validate_python(schedule_rules.flat(data), context=dict(STORED))


def warnings(schedule: Schedule) -> list[str]:
    """What is allowed in a schedule and works otherwise than it reads, one line each."""
    fields = {name: value for name, value in schedule.model_dump().items() if value is not None}
    found = schedule_rules.problems(fields, is_unknown=is_reference)
    return [str(problem) for problem in found if problem.severity == "warning"]
