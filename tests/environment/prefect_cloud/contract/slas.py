"""Service level agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from tests.environment.prefect_cloud.contract.facts import Fact

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.contract.facts import Checked

__all__ = ["FACTS"]

_API: Final = "Prefect Cloud's OpenAPI document (SLAs)"
_CLIENT: Final = "the official provider's client (`slas.go`)"

_KINDS: Final[dict[str, dict[str, Any]]] = {
    "TimeToCompletionSla": {"duration": 60},
    "FrequencySla": {"stale_after": 61},
    "LatenessSla": {"within": 62},
    "FreshnessSla": {"within": 63, "expected_event": "e", "resource_match": {"prefect.resource.id": "r"}},
}


def _applied(account: Checked) -> list[dict[str, Any]]:
    """An SLA of each kind, as the workspace lists them; none is left."""
    flow = account.ask("POST", "P/flows/", {"name": f"contract-{uuid4().hex[:12]}"}).data
    deployment = account.ask("POST", "P/deployments/", {"name": "contract", "flow_id": flow["id"]}).data
    owner = f"prefect.deployment.{deployment['id']}"
    try:
        body = [{"name": kind, **fields} for kind, fields in _KINDS.items()]
        assert account.ask("POST", f"P/slas/apply-resource-slas/{owner}", body).status == 200
        listed: list[dict[str, Any]] = account.ask("POST", f"P/slas/by-owner/{owner}", {}).data
        assert account.ask("POST", f"P/slas/apply-resource-slas/{owner}", []).status == 200
        assert account.ask("POST", f"P/slas/by-owner/{owner}", {}).data == []
    finally:
        account.ask("DELETE", f"P/flows/{flow['id']}")
    return listed


def _whole(account: Checked) -> None:
    assert {one["name"]: one["type"] for one in _applied(account)} == {kind: kind for kind in _KINDS}


def _defaults(account: Checked) -> None:
    assert {(one["severity"], one["enabled"]) for one in _applied(account)} == {("high", True)}


def _triggers(account: Checked) -> None:
    seconds = {one["name"]: one["trigger"].get("within") for one in _applied(account)}
    assert seconds == {
        "TimeToCompletionSla": 60,
        "FrequencySla": 61,
        "LatenessSla": 62,
        "FreshnessSla": 63,
    }


FACTS: Final = (
    Fact(
        "sla-apply",
        "`POST P/slas/apply-resource-slas/{resource id}` makes the SLAs of a resource those of the list and no others, "
        "by name; an empty list deletes them.",
        f"{_API}; {_CLIENT}",
        "client",
        _whole,
        writes=True,
    ),
    Fact(
        "sla-kinds",
        "`duration` makes an SLA of time to completion, `stale_after` one of frequency, `within` one of lateness, and "
        "`within`, `expected_event` and `resource_match` one of freshness; other fields beside them are answered 422.",
        _API,
        "documented",
    ),
    Fact(
        "sla-defaults",
        "An SLA is of severity `high` and enabled where that is left out.",
        f"{_API}; that null means enabled is assumed",
        "assumed",
        _defaults,
        writes=True,
    ),
    Fact(
        "sla-by-owner",
        "`POST P/slas/by-owner/{resource id}` pages through the SLAs that were applied to a resource, with name, type, "
        "severity, enabled, and the trigger that was made of each.",
        f"{_API}; that the owner is the resource of the apply is assumed",
        "assumed",
    ),
    Fact(
        "sla-trigger",
        "The trigger of an SLA is one of events whose `within` has its seconds; that of freshness has its event and "
        "its labels as `expect` and `match`. (Where it is not so, an SLA of an import cannot be read; drift is seen "
        "all the same.)",
        "no page says it",
        "assumed",
        _triggers,
        writes=True,
    ),
)
