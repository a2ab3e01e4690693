"""The events that Prefect emits itself, the ids of their resources, and the roles of related ones.

Read in Prefect 3.8, server and client, and for Prefect Cloud in its documents. The namespaces ``prefect.`` and
``prefect-cloud.`` are Prefect's own.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "AUTOMATION_RUN_EVENTS",
    "CLOUD",
    "CLOUD_KINDS",
    "EVENTS",
    "FREE_KINDS",
    "OSS",
    "RESOURCE_KINDS",
    "ROLES",
    "RUN_KINDS",
    "RUN_STATES",
    "UUID_KINDS",
    "cloud_events",
    "kind_in_events",
    "known_events",
]

OSS: Final = "prefect"
CLOUD: Final = "prefect-cloud"

RUN_STATES: Final = (
    *("Scheduled", "Late", "Resuming", "AwaitingRetry", "AwaitingConcurrencySlot"),
    *("Pending", "Submitting", "InfrastructurePending", "NotReady"),
    *("Running", "Retrying", "Rerunning", "Paused", "Suspended", "Cancelling"),
    *("Completed", "Cached", "RolledBack", "Failed", "TimedOut", "Crashed", "Cancelled"),
)
"""The names of states that Prefect gives; a run's event ends in its state's name, and code may name a state anyhow."""

RUN_KINDS: Final = frozenset({"flow-run", "task-run"})

FREE_KINDS: Final = frozenset(
    {"block", "kubernetes", "docker", "ecs", "cloud-run", "vertex-ai", "azure-container-instances", "sla"}
)
"""Kinds whose events have no end: those of a block's methods, and what integrations watch."""

_CHANGES: Final = ("created", "updated", "deleted")

EVENTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "artifact": ("created", "updated"),
        "artifact-collection": _CHANGES,
        "asset": ("referenced", "materialization.succeeded", "materialization.failed"),
        "automation": _CHANGES,
        "block-document": _CHANGES,
        "block-type": _CHANGES,
        "concurrency-limit": (*_CHANGES, "acquired", "released", "v1.acquired", "v1.released"),
        "deployment": (*_CHANGES, "ready", "not-ready"),
        "flow": _CHANGES,
        "flow-run": (*RUN_STATES, "heartbeat", "pull-step.executed", "pull-step.failed"),
        "log": ("write",),
        "runner": ("cancelled-flow-run",),
        "task-run": RUN_STATES,
        "variable": _CHANGES,
        "work-pool": (*_CHANGES, "ready", "not-ready", "paused"),
        "work-queue": (*_CHANGES, "ready", "not-ready", "paused"),
        "worker": ("started", "stopped", "submitted-flow-run", "executed-flow-run"),
        "workspace": ("transfer.started", "transfer.completed"),
    }
)
"""What follows ``prefect.<kind>.``, by kind."""

AUTOMATION_RUN_EVENTS: Final = (
    *("automation.triggered", "automation.resolved"),
    *("automation.action.triggered", "automation.action.executed", "automation.action.failed"),
)
"""What an automation emits when it fires; on Prefect Cloud in the namespace ``prefect-cloud.``."""

CLOUD_KINDS: Final = (
    *("account", "account-membership", "account-role", "account-invitation", "account-domain-names"),
    *("account-settings", "user", "service-account", "api-key", "team", "team-membership", "workspace"),
    *("workspace-role", "workspace-access", "workspace-invitation", "workspace-settings", "automation"),
    *("webhook", "incident", "support-access", "actor"),
    *("managed-execution", "request", "subscription"),
)
"""The kinds of Prefect Cloud's own events and resources."""

_NEVER_CHANGED: Final = frozenset({"actor", "managed-execution", "request", "subscription"})
"""Those of them whose changes are not in the audit log."""

_CLOUD_ACTIONS: Final = (
    *("created", "updated", "deleted", "rotated", "logged-in", "logged-out", "accepted", "rejected"),
    *("transferred-in", "transferred-out"),
)
"""What is done to any of them, as the audit log has it."""

_CLOUD_EVENTS: Final = (
    *("webhook.received", "webhook.failed"),
    *("incident.declared", "incident.resolved", "incident.reopened", "incident.comment.added"),
    *(
        f"incident.updated.{field}"
        for field in ("name", "summary", "severity", "start_time", "related_resources", "tags")
    ),
    *("managed-execution.used", "managed-execution.exceeded"),
    "subscription.updated",
    "request.access-denied.ip-allowlist",
    "automation.action.disabled",
)
"""What else Prefect Cloud tells of, by its documentation of events."""

UUID_KINDS: Final = frozenset(
    {
        *("artifact", "artifact-collection", "automation", "block-document", "block-schema", "deployment"),
        *("event", "flow", "flow-run", "task-run", "variable", "work-pool", "work-queue"),
    }
)
"""The kinds of resources whose id ends in a UUID."""

RESOURCE_KINDS: Final = (
    UUID_KINDS
    | {"block-type", "concurrency-limit", "runner", "tag", "worker", "workspace"}
    | (FREE_KINDS - {"block"})
)
"""What follows ``prefect.`` in the ids of resources."""

ROLES: Final = (
    *("flow", "deployment", "work-queue", "work-pool", "tag", "flow-run", "task-run", "creator", "target"),
    *("block", "block-schema", "block-type", "storage", "infrastructure", "result-storage", "default-queue"),
    *("concurrency-limit", "triggering-event", "automation-triggered-event", "worker", "asset"),
    *("asset-materialized-by", "latest", "transfer", "actor", "account", "workspace"),
)
"""The roles of related resources in Prefect's own events."""


def known_events() -> list[str]:
    """The names of all events in the namespace ``prefect.``, as a self-hosted server emits them."""
    names = [f"{OSS}.{kind}.{rest}" for kind, rests in EVENTS.items() for rest in rests]
    return [*names, *(f"{OSS}.{event}" for event in AUTOMATION_RUN_EVENTS)]


def cloud_events() -> list[str]:
    """The names of events in the namespace ``prefect-cloud.``."""
    names = [
        f"{CLOUD}.{kind}.{action}"
        for kind in CLOUD_KINDS
        if kind not in _NEVER_CHANGED
        for action in _CLOUD_ACTIONS
    ]
    return [
        *names,
        *(f"{CLOUD}.{event}" for event in (*AUTOMATION_RUN_EVENTS, *_CLOUD_EVENTS)),
    ]


def kind_in_events(kind: str) -> str:
    """What a kind of object is called in the ids of events; a type of Terraform's, such as ``prefect_block``, too."""
    meant = kind.removeprefix("prefect_").replace("_", "-")
    return _OTHER_NAMES.get(meant, meant)


_OTHER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "block": "block-document",
        "global-concurrency-limit": "concurrency-limit",
        "task-run-concurrency-limit": "concurrency-limit",
    }
)
