"""The triggers of ``prefect_automation``: what they may say, and what two spellings mean the same.

A trigger is an object with exactly one of ``event``, ``metric``, ``compound`` and ``sequence``. The last two
combine other triggers, which may combine others in turn, three levels of them in all. A schema of Terraform's
cannot recurse, so each level is a class of its own, made by one function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.language.declaration import ExactlyOneOf, Nested, optional, required
from prefect_provider.plugin.language.kinds import (
    AnyValue,
    Float,
    Integer,
    Json,
    Kind,
    Mismatch,
    Seconds,
    SetOf,
    String,
    freeze,
)
from prefect_provider.plugin.language.nested import NestedList, NestedSingle
from prefect_provider.plugin.language.values import UNKNOWN, Dynamic, Unknown, Value, Values
from prefect_provider.rules.triggers import (
    EVENT_POSTURES,
    LEAST_METRIC_SECONDS,
    LEAST_PROACTIVE_SECONDS,
    METRIC_OPERATORS,
    METRICS,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from prefect_provider.text.path import Path

__all__ = [
    "EventTrigger",
    "LabelsJson",
    "MetricQuery",
    "MetricTrigger",
    "Require",
    "RequireText",
    "SimpleTrigger",
    "Trigger",
    "event_triggers",
    "plan_within",
]


class LabelsJson(Json):
    """Labels of resources as JSON; a single value means a list of it, and the order of values means nothing.

    With ``several``, an array of such objects is accepted too. No object, an empty one and an empty array are
    the same, as are one object and an array of it.
    """

    label = "JSON of labels"

    def __init__(self, *, several: bool = False) -> None:
        super().__init__("any" if several else "object")
        self.several: Final = several

    def canonical_document(self, document: Any) -> Hashable:
        """Equal for two specifications that the same resources meet."""
        specifications = document if isinstance(document, list) else [document]
        return frozenset(_labels(labels) for labels in specifications if labels)

    def problems(self, value: Value) -> Iterator[Mismatch]:
        """Anything but objects; the rules of triggers look inside."""
        found = list(super().problems(value))
        yield from found
        if not found and self.several and not isinstance(self.load(value), (dict, list)):
            yield Mismatch((), "a JSON object, or an array of objects", value)


def _labels(labels: Any) -> Hashable:
    if not isinstance(labels, dict):
        return freeze(labels)
    return frozenset(
        (label, frozenset(freeze(one) for one in (value if isinstance(value, list) else [value])))
        for label, value in labels.items()
    )


_REQUIRE_FORM: Final = '"any", "all" or a whole number of 1 or more'


class Require(AnyValue):
    """How many triggers have to fire: the text ``any`` or ``all``, or a number."""

    label = "any, all or a number"

    def problems(self, value: Value) -> Iterator[Mismatch]:
        """Other texts, and numbers that cannot be a count."""
        plain = value.value if isinstance(value, Dynamic) else value
        if isinstance(plain, Unknown):
            return
        if isinstance(plain, str):
            if plain not in ("any", "all"):
                yield Mismatch((), _REQUIRE_FORM, f'"{plain}"')
        elif not isinstance(plain, bool) and hasattr(plain, "__int__"):
            if plain < 1 or plain != int(plain):
                yield Mismatch((), _REQUIRE_FORM, str(plain))
        else:
            yield Mismatch((), _REQUIRE_FORM, str(plain).lower())


class RequireText(String):
    """:class:`Require` inside a list, where Terraform allows no type but one: numbers become text."""

    label = "any, all or a number"

    def __init__(self) -> None:
        super().__init__(pattern="any|all|[1-9][0-9]*", form=_REQUIRE_FORM)


class EventTrigger(Nested):
    """Fires on the presence or the absence of events within a time."""

    posture = required(
        String(choices=EVENT_POSTURES),
        "`Reactive` fires when the expected events are seen, `Proactive` when they are not seen in time.",
    )
    match = optional(
        LabelsJson(),
        "Labels that the event's resource must have, as a JSON object of labels to values or lists of them; "
        "`*` stands for any text and a leading `!` negates. Use `jsonencode()`.",
        default="{}",
    )
    match_related = optional(
        LabelsJson(several=True),
        "Labels that a related resource must have, as `match`; of an array of objects each must be met by "
        "one of the related resources.",
        default="{}",
    )
    after = optional(
        SetOf(String()), "Events that must have been seen first; empty: none needs to be.", default=[]
    )
    expect = optional(SetOf(String()), "Events that count; empty: every event does.", default=[])
    for_each = optional(
        SetOf(String()),
        "Labels whose every distinct combination of values is counted on its own, such as "
        "`prefect.resource.id` or `related:flow:prefect.resource.id`.",
        default=[],
    )
    threshold = optional(
        Integer(minimum=1),
        "How many events make the trigger fire (Reactive), or keep it from firing (Proactive).",
        default=1,
    )
    within = optional(
        Seconds(minimum=0),
        "Seconds in which the events count. Left out, it is 0 for a Reactive trigger, which fires on every "
        f"`threshold`th event, and {LEAST_PROACTIVE_SECONDS:g} for a Proactive one, the least it can be.",
        server_default=True,
    )


class MetricQuery(Nested):
    """What a metric trigger watches."""

    name = required(String(choices=METRICS), "The metric.")
    operator = required(String(choices=METRIC_OPERATORS), "How the metric is compared with the threshold.")
    threshold = required(Float(), "The value to compare with.")
    range = required(
        Seconds(minimum=LEAST_METRIC_SECONDS), "Seconds to look back over when the metric is worked out."
    )
    firing_for = required(
        Seconds(minimum=LEAST_METRIC_SECONDS),
        "Seconds for which the metric must breach, or keep to, the threshold before actions are run.",
    )


class MetricTrigger(Nested):
    """Fires on the result of a metric; on Prefect Cloud only."""

    match = optional(
        LabelsJson(), "Labels that the watched resources must have, as for an event.", default="{}"
    )
    match_related = optional(
        LabelsJson(several=True), "Labels that related resources must have, as for an event.", default="{}"
    )
    metric = required(NestedSingle(MetricQuery), "The metric and when it is too high or too low.")


class SimpleTrigger(Nested):
    """A trigger that combines no others."""

    event = optional(
        NestedSingle(EventTrigger), "Fires on the presence or the absence of events within a time."
    )
    metric = optional(NestedSingle(MetricTrigger), "Fires on the result of a metric; on Prefect Cloud only.")

    rules = (ExactlyOneOf("event", "metric"),)


def _combining(children: type[Nested], how_many: Kind, level: str) -> type[Nested]:
    """A trigger that may also combine others, the ``children``; ``level`` tells the classes' names apart."""

    class Compound(Nested):
        """Fires when enough of its triggers have fired within a time, in any order."""

        triggers = required(NestedList(children), "The triggers to combine.")
        require = required(how_many, "How many of them have to fire: `any`, `all` or a number.")
        within = optional(Seconds(minimum=0), "Seconds in which they have to fire; null means no limit.")

    class Sequence(Nested):
        """Fires when its triggers have fired one after the other within a time."""

        triggers = required(NestedList(children), "The triggers, in the order in which they have to fire.")
        within = optional(Seconds(minimum=0), "Seconds in which they have to fire; null means no limit.")

    class Combining(SimpleTrigger):
        """When an automation acts: exactly one kind of trigger."""

        compound = optional(
            NestedSingle(Compound),
            "Fires when enough of its triggers have fired within a time, in any order.",
        )
        sequence = optional(
            NestedSingle(Sequence), "Fires when its triggers have fired one after the other within a time."
        )

        rules = (ExactlyOneOf("event", "metric", "compound", "sequence"),)

    for made, name in ((Compound, "CompoundTrigger"), (Sequence, "SequenceTrigger"), (Combining, "Trigger")):
        made.__name__ = made.__qualname__ = level + name
    return Combining


