"""What the examples come to on the server: each automation in the API's form, whole.

Ids are replaced by names, such as `<deployment pinged>`, and lists that are sets are sorted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tests.environment.prefect_server import PrefectServer

__all__ = ["AUTOMATIONS", "ON_CLOUD", "stored_automations"]

ON_CLOUD: Final = ("custom_webhook",)
"""The examples that need Prefect Cloud, which are tested on its simulator."""

_COLLECTIONS: Final = {
    "deployment": "/deployments",
    "flow": "/flows",
    "work pool": "/work_pools",
    "work queue": "/work_queues",
    "block": "/block_documents",
}
_SERVER_OWN: Final = ("id", "created", "updated")
_SETS: Final = ("after", "expect", "for_each")


def stored_automations(
    server: PrefectServer, automations: list[dict[str, Any]] | None = None
) -> dict[str, dict[str, Any]]:
    """All automations of a server by name, or those that it has told of before."""
    names = {
        found["id"]: f"<{kind} {found['name']}>"
        for kind, collection in _COLLECTIONS.items()
        for found in server.listed(collection)
    }
    if automations is None:
        automations = server.listed("/automations")
    text = json.dumps(automations)
    for identity, name in names.items():
        text = text.replace(identity, name)
    return {found["name"]: _canonical(found) for found in json.loads(text)}


def _canonical(value: Any) -> Any:
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: sorted(item) if key in _SETS else _canonical(item)
        for key, item in value.items()
        if key not in _SERVER_OWN
    }


def _automation(trigger: dict[str, Any], *actions: dict[str, Any], description: str = "") -> dict[str, Any]:
    return {
        "description": description,
        "enabled": True,
        "tags": [],
        "trigger": trigger,
        "actions": list(actions),
        "actions_on_trigger": [],
        "actions_on_resolve": [],
    }


def _event(*expect: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "event",
        "posture": "Reactive",
        "match": {},
        "match_related": {},
        "after": [],
        "expect": sorted(expect),
        "for_each": [],
        "threshold": 1,
        "within": 0.0,
    } | fields


def _run(deployment: str, parameters: dict[str, Any] | None = None, after: float = 0.0) -> dict[str, Any]:
    return {
        "type": "run-deployment",
        "source": "selected",
        "deployment_id": f"<deployment {deployment}>",
        "parameters": parameters,
        "job_variables": None,
        "schedule_after": after,
    }


def _states(*names: str) -> list[str]:
    return sorted(f"prefect.flow-run.{name}" for name in names)


_EVENT: Final = {"param_1": "{{ event }}"}
_RESOURCE: Final = {"prefect.resource.id": "my.external.resource"}
_RUNS: Final = {"prefect.resource.id": "prefect.flow-run.*"}
_ENDED: Final = _states("Completed", "Failed", "TimedOut", "Crashed", "Cancelled")

_PINGED_AND_REPLIED: Final = {
    "type": "compound",
    "require": "all",
    "within": None,
    "triggers": [
        _event("external.resource.pinged", match=_RESOURCE),
        _event("external.resource.replied", match=_RESOURCE),
    ],
}

_MESSAGE: Final = """\
Flow run {{ flow_run.name }} of {{ flow.name }} entered state {{ flow_run.state.name }}.

