"""The triggers of automations as typed objects.

They take what :mod:`trigger_rules` allows and refuse the rest with ``pydantic.ValidationError`` (a
``ValueError``), every problem at once, each with its place and remedy. Durations are given in seconds or as
``timedelta``, and kept as ``float`` seconds. ``to_api`` gives the complete JSON body; ``from_api`` reads the
server's answer, and takes there what the rules would refuse of a new trigger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, PlainValidator, Tag, TypeAdapter, ValidationInfo, model_validator

from prefect_provider.models import trigger_form, trigger_loops, trigger_rules
from prefect_provider.models.base import STORED, Labels, Model, Names, RelatedLabels, Seconds, Whole, refuse
from prefect_provider.models.problems import Problem, is_reference

__all__ = [
    "CompoundTrigger",
    "EventTrigger",
    "MetricName",
    "MetricOperator",
    "MetricTrigger",
    "MetricTriggerQuery",
    "Posture",
    "SequenceTrigger",
    "Trigger",
    "loops",
    "parse_trigger",
    "trigger_from_api",
    "warnings",
]


class Posture(StrEnum):
    """Whether a trigger responds to events, to their absence, or to a metric."""

    Reactive = "Reactive"
    Proactive = "Proactive"
    Metric = "Metric"


MetricName: TypeAlias = Literal[
    "lateness", "duration", "successes", "volume", "sla_violations", "sla_violations_by_severity"
]
MetricOperator: TypeAlias = Literal["<", "<=", ">", ">="]


class _Trigger(Model):
    @property
    def cloud_only(self) -> bool:
        """Whether the trigger, or a part of it, exists on Prefect Cloud only."""
        return False

    def to_api(self) -> dict[str, Any]:
        """The complete JSON body: every field explicit, sets sorted, no ids."""
        return trigger_form.to_api(self.model_dump())

    @classmethod
    def from_api(cls, data: Mapping[str, Any]) -> Self:
        """Read the server's answer, without its ids and the fields of a newer server.

        :raises pydantic.ValidationError: the answer is of another type.
        """
        return cls.model_validate(trigger_form.to_api(data), context=dict(STORED))

    @model_validator(mode="before")
    @classmethod
    def _follow_the_rules(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, Mapping):
            return data
        if info.context != STORED:
            kind = cls.model_fields["type"].default
            plain = {name: one.model_dump() if isinstance(one, Model) else one for name, one in data.items()}
            refuse(trigger_rules.problems({"type": kind, **plain}, is_unknown=is_reference))
        fields = {name: value for name, value in data.items() if value is not None}
        if fields.get("posture") == "Proactive" and not fields.get("within"):
            fields["within"] = trigger_rules.LEAST_PROACTIVE_SECONDS
        return fields


class EventTrigger(_Trigger):
    """Fires when events are seen (Reactive), or are not seen in time (Proactive).

    ``match`` and ``match_related`` narrow the resources by their labels: globs, several values as
    alternatives, a leading ``!`` for all but. ``expect`` names the events, with ``*`` for the rest of a
    name; none means any. ``after`` names events that must come first. ``for_each`` counts separately for
    each value of these labels. ``within`` is 0 for Reactive, and 10 or more, by default 10, for Proactive.
    """

    type: Literal["event"] = "event"
    match: Labels = Field(default_factory=dict)
    match_related: RelatedLabels = Field(default_factory=dict)
    after: Names = frozenset()
    expect: Names = frozenset()
    for_each: Names = frozenset()
    posture: Posture | Literal["Reactive", "Proactive"] = "Reactive"
    threshold: Whole = 1
    within: Seconds = 0.0


class MetricTriggerQuery(Model):
    """A metric and when it is out of bounds.

    The metric is computed over the last ``range`` seconds, and has to be out of bounds for ``firing_for``
    seconds; both are 300 or more.
    """

    name: MetricName
    operator: MetricOperator
    threshold: float
    range: Seconds = 300.0
    firing_for: Seconds = 300.0

    @model_validator(mode="before")
    @classmethod
    def _follow_the_rules(cls, data: Any, info: ValidationInfo) -> Any:
        if isinstance(data, Mapping) and info.context != STORED:
            found = trigger_rules.problems({"type": "metric", "metric": data}, is_unknown=is_reference)
            refuse(problem._replace(path=problem.path[1:]) for problem in found)
        return data


class MetricTrigger(_Trigger):
    """Fires when a metric is out of bounds for a while; Prefect Cloud only."""

    type: Literal["metric"] = "metric"
    match: Labels = Field(default_factory=dict)
    match_related: RelatedLabels = Field(default_factory=dict)
    posture: Posture | Literal["Metric"] = "Metric"
    metric: MetricTriggerQuery

    @property
    def cloud_only(self) -> bool:
        """Always: no other server has metrics."""
        return True


class _CompositeTrigger(_Trigger):
    triggers: Sequence[Trigger]
    within: Seconds | None = None

    @property
    def cloud_only(self) -> bool:
        """Whether one of the combined triggers is."""
        return any(child.cloud_only for child in self.triggers)


def _require(value: int | str) -> int | str:
    return value if isinstance(value, str) else int(value)


class CompoundTrigger(_CompositeTrigger):
    """Fires when some of its triggers have fired ``within`` so many seconds of each other, in any order.

    ``require`` is how many: ``"all"``, ``"any"``, or a number from 1 to as many as there are.
    """

    type: Literal["compound"] = "compound"
    require: Annotated[int | Literal["any", "all"], PlainValidator(_require)]


class SequenceTrigger(_CompositeTrigger):
    """Fires when its triggers have fired in their order, all ``within`` so many seconds."""

    type: Literal["sequence"] = "sequence"


def _kind_of(value: object) -> str | None:
    return trigger_rules.infer_kind(value) if isinstance(value, Mapping) else getattr(value, "type", None)


Trigger: TypeAlias = Annotated[
    Annotated[EventTrigger, Tag("event")]
    | Annotated[MetricTrigger, Tag("metric")]
    | Annotated[CompoundTrigger, Tag("compound")]
    | Annotated[SequenceTrigger, Tag("sequence")],
    Discriminator(_kind_of),
]
"""Any trigger. A mapping without a ``type`` is taken for what its fields show, as in ``prefect.yaml``."""

_CompositeTrigger.model_rebuild()
CompoundTrigger.model_rebuild()
SequenceTrigger.model_rebuild()
_ADAPTER: TypeAdapter[EventTrigger | MetricTrigger | CompoundTrigger | SequenceTrigger] = TypeAdapter(Trigger)


def parse_trigger(data: Mapping[str, Any]) -> Trigger:
    """Read a trigger that a user wrote, for example in YAML.

    :raises ValueError: it breaks a rule; ``pydantic.ValidationError`` is one.
    """
    if trigger_rules.infer_kind(data) is None:
        refuse(trigger_rules.problems(data))
    return _ADAPTER.validate_python(data)


def trigger_from_api(data: Mapping[str, Any]) -> Trigger:
    """Read a trigger of any type from the server's answer; ids and fields of a newer server are dropped.

    :raises pydantic.ValidationError: its ``type`` is not known here.
    """
    if trigger_rules.infer_kind(data) is None:
        return _ADAPTER.validate_python(data)
    return _ADAPTER.validate_python(trigger_form.to_api(data), context=dict(STORED))


def warnings(trigger: Trigger) -> list[str]:
    """What is allowed in a trigger and works otherwise than it reads, one line each; loops excepted."""
    return _lines(trigger_rules.problems(trigger.to_api(), is_unknown=is_reference))


def loops(trigger: Trigger, *, name: str | None = None) -> list[str]:
    """Why an enabled automation with this trigger would fire itself without end, one line each.

    ``name`` is the automation's name, for triggers that match on it.
    """
    return _lines(trigger_loops.loop_problems(trigger.to_api(), name=name, is_unknown=is_reference))


def _lines(problems: list[Problem]) -> list[str]:
    return [str(problem) for problem in problems if problem.severity == "warning"]
