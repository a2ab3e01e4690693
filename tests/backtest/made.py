"""Automations, plans and histories made up for backtests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from prefect_iac.history.sources import open_events, save_events
from prefect_iac.plan.reading import read_plan
from prefect_iac.workspace.outlook import outlook_of
from tests.graph.made import workspace
from tests.history.made_up import event

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from prefect_iac.history.history import History
    from prefect_iac.workspace.outlook import Outlook

__all__ = ["change", "history_of", "outlook", "plan_text", "run_event", "triggered"]

_ATTRIBUTES = ("after", "expect", "for_each", "match", "match_related", "posture", "threshold", "within")


def change(before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    """What a plan does to an automation with an event trigger, as ``terraform show -json`` prints it."""
    shown = after or before or {}
    actions = ["update"] if before and after else ["create"] if after else ["delete"]
    return {
        "address": f"prefect_automation.{shown['name']}",
        "mode": "managed",
        "type": "prefect_automation",
        "name": shown["name"],
        "provider_name": "registry.terraform.io/prefect-iac/prefect",
        "change": {
            "actions": ["no-op"] if before == after else actions,
            "before": _attributes(before),
            "after": _without_id(_attributes(after)) if after and not before else _attributes(after),
            "after_unknown": {} if before or not after else {"id": True},
            "before_sensitive": {},
            "after_sensitive": {},
        },
    }


def _attributes(automation: dict[str, Any] | None) -> dict[str, Any] | None:
    if automation is None:
        return None
    trigger = {name: automation["trigger"][name] for name in _ATTRIBUTES}
    for name in ("match", "match_related"):
        trigger[name] = json.dumps(trigger[name])
    fields = ("type", "source", "deployment_id")
    return {
        "id": automation["id"],
        "name": automation["name"],
        "enabled": automation["enabled"],
        "trigger": {"event": trigger},
        "actions": [{name: action.get(name) for name in fields} for action in automation["actions"]],
        "actions_on_trigger": [],
        "actions_on_resolve": [],
        "tags": [],
    }


def _without_id(attributes: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (attributes or {}).items() if name != "id"}


def plan_text(*changes: dict[str, Any]) -> str:
    """A plan of these changes as JSON."""
    document = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": list(changes)}
    return json.dumps(document)


def outlook(now: Iterable[dict[str, Any]], *changes: dict[str, Any]) -> Outlook:
    """A server with these automations, and a plan if there are changes."""
    return outlook_of(read_plan(plan_text(*changes)) if changes else None, workspace(*now))


def history_of(events: Iterable[dict[str, Any]], directory: Path, name: str = "events.ndjson") -> History:
    """A history of a file with these events."""
    save_events(events, str(directory / name))
    return open_events([str(directory / name)])


def triggered(seconds: float, automation: str, by: str = "", number: int | None = None) -> dict[str, Any]:
    """The event by which a server says that an automation fired, and because of which event."""
    related = [{"prefect.resource.id": f"prefect.event.{by}", "prefect.resource.role": "triggering-event"}]
    return event(
        seconds,
        "prefect.automation.triggered",
        f"prefect.automation.a-{automation}",
        number,
        related=related if by else [],
    )


def run_event(seconds: float, name: str, deployment: str, creator: str = "") -> dict[str, Any]:
    """An event of a run of a deployment, which an automation may have started."""
    related = [
        {
            "prefect.resource.id": f"prefect.deployment.{deployment}",
            "prefect.resource.role": "deployment",
            "prefect.resource.name": "nightly",
        }
    ]
    if creator:
        by = f"prefect.automation.a-{creator}"
        related.append({"prefect.resource.id": by, "prefect.resource.role": "creator"})
    made = event(seconds, name, f"prefect.flow-run.{seconds:g}", related=related)
    made["resource"]["prefect.resource.name"] = "amber-fox"
    return made
