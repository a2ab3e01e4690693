"""The calls that Terraform does not make today, or only in some versions: the package answers as the sources do."""

from __future__ import annotations

import asyncio
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from grpclib.client import Channel, UnaryUnaryMethod
from grpclib.config import Configuration

from prefect_provider.plugin.service.provider_service import ProviderService
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.provider import PrefectProvider
from prefect_provider.version import VERSION
from tests.environment.terraform import ROOT
from tests.plugin.plugin_process import WINDOW, Identity, Plugin, plugin_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.environment.terraform import Workspace

pytestmark = [pytest.mark.package, pytest.mark.usefixtures("dist")]

NAMES = ("GetMetadata", "GetProviderSchema", "GetResourceIdentitySchemas", "GetFunctions")


@pytest.fixture
def identity() -> Identity:
    """Terraform's certificate."""
    return Identity()


@pytest.fixture
def plugin(identity: Identity) -> Iterator[Plugin]:
    """The package, started as Terraform starts it."""
    program = ROOT / ".cache" / "package" / "unpacked" / f"terraform-provider-prefect_v{VERSION}"
    environ = plugin_environment(identity)
    del environ["PYTHONPATH"]
    process = subprocess.Popen([program], env=environ, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield Plugin(process, process.stdout.readline().rstrip("\n"))
    process.terminate()
    process.communicate(timeout=120)


async def ask(plugin: Plugin, identity: Identity, name: str) -> Any:
    """What the package answers to an empty request."""
    message = getattr(pb, name)
    config = Configuration(
        ssl_target_name_override="localhost",
        http2_connection_window_size=WINDOW,
        http2_stream_window_size=WINDOW,
    )
    channel = Channel(path=plugin.path, ssl=plugin.tls(identity), config=config)
    try:
        method = UnaryUnaryMethod(channel, f"/tfplugin6.Provider/{name}", message.Request, message.Response)
        return await method(message.Request())
    finally:
        channel.close()
        await asyncio.sleep(0.05)  # the TLS farewell


@pytest.mark.parametrize("name", NAMES)
def test_what_it_says_of_itself(plugin: Plugin, identity: Identity, name: str) -> None:
    """Every type, function and description is there, though nothing of it is a file any more."""
    request, _, handler = ProviderService(PrefectProvider()).methods()[name]

    async def expected() -> Any:
        return await handler(request())

    assert asyncio.run(ask(plugin, identity, name)) == asyncio.run(expected())


ZONES = """
resource "prefect_deployment_schedule" "this" {
  deployment_id = "11111111-2222-4333-8444-555555555555"
  cron          = "0 6 * * *"
  timezone      = "%s"
}
"""


def test_time_zones_of_its_own(terraform: Callable[..., Workspace]) -> None:
    """Where the system has no time zones, the package knows those that it brings, and which there are not."""
    for zone, known in (("America/Argentina/Ushuaia", True), ("America/Nowhere", False)):
        workspace = terraform(ZONES % zone, api_url=None, env={"PYTHONTZPATH": ""})
        errors = workspace.validate().errors
        assert (errors == []) is known, errors
    assert "America/Nowhere" in errors[0].detail
