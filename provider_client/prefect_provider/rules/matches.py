"""The rules of what a trigger matches: event names, labels of resources, and labels to count by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from prefect_provider.rules.negations import always_holds, negation_problem
from prefect_provider.rules.own_events import event_problem, resource_id_problem, role_problem
from prefect_provider.rules.values import is_series, number_of
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.rules.findings import Findings
    from prefect_provider.text.path import Path

__all__ = ["counted_labels", "event_names", "labels", "related_labels"]


def event_names(findings: Findings, value: object, path: Path, *, cloud: bool | None = None) -> None:
    """Refuse names of events that match nothing, and warn of wildcards that are none and of events that never come.

    ``cloud`` says whether the server is Prefect Cloud; ``None`` if that is not known.
    """
    for name, here in _texts(findings, value, path, "event names"):
        if not name:
            findings.error(
                here,
                "an empty event name matches nothing",
                "Leave it out; to match any event write *.",
                "unknown-event",
            )
        elif name.startswith("!"):
            findings.error(
                here,
                f"event names cannot be negated, got {show(name)}",
                "Name the events that count.",
                "unknown-event",
            )
        elif "?" in name or "[" in name:
            findings.warning(
                here,
                f"only * is a wildcard in event names, so {show(name)} matches no other event than itself",
                rule="unknown-event",
            )
        else:
            findings.add(event_problem(name, here, cloud=cloud))


def counted_labels(findings: Findings, value: object, path: Path) -> None:
    """Refuse labels of ``for_each`` that name no label."""
    for label, here in _texts(findings, value, path, "labels"):
        if not label:
            findings.error(here, "expected the name of a label, got empty text")
        elif label.startswith("related:") and (label.count(":") < 2 or "" in label.split(":", 2)):
            findings.error(
                here,
                f"expected related:<role>:<label>, got {show(label)}",
                "For example related:flow:prefect.resource.id.",
            )


def _texts(findings: Findings, value: object, path: Path, what: str) -> list[tuple[str, Path]]:
    """The known texts of a list or set; of a list with their places, for Terraform cannot point into sets."""
    if not findings.is_checkable(value):
        return []
    if not is_series(value):
        remedy = f'Write ["{value}"].' if isinstance(value, str) else ""
        findings.error(path, f"expected a list of {what}, got {show(value)}", remedy)
        return []
    texts: list[tuple[str, Path]] = []
    for element in value:
        if findings.is_unknown(element):
            continue
        if isinstance(element, str):
            texts.append((element, path))
        else:
            findings.error(path, f"expected a list of {what}, got {show(element)} in it")
    return texts


def related_labels(findings: Findings, value: object, path: Path) -> None:
    """Check ``match_related``: one object of labels, or a list of them."""
    if isinstance(value, (list, tuple)):
        for index, element in enumerate(value):
            if element is None:
                findings.error((*path, index), "expected labels, got null")
            _related(findings, element, (*path, index))
    else:
        _related(findings, value, path)


def _related(findings: Findings, value: object, path: Path) -> None:
    labels(findings, value, path)
    if findings.is_checkable(value) and isinstance(value, Mapping):
        findings.add(negation_problem(value, path, findings.is_unknown))


def labels(findings: Findings, value: object, path: Path) -> None:
    """Check an object of labels, each with one text or a list of texts; ids and roles are those of Prefect's."""
    if not findings.is_checkable(value):
        return
    if not isinstance(value, Mapping):
        findings.error(path, f"expected an object of labels, got {show(value)}", _LABELS_EXAMPLE)
        return
    for label, expected in value.items():
        if not findings.is_unknown(expected):
            _values(findings, label, expected, (*path, label))


def _values(findings: Findings, label: object, expected: object, path: Path) -> None:
    if isinstance(expected, str):
        _own_value(findings, label, expected, path)
    elif not isinstance(expected, (list, tuple)):
        findings.error(path, f"expected text or a list of texts, got {show(expected)}", _quoted(expected))
    elif not expected:
        findings.error(
            path,
            "an empty list of values matches no resource",
            "Leave the label out to match any.",
            "unknown-label",
        )
    else:
        if not any(findings.is_unknown(element) for element in expected):
            findings.add(always_holds(expected, path))
        for index, element in enumerate(expected):
            if findings.is_unknown(element):
                continue
            if isinstance(element, str):
                _own_value(findings, label, element, (*path, index))
            else:
                findings.error((*path, index), f"expected text, got {show(element)}", _quoted(element))


def _own_value(findings: Findings, label: object, value: str, path: Path) -> None:
    if label == "prefect.resource.id":
        findings.add(resource_id_problem(value, path))
    elif label == "prefect.resource.role":
        findings.add(role_problem(value, path))


_LABELS_EXAMPLE: Final = 'For example {"prefect.resource.id": "prefect.flow-run.*"}.'


def _quoted(value: object) -> str:
    if isinstance(value, bool):
        return f'Labels are text: write "{str(value).lower()}".'
    return "" if number_of(value) is None else f'Labels are text: write "{value}".'
