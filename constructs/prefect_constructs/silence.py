"""When nothing more is heard of a flow run: what is waited for, in one place for all who wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prefect_constructs.triggers import EventTrigger, Posture

if TYPE_CHECKING:
    from prefect_constructs.durations import Duration

__all__ = ["no_heartbeat", "still_running"]

_ANY_RUN: Final = {"prefect.resource.id": ["prefect.flow-run.*"]}

_ANY_STATE: Final = {**_ANY_RUN, "prefect.state-type": ["*"]}
"""Changes of state have this label and heartbeats lack it. Code may name a state anyhow, so that no name tells."""


def no_heartbeat(within: Duration, **rest: Any) -> EventTrigger:
    """A trigger on a run that has sent no heartbeat for so long.

    Another heartbeat begins anew; any change of state says that the run has ended, or was told of.
    """
    return _silent("prefect.flow-run.heartbeat", _ANY_RUN, within, rest)


def still_running(within: Duration, **rest: Any) -> EventTrigger:
    """A trigger on a run that is still running after so long.

    Any other state of the run ends the waiting, whatever its name; running again after a retry begins it anew.
    """
    return _silent("prefect.flow-run.Running", _ANY_STATE, within, rest)


def _silent(after: str, match: dict[str, list[str]], within: Duration, rest: dict[str, Any]) -> EventTrigger:
    return EventTrigger(
        posture=Posture.Proactive,
        match=match,
        after=after,
        expect="prefect.flow-run.*",
        for_each="prefect.resource.id",
        within=within,
        **rest,
    )