Deployment: {{ deployment.name }}
Timestamp: {{ flow_run.state.timestamp }}
Flow run ID: {{ flow_run.id }}
State message: {{ flow_run.state.message }}
Link: {{ flow_run | ui_url }}
"""

_PAYLOAD: Final = """\
Work pool {{ work_pool.name }} is {{ work_pool.status }}.
Automation: {{ automation.name }}
Description: {{ automation.description }}
Event: {{ event.id }}
{% for label, value in event.resource %}
{{ label }}: {{ value }}
{% endfor %}
"""

_OF_EXAMPLES: Final[dict[str, dict[str, dict[str, Any]]]] = {
    "event_trigger": {
        "my-automation": _automation(_event("external.resource.pinged"), _run("my-deployment", _EVENT)),
    },
    "matched_event": {
        "run-when-pinged": _automation(
            _event("external.resource.pinged", match=_RESOURCE), _run("pinged", _EVENT)
        ),
    },
    "compound_trigger": {
        "run-when-pinged-and-replied": _automation(_PINGED_AND_REPLIED, _run("replied", _EVENT)),
    },
    "sequence_trigger": {
        "run-when-exported": _automation(
            {
                "type": "sequence",
                "within": 3600.0,
                "triggers": [_event("export.started"), _event("export.finished")],
            },
            _run("load-export", _EVENT),
        ),
    },
    "downstream_deployment": {
        "run-downstream": _automation(
            _event(
                "prefect.flow-run.Completed",
                match_related={
                    "prefect.resource.role": "deployment",
                    "prefect.resource.id": "prefect.deployment.<deployment upstream>",
                },
            ),
            _run("downstream"),
        ),
    },
    "shared_limit": {"run-report": _automation(_event("warehouse.loaded"), _run("report"))},
    "order_completed": {
        "run-when-order-complete": _automation(
            _event("order.complete", after=["order.created"], for_each=["prefect.resource.id"]),
            _run("post-order-complete", {"user_id": "{{ event.resource.id }}"}),
        ),
    },
    "zombie_flow_runs": {
        "crash-zombie-flow-runs": _automation(
            _event(
                *_states("*"),
                posture="Proactive",
                match=_RUNS,
                after=["prefect.flow-run.heartbeat"],
                for_each=["prefect.resource.id"],
                within=90.0,
            ),
            {
                "type": "change-flow-run-state",
                "state": "CRASHED",
                "name": None,
                "message": "Flow run marked as crashed due to missing heartbeats.",
                "force": False,
            },
        ),
    },
    "stuck_flow_runs": {
        "cancel-stuck-flow-runs": _automation(
            _event(
                *_states("*"),
                posture="Proactive",
                match=_RUNS | {"prefect.state-type": "*"},
                after=["prefect.flow-run.Running"],
                for_each=["prefect.resource.id"],
                within=1800.0,
            ),
            {"type": "cancel-flow-run"},
        ),
    },
    "slow_run_fallback": {
        "build-fewer-names-when-slow": _automation(
            _event(
                *_ENDED,
                posture="Proactive",
                match=_RUNS,
                match_related=[
                    {
                        "prefect.resource.role": "flow",
                        "prefect.resource.id": "prefect.flow.<flow build-names>",
                    }
                ],
                after=["prefect.flow-run.Running"],
                for_each=["prefect.resource.id"],
                within=30.0,
            ),
            _run("build-fewer-names", {"count": 10}),
        ),
    },
    "failure_notification": {
        "tell-of-failures": _automation(
            _event(*_states("Failed", "Crashed"), match=_RUNS),
            {
                "type": "send-notification",
                "block_document_id": "<block on-call>",
                "subject": "Flow run {{ flow_run.name }} {{ flow_run.state.name | lower }}",
                "body": _MESSAGE,
            },
        ),
    },
    "completion_notification": {
        "tell-of-completed-runs": _automation(
            _event(
                "prefect.flow-run.Completed",
                match=_RUNS,
                match_related={"prefect.resource.role": "flow", "prefect.resource.name": "clean-users"},
            ),
            {
                "type": "send-notification",
                "block_document_id": "<block team>",
                "subject": "{{ flow.name }} is done",
                "body": "Flow run {{ flow_run.name }} entered state {{ flow_run.state.name }}.",
            },
        ),
    },
    "work_pool_status": {
        "tell-of-work-pool": _automation(
            _event(
                "prefect.work-pool.ready",
                posture="Proactive",
                match={"prefect.resource.id": "prefect.work-pool.<work pool production>"},
                after=["prefect.work-pool.not-ready"],
                for_each=["prefect.resource.id"],
                within=300.0,
            ),
            {"type": "call-webhook", "block_document_id": "<block pager>", "payload": _PAYLOAD},
            description="The work pool has no worker",
        ),
    },
    "work_queue_breaker": {
        "pause-queue-of-crashes": _automation(
            _event(
                "prefect.flow-run.Crashed",
                match=_RUNS,
                match_related={
                    "prefect.resource.role": "work-queue",
                    "prefect.resource.id": "prefect.work-queue.<work queue nightly>",
                },
                for_each=["related:work-queue:prefect.resource.id"],
                threshold=3,
                within=300.0,
            ),
            {"type": "pause-work-queue", "source": "inferred", "work_queue_id": None},
        ),
    },
    "triggers_file": {
        "test-deployment__automation_1": _automation(
            _event("external.resource.pinged", match=_RESOURCE), _run("test-deployment", _EVENT)
        ),
        "test-deployment__automation_2": _automation(
            _event("some.other.event", match={"prefect.resource.id": "my.other.external.resource"}),
            _run("test-deployment", _EVENT),
        ),
    },
    "prefect_yaml": {
        "yaml-pinged__automation_1": _automation(
            _event("external.resource.pinged", match=_RESOURCE), _run("yaml-pinged", _EVENT)
        ),
        "yaml-replied__automation_1": _automation(_PINGED_AND_REPLIED, _run("yaml-replied", _EVENT)),
    },
    "automation_file": {
        "cancel-long-running-flows": _automation(
            _event(
                *_states("Completed", "Failed", "Crashed", "Cancelled"),
                posture="Proactive",
                match=_RUNS,
                after=["prefect.flow-run.Running"],
                for_each=["prefect.resource.id"],
                within=3600.0,
            ),
            {"type": "cancel-flow-run"},
            description="Cancels flow runs that take longer than an hour",
        ),
    },
    "webhook_event": {
        "run-when-called": _automation(
            _event("demo.called", match={"prefect.resource.id": "demo"}),
            _run("made-elsewhere", {"count": "{{ event.payload.run_count }}"}),
        ),
    },
    "existing_objects": {
        "pause-elsewhere": _automation(
            _event(
                "prefect.flow-run.Crashed",
                match=_RUNS,
                match_related={"prefect.resource.id": "prefect.deployment.<deployment elsewhere>"},
                threshold=3,
                within=300.0,
            ),
            {"type": "pause-deployment", "source": "selected", "deployment_id": "<deployment elsewhere>"},
            {
                "type": "pause-work-queue",
                "source": "selected",
                "work_queue_id": "<work queue elsewhere-urgent>",
            },
        )
        | {"tags": ["elsewhere"]},
    },
    "file_landed": {
        "load-files-that-landed": _automation(
            _event(
                "s3.object.created",
                match={"prefect.resource.id": "s3.bucket.*"},
                for_each=["prefect.resource.id"],
                within=60.0,
            ),
            _run(
                "load-files",
                {
                    "bucket": "{{ event.payload.bucket }}",
                    "first_key": "{{ event.payload.key }}",
                    "warehouse": {"__prefect_kind": "workspace_variable", "variable_name": "warehouse"},
                },
                30.0,
            ),
        ),
    },
}

AUTOMATIONS: Final = {
    example: {name: body | {"name": name} for name, body in automations.items()}
    for example, automations in _OF_EXAMPLES.items()
}
"""By example, then by name."""
