"""The rules of triggers: which fields each kind has, and what the server refuses or quietly misreads.

A trigger is a mapping in one of two forms. *Tagged*, as the API has it:
``{"type": "event", "expect": [...]}``. *Keyed*, as Terraform has it: ``{"event": {"expect": [...]}}``, where
exactly one of the four kinds is set. Paths follow the form that was read. Facts were measured on Prefect 3.8
unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.findings import Findings
from prefect_provider.rules.firing import firing_problem
from prefect_provider.rules.matches import counted_labels, event_names, labels, related_labels
from prefect_provider.rules.values import IsUnknown, is_series, nothing_unknown, number_of, seconds_of
from prefect_provider.text.problem import expectation
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = [
    "CLOUD_ONLY_KINDS",
    "EVENT_POSTURES",
    "KINDS",
    "LEAST_METRIC_SECONDS",
    "LEAST_PROACTIVE_SECONDS",
    "METRICS",
    "METRIC_FIELDS",
    "METRIC_OPERATORS",
    "TRIGGER_FIELDS",
    "infer_kind",
    "keyed_problems",
    "problems",
]

KINDS: Final = ("event", "metric", "compound", "sequence")
CLOUD_ONLY_KINDS: Final = frozenset({"metric"})

TRIGGER_FIELDS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "event": frozenset(
            {"match", "match_related", "after", "expect", "for_each", "posture", "threshold", "within"}
        ),
        "metric": frozenset({"match", "match_related", "posture", "metric"}),
        "compound": frozenset({"triggers", "require", "within"}),
        "sequence": frozenset({"triggers", "within"}),
    }
)
"""The fields of each kind, without its ``type``."""

EVENT_POSTURES: Final = ("Reactive", "Proactive")
METRIC_FIELDS: Final = frozenset({"name", "operator", "threshold", "range", "firing_for"})
METRICS: Final = (
    "lateness",
    "duration",
    "successes",
    "volume",
    "sla_violations",
    "sla_violations_by_severity",
)
METRIC_OPERATORS: Final = ("<", "<=", ">", ">=")

LEAST_PROACTIVE_SECONDS: Final = 10.0
"""A Proactive trigger waits this long at least; the server puts it in place of 0 and of nothing."""

LEAST_METRIC_SECONDS: Final = 300.0


def problems(
    trigger: Mapping[str, Any],
    *,
    is_unknown: IsUnknown = nothing_unknown,
    cloud: bool | None = None,
    path: Path = (),
) -> list[Problem]:
    """What is wrong with a trigger in the tagged form.

    ``cloud`` says whether the server is Prefect Cloud; with ``None`` that is not checked. Children that are
    not mappings (typed triggers, which were checked when they were made) are passed over.
    """
    findings = Findings(is_unknown)
    _tagged(findings, trigger, cloud, path)
    return findings.problems


def keyed_problems(
    trigger: Mapping[str, Any],
    *,
    is_unknown: IsUnknown = nothing_unknown,
    cloud: bool | None = None,
    path: Path = (),
) -> list[Problem]:
    """What is wrong with a trigger in the keyed form; otherwise as :func:`problems`."""
    findings = Findings(is_unknown)
    _keyed(findings, trigger, cloud, path)
    return findings.problems


def infer_kind(trigger: Mapping[str, Any]) -> str | None:
    """The kind that Prefect takes a trigger of the tagged form for, as its ``prefect.yaml`` reader does.

    ``type`` decides; without it the posture Metric, then ``triggers`` with or without ``require``, else an
    event. ``None`` when ``type`` is not a kind that exists.
    """
    kind = trigger.get("type")
    if kind is not None:
        return kind if isinstance(kind, str) and kind in KINDS else None
    if trigger.get("posture") == "Metric":
        return "metric"
    if trigger.get("triggers") is not None:
        return "compound" if trigger.get("require") is not None else "sequence"
    return "event"


def _tagged(findings: Findings, trigger: Mapping[str, Any], cloud: bool | None, path: Path) -> None:
    kind = trigger.get("type")
    if findings.is_unknown(kind) or not findings.choice(kind, KINDS, (*path, "type")):
        return
    kind = infer_kind(trigger) or "event"
    fields = {key: value for key, value in trigger.items() if key != "type"}
    _kind(findings, kind, fields, cloud, path, keyed=False)


def _keyed(findings: Findings, trigger: Mapping[str, Any], cloud: bool | None, path: Path) -> None:
    findings.unknown_keys(trigger, KINDS, path, "a trigger")
    given = [kind for kind in KINDS if trigger.get(kind) is not None]
    # What is not known yet may turn out to be null: a module may set one kind or another.
    chosen = [kind for kind in given if not findings.is_unknown(trigger[kind])]
    if len(chosen) > 1:
        findings.error(
            (*path, chosen[1]),
            f"expected one kind of trigger, got {' and '.join(chosen)}",
            "Keep one; to combine several, put them in `compound.triggers`.",
        )
        return
    if not given:
        findings.error(path, "expected one kind of trigger, got none", f"Set one of {', '.join(KINDS)}.")
    if not chosen:
        return
    fields = trigger[chosen[0]]
    here = (*path, chosen[0])
    if not isinstance(fields, Mapping):
        findings.error(here, f"expected an object, got {show(fields)}")
        return
    _kind(findings, chosen[0], fields, cloud, here, keyed=True)


def _kind(
    findings: Findings, kind: str, fields: Mapping[str, Any], cloud: bool | None, path: Path, *, keyed: bool
) -> None:
    article = "an" if kind == "event" else "a"
    findings.unknown_keys(fields, TRIGGER_FIELDS[kind], path, f"{article} {kind} trigger")
    if kind in CLOUD_ONLY_KINDS and cloud is False:
        findings.error(
            path,
            f"{kind} triggers exist on Prefect Cloud only, and this server is not Cloud",
            "Use an event trigger, for example on the events of a late flow run.",
        )
    if kind in ("event", "metric"):
        labels(findings, fields.get("match"), (*path, "match"))
        related_labels(findings, fields.get("match_related"), (*path, "match_related"))
    if kind == "event":
        _event(findings, fields, cloud, path)
    elif kind == "metric":
        _metric(findings, fields, path)
    else:
        _composite(findings, kind, fields, cloud, path, keyed=keyed)


def _event(findings: Findings, fields: Mapping[str, Any], cloud: bool | None, path: Path) -> None:
    for name in ("after", "expect"):
        event_names(findings, fields.get(name), (*path, name), cloud=cloud)
    counted_labels(findings, fields.get("for_each"), (*path, "for_each"))
    posture = fields.get("posture")
    if posture == "Metric":
        findings.error(
            (*path, "posture"),
            "an event trigger is Reactive or Proactive, got Metric",
            "Use a metric trigger.",
        )
        posture = None
    elif not findings.choice(posture, EVENT_POSTURES, (*path, "posture")):
        posture = None
    threshold = _threshold(findings, fields, path)
    within = fields.get("within")
    seconds = findings.duration(within, (*path, "within"))
    if findings.is_unknown(posture):
        return
    if posture == "Proactive" and seconds is not None and 0 < seconds < LEAST_PROACTIVE_SECONDS:
        findings.error(
            (*path, "within"),
            f"a Proactive trigger waits {LEAST_PROACTIVE_SECONDS:g} seconds or more, got {show(within)}",
            "Write 10 or more, or leave it out for 10.",
        )
    told = firing_problem(fields, is_unknown=findings.is_unknown, path=path)
    findings.add(told)
    if posture == "Proactive" or told is not None:
        return
    if threshold is not None and threshold > 1 and not findings.is_unknown(within) and not seconds:
        findings.warning(
            (*path, "within"),
            f"without a time window the server forgets events counted towards the threshold of {threshold} "
            "after about a minute",
            f"Set `within` to the seconds in which {threshold} events count.",
            "short-memory",
        )


def _threshold(findings: Findings, fields: Mapping[str, Any], path: Path) -> int | None:
    """The number of events, when that can be told; of one below 1 also whether the trigger can still fire."""
    value, here = fields.get("threshold"), (*path, "threshold")
    threshold = findings.integer(value, here, least=1)
    number = None if findings.is_unknown(value) else number_of(value)
    if number is not None and number < 1 and fields.get("posture") == "Proactive":
        findings.problems[-1] = findings.problems[-1]._replace(rule="dead-trigger")
    return threshold


def _metric(findings: Findings, fields: Mapping[str, Any], path: Path) -> None:
    findings.choice(fields.get("posture"), ("Metric",), (*path, "posture"))
    metric = fields.get("metric")
    here = (*path, "metric")
    if findings.is_unknown(metric):
        return
    if not isinstance(metric, Mapping):
        findings.error(here, f"expected the metric to watch, got {show(metric)}", _METRIC_EXAMPLE)
        return
    findings.unknown_keys(metric, METRIC_FIELDS, here, "a metric")
    for name, options in (("name", METRICS), ("operator", METRIC_OPERATORS)):
        if metric.get(name) is None:
            findings.error((*here, name), f"a metric needs `{name}`", f"It is one of {', '.join(options)}.")
        else:
            findings.choice(metric[name], options, (*here, name))
    threshold = metric.get("threshold")
    if threshold is None:
        findings.error(
            (*here, "threshold"), "a metric needs `threshold`", "It is the number to compare with."
        )
    elif not findings.is_unknown(threshold) and seconds_of(threshold) is None:
        findings.error((*here, "threshold"), f"expected a number, got {show(threshold)}")
    for name in ("range", "firing_for"):
        seconds = findings.duration(metric.get(name), (*here, name))
        if seconds is not None and seconds < LEAST_METRIC_SECONDS:
            findings.error(
                (*here, name),
                f"expected {LEAST_METRIC_SECONDS:g} seconds or more, got {show(metric[name])}",
                f"Write {LEAST_METRIC_SECONDS:g}, or leave it out.",
            )


_METRIC_EXAMPLE: Final = 'For example {name = "successes", operator = "<", threshold = 0.9}.'


def _composite(
    findings: Findings, kind: str, fields: Mapping[str, Any], cloud: bool | None, path: Path, *, keyed: bool
) -> None:
    triggers = fields.get("triggers")
    here = (*path, "triggers")
    count: int | None = None
    if findings.is_unknown(triggers):
        pass
    elif not isinstance(triggers, Sequence) or isinstance(triggers, str) or not triggers:
        findings.error(
            here,
            f"a {kind} trigger needs triggers to combine, got {show(triggers)}",
            "List at least one.",
            "dead-trigger",
        )
    else:
        count = len(triggers)
        for index, child in enumerate(triggers):
            if findings.is_unknown(child):
                continue
            if isinstance(child, Mapping):
                (_keyed if keyed else _tagged)(findings, child, cloud, (*here, index))
            elif isinstance(child, (str, int, float, list, type(None))):
                findings.error((*here, index), f"expected a trigger, got {show(child)}")
            if _has_for_each(child, keyed=keyed):
                findings.warning(
                    (*here, index),
                    f"a {kind} trigger combines its children whatever their `for_each` values are, so events "
                    "of different resources complete each other",
                    "Narrow the children with `match`, or use one event trigger with `after` and `for_each`.",
                    "mixed-keys",
                )
    expected = count
    if kind == "compound":
        expected = _require(findings, fields.get("require"), count, (*path, "require"))
    within = fields.get("within")
    seconds = findings.duration(within, (*path, "within"))
    if seconds == 0 and (expected is None or expected > 1):
        findings.error(
            (*path, "within"),
            f"within 0 seconds a {kind} trigger forgets each child before the next one fires",
            "Give the seconds in which all have to fire, or null for no limit.",
            "dead-trigger",
        )


def _require(findings: Findings, require: object, count: int | None, path: Path) -> int | None:
    """How many children have to fire, when that can be told."""
    if findings.is_unknown(require):
        return None
    if require == "any":
        return 1
    if require == "all":
        return count
    if require is None:
        findings.error(path, "a compound trigger needs `require`", 'Write "all", "any", or a number.')
        return None
    number = number_of(require)
    if number is None or number != int(number):
        quoted = isinstance(require, str) and require.isdigit()
        remedy = f"Write {require} without quotes." if quoted else ""
        findings.error(path, f'expected "any", "all" or a whole number, got {show(require)}', remedy)
        return None
    if number < 1 or (count is not None and number > count):
        most = "or more" if count is None else f"to {count}"
        expected = "1" if count == 1 else f"1 {most}"
        findings.error(path, expectation(expected, show(require)), 'For every trigger write "all".')
        return None
    return int(number)


def _has_for_each(child: object, *, keyed: bool) -> bool:
    fields = child.get("event") if keyed and isinstance(child, Mapping) else child
    value = fields.get("for_each") if isinstance(fields, Mapping) else getattr(fields, "for_each", None)
    return bool(value) if is_series(value) else False
