"""Makes automations with Prefect's SDK, and writes them down in the shapes that Prefect has of them.

It is run by the Python of `.venv-prefect`; its arguments are the id of a deployment and the directory for `sdk.json`
(the objects, written out), `exported.json` and `exported.yaml` (what `prefect automation inspect` prints).
"""

import contextlib
import io
import json
import sys
from datetime import timedelta
from pathlib import Path

from prefect.automations import Automation
from prefect.cli import app
from prefect.events.actions import (
    CancelFlowRun,
    ChangeFlowRunState,
    PauseDeployment,
    PauseWorkQueue,
    RunDeployment,
)
from prefect.events.schemas.automations import CompoundTrigger, EventTrigger, Posture, SequenceTrigger
from prefect.events.schemas.events import ResourceSpecification

DEPLOYMENT, DIRECTORY = sys.argv[1], Path(sys.argv[2])
ORDER = {"prefect.resource.id": ["order.1", "order.2"]}


def event(*expect: str, **fields: object) -> EventTrigger:
    """A trigger on events, in the words of a line."""
    return EventTrigger(**{"expect": set(expect), "posture": Posture.Reactive, **fields})


MADE = [
    Automation(
        name="shapes: event",
        description="with ${TEXT} and {{ text }}",
        tags=["b", "a"],
        trigger=event(
            "a.b",
            "c.d",
            match=ResourceSpecification(root=ORDER),
            match_related=ResourceSpecification(root={"prefect.resource.role": "flow"}),
            for_each={"prefect.resource.id"},
            threshold=3,
            within=timedelta(minutes=1, milliseconds=500),
        ),
        actions=[
            RunDeployment(
                deployment_id=DEPLOYMENT,
                source="selected",
                parameters={"x": [1, {"y": "{{ event.id }}"}], "z": "${Z}"},
                job_variables={"env": {"A": "b"}},
                schedule_after=timedelta(hours=1),
            ),
            CancelFlowRun(),
        ],
    ),
    Automation(
        name="shapes: absence",
        enabled=False,
        trigger=event("a.b", after={"c.d"}, posture=Posture.Proactive, within=timedelta(seconds=30)),
        actions=[ChangeFlowRunState(state="FAILED", message="m")],
        actions_on_trigger=[PauseWorkQueue(source="inferred")],
        actions_on_resolve=[PauseDeployment(source="selected", deployment_id=DEPLOYMENT)],
    ),
    Automation(
        name="shapes: compound",
        trigger=CompoundTrigger(
            require=2,
            within=timedelta(hours=2),
            triggers=[
                event("a"),
                event("b"),
                SequenceTrigger(within=None, triggers=[event("c"), event("d", threshold=2)]),
            ],
        ),
        actions=[CancelFlowRun()],
    ),
    Automation(
        name="shapes: sequence",
        trigger=SequenceTrigger(within=timedelta(days=1), triggers=[event("a"), event("b")]),
        actions=[CancelFlowRun()],
    ),
]


def inspected(*options: str) -> str:
    """What `prefect automation inspect` prints."""
    printed = io.StringIO()
    sys.argv[1:] = ["automation", "inspect", *options]
    with contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        app()
    return printed.getvalue()


if __name__ == "__main__":
    (DIRECTORY / "sdk.json").write_text(json.dumps([one.model_dump(mode="json") for one in MADE]))
    for number, one in enumerate(MADE):
        made = one.create()
        # One of them by its id, which gives it alone, and not a list.
        how = ["--id", str(made.id)] if number == 0 else [one.name]
        (DIRECTORY / f"exported-{number}.json").write_text(inspected(*how, "--json"))
        (DIRECTORY / f"exported-{number}.yaml").write_text(inspected(*how, "--yaml"))
