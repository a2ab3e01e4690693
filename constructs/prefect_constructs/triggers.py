"""When an automation acts: on events, on their absence, on a metric, or on a combination of triggers.

Durations are seconds or :class:`~datetime.timedelta`. Triggers are not checked when they are made; the
automation does that when it is made, so that an error can name it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, TypeAlias

from prefect_constructs.errors import PrefectConstructError
from prefect_constructs.tokens import is_unresolved
from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.rules import triggers as trigger_rules
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path

__all__ = [
    "CompoundTrigger",
    "Duration",
    "EventTrigger",
    "HasApiForm",
    "Labels",
    "MetricTrigger",
    "Posture",
    "SequenceTrigger",
    "Trigger",
    "seconds",
    "trigger_arguments",
]

Duration: TypeAlias = timedelta | float | str
"""A duration, or seconds; texts are Terraform expressions."""

Labels: TypeAlias = Mapping[str, str | Sequence[str]]
"""Labels of a resource, each with one value or several alternatives; ``*`` is a wildcard, ``!`` negates."""


class Posture(StrEnum):
    """Whether a trigger responds to events or to their absence."""

    Reactive = "Reactive"
    Proactive = "Proactive"


def seconds(duration: Duration | None) -> float | str | None:
    """The duration as Terraform takes it."""
    return duration.total_seconds() if isinstance(duration, timedelta) else duration


@dataclass(frozen=True, kw_only=True, slots=True)
class EventTrigger:
    """Fires when events are seen (Reactive), or when they are not seen in time (Proactive).

    ``match`` and ``match_related`` narrow the resources by their labels. ``expect`` names the events, with
    ``*`` for the rest of a name; none means any. ``after`` names events that must come first. ``for_each``
    counts separately for each value of these labels. ``threshold`` events make it fire, or keep it from
    firing. ``within`` is how long events count: for Reactive any, by default 0; for Proactive 10 seconds or
    more, by default 10.
    """

    expect: str | Collection[str] = ()
    match: Labels = field(default_factory=dict)
    match_related: Labels | Sequence[Labels] = field(default_factory=dict)
    after: str | Collection[str] = ()
    for_each: str | Collection[str] = ()
    posture: Posture | Literal["Reactive", "Proactive"] = Posture.Reactive
    threshold: int | str | None = None
    within: Duration | None = None

    def arguments(self) -> dict[str, Any]:
        """As arguments of ``PrefectAutomation``."""
        fields = {
            "posture": self.posture,
            "expect": _several(self.expect),
            "match": self.match or None,
            "match_related": self.match_related or None,
            "after": _several(self.after),
            "for_each": _several(self.for_each),
            "threshold": self.threshold,
            "within": seconds(self.within),
        }
        return {"event": {name: value for name, value in fields.items() if value is not None}}


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricTrigger:
    """Fires when a metric is out of bounds; on Prefect Cloud only.

    The metric is worked out over the last ``range``, and has to be out of bounds for as long as
    ``firing_for``; both are 5 minutes or more.
    """

    metric: Literal[
        "lateness", "duration", "successes", "volume", "sla_violations", "sla_violations_by_severity"
    ]
    operator: Literal["<", "<=", ">", ">="]
    threshold: float | str
    range: Duration = timedelta(minutes=5)
    firing_for: Duration = timedelta(minutes=5)
    match: Labels = field(default_factory=dict)
    match_related: Labels | Sequence[Labels] = field(default_factory=dict)

    def arguments(self) -> dict[str, Any]:
        """As arguments of ``PrefectAutomation``."""
        query = {
            "name": self.metric,
            "operator": self.operator,
            "threshold": self.threshold,
            "range": seconds(self.range),
            "firing_for": seconds(self.firing_for),
        }
        fields = {"match": self.match or None, "match_related": self.match_related or None}
        return {"metric": {**{name: value for name, value in fields.items() if value}, "metric": query}}


@dataclass(frozen=True, kw_only=True, slots=True)
class CompoundTrigger:
    """Fires when some of its triggers have fired ``within`` a time of each other, in any order.

    ``require`` is how many: ``"all"``, ``"any"``, or a number. Triggers can be combined three levels deep.
    """

    triggers: Sequence[Trigger]
    require: int | Literal["all", "any"] = "all"
    within: Duration | None = None

    def arguments(self) -> dict[str, Any]:
        """As arguments of ``PrefectAutomation``."""
        return {"compound": {"require": self.require, **_combined(self.triggers, self.within)}}


@dataclass(frozen=True, kw_only=True, slots=True)
class SequenceTrigger:
    """Fires when its triggers have fired in their order, all ``within`` a time."""

    triggers: Sequence[Trigger]
    within: Duration | None = None

    def arguments(self) -> dict[str, Any]:
        """As arguments of ``PrefectAutomation``."""
        return {"sequence": _combined(self.triggers, self.within)}


class HasApiForm(Protocol):
    """A trigger or action of :mod:`prefect_provider.models`, or another object that has a form in the API."""

    def to_api(self) -> dict[str, Any]:
        """The JSON body."""


Trigger: TypeAlias = (
    "EventTrigger | MetricTrigger | CompoundTrigger | SequenceTrigger | HasApiForm | Mapping[str, Any]"
)
"""Any trigger; a mapping is as in the API and ``prefect.yaml``: ``{"type": "event", "expect": [...]}``."""

_LEVELS: Final = 3
"""How deep Terraform's schema can hold combined triggers."""


