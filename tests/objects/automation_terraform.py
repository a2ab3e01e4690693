"""Automations for tests: triggers of every kind, configurations, and one that Terraform manages."""

from __future__ import annotations

import json
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.plugin.language.types import NUMBER, STRING
from prefect_provider.plugin.language.values import Dynamic, Values
from tests.objects.terraform_core import Managed, shown, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.objects.terraform_core import World

__all__ = ["EVENT", "OTHER", "TRIGGERS", "UUID", "ManagedAutomation", "config", "no_leftovers", "require"]

UUID = "0198f3a4-1111-4222-8333-944455556666"
OTHER = "0198f3a4-2222-4222-8333-944455556666"

EVENT: dict[str, Any] = {"posture": "Reactive", "expect": ["a.b"]}


def require(value: str | int) -> Dynamic:
    """The value of the outermost ``require``, as Terraform passes it on."""
    return Dynamic(STRING if isinstance(value, str) else NUMBER, value)


def config(**values: Any) -> dict[str, Any]:
    """A configuration; without a name it gets one of its own."""
    return {"name": unique("automation"), "trigger": {"event": EVENT}} | values


TRIGGERS: dict[str, dict[str, Any]] = {
    "event": {"event": EVENT},
    "event full": {
        "event": {
            "posture": "Reactive",
            "match": json.dumps({"prefect.resource.id": ["prefect.flow-run.*", "!prefect.flow-run.x"]}),
            "match_related": json.dumps({"prefect.resource.role": "flow"}),
            "after": ["x", "y"],
            "expect": ["c", "b", "a"],
            "for_each": ["prefect.resource.id", "related:flow:prefect.resource.id"],
            "threshold": 5,
            "within": 60,
        }
    },
    "event related list": {
        "event": EVENT
        | {"match_related": json.dumps([{"a": "1"}, {"b": ["2", "3"]}]), "within": Decimal("30.5")}
    },
    "proactive": {"event": {"posture": "Proactive", "expect": ["a.b"]}},
    "proactive within": {"event": {"posture": "Proactive", "expect": ["a.b"], "within": 10}},
    "compound any": {"compound": {"triggers": [{"event": EVENT}], "require": require("any")}},
    "compound all": {
        "compound": {
            "triggers": [{"event": EVENT}, {"event": EVENT | {"threshold": 2, "within": 5}}],
            "require": require("all"),
            "within": 3600,
        }
    },
    "compound number": {
        "compound": {"triggers": [{"event": EVENT}, {"event": EVENT}], "require": require(2), "within": 60}
    },
    "sequence": {"sequence": {"triggers": [{"event": EVENT}, {"event": EVENT}], "within": 60}},
    "sequence without limit": {"sequence": {"triggers": [{"event": EVENT}]}},
    "nested": {
        "compound": {
            "require": require("all"),
            "within": 60,
            "triggers": [
                {"event": {"posture": "Proactive", "expect": ["late"]}},
                {
                    "sequence": {
                        "within": 30,
                        "triggers": [
                            {"event": EVENT},
                            {
                                "compound": {
                                    "require": "2",
                                    "within": 20,
                                    "triggers": [{"event": EVENT}, {"event": EVENT | {"expect": ["c"]}}],
                                }
                            },
                        ],
                    }
                },
                {"compound": {"require": "any", "triggers": [{"event": EVENT}]}},
            ],
        }
    },
}


class ManagedAutomation(Managed):
    """An automation and the state that Terraform has of it."""

    def __init__(self, world: World, state: Values | None = None) -> None:
        super().__init__(world, Automation, state)

    @classmethod
    def named(cls, world: World, id_: str) -> ManagedAutomation:
        """One that was taken over with ``terraform import``, without a warning."""
        outcome = world.import_state(Automation, id_)
        assert shown(outcome.diagnostics) == []
        managed = cls(world, outcome.state)
        managed.refresh()
        return managed

    @property
    def remote(self) -> dict[str, Any]:
        """It as the server has it."""
        found: dict[str, Any] = self.world.call("GET", f"/automations/{self.id}")
        return found

    def change(self, **fields: Any) -> None:
        """Change it behind Terraform's back."""
        body = {
            name: value for name, value in self.remote.items() if name not in ("id", "created", "updated")
        }
        self.world.call("PUT", f"/automations/{self.id}", body | fields)


@contextmanager
def no_leftovers(world: World) -> Iterator[None]:
    """Delete every automation that is made meanwhile."""
    before = {one["id"] for one in world.server.listed("/automations")}
    yield
    for one in world.server.listed("/automations"):
        if one["id"] not in before:
            world.call("DELETE", f"/automations/{one['id']}")
