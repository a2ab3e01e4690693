"""The provider block: what becomes of it, and how errors of the API read."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import Answer, ApiError, Client, ConfigurationError, Conflict, NotFound, Outgoing
from prefect_provider.plugin.engine.validation import validate
from prefect_provider.plugin.language.diagnostics import Diagnostics
from prefect_provider.plugin.language.values import UNKNOWN, Values
from prefect_provider.provider import PrefectProvider
from prefect_provider.version import VERSION
from tests.api.fake_transport import FakeTransport, answer, refused
from tests.objects.terraform_core import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

ID = "0198f3a4-1111-4222-8333-944455556666"


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PREFECT_HOME", "/nonexistent")


@pytest.fixture
def provider() -> Iterator[PrefectProvider]:
    """A provider on a fake network, where every server says that it is Prefect; closed afterwards."""
    provider = PrefectProvider(FakeTransport(lambda _: answer(200, "3.8.8")))
    yield provider
    asyncio.run(provider.close())


def config(**given: Any) -> Values:
    """A provider block; what is not given is null."""
    return dict.fromkeys(PrefectProvider.attributes) | given


def configure(provider: PrefectProvider, diagnostics: Diagnostics, **given: Any) -> Any:
    """Configure, as Terraform 1.11.4 does."""
    return asyncio.run(provider.configure(config(**given), "1.11.4", diagnostics))


def test_every_attribute_reaches_the_client(provider: PrefectProvider) -> None:
    """Each attribute of the block becomes a setting."""
    diagnostics = Diagnostics()
    client: Client = configure(
        provider,
        diagnostics,
        endpoint="http://prefect.test:4200",
        basic_auth_key="user:pass:word",
        csrf_enabled=True,
        custom_headers='{"X-Tenant": "t"}',
        tls_insecure_skip_verify=True,
        request_timeout=12,
        max_retries=3,
        write_concurrency=4,
        requests_per_minute=500,
        patience=30,
    )
    settings = client.settings
    assert settings.endpoint.url == "http://prefect.test:4200/api"
    assert (settings.basic_auth_key, settings.csrf_enabled) == ("user:pass:word", True)
    assert {name.lower(): value for name, value in settings.custom_headers.items()} == {"x-tenant": "t"}
    assert (settings.request_timeout, settings.max_retries, settings.write_concurrency) == (12, 3, 4)
    assert (settings.requests_per_minute, settings.patience) == (500, 30)
    assert (client._server.pace.per_minute, client._server.standstill.limit) == (500, 30)
    assert settings.tls_insecure_skip_verify is True


def test_address_of_a_workspace_is_enough(provider: PrefectProvider) -> None:
    """Account and workspace are read off the endpoint, and trailing slashes do not matter."""
    endpoint = f"https://api.prefect.cloud/api/accounts/{ID}/workspaces/{ID}//"
    client = configure(provider, Diagnostics(), endpoint=endpoint, api_key="key")
    assert (client.settings.account_id, client.settings.workspace_id) == (ID, ID)


@pytest.mark.parametrize(
    ("given", "attribute"),
    [
        ({}, "api_key"),
        ({"endpoint": "https://api.prefect.cloud"}, "api_key"),
        ({"endpoint": "not a url"}, "endpoint"),
        ({"endpoint": "https://app.prefect.cloud/account/x"}, "endpoint"),
        ({"endpoint": "http://x", "workspace_id": ID}, "workspace_id"),
        ({"endpoint": "http://x", "profile": "none-such"}, "profile"),
        ({"endpoint": "http://x", "ssl_cert_file": "/none/such.pem"}, "ssl_cert_file"),
    ],
    ids=str,
)
def test_wrong_block_is_reported_at_its_attribute(
    provider: PrefectProvider, given: dict[str, Any], attribute: str
) -> None:
    """What is wrong or missing becomes an error at the attribute that would set it right, with the remedy."""
    with pytest.raises(ConfigurationError) as caught:
        configure(provider, Diagnostics(), **given)

    diagnostic = provider.explain(caught.value)

    assert diagnostic is not None
    assert diagnostic.path == (attribute,)
    assert diagnostic.summary == "Invalid provider configuration"
    assert diagnostic.detail.count(".") >= 1


def test_wrong_secret_is_reported_without_its_line(provider: PrefectProvider) -> None:
    """An error in a sensitive setting has no path, because Terraform would print the line that has the secret."""
    with pytest.raises(ConfigurationError) as caught:
        configure(provider, Diagnostics(), endpoint="http://x", custom_headers="[]")

    diagnostic = provider.explain(caught.value)

    assert diagnostic is not None
    assert diagnostic.path == ()
    assert "custom_headers" in diagnostic.detail


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"account_id": "x"}, "a UUID"),
        ({"request_timeout": -1}, "not below 0"),
        ({"max_retries": 1.5}, "a whole number"),
        ({"write_concurrency": 0}, "not below 1"),
        ({"requests_per_minute": 0}, "not below 1"),
        ({"patience": 0}, "not below 1"),
        ({"custom_headers": "{hush"}, "jsonencode()"),
    ],
    ids=str,
)
def test_wrong_value_is_refused_by_validate(given: dict[str, Any], text: str) -> None:
    """A value of the wrong form is refused before the provider is configured, without showing a secret one."""
    diagnostics = Diagnostics()
    from decimal import Decimal

    values = {
        name: Decimal(str(value)) if isinstance(value, float) else value for name, value in given.items()
    }
    validate(PrefectProvider, config(**values), diagnostics)
    [error] = diagnostics
    assert error.path == (*given,)
    assert text in error.detail
    assert "hush" not in repr(error)


def test_unknown_block_waits(provider: PrefectProvider) -> None:
    """While a part of the block is not known there is no client, and no guess at another server."""
    diagnostics = Diagnostics()
    assert configure(provider, diagnostics, endpoint=UNKNOWN) is None
    assert configure(provider, diagnostics, endpoint="http://x", basic_auth_key=UNKNOWN) is None
    assert shown(diagnostics) == []


def test_environment_is_used_for_what_is_left_out(
    provider: PrefectProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The block wins over the environment, and the environment over nothing; an empty text is nothing."""
    monkeypatch.setenv("PREFECT_API_URL", "http://from-environment/api")
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "user:password")
    left_out = configure(provider, Diagnostics())
    empty = configure(provider, Diagnostics(), endpoint="")
    written = configure(provider, Diagnostics(), endpoint="http://from-block")
    assert left_out.settings.endpoint.url == empty.settings.endpoint.url == "http://from-environment/api"
    assert written.settings.endpoint.url == "http://from-block/api"
    assert left_out.settings.basic_auth_key == "user:password"


