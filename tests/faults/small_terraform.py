"""What Terraform does with a configuration, in this process: refresh, plan, apply in order, keep what is tainted.

It stands in for terraform where a few hundred applies are wanted, and holds the provider to the same rules
(:mod:`tests.objects.terraform_core`). Objects that do not depend on each other are handled at the same time.
"""

from __future__ import annotations

import asyncio
import copy
import re
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.api import ApiError, Client, RetryPolicy, resolve
from prefect_provider.api.exchange.routes import open_transport
from prefect_provider.objects.catalogue import DATA_SOURCES, SERVER_RESOURCES
from prefect_provider.objects.mapping import dynamic_from_json
from prefect_provider.plugin.engine import lifecycle
from prefect_provider.plugin.language.kinds import AnyValue
from prefect_provider.plugin.language.values import UNKNOWN, Values
from tests.objects.terraform_core import (
    assert_consistent,
    assert_plan_valid,
    configuration,
    explain,
    over_the_wire,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from prefect_provider.plugin.engine.lifecycle import Outcome
    from prefect_provider.plugin.language.resource import DataSource, Resource
    from tests.faults.configurations import Configuration

__all__ = ["Failed", "SmallTerraform"]

_REFERENCE: Final = re.compile(r"\$\{(data\.)?(\w+)\.(\w+)\.(\w+)\}")
_RESOURCES: Final = {kind.type_name: kind for kind in SERVER_RESOURCES}
_SOURCES: Final = {kind.type_name: kind for kind in DATA_SOURCES}


class Failed(Exception):  # noqa: N818 - named for what happened
    """A command ended with errors; the state is what it was able to keep."""


class _Held:
    """One object in state."""

    def __init__(self, kind: type[Resource], values: Values, needs: set[str]) -> None:
        self.kind = kind
        self.values = values
        self.needs = needs
        self.private: dict[str, Any] = {}
        self.tainted = False


class SmallTerraform:
    """A state, and the commands that change it; ``said`` is all that they said."""

    def __init__(
        self,
        settings: Mapping[str, str],
        *,
        kinds: Mapping[str, type[Resource]] = _RESOURCES,
        transport: Callable[[Any], Any] | None = None,
    ) -> None:
        """``kinds`` may put other resources in the place of the provider's; ``transport`` wraps the network."""
        self._settings = resolve(dict(settings), {})
        self._kinds = kinds
        self._transport = transport
        self.state: dict[str, _Held] = {}
        self.said: list[str] = []
        self._names: dict[str, str] = {}

    # ------------------------------------------------------------------ commands

    def apply(self, wanted: Configuration) -> None:
        """``terraform apply``. Raises Failed."""
        asyncio.run(self._with_client(lambda client: self._apply(client, wanted)))

    def changes(self, wanted: Configuration) -> list[str]:
        """The addresses for which a plan would do something. Raises Failed."""
        changed: list[str] = []

        async def plan(client: Client) -> None:
            changed.extend(await self._planned(client, wanted))

        asyncio.run(self._with_client(plan))
        return changed

    async def _with_client(self, command: Callable[[Client], Awaitable[None]]) -> None:
        policy = RetryPolicy(max_retries=30, first_wait=0.01, longest_wait=0.1)
        transport = None
        if self._transport is not None:
            transport = self._transport(open_transport(self._settings))
        async with Client(self._settings, transport=transport, policy=policy) as client:
            try:
                await client.check()
            except ApiError as error:
                self.said.append(str(error))
                raise Failed from error
            await command(client)

    async def _apply(self, client: Client, wanted: Configuration) -> None:
        changed = await self._planned(client, wanted)
        objects = _objects(wanted)
        failed: set[str] = set()
        going = [address for address in self.state if address not in objects or changed.get(address)]
        for level in reversed([*_levels({at: self.state[at].needs for at in going})]):
            await asyncio.gather(*(self._destroy(client, at, failed) for at in level))
        for level in _levels({at: _needs(given) for at, given in objects.items()}):
            await asyncio.gather(*(self._make(client, at, objects[at], failed) for at in level))
        if failed:
            raise Failed

    # ------------------------------------------------------------------ plan

    async def _planned(self, client: Client, wanted: Configuration) -> dict[str, bool]:
        """What would change, by address, and whether it needs a new object."""
        for held in self.state.values():
            held.kind.met(client, held.values)
        await self._together(self._refresh(client, address) for address in list(self.state))
        objects = _objects(wanted)
        self._names = {address: given["name"] for address, given in objects.items() if "name" in given}
        changed: dict[str, bool] = {}
        for address in self.state:
            if address not in objects:
                await self._plan_destruction(client, address)
                changed[address] = False
        for level in _levels({at: _needs(given) for at, given in objects.items()}):
            await self._together(self._plan(client, at, objects[at], changed) for at in level)
        return changed

    async def _together(self, work: Iterable[Awaitable[bool]]) -> None:
        if not all(await asyncio.gather(*work)):
            raise Failed

    async def _refresh(self, client: Client, address: str) -> bool:
        held = self.state[address]
        outcome = await lifecycle.refresh(
            held.kind, client, copy.deepcopy(held.values), held.private, explain
        )
        if not self._is_fine(outcome):
            return False
        if outcome.state is None:
            del self.state[address]
        else:
            held.values = over_the_wire(held.kind, outcome.state)
        return True

    async def _plan_destruction(self, client: Client, address: str) -> None:
        held = self.state[address]
        outcome = await lifecycle.plan(
            held.kind, client, copy.deepcopy(held.values), None, copy.deepcopy(held.private), explain
        )
        if not self._is_fine(outcome):
            raise Failed

    async def _plan(
        self, client: Client, address: str, given: dict[str, Any], changed: dict[str, bool]
    ) -> bool:
        known = self._resolved(given, changed)
        if address.startswith("data."):
            if any(need in changed for need in _needs(given)):
                return True
            return await self._read(client, address, known)
        kind = self._kinds[address.partition(".")[0]]
        config = _configuration(kind, known)
        if not self._is_fine_all(await lifecycle.validate_config(kind, config, explain)):
            return False
        held = self.state.get(address)
        prior = None if held is None else held.values
        outcome = await self._ask_plan(client, kind, prior, config, {} if held is None else held.private)
        if not self._is_fine(outcome):
            return False
        if held is None:
            changed[address] = False
        elif outcome.replace or held.tainted:
            changed[address] = True
            outcome = await self._ask_plan(client, kind, None, config, {})
            return self._is_fine(outcome)
        elif outcome.state != held.values:
            changed[address] = False
        return True

    async def _ask_plan(
        self,
        client: Client,
        kind: type[Resource],
        prior: Values | None,
        config: Values,
        private: dict[str, Any],
    ) -> Outcome:
        outcome = await lifecycle.plan(
            kind, client, copy.deepcopy(prior), copy.deepcopy(config), copy.deepcopy(private), explain
        )
        if not outcome.diagnostics.has_errors:
            assert outcome.state is not None
            assert_plan_valid(kind, prior, config, outcome.state)
        return outcome

    async def _read(self, client: Client, address: str, known: dict[str, Any]) -> bool:
        source = _SOURCES[address.split(".")[1]]
        return self._is_fine(
            await lifecycle.read_data(source, client, _configuration(source, known), explain)
        )

    # ------------------------------------------------------------------ apply

    async def _destroy(self, client: Client, address: str, failed: set[str]) -> None:
        if any(other in failed for other, one in self.state.items() if address in one.needs):
            # What needs it could not be destroyed.
            failed.add(address)
            return
        held = self.state[address]
        outcome = await lifecycle.apply(
            held.kind, client, copy.deepcopy(held.values), None, {}, copy.deepcopy(held.private), explain
        )
        if not self._is_fine(outcome):
            failed.add(address)
        if outcome.state is None:
            del self.state[address]

    async def _make(self, client: Client, address: str, given: dict[str, Any], failed: set[str]) -> None:
        if address in failed or _needs(given) & failed:
            failed.add(address)
            return
        known = self._resolved(given, {})
        if address.startswith("data."):
            if not await self._read(client, address, known):
                failed.add(address)
            return
        kind = self._kinds[address.partition(".")[0]]
        config = _configuration(kind, known)
        held = self.state.get(address)
        prior = None if held is None else held.values
        planned = await self._ask_plan(client, kind, prior, config, {} if held is None else held.private)
        if not self._is_fine(planned):
            failed.add(address)
            return
        if held is not None and planned.state == held.values:
            return
        applied = await lifecycle.apply(
            kind, client, copy.deepcopy(prior), copy.deepcopy(planned.state), config, planned.private, explain
        )
        fine = self._is_fine(applied)
        if fine:
            assert applied.state is not None
            assert_consistent(planned.state, applied.state)
        else:
            failed.add(address)
        if applied.state is not None:
            kept = _Held(kind, over_the_wire(kind, applied.state), _needs(given))
            kept.private = applied.private
            kept.tainted = not fine and held is None
            self.state[address] = kept

    # ------------------------------------------------------------------ parts

    def _is_fine(self, outcome: Outcome) -> bool:
        return self._is_fine_all(outcome.diagnostics)

    def _is_fine_all(self, diagnostics: Any) -> bool:
        self.said += [f"{one.summary} {one.detail}" for one in diagnostics]
        return not diagnostics.has_errors

    def _resolved(self, value: Any, changed: Mapping[str, bool]) -> Any:
        """With the values of what is referred to; unknown where it is still to be made."""
        if isinstance(value, dict):
            return {key: self._resolved(item, changed) for key, item in value.items()}
        if isinstance(value, list):
            return [self._resolved(item, changed) for item in value]
        found = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return value
        address = f"{found[2]}.{found[3]}"
        held = self.state.get(address)
        # A name is known before its object is made.
        if found[4] == "name":
            return self._names[address]
        return UNKNOWN if held is None or changed.get(address) else held.values[found[4]]


def _objects(wanted: Configuration) -> dict[str, dict[str, Any]]:
    return {
        f"{'data.' if mode == 'data' else ''}{type_}.{name}": given
        for mode, types in wanted.items()
        for type_, objects in types.items()
        for name, given in objects.items()
    }


def _needs(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(_needs, value.values()))
    if isinstance(value, list):
        return set().union(*map(_needs, value))
    found = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return set() if found is None else {f"{found[1] or ''}{found[2]}.{found[3]}"}


def _levels(needs: Mapping[str, set[str]]) -> Iterable[list[str]]:
    """The addresses, those first of which others need something."""
    left = dict(needs)
    while left:
        level = [address for address, wanted in left.items() if not wanted & left.keys()]
        assert level, f"a circle in {left}"
        yield level
        for address in level:
            del left[address]


def _configuration(kind: type[Resource | DataSource], known: dict[str, Any]) -> Values:
    given = {
        name: dynamic_from_json(value) if isinstance(kind.attributes[name].kind, AnyValue) else value
        for name, value in known.items()
    }
    return configuration(kind, given)