def trigger_arguments(trigger: Trigger, where: Callable[[], str]) -> dict[str, Any]:
    """A trigger as the argument of ``PrefectAutomation``.

    :raises PrefectConstructError: it names ``where()``, the path of the construct that the trigger is for.
    """
    typed = _typed(trigger, where, ("trigger",))
    if isinstance(typed, Mapping):
        return dict(typed)
    if _depth(typed) > _LEVELS:
        detail = f"Expected triggers combined {_LEVELS} levels deep or less, got {_depth(typed)} levels."
        raise PrefectConstructError(where(), [Diagnostic("error", "", detail, ("trigger",))])
    return typed.arguments()


_Typed: TypeAlias = EventTrigger | MetricTrigger | CompoundTrigger | SequenceTrigger


def _typed(trigger: Any, where: Callable[[], str], path: Path) -> _Typed | Mapping[str, Any]:
    """The trigger as an object of this module; a mapping in Terraform's form stays what it is."""
    if isinstance(trigger, EventTrigger | MetricTrigger):
        return trigger
    if isinstance(trigger, CompoundTrigger | SequenceTrigger):
        kind = "compound" if isinstance(trigger, CompoundTrigger) else "sequence"
        inside = (*path, kind, "triggers")
        children = [_typed(child, where, (*inside, index)) for index, child in enumerate(trigger.triggers)]
        return replace(trigger, triggers=children)
    if hasattr(trigger, "to_api"):
        trigger = trigger.to_api()
    if not isinstance(trigger, Mapping):
        detail = f"Expected a trigger, such as `EventTrigger(...)`, got {show(trigger)}."
        raise PrefectConstructError(where(), [Diagnostic("error", "", detail, path)])
    if trigger and all(key in trigger_rules.KINDS for key in trigger):
        return trigger
    found = trigger_rules.problems(trigger, is_unknown=is_unresolved, path=path)
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        diagnostics = [
            Diagnostic("error", "", f"{one.message}. {one.remedy}".strip(), one.path) for one in errors
        ]
        raise PrefectConstructError(where(), diagnostics)
    return _from_api(trigger)


def _from_api(trigger: Mapping[str, Any]) -> _Typed:
    """The object for a mapping that follows the rules, of Prefect's form."""
    fields = {name: value for name, value in trigger.items() if name != "type" and value is not None}
    match trigger_rules.infer_kind(trigger):
        case "metric":
            query = dict(fields.pop("metric"))
            fields.pop("posture", None)
            return MetricTrigger(metric=query.pop("name"), **query, **fields)
        case "compound":
            children = [_from_api(child) for child in fields.pop("triggers")]
            return CompoundTrigger(triggers=children, **fields)
        case "sequence":
            children = [_from_api(child) for child in fields.pop("triggers")]
            return SequenceTrigger(triggers=children, **fields)
    return EventTrigger(**fields)


def _depth(trigger: object) -> int:
    if isinstance(trigger, CompoundTrigger | SequenceTrigger):
        return 1 + max((_depth(child) for child in trigger.triggers), default=0)
    return 0


def _combined(triggers: Sequence[Trigger], within: Duration | None) -> dict[str, Any]:
    children = [dict(child) if isinstance(child, Mapping) else _arguments(child) for child in triggers]
    for child in children:
        if "compound" in child:
            # Inside a list Terraform allows one type only, and a number can be text.
            child["compound"] = {**child["compound"], "require": str(child["compound"].get("require"))}
    fields = {"triggers": children, "within": seconds(within)}
    return {name: value for name, value in fields.items() if value is not None}


def _arguments(trigger: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = trigger.arguments()
    return arguments


def _several(names: str | Collection[str]) -> Collection[str] | None:
    """Several names; one alone may be given as it is."""
    if isinstance(names, str):
        return [names]
    return names or None
