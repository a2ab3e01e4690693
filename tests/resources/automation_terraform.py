"""Automations for tests: configurations of them, and one that Terraform manages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prefect_provider.plugin.types import NUMBER, STRING
from prefect_provider.plugin.values import Dynamic, Values
from prefect_provider.resources.automation import Automation
from tests.resources.terraform_core import Managed, shown, unique

if TYPE_CHECKING:
    from tests.resources.terraform_core import World

__all__ = ["EVENT", "OTHER", "UUID", "ManagedAutomation", "config", "require"]

UUID = "0198f3a4-1111-4222-8333-944455556666"
OTHER = "0198f3a4-2222-4222-8333-944455556666"

EVENT: dict[str, Any] = {"posture": "Reactive", "expect": ["a.b"]}


def require(value: str | int) -> Dynamic:
    """The value of the outermost ``require``, as Terraform passes it on."""
    return Dynamic(STRING if isinstance(value, str) else NUMBER, value)


def config(**values: Any) -> dict[str, Any]:
    """A configuration; without a name it gets one of its own."""
    return {"name": unique("automation"), "trigger": {"event": EVENT}} | values


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
