"""The rules of service level agreements: which fields make which kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_provider.rules.findings import Findings
from prefect_provider.rules.values import IsUnknown, nothing_unknown
from prefect_provider.text.spelling import names, show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.text.path import Path
    from prefect_provider.text.problem import Problem

__all__ = ["KINDS", "kind_of_sla", "sla_problems"]

KINDS: Final[dict[str, tuple[str, ...]]] = {
    "TimeToCompletionSla": ("duration",),
    "FrequencySla": ("stale_after",),
    "FreshnessSla": ("within", "expected_event", "resource_match"),
    "LatenessSla": ("within",),
}
"""The fields of each kind, as Prefect Cloud calls it, besides those that all have."""

_FIELDS: Final = ("duration", "stale_after", "within", "expected_event", "resource_match")

_OF: Final = {
    "duration": "time to completion",
    "stale_after": "frequency",
    "within": "lateness",
    "expected_event": "freshness",
    "resource_match": "freshness",
}


def kind_of_sla(sla: Mapping[str, Any]) -> str | None:
    """The kind that the fields of an SLA make; ``None`` if they make none."""
    given = {name for name in _FIELDS if sla.get(name) is not None}
    return next((kind for kind, fields in KINDS.items() if given == set(fields)), None)


def sla_problems(
    slas: Sequence[Any], *, is_unknown: IsUnknown = nothing_unknown, path: Path = ()
) -> list[Problem]:
    """What is wrong with the SLAs of one resource."""
    findings = Findings(is_unknown)
    seen: set[str] = set()
    for index, sla in enumerate(slas):
        if not isinstance(sla, dict):
            continue
        _kind(findings, sla, (*path, index))
        name = sla.get("name")
        if findings.is_checkable(name):
            if name in seen:
                findings.error(
                    (*path, index, "name"), f"two SLAs are named {show(name)}", "Give each a name of its own"
                )
            seen.add(str(name))
    return findings.problems


def _kind(findings: Findings, sla: Mapping[str, Any], path: Path) -> None:
    set_ = [name for name in _FIELDS if sla.get(name) is not None]
    # What is not known yet may turn out to be null.
    given = [name for name in set_ if findings.is_checkable(sla[name])]
    if any(set(given) <= set(fields) <= set(set_) for fields in KINDS.values()):
        return
    if not set_:
        findings.error(
            path,
            "the SLA says nothing",
            "Set `duration` (time to completion), `stale_after` (frequency), `within` (lateness), or `within`, "
            "`expected_event` and `resource_match` (freshness)",
        )
        return
    given = given or set_
    kinds = list(dict.fromkeys(_OF[name] for name in given))
    if kinds == ["freshness"] or set(kinds) == {"freshness", "lateness"}:
        missing = [name for name in KINDS["FreshnessSla"] if name not in set_]
        findings.error(path, f"an SLA of freshness needs {names(missing, last='and')} as well", "")
        return
    shown = " and ".join(
        f"{names([name for name in given if _OF[name] == kind], last='and')} ({kind})" for kind in kinds
    )
    findings.error(path, f"an SLA is of one kind, got {shown}", "Make an SLA of its own of each")
