"""When an automation acts: on events, on their absence, on a metric, or on a combination of triggers.

Durations are seconds or :class:`~datetime.timedelta`. Triggers are not checked when they are made; the
automation does that when it is made, so that an error can name it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from prefect_constructs._generated.vocabulary import Posture
from prefect_constructs.durations import Duration, seconds
from prefect_constructs.errors import PrefectConstructError, refuse
from prefect_constructs.plain_values import plain_value
from prefect_constructs.sdk import as_document, plain_keys
from prefect_constructs.tokens import is_unresolved
from prefect_constructs.wording import Wording
from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.rules import triggers as trigger_rules
from prefect_provider.rules.durations import with_seconds
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_constructs._generated.vocabulary import MetricName, MetricOperator
    from prefect_constructs.argument_types import SdkObject
    from prefect_provider.text.path import Path

__all__ = [
    "CompoundTrigger",
    "EventTrigger",
    "Labels",
    "MetricTrigger",
    "MetricTriggerQuery",
    "Posture",
    "SequenceTrigger",
    "Trigger",
    "trigger_arguments",
]

Labels: TypeAlias = Mapping[str, str | Sequence[str]]
"""Labels of a resource, each with one value or several alternatives; ``*`` is a wildcard, ``!`` negates."""


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
class MetricTriggerQuery:
    """What a metric trigger watches, as Prefect's own class of this name has it."""

    name: MetricName
    operator: MetricOperator
    threshold: float | str
    range: Duration = timedelta(minutes=5)
    firing_for: Duration = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricTrigger:
    """Fires when a metric is out of bounds; on Prefect Cloud only.

    The metric is worked out over the last ``range``, and has to be out of bounds for as long as
    ``firing_for``; both are 5 minutes or more, and by default 5 minutes. ``metric`` may be the whole query, too:
    ``MetricTriggerQuery(name="lateness", operator=">", threshold=60)``.
    """

    metric: MetricName | MetricTriggerQuery | SdkObject | Mapping[str, Any]
    operator: MetricOperator | None = None
    threshold: float | str | None = None
    range: Duration | None = None
    firing_for: Duration | None = None
    match: Labels = field(default_factory=dict)
    match_related: Labels | Sequence[Labels] = field(default_factory=dict)

    def arguments(self) -> dict[str, Any]:
        """As arguments of ``PrefectAutomation``."""
        query: Any = self.metric
        whole = asdict(query) if isinstance(query, MetricTriggerQuery) else as_document(query)
        own = {
            "name": None if whole is not None else query,
            "operator": self.operator,
            "threshold": self.threshold,
            "range": self.range,
            "firing_for": self.firing_for,
        }
        metric: dict[str, Any] = {
            "range": _METRIC_TIME,
            "firing_for": _METRIC_TIME,
            **{name: value for name, value in (whole or {}).items() if value is not None},
            **{name: value for name, value in own.items() if value is not None},
        }
        metric |= {name: seconds(metric[name]) for name in ("range", "firing_for")}
        fields = {"match": self.match or None, "match_related": self.match_related or None}
        return {"metric": {**{name: value for name, value in fields.items() if value}, "metric": metric}}


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


Trigger: TypeAlias = (
    "EventTrigger | MetricTrigger | CompoundTrigger | SequenceTrigger | SdkObject | Mapping[str, Any]"
)
"""Any trigger; a mapping is as in the API and ``prefect.yaml``: ``{"type": "event", "expect": [...]}``."""

_METRIC_TIME: Final = timedelta(seconds=trigger_rules.LEAST_METRIC_SECONDS)

_LEVELS: Final = 3
"""How deep Terraform's schema can hold combined triggers."""

_Typed: TypeAlias = EventTrigger | MetricTrigger | CompoundTrigger | SequenceTrigger

_Paths: TypeAlias = dict[tuple[str | int, ...], tuple[str | int, ...]]


def trigger_arguments(
    trigger: Trigger, where: Callable[[], str], path: Path = ("trigger",)
) -> tuple[dict[str, Any], _Paths]:
    """A trigger as the argument of ``PrefectAutomation``, and where its parts were written.

    :raises PrefectConstructError: it names ``where()``, the path of the construct that the trigger is for.
    """
    typed = _typed(trigger, where, path)
    if isinstance(typed, Mapping):
        return dict(typed), {}
    if _depth(typed) > _LEVELS:
        expected, got = f"triggers combined {_LEVELS} levels deep or less", f"{_depth(typed)} levels"
        raise refuse(where, path, expected=expected, got=got)
    return typed.arguments(), dict(_written(typed, path, path))


