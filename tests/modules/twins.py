"""The same objects twice: as inputs of the modules, and as constructs.

As a program it writes what the constructs come to on a runtime into a directory, `twins.py cdktn OUTDIR`.
"""

import json
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any

__all__ = ["CALLS", "build"]

SOME_ID = "01234567-89ab-cdef-0123-456789abcdef"
OTHER_ID = "01234567-89ab-cdef-0123-456789abcdee"

_TEMPLATE: dict[str, Any] = {
    "job_configuration": {"command": "{{ command }}"},
    "variables": {"properties": {"command": {}}},
}
_PINGED: dict[str, Any] = {"expect": ["twin.pinged"], "match": {"prefect.resource.id": ["twin.*", "other"]}}
_LATER: dict[str, Any] = {
    "posture": "Proactive",
    "after": ["twin.started"],
    "expect": ["twin.finished", "twin.given-up"],
    "for_each": ["prefect.resource.id"],
    "within": 90,
}

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "little_pool": ("work-pool-with-queues", {"name": "twin-little", "type": "docker"}),
    "pool": (
        "work-pool-with-queues",
        {
            "name": "twin-pool",
            "type": "process",
            "description": "twins",
            "paused": True,
            "concurrency_limit": 10,
            "base_job_template": json.dumps(_TEMPLATE, separators=(",", ":")),
            "queues": {
                "twin-urgent": {"priority": 1, "description": "first"},
                "twin-nightly": {"priority": 2, "concurrency_limit": 4, "paused": True},
            },
        },
    ),
    "plain": ("deployment-with-triggers", {"name": "twin-plain", "entrypoint": "flows/twin.py:plain"}),
    "load": (
        "deployment-with-triggers",
        {
            "name": "twin-load",
            "flow": {"name": "twin-load", "tags": ["twin"], "labels": {"team": "data"}},
            "entrypoint": "flows/twin.py:load",
            "path": "/opt/flows",
            "pull_steps": [
                {"type": "git_clone", "repository": "https://example.com/flows.git", "branch": "main"}
            ],
            "work_pool_name": "${module.pool.name}",
            "work_queue_name": '${module.pool.queue_names["twin-nightly"]}',
            "description": "loads",
            "code_version": "2",
            "tags": ["twin", "load"],
            "labels": {"team": "data"},
            "parameters": '{"order":"all"}',
            "parameter_schema": '{"properties":{"order":{"type":"string"}},"type":"object"}',
            "enforce_parameter_schema": True,
            "job_variables": '{"command":"twin"}',
            "paused": True,
            "concurrency_limit": 2,
            "collision_strategy": "CANCEL_NEW",
            "grace_period": 60,
            "schedules": {
                "nightly": {
                    "cron": "0 3 * * *",
                    "timezone": "Europe/Berlin",
                    "parameters": '{"order":"old"}',
                },
                "often": {"interval": 3600, "active": False},
            },
            "triggers": {
                "pinged": {"event": _PINGED, "parameters": '{"order":"{{ event.resource.id }}"}'},
                "missed": {
                    "event": _LATER,
                    "job_variables": '{"command":"late"}',
                    "schedule_after": 30,
                    "name": "twin missed",
                    "description": "missed",
                    "enabled": False,
                    "tags": ["twin"],
                },
                "two": {
                    "compound": {
                        "require": "2",
                        "within": 60,
                        "events": [_PINGED, {"expect": ["twin.x"]}, {"expect": ["twin.y"]}],
                    }
                },
                "all": {"compound": {"events": [{"expect": ["twin.a"]}, {"expect": ["twin.b"]}]}},
                "in-order": {
                    "sequence": {"within": 60, "events": [{"expect": ["twin.a"]}, {"expect": ["twin.b"]}]}
                },
                "related": {
                    "event": {
                        "expect": ["twin.x"],
                        "match_related": [
                            {
                                "prefect.resource.role": ["flow"],
                                "prefect.resource.id": [f"prefect.flow.{SOME_ID}"],
                            },
                            {"prefect.resource.role": ["tag"], "prefect.resource.id": ["prefect.tag.twin"]},
                        ],
                        "threshold": 3,
                        "within": 60,
                    }
                },
            },
        },
    ),
    "alerts": ("alerting", {"name": "twin-alerts", "notification_block_id": SOME_ID}),
    "every_alert": (
        "alerting",
        {
            "name": "twin-every",
            "enabled": False,
            "tags": ["twin"],
            "alerts": {
                "failed": {"threshold": 3, "within": 600, "count_by": "flow"},
                "crashed": {"within": 900},
                "late": {
                    "threshold": 2,
                    "within": 60.5,
                    "count_by": "all",
                    "subject": "{{ flow.name }} late",
                    "body": "b",
                },
                "zombie": {"within": 120, "mark_crashed": True},
                "stuck": {"cancel": True},
            },
            "scope": {
                "tags": ["production", "staging"],
                "all_tags": ["twin"],
                "deployment_ids": [SOME_ID],
                "flow_ids": [OTHER_ID],
            },
            "notification_block": {
                "name": "twin-slack",
                "type_slug": "custom-webhook",
                "data_version": 2,
            },
            "notification_block_data": '{"name":"twin","url":"https://hooks.example.com/twin"}',
        },
    ),
    "pool_alerts": (
        "alerting",
        {
            "name": "twin-pool-alerts",
            "alerts": {
                "failed": {"within": 60, "count_by": "work-pool"},
                "late": {},
                "zombie": None,
                "stuck": {},
            },
            "scope": {"work_pool_ids": [SOME_ID, OTHER_ID]},
            "notification_block_id": SOME_ID,
        },
    ),
}
"""The calls of modules by name: which module, and its inputs."""


