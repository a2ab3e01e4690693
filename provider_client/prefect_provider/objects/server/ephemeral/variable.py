"""``ephemeral "prefect_variable"``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prefect_provider.objects.lookup import no_such
from prefect_provider.objects.reading import WorkspaceReading
from prefect_provider.objects.server.variable import Variable
from prefect_provider.plugin.language.declaration import computed, required
from prefect_provider.plugin.language.kinds import AnyValue, SetOf, String, Uuid
from prefect_provider.plugin.language.resource import Opened
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.plugin.language.values import Values

__all__ = ["VariableReading"]


class VariableReading(WorkspaceReading):
    """Reads a variable when it is used; its value is neither in the state nor in the plan."""

    type_name = "prefect_variable"

    name = required(String(), "Name of the variable.")
    id = computed(Uuid(), "The variable's id (UUID).")
    value = computed(AnyValue(), "The value, of whatever type it is.")
    tags = computed(SetOf(String()), "Tags of the variable.")

    async def open(self, config: Values) -> Opened:
        """GET by name, alone: what is read now is what is used."""
        variable = Variable(self.client, self.diagnostics)
        scope, name = variable.scope(config), config["name"]
        data = await variable.find_by_key(scope, {"name": name}, {})
        if data is None:
            raise await no_such(variable, scope, f"the name {show(name)}", {"name": name})
        return Opened(variable.understand(f"GET /variables/name/{name}", data, config))
