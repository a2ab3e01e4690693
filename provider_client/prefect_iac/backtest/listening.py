"""Which events have to be read, so that a source can leave out all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_provider.rules.event_catalogue import CLOUD, OSS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prefect_provider.events.triggers import Automation

__all__ = ["TRIGGERED", "names_heard"]

TRIGGERED: Final = (f"{OSS}.automation.triggered", f"{CLOUD}.automation.triggered")
"""The events by which a server says that an automation fired."""


def names_heard(automations: Iterable[Automation], besides: Iterable[str] = ()) -> tuple[str, ...]:
    """The names of the events that automations look for, in the form of a query, and those that are wanted besides.

    One that ends in ``*`` stands for all that begin so. For a trigger that expects everything it is ``*`` alone, and
    without anything to look for there are none.
    """
    exact = set(besides)
    prefixes: set[str] = set()
    for automation in automations:
        for trigger in automation.event_triggers:
            if trigger.names.literals is None or "" in trigger.names.prefixes:
                return ("*",)
            exact |= trigger.names.literals
            prefixes |= set(trigger.names.prefixes)
    kept = [one for one in sorted(exact) if not one.startswith(tuple(prefixes))]
    return (*kept, *(f"{one}*" for one in sorted(prefixes)))