_innermost: Final = _combining(SimpleTrigger, RequireText(), "Innermost")
_inner: Final = _combining(_innermost, RequireText(), "Inner")

Trigger: Final[type[Nested]] = _combining(_inner, Require(), "")
"""The whole trigger of an automation."""


def event_triggers(trigger: Value, path: Path = ()) -> Iterator[tuple[Path, Values]]:
    """Every event trigger in a trigger, itself or combined, with its path."""
    if not isinstance(trigger, dict):
        return
    if isinstance(trigger.get("event"), dict):
        yield (*path, "event"), trigger["event"]
    for kind in ("compound", "sequence"):
        fields = trigger.get(kind)
        children = fields.get("triggers") if isinstance(fields, dict) else None
        for index, child in enumerate(children if isinstance(children, list) else ()):
            yield from event_triggers(child, (*path, kind, "triggers", index))


def plan_within(planned: Value, config: Value) -> None:
    """Plan what Prefect makes of an event trigger's ``within`` that is left out: the posture decides."""
    configured = dict(event_triggers(config))
    for path, fields in event_triggers(planned):
        given = configured.get(path)
        if given is None or given.get("within") is not None:
            continue
        posture = fields.get("posture")
        if isinstance(posture, Unknown):
            fields["within"] = UNKNOWN
        else:
            fields["within"] = int(LEAST_PROACTIVE_SECONDS) if posture == "Proactive" else 0
