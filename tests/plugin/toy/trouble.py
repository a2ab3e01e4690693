"""Resources that fail, and one that takes its time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from prefect_provider.plugin.language.declaration import computed, optional
from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.plugin.language.kinds import Number, String
from prefect_provider.plugin.language.nested import NestedList
from tests.plugin.toy.things import Part, Remote

if TYPE_CHECKING:
    from prefect_provider.plugin.engine.planning import Plan
    from prefect_provider.plugin.language.values import Values

__all__ = ["Faulty", "Slow"]


class Faulty(Remote):
    """Fails where ``fault`` says: a call, and how."""

    type_name = "toy_faulty"

    name = optional(String(), "Its name.")
    fault = optional(String(), "Such as `create crash`.", default="")
    size = optional(Number(), "The server chooses at first; later 10.", server_default=True, reset=10)
    parts = optional(NestedList(Part), "Parts, of which the second is the one that is wrong.")
    secret_wo = optional(String(), "Never stored.", write_only=True)
    token = computed(String(), "What the server chose.")

    def _fail(self, call: str, fault: str, state: Values) -> None:
        match fault.removeprefix(f"{call} ") if fault.startswith(f"{call} ") else "":
            case "crash":
                msg = "a quarrel of handlers"
                raise ZeroDivisionError(msg)
            case "error":
                msg = "The server says no"
                raise ProviderError(msg, "Ask nicely.", ("parts", 1, "label"))
            case "partial":
                self.hold(self.store.create(type(self), state))
                msg = "Only half of it was made"
                raise ProviderError(msg, "Apply again.")

    async def plan(self, plan: Plan) -> None:
        """Fail if told so."""
        self._fail("plan", str(plan.planned["fault"]), plan.planned)

    async def create(self, planned: Values, config: Values) -> Values:
        """Fail if told so."""
        self._fail("create", planned["fault"], planned)
        done = await super().create(planned, config)
        if planned["fault"] == "create ill-typed":
            return done | {"token": 3.5}
        return done

    async def read(self, state: Values) -> Values | None:
        """Fail if told so."""
        self._fail("read", state["fault"], state)
        return await super().read(state)

    async def update(self, prior: Values, planned: Values, config: Values) -> Values:
        """Fail if told so."""
        self._fail("update", planned["fault"], planned)
        return await super().update(prior, planned, config)

    async def delete(self, prior: Values) -> None:
        """Fail if told so."""
        self._fail("delete", prior["fault"], prior)
        await super().delete(prior)


class Slow(Remote):
    """Takes its time."""

    type_name = "toy_slow"

    create_seconds = optional(Number(minimum=0), "How long it takes to make.", default=0)
    read_seconds = optional(Number(minimum=0), "How long it takes to read.", default=0)

    async def create(self, planned: Values, config: Values) -> Values:
        """Wait, then put it into the store."""
        await asyncio.sleep(float(planned["create_seconds"]))
        return await super().create(planned, config)

    async def read(self, state: Values) -> Values | None:
        """Wait, then look into the store."""
        await asyncio.sleep(float(state["read_seconds"]))
        return await super().read(state)
