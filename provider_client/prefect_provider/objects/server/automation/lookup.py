"""``data "prefect_automation"`` and ``data "prefect_automations"``."""

from __future__ import annotations

from typing import Final

from prefect_provider.objects.lists import ObjectList
from prefect_provider.objects.lookup import Lookup
from prefect_provider.objects.server.automation.resource import Automation

__all__ = ["AutomationLookup", "Automations"]

_LISTS: Final = ("after", "expect", "for_each")
"""Lists in the official provider's data source."""


class AutomationLookup(Lookup, of=Automation, lists=_LISTS):
    """Looks up an automation, by its id, or by its name if it is the only one of that name."""


class Automations(ObjectList, of=Automation, lists=_LISTS):
    """Lists automations, all of them or those that meet every condition, ordered by name."""