def _typed(trigger: Any, where: Callable[[], str], path: Path) -> _Typed | Mapping[str, Any]:
    """The trigger as an object of this module; a mapping in Terraform's form stays what it is."""
    if isinstance(trigger, EventTrigger | MetricTrigger):
        return trigger
    if isinstance(trigger, CompoundTrigger | SequenceTrigger):
        children = _children(trigger.triggers, where, (*path, "triggers"))
        return replace(trigger, triggers=children)
    found = as_document(trigger)
    if found is None:
        got = f"the method `{trigger.__name__}`" if inspect.ismethod(trigger) else show(trigger)
        remedy = f"Call it: `{trigger.__name__}()`." if inspect.ismethod(trigger) else ""
        raise refuse(where, path, expected="a trigger, such as `EventTrigger(...)`", got=got, remedy=remedy)
    document = plain_keys(found)
    if document and all(key in trigger_rules.KINDS for key in document):
        return document
    return _from_document(document, where, path)


def _children(triggers: Any, where: Callable[[], str], path: Path) -> list[Any]:
    if isinstance(triggers, (str, Mapping)) or not isinstance(triggers, Sequence):
        remedy = "Write a list: `triggers=[...]`."
        raise refuse(where, path, expected="a list of triggers", got=show(triggers), remedy=remedy)
    return [_typed(child, where, (*path, index)) for index, child in enumerate(triggers)]


def _from_document(document: Mapping[str, Any], where: Callable[[], str], path: Path) -> _Typed:
    """The object for a document of Prefect's form, which may come from a server: then it has an ``id``."""
    plain = _plain_fields(
        {key: value for key, value in document.items() if key != "id" and value is not None}
    )
    fields = with_seconds({**plain, "triggers": ()}) if "triggers" in plain else with_seconds(plain)
    if "triggers" in plain:
        fields["triggers"] = _children(plain["triggers"], where, (*path, "triggers"))
    # The triggers inside have been checked, each by itself.
    found = trigger_rules.problems(
        {**fields, "triggers": [_Checked()] * len(fields["triggers"])} if fields.get("triggers") else fields,
        is_unknown=is_unresolved,
        path=path,
    )
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        diagnostics = [
            Diagnostic("error", "", say(one.message, remedy=one.remedy), one.path) for one in errors
        ]
        raise PrefectConstructError(where(), [Wording().problem(one) for one in diagnostics])
    kind = trigger_rules.infer_kind(fields)
    fields.pop("type", None)
    match kind:
        case "metric":
            fields.pop("posture", None)
            return MetricTrigger(**fields)
        case "compound":
            return CompoundTrigger(**fields)
        case "sequence":
            return SequenceTrigger(**fields)
    return EventTrigger(**fields)


class _Checked:
    """A trigger inside of another that has been checked already."""


def _plain_fields(document: Mapping[str, Any]) -> dict[str, Any]:
    """Names of kinds, postures and metrics as text, where Prefect's own enumerations stand for them."""
    fields = {key: plain_value(value) for key, value in document.items()}
    for key in ("expect", "after", "for_each"):
        if isinstance(fields.get(key), Collection) and not isinstance(fields[key], str):
            fields[key] = [plain_value(value) for value in fields[key]]
    if isinstance(fields.get("metric"), Mapping):
        fields["metric"] = _plain_fields(fields["metric"])
    return fields


def _written(trigger: Any, inside: Path, said: Path) -> Iterator[tuple[Path, Path]]:
    """Where Terraform has a trigger's parts, and where they are in Python: without the kinds in between."""
    if isinstance(trigger, Mapping):
        return
    kind = _KINDS[type(trigger)]
    here = (*inside, kind)
    yield here, said
    if isinstance(trigger, MetricTrigger):
        yield (*here, "metric"), said
        yield (*here, "metric", "name"), (*said, "metric")
    for index, child in enumerate(getattr(trigger, "triggers", ())):
        yield from _written(child, (*here, "triggers", index), (*said, "triggers", index))


_KINDS: Final = {
    EventTrigger: "event",
    MetricTrigger: "metric",
    CompoundTrigger: "compound",
    SequenceTrigger: "sequence",
}


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