def test_what_is_ignored_is_said(provider: PrefectProvider) -> None:
    """A header that the client sets itself is not silently dropped."""
    diagnostics = Diagnostics()
    configure(provider, diagnostics, endpoint="http://x", custom_headers='{"user-agent": "me"}')
    [warning] = diagnostics
    assert warning.severity == "warning"
    assert "user-agent" in warning.detail.lower()


@pytest.mark.parametrize(
    ("status", "severity", "path"),
    [(401, "error", ()), (403, "error", ()), (503, "warning", ()), (None, "warning", ("endpoint",))],
)
def test_first_contact(status: int | None, severity: str, path: tuple[str, ...]) -> None:
    """A server that refuses is an error, one that is away or busy a warning; no line with a secret is pointed at."""

    def handler(_: Outgoing) -> Answer:
        if status is None:
            raise refused()
        return answer(status, {"exception_message": "no"})

    diagnostics = Diagnostics()
    provider = PrefectProvider(FakeTransport(handler))
    configure(provider, diagnostics, endpoint="http://prefect.test", basic_auth_key="a:b", max_retries=0)
    asyncio.run(provider.close())

    [found] = diagnostics
    assert (found.severity, found.path) == (severity, path)


def test_errors_of_the_api_are_explained_and_defects_are_not(provider: PrefectProvider) -> None:
    """An error of the API says what happened; anything else is left to be reported as a defect."""
    explained = provider.explain(NotFound("what", reason="why", remedy="how"))
    assert explained is not None
    assert (explained.summary, explained.detail) == ("Not found", "what: why. how.")
    assert provider.explain(ApiError("what")) is not None
    assert provider.explain(ValueError("defect")) is None


def test_object_that_exists_is_to_be_imported(provider: PrefectProvider) -> None:
    """Where a creation meets an object of the same name, the error says to import it; a change has no such remedy."""
    created = provider.explain(Conflict("what", method="POST"))
    changed = provider.explain(Conflict("what", method="PATCH"))
    assert created is not None
    assert changed is not None
    assert "`import` block" in created.detail
    assert "import" not in changed.detail


def test_setting_without_an_attribute_has_no_place(provider: PrefectProvider) -> None:
    """A wrong setting that no attribute has is reported without a place in the configuration."""
    explained = provider.explain(ConfigurationError("what", attribute="retry_extra_codes"))
    assert explained is not None
    assert explained.path == ()


def test_resources_and_data_sources_are_there(provider: PrefectProvider) -> None:
    """The provider has its resources, data sources and functions, each under a name of its own."""
    names = [kind.type_name for kind in provider.resources()]
    assert names == sorted(set(names))
    assert {"prefect_automation", "prefect_deployment", "prefect_flow"} <= set(names)
    sources = [kind.type_name for kind in provider.data_sources()]
    assert sources == sorted(set(sources))
    assert {"prefect_deployment", "prefect_deployments", "prefect_worker_metadata"} <= set(sources)
    assert {"flow_name", "parameter_schema"} <= {kind.name for kind in provider.functions()}
    assert provider.version == VERSION


@pytest.mark.parametrize(
    ("version", "warned"), [("3.3.7", True), ("2.20.9", True), ("3.4.0", False), ("0+untagged", False)]
)
def test_a_server_that_is_too_old_is_pointed_out(version: str, warned: bool) -> None:
    """A server of a version that nobody tested is a warning at the endpoint, and is used all the same."""
    provider = PrefectProvider(FakeTransport(lambda _: answer(200, version)))
    diagnostics = Diagnostics()

    client = configure(provider, diagnostics, endpoint="http://prefect.test/api")

    assert client is not None
    assert [(one.severity, one.path, version in one.detail) for one in diagnostics] == (
        [("warning", ("endpoint",), True)] if warned else []
    )
    asyncio.run(provider.close())