def build(stack: Any) -> None:
    """Fill a stack with the constructs for the same."""
    import prefect_constructs as pc

    pc.PrefectProvider(stack, "prefect")
    pinged = pc.EventTrigger(
        expect="twin.pinged", match={"prefect.resource.id": ["twin.*", "other"]}, threshold=1
    )
    later = pc.EventTrigger(
        posture=pc.Posture.Proactive,
        after="twin.started",
        expect={"twin.finished", "twin.given-up"},
        for_each="prefect.resource.id",
        within=timedelta(seconds=90),
    )
    a, b = (pc.EventTrigger(expect=f"twin.{name}") for name in "ab")

    pc.WorkPoolWithQueues(stack, "twin-little", type="docker")
    pool = pc.WorkPoolWithQueues(
        stack,
        "pool",
        name="twin-pool",
        type="process",
        description="twins",
        paused=True,
        concurrency_limit=10,
        base_job_template=_TEMPLATE,
        queues={
            "twin-urgent": pc.PoolQueue(priority=1, description="first"),
            "twin-nightly": pc.PoolQueue(priority=2, concurrency_limit=4, paused=True),
        },
    )
    pc.DeploymentWithTriggers(stack, "twin-plain", entrypoint="flows/twin.py:plain")
    pc.DeploymentWithTriggers(
        stack,
        "load",
        name="twin-load",
        flow=pc.OwnFlow(name="twin-load", tags=["twin"], labels={"team": "data"}),
        entrypoint="flows/twin.py:load",
        path="/opt/flows",
        pull_steps=[
            {"type": "git_clone", "repository": "https://example.com/flows.git", "branch": "main"},
        ],
        work_queue=pool.queues["twin-nightly"],
        description="loads",
        version="2",
        tags=["twin", "load"],
        labels={"team": "data"},
        parameters={"order": "all"},
        parameter_schema={"type": "object", "properties": {"order": {"type": "string"}}},
        enforce_parameter_schema=True,
        job_variables={"command": "twin"},
        paused=True,
        concurrency_limit=2,
        collision_strategy="CANCEL_NEW",
        grace_period=timedelta(minutes=1),
        schedules={
            "nightly": pc.Cron("0 3 * * *", timezone="Europe/Berlin", parameters={"order": "old"}),
            "often": pc.Interval(timedelta(hours=1), active=False),
        },
        triggers={
            "pinged": pc.DeploymentTrigger(trigger=pinged, parameters={"order": "{{ event.resource.id }}"}),
            "missed": pc.DeploymentTrigger(
                trigger=later,
                job_variables={"command": "late"},
                schedule_after=timedelta(seconds=30),
                name="twin missed",
                description="missed",
                enabled=False,
                tags=["twin"],
            ),
            "two": pc.CompoundTrigger(
                triggers=[pinged, pc.EventTrigger(expect="twin.x"), pc.EventTrigger(expect="twin.y")],
                require=2,
                within=60,
            ),
            "all": pc.CompoundTrigger(triggers=[a, b]),
            "in-order": pc.SequenceTrigger(triggers=[a, b], within=timedelta(minutes=1)),
            "related": pc.EventTrigger(
                expect="twin.x",
                match_related=[
                    {"prefect.resource.role": ["flow"], "prefect.resource.id": [f"prefect.flow.{SOME_ID}"]},
                    {"prefect.resource.role": ["tag"], "prefect.resource.id": ["prefect.tag.twin"]},
                ],
                threshold=3,
                within=60,
            ),
        },
    )
    pc.Alerting(stack, "twin-alerts", block=SOME_ID)
    pc.Alerting(
        stack,
        "every-alert",
        name="twin-every",
        enabled=False,
        tags=["twin"],
        block=pc.NotificationBlock(
            name="twin-slack",
            type_slug="custom-webhook",
            data={"name": "twin", "url": "https://hooks.example.com/twin"},
            data_version=2,
        ),
        failed=pc.RunAlert(threshold=3, within=timedelta(minutes=10), count_by="flow"),
        crashed=pc.RunAlert(within=900),
        late=pc.RunAlert(threshold=2, within=60.5, count_by="all", subject="{{ flow.name }} late", body="b"),
        zombie=pc.ZombieAlert(within=timedelta(minutes=2), mark_crashed=True),
        stuck=pc.StuckAlert(cancel=True),
        runs=pc.RunsToWatch(
            tags=["production", "staging"], all_tags=["twin"], deployments=[SOME_ID], flows=[OTHER_ID]
        ),
    )
    pc.Alerting(
        stack,
        "twin-pool-alerts",
        block=SOME_ID,
        failed=pc.RunAlert(within=60, count_by="work-pool"),
        late=pc.RunAlert(),
        stuck=pc.StuckAlert(),
        runs=pc.RunsToWatch(work_pools=[SOME_ID, OTHER_ID]),
    )


if __name__ == "__main__":
    library = import_module(sys.argv[1])
    app = library.App(outdir=sys.argv[2])
    build(library.TerraformStack(app, "twins"))
    app.synth()
