"""What the trials look for is found: a client and objects that break the rules on purpose do not pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.objects.catalogue import SERVER_RESOURCES
from prefect_provider.objects.server.variable import Variable
from prefect_provider.plugin.language.diagnostics import ProviderError
from tests.environment.fault_proxy import FaultProxy
from tests.faults.configurations import SECRET
from tests.faults.conftest import KEY
from tests.faults.small_terraform import SmallTerraform
from tests.faults.test_random_faults import live
from tests.faults.truth import assert_secretive
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api import Answer, Outgoing, Transport
    from prefect_provider.plugin.language.values import Value, Values
    from tests.environment.prefect_server import PrefectServer

AUTOMATIONS = 6
"""The seed of a life with automations."""
VARIABLE = 15
"""The seed of a life with a variable."""


class _Twice:
    """A network that delivers every new automation twice, as a client that repeats without looking would."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

    async def send(self, outgoing: Outgoing) -> Answer:
        """Send it, and again."""
        if outgoing.method == "POST" and outgoing.url.endswith("/automations/"):
            await self._inner.send(outgoing)
        return await self._inner.send(outgoing)

    async def aclose(self) -> None:
        """Close the real connection."""
        await self._inner.aclose()


class _Forgetful(Variable):
    """Makes a variable, and does not say so."""

    async def create(self, planned: Values, config: Values) -> Values:
        """Post it and fail."""
        await self.scope(planned).post("/variables/", self.body(planned))
        msg = "Failed"
        raise ProviderError(msg)


class _Lazy(Variable):
    """Takes a deletion as done."""

    async def remove(self, prior: Values) -> None:
        """Leave it there."""


class _Restless(Variable):
    """Never has the tags that are wanted."""

    def values(self, data: Mapping[str, Any], held: Mapping[str, Value]) -> Values:
        """With a tag too many."""
        return super().values(data, held) | {"tags": ["another"]}


def _life(server: PrefectServer, seed: int, **options: Any) -> None:
    with FaultProxy(server.url) as proxy:
        settings = {"endpoint": proxy.api_url, "basic_auth_key": KEY}
        live(server, proxy, SmallTerraform(settings, **options), seed, unique("faults"))


def _with(kind: type[Variable]) -> dict[str, Any]:
    return {"kinds": {one.type_name: kind if one is Variable else one for one in SERVER_RESOURCES}}


@pytest.mark.parametrize("seed", [AUTOMATIONS, VARIABLE])
def test_what_keeps_the_rules_passes(guarded_server: PrefectServer, seed: int) -> None:
    """Without faults and with nothing broken, both lives are fine."""
    _life(guarded_server, seed)


def test_doubled_objects_are_found(guarded_server: PrefectServer) -> None:
    """An automation that is there once more than in the state fails the trial."""
    with pytest.raises(AssertionError, match="in state"):
        _life(guarded_server, AUTOMATIONS, transport=_Twice)


@pytest.mark.parametrize(
    ("kind", "found"),
    [(_Forgetful, "does not converge"), (_Lazy, "in state"), (_Restless, "the plan is not empty")],
)
def test_broken_objects_are_found(guarded_server: PrefectServer, kind: type[Variable], found: str) -> None:
    """One that is lost, one that is not deleted, and one that never is as planned fail the trial."""
    with pytest.raises(AssertionError, match=found):
        _life(guarded_server, VARIABLE, **_with(kind))


@pytest.mark.parametrize("text", [f"x {SECRET}-2", f"Basic {KEY}", KEY.partition(":")[2]])
def test_secrets_are_found(text: str) -> None:
    """A secret in anything that was said fails the trial."""
    assert_secretive(["nothing"])
    with pytest.raises(AssertionError, match="a secret in"):
        assert_secretive(["nothing", f"it is {text}."])
