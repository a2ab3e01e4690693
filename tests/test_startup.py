"""What a start of the provider may load, and that what it has ready is what the declarations give."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from generate_schema import stale
from prefect_provider import api
from prefect_provider.objects.catalogue import ACTIONS, DATA_SOURCES, EPHEMERAL_RESOURCES, RESOURCES
from prefect_provider.plugin.service.provider_service import ProviderService
from prefect_provider.plugin.serving.on_demand import MethodsOnDemand
from prefect_provider.plugin.serving.rpc import Encoded
from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.provider import PrefectProvider
from prefect_provider.stored_schema import stored_identities, stored_schema


def loaded(code: str) -> set[str]:
    """The modules that a new Python has after running some code."""
    program = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_what_is_stored_is_current() -> None:
    """The schema's bytes and the places of the types are those of the declarations."""
    assert stale() == [], "run scripts/generate_schema.py"


def test_the_stored_schema_is_the_one_that_would_be_made() -> None:
    """A process that answers from the file answers as one that loads every object."""
    _, _, handler = ProviderService(PrefectProvider()).methods()["GetProviderSchema"]

    async def answer() -> Any:
        return await handler(pb.GetProviderSchema.Request())

    assert pb.GetProviderSchema.Response.FromString(stored_schema()) == asyncio.run(answer())


def test_the_stored_identities_are_those_that_would_be_made() -> None:
    """The same for what Terraform (1.12 and newer) asks for next."""
    _, _, handler = ProviderService(PrefectProvider()).methods()["GetResourceIdentitySchemas"]

    async def answer() -> Any:
        return await handler(pb.GetResourceIdentitySchemas.Request())

    assert pb.GetResourceIdentitySchemas.Response.FromString(stored_identities()) == asyncio.run(answer())


@pytest.mark.parametrize(
    ("of", "kinds"),
    [
        ("resources", RESOURCES),
        ("data_sources", DATA_SOURCES),
        ("ephemeral_resources", EPHEMERAL_RESOURCES),
        ("actions", ACTIONS),
    ],
)
def test_every_type_is_found_at_its_place(of: str, kinds: tuple[Any, ...]) -> None:
    """A type is found by its name, and one that there is not is not."""
    provider = PrefectProvider()
    assert [provider.find(of, kind.type_name) for kind in kinds] == list(kinds)
    assert provider.find(of, "prefect_nothing") is None
    assert provider.find("functions", "flow_name") in provider.functions()


def test_a_process_that_is_asked_for_the_schema_loads_nothing_else() -> None:
    """Schemas cost neither the objects nor the engine, nor the messages of the protocol."""
    modules = loaded(
        "import asyncio\n"
        "from prefect_provider.__main__ import _load\n"
        "import prefect_provider.plugin.serving.server\n"
        "(service,) = _load()\n"
        "async def ask(name):\n"
        "    request_type, _, handler = service.unary[name]\n"
        "    return (await handler(request_type.FromString(b''))).SerializeToString()\n"
        "assert len(asyncio.run(ask('GetProviderSchema'))) > 10_000\n"
        "assert len(asyncio.run(ask('GetResourceIdentitySchemas'))) > 1_000\n"
        "asyncio.run(service.close())"
    )
    assert "prefect_provider.stored_schema" in modules
    unwanted = ("google.", "msgpack", "json", "decimal", "prefect_provider.api", "prefect_provider.objects")
    more = (
        "prefect_provider.plugin.engine",
        "prefect_provider.plugin.service",
        "prefect_provider.plugin.wire",
    )
    assert sorted(name for name in modules if name.startswith((*unwanted, *more))) == []


def test_a_call_loads_the_object_that_it_concerns_and_no_other() -> None:
    """However many types there are, a variable needs the module of variables; and not the HTTP client."""
    modules = loaded(
        "from prefect_provider.plugin.service.provider_service import ProviderService\n"
        "from prefect_provider.provider import PrefectProvider\n"
        "ProviderService(PrefectProvider()).methods()\n"
        "assert PrefectProvider().find('resources', 'prefect_variable').type_name == 'prefect_variable'"
    )
    rooms = ("prefect_provider.objects.server.", "prefect_provider.objects.cloud.")
    assert {name for name in modules if name.startswith(rooms)} == {
        "prefect_provider.objects.server.variable"
    }
    slow = {"httpx", "prefect_provider.api.client", "prefect_provider.api.settings", "pathlib"}
    assert sorted(slow & modules) == []


def test_the_way_straight_to_the_server_needs_no_httpx() -> None:
    """Where no proxy is named, the library that knows proxies is not loaded, nor what it takes along."""
    modules = loaded(
        "import os\n"
        "for name in list(os.environ):\n"
        "    if name.lower().endswith('_proxy'): del os.environ[name]\n"
        "import asyncio\n"
        "from prefect_provider.api import ApiError, Client, resolve\n"
        "async def ask():\n"
        "    async with Client(resolve({'endpoint': 'http://127.0.0.1:9', 'max_retries': 0}, {})) as client:\n"
        "        try: await client.check()\n"
        "        except ApiError: pass\n"
        "asyncio.run(ask())"
    )
    assert "h11" in modules
    assert sorted({"httpx", "httpcore", "anyio", "urllib.request"} & modules) == []


def test_the_http_client_comes_without_its_command_line() -> None:
    """What httpx has for people at a terminal is not loaded, though it is installed here."""
    assert "rich" in loaded("import httpx._main")
    modules = loaded("import prefect_provider.api.exchange.httpx_transport")
    assert "httpx" in modules
    assert sorted({"click", "rich", "pygments"} & modules) == []


def test_the_certificate_needs_no_ciphers() -> None:
    """Of the library that makes the key, only what makes the key is loaded."""
    modules = loaded(
        "from prefect_provider.plugin.serving.certificate import create_certificate\ncreate_certificate()"
    )
    assert "cryptography.hazmat.primitives.asymmetric.ec" in modules
    assert sorted(name for name in modules if ".ciphers" in name or ".backends" in name) == []


def test_every_name_of_the_api_is_there() -> None:
    """Names that are loaded when they are asked for exist, and a wrong one is an error as of any module."""
    for name in api.__all__:
        assert getattr(api, name) is not None
    assert set(api._MODULES) == set(api.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Klient'"):
        _ = getattr(api, "Klient")  # noqa: B009  a checker knows that it is not there


def test_methods_are_loaded_once_and_when_they_are_called() -> None:
    """What is stored is answered without loading; anything else loads all, once; a method that is not is not."""
    loads: list[int] = []

    async def other(request: Encoded) -> Encoded:
        return request

    def load() -> dict[str, Any]:
        loads.append(1)
        return {"Schema": (Encoded, Encoded, other), "Other": (Encoded, Encoded, other)}

    methods = MethodsOnDemand({"Schema": lambda: b"stored"}, load)

    async def ask(name: str) -> bytes:
        _, _, handler = methods[name]
        answer = await handler(Encoded(b"asked"))
        return bytes(answer.data)

    assert "Schema" in methods
    assert asyncio.run(ask("Schema")) == b"stored"
    assert loads == []
    assert asyncio.run(ask("Other")) == b"asked"
    assert "Nothing" not in methods
    assert sorted(methods) == ["Other", "Schema"]
    assert len(methods) == 2
    assert loads == [1]
