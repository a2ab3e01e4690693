"""Service level agreements: applied to a resource all together, and kept as automations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.environment.prefect_cloud.bodies import flag, number, or_null, taken, text
from tests.environment.prefect_cloud.exchange import Answer, invalid
from tests.environment.prefect_cloud.routing import route
from tests.environment.prefect_cloud.store import paged

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["apply_all"]

_SLAS = "/accounts/{account_id}/workspaces/{workspace_id}/slas"
_SEVERITIES = ("minor", "low", "moderate", "high", "critical")


def _severity(value: Any) -> str:
    return "" if value in _SEVERITIES else f"Input should be one of {', '.join(_SEVERITIES)}"


def _labels(value: Any) -> str:
    return "" if isinstance(value, dict) else "Input should be a valid dictionary"


_COMMON = {"severity": _severity, "enabled": or_null(flag), "owner_resource": or_null(text())}
_KINDS: dict[str, dict[str, Any]] = {
    "TimeToCompletionSla": {"duration": number(whole=True)},
    "FrequencySla": {"stale_after": number()},
    "FreshnessSla": {"within": number(), "resource_match": _labels, "expected_event": text()},
    "LatenessSla": {"within": number()},
}


def _kind(sla: Any, place: tuple[str | int, ...]) -> str:
    """The kind that exactly these fields make."""
    given = set(sla) - {"name", *_COMMON} if isinstance(sla, dict) else set()
    for name, fields in _KINDS.items():
        if given == set(fields):
            taken(sla, {"name": text(), **fields}, _COMMON, at=place)
            return name
    raise invalid(place, "Input should be one of the four kinds of SLA", sla)


def _trigger(kind: str, sla: dict[str, Any], resource_id: str) -> dict[str, Any]:
    """What is watched for."""
    runs = {
        "match": {"prefect.resource.id": "prefect.flow-run.*"},
        "match_related": {"prefect.resource.id": resource_id, "prefect.resource.role": "deployment"},
        "for_each": ["prefect.resource.id"],
    }
    by_kind: dict[str, dict[str, Any]] = {
        "TimeToCompletionSla": runs
        | {
            "after": ["prefect.flow-run.Running"],
            "expect": ["prefect.flow-run.Completed", "prefect.flow-run.Failed", "prefect.flow-run.Crashed"],
            "within": sla.get("duration"),
        },
        "FrequencySla": runs
        | {
            "after": ["prefect.flow-run.Completed"],
            "expect": ["prefect.flow-run.Completed"],
            "within": sla.get("stale_after"),
        },
        "LatenessSla": runs
        | {
            "after": ["prefect.flow-run.Scheduled"],
            "expect": ["prefect.flow-run.Running"],
            "within": sla.get("within"),
        },
        "FreshnessSla": {
            "match": sla.get("resource_match"),
            "match_related": {},
            "for_each": [],
            "after": [],
            "expect": [sla.get("expected_event")],
            "within": sla.get("within"),
        },
    }
    found = by_kind[kind]
    return {
        "type": "event",
        "id": str(uuid4()),
        "posture": "Proactive",
        "threshold": 1,
        **found,
        "within": float(found["within"]),
    }


@route("POST", f"{_SLAS}/apply-resource-slas/{{resource_id}}", permission="manage_slas")
def apply_all(cloud: PrefectCloud, request: Request) -> Answer:
    """Make the SLAs of a resource these and no others."""
    if not isinstance(request.body, list):
        raise invalid(("body",), "Input should be a valid list", request.body)
    owner, workspace = request.names["resource_id"], request.names["workspace_id"]
    kinds = [_kind(sla, ("body", index)) for index, sla in enumerate(request.body)]
    before = {
        one["name"]: one
        for one in cloud.store.actual("slas")
        if one["owner"] == owner and one["workspace"] == workspace
    }
    done: dict[str, list[dict[str, Any]]] = {"created": [], "updated": [], "deleted": []}
    for kind, sla in zip(kinds, request.body, strict=True):
        values = {
            "name": sla["name"],
            "description": "",
            "enabled": sla.get("enabled") is not False,
            "severity": sla.get("severity", "high"),
            "type": kind,
            "trigger": _trigger(kind, sla, owner),
            "actions": [{"type": "sla-violation"}],
            "actions_on_trigger": [],
            "actions_on_resolve": [],
            "tags": [],
            "labels": None,
            "account": cloud.account_id,
            "workspace": workspace,
            "owner": owner,
        }
        old = before.pop(sla["name"], None)
        if old is None:
            done["created"].append(_shown(cloud.store.put("slas", **values)))
        else:
            done["updated"].append(_shown(cloud.store.change("slas", old["id"], "SLA", **values)))
    for old in before.values():
        cloud.store.drop("slas", old["id"], "SLA")
        done["deleted"].append(_shown(old))
    return Answer(200, done)


@route("POST", f"{_SLAS}/by-owner/{{resource_id}}", permission="see_slas")
def list_of(cloud: PrefectCloud, request: Request) -> Answer:
    """The SLAs of a resource, by name."""
    owner, workspace = request.names["resource_id"], request.names["workspace_id"]
    found = cloud.store.all("slas", lambda one: bool(one["owner"] == owner and one["workspace"] == workspace))
    listed = [_shown(one) for one in sorted(found, key=lambda one: str(one["name"]))]
    return Answer(200, paged(listed, request.body))


def _shown(sla: dict[str, Any]) -> dict[str, Any]:
    """An SLA as answers show it: without its owner."""
    return {name: value for name, value in sla.items() if name != "owner"}
