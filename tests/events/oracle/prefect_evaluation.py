"""Runs under a Python that has Prefect: answers with what Prefect's own evaluation does while the clock stands still.

Reads lines of JSON, each a case: ``{"trigger": ..., "events": [{"id", "event", "occurred", "received", "resource",
"related", "follows"}, ...], "phase": 0, "until": 60}`` with times in seconds. Answers with Prefect's version
in a line, and then each case with a line: the firings of the automation as ``[seconds, labels, id of the event or
null]``, or ``{"error": ...}``.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

HOME = tempfile.TemporaryDirectory()
os.environ["PREFECT_HOME"] = HOME.name
os.environ["PREFECT_API_DATABASE_CONNECTION_URL"] = (
    "sqlite+aiosqlite:///file::memory:?cache=shared&uri=true&check_same_thread=false"
)
os.environ["PREFECT_LOGGING_LEVEL"] = "CRITICAL"

import prefect  # noqa: E402 - the variables come first
import prefect.types._datetime as prefect_time  # noqa: E402
import sqlalchemy  # type: ignore[import-not-found,unused-ignore] # noqa: E402
from prefect.server.database import provide_database_interface  # noqa: E402
from prefect.server.events import triggers  # noqa: E402
from prefect.server.events.models import composite_trigger_child_firing  # noqa: E402
from prefect.server.events.ordering import EventArrivedEarly  # noqa: E402
from prefect.server.events.ordering.memory import CausalOrdering  # noqa: E402
from prefect.server.events.schemas.automations import Automation  # noqa: E402
from prefect.server.events.schemas.events import ReceivedEvent  # noqa: E402

BASE = prefect_time.create_datetime_instance(datetime(2026, 11, 1, 12, tzinfo=UTC))
EVERY = 5.0


class Clock:
    """Stands where it is put."""

    now = BASE


def now(tz: str = "UTC") -> Any:  # noqa: ARG001 - it takes the place of Prefect's
    """The time, for Prefect."""
    return Clock.now


async def nothing(*_: Any, **__: Any) -> bool:
    """In place of reading automations anew."""
    return False


FIRED: list[Any] = []

find_in_any_order = triggers.find_interested_triggers


def find_in_order(event: Any) -> Any:
    """The triggers for an event in the order in which they are written; Prefect's own is that of a set: chance."""
    found = {trigger.id: trigger for trigger in find_in_any_order(event)}
    return [found[id_] for id_ in triggers.triggers if id_ in found]


async def act(firing: Any) -> None:
    """In place of an automation's actions."""
    event = firing.triggering_event
    seconds = (Clock.now - BASE).total_seconds()
    FIRED.append([seconds, dict(firing.triggering_labels), str(event.id) if event else None])


prefect_time.now = now
composite_trigger_child_firing.now = now
triggers.act = act
triggers.find_interested_triggers = find_in_order
triggers.reconcile_automations = nothing


def received(event: dict[str, Any]) -> ReceivedEvent:
    """An event of a case."""
    return ReceivedEvent(
        id=UUID(event["id"]),
        event=event["event"],
        occurred=BASE + timedelta(seconds=event["occurred"]),
        received=BASE + timedelta(seconds=event["received"]),
        resource=event["resource"],
        related=event["related"],
        follows=UUID(event["follows"]) if event.get("follows") else None,
    )


async def firings(case: dict[str, Any]) -> list[Any]:
    """What an automation does in a case."""
    FIRED.clear()
    for loaded in ("automations_by_id", "triggers", "_triggers_by_expect", "next_proactive_runs"):
        getattr(triggers, loaded, {}).clear()  # versions differ in which there are
    await triggers.reset_events_clock()
    CausalOrdering.clear_all_scopes()
    database = provide_database_interface()
    automation = Automation(
        id=uuid4(), name="a", trigger=case["trigger"], actions=[{"type": "do-nothing"}], enabled=True
    )
    async with database.session_context(begin_transaction=True) as session:
        await session.execute(sqlalchemy.text("delete from automation"))
        session.add(
            database.Automation(
                id=automation.id,
                name=automation.name,
                description="",
                enabled=True,
                trigger=automation.trigger,
                actions=automation.actions,
                actions_on_trigger=[],
                actions_on_resolve=[],
            )
        )
    triggers.load_automation(automation)
    moments: list[tuple[float, int, Any]] = [(event["received"], 1, event) for event in case["events"]]
    tick = case["phase"]
    while tick <= case["until"]:
        moments.append((tick, 0, None))
        tick += EVERY
    for at, _, event in sorted(moments, key=lambda moment: moment[:2]):
        Clock.now = BASE + timedelta(seconds=at)
        if event is None:
            await triggers.evaluate_proactive_triggers()
            await triggers.periodic_evaluation(Clock.now)
        else:
            await see(received(event))
    return list(FIRED)


async def see(event: ReceivedEvent) -> None:
    """An event comes from the bus, as the service for triggers takes it."""
    ordering = triggers.get_triggers_causal_ordering()
    if await ordering.event_has_been_seen(event.id):
        return
    with suppress(EventArrivedEarly):
        await triggers.reactive_evaluation(event)


def say(answer: Any) -> None:
    """Answer with a line."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


async def main() -> None:
    """Answer each case."""
    await provide_database_interface().create_db()
    say(prefect.__version__)
    for line in sys.stdin:
        try:
            answer: Any = await firings(json.loads(line))
        except Exception as error:  # noqa: BLE001 - the case is answered with it
            answer = {"error": f"{type(error).__name__}: {error}"[:500]}
        say(answer)


asyncio.run(main())
