"""The forms of a trigger: as the API wants it, as Terraform nests it, and as two of them are compared.

Everything here takes and gives plain mappings, in the *tagged* form (``{"type": "event", ...}``) unless it
says *keyed* (``{"event": {...}}``). Nothing is checked: run the rules of :mod:`trigger_rules` first on what
a user wrote.
"""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any

from prefect_provider.rules.triggers import (
    KINDS,
    LEAST_METRIC_SECONDS,
    LEAST_PROACTIVE_SECONDS,
    METRIC_FIELDS,
    TRIGGER_FIELDS,
    infer_kind,
)
from prefect_provider.rules.values import is_series, number_of, seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["canonical", "keyed", "tagged", "to_api"]


def to_api(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """The complete JSON body of a trigger: every field explicit, sets sorted, no ids.

    Given the server's own answer it is also the way to read it: ids and fields of a newer server are dropped.
    A Proactive ``within`` of 0 or nothing becomes 10, as on the server; a composite's ``within`` is always
    there, for the server requires the key and accepts null.
    """
    kind = infer_kind(trigger)
    if kind == "metric":
        return _metric(trigger)
    if kind in ("compound", "sequence"):
        body: dict[str, Any] = {
            "type": kind,
            "triggers": [to_api(child) for child in trigger.get("triggers") or ()],
        }
        if kind == "compound":
            require = trigger.get("require")
            number = number_of(require)
            body["require"] = require if number is None else int(number)
        body["within"] = _seconds(trigger.get("within"), None)
        return body
    return _event(trigger)


def canonical(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """A form in which two triggers are equal exactly when the server treats them alike.

    On top of :func:`to_api`: label values are sorted lists (``"v"`` and ``["v"]`` mean the same), and
    ``match_related`` is a list without empty objects.
    """
    body = to_api(trigger)
    if "match" in body:
        body["match"] = _canonical_labels(body["match"])
        related = body["match_related"]
        specifications = related if isinstance(related, list) else [related]
        body["match_related"] = sorted(
            (_canonical_labels(labels) for labels in specifications if labels),
            key=lambda labels: dumps(labels, sort_keys=True, default=str),
        )
    if "triggers" in body:
        body["triggers"] = [canonical(child) for child in body["triggers"]]
    return body


def tagged(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """The tagged form of a keyed trigger that has exactly one kind set.

    :raises ValueError: none or several kinds are set.
    """
    chosen = [kind for kind in KINDS if trigger.get(kind) is not None]
    if len(chosen) != 1:
        got = " and ".join(chosen) or "none"
        msg = f"expected one kind of trigger, got {got}; set one of {', '.join(KINDS)}"
        raise ValueError(msg)
    kind = chosen[0]
    fields = {"type": kind, **trigger[kind]}
    if fields.get("triggers") is not None:
        fields["triggers"] = [tagged(child) for child in fields["triggers"]]
    return fields


def keyed(trigger: Mapping[str, Any]) -> dict[str, Any]:
    """The keyed form of a tagged trigger: ``{kind: fields}``, without the kinds that are not set.

    :raises ValueError: the trigger's ``type`` is not one that exists.
    """
    kind = infer_kind(trigger)
    if kind is None:
        msg = f"expected a trigger of type {', '.join(KINDS)}, got {trigger.get('type')!r}"
        raise ValueError(msg)
    fields = {name: value for name, value in trigger.items() if name in TRIGGER_FIELDS[kind]}
    if fields.get("triggers") is not None:
        fields["triggers"] = [keyed(child) for child in fields["triggers"]]
    return {kind: fields}


def _event(trigger: Mapping[str, Any]) -> dict[str, Any]:
    posture = str(trigger.get("posture") or "Reactive")
    within = _seconds(trigger.get("within"), 0.0)
    if posture == "Proactive" and not within:
        within = LEAST_PROACTIVE_SECONDS
    threshold = number_of(trigger.get("threshold"))
    return {
        "type": "event",
        **_resources(trigger),
        "after": _sorted(trigger.get("after")),
        "expect": _sorted(trigger.get("expect")),
        "for_each": _sorted(trigger.get("for_each")),
        "posture": posture,
        "threshold": 1 if threshold is None else int(threshold),
        "within": within,
    }


def _metric(trigger: Mapping[str, Any]) -> dict[str, Any]:
    metric = {name: value for name, value in (trigger.get("metric") or {}).items() if name in METRIC_FIELDS}
    for name in ("range", "firing_for"):
        metric[name] = _seconds(metric.get(name), LEAST_METRIC_SECONDS)
    threshold = number_of(metric.get("threshold"))
    if threshold is not None:
        metric["threshold"] = float(threshold)
    for name in ("name", "operator"):
        if isinstance(metric.get(name), str):
            metric[name] = str(metric[name])
    return {"type": "metric", **_resources(trigger), "posture": "Metric", "metric": metric}


def _resources(trigger: Mapping[str, Any]) -> dict[str, Any]:
    related = trigger.get("match_related")
    return {
        "match": _labels(trigger.get("match")),
        "match_related": [_labels(one) for one in related]
        if isinstance(related, (list, tuple))
        else _labels(related),
    }


def _labels(labels: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        label: list(value) if isinstance(value, (list, tuple)) else value
        for label, value in (labels or {}).items()
    }


def _canonical_labels(labels: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {label: _sorted(value if is_series(value) else [value]) for label, value in sorted(labels.items())}


def _sorted(values: Iterable[Any] | None) -> list[Any]:
    return sorted(set(values or ()), key=str)


def _seconds(value: object, otherwise: float | None) -> float | None:
    seconds = seconds_of(value)
    return otherwise if seconds is None else seconds
