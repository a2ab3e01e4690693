"""Endpoints: every form that people write, and those that cannot work."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import pytest

from prefect_provider.api import Answer, ConfigurationError, UnexpectedAnswer
from prefect_provider.api.settings.endpoint import is_cloud_host, parse_endpoint
from tests.api.fake_transport import FakeTransport, answer, client, script

A = "11111111-2222-3333-4444-555555555555"
W = "66666666-7777-8888-9999-aaaaaaaaaaaa"


@pytest.mark.parametrize(
    ("text", "url", "ids"),
    [
        ("http://127.0.0.1:4200", "http://127.0.0.1:4200/api", (None, None)),
        ("http://127.0.0.1:4200/", "http://127.0.0.1:4200/api", (None, None)),
        ("http://127.0.0.1:4200/api", "http://127.0.0.1:4200/api", (None, None)),
        ("http://127.0.0.1:4200//api//", "http://127.0.0.1:4200/api", (None, None)),
        (" https://host/prefect/api/\n", "https://host/prefect/api", (None, None)),
        ("https://host/prefect/", "https://host/prefect", (None, None)),
        (f"https://host/prefect/accounts/{A}/workspaces/{W}", "https://host/prefect", (A, W)),
        ("http://[::1]:4200/api", "http://[::1]:4200/api", (None, None)),
        (
            f"https://api.prefect.cloud/api/accounts/{A}/workspaces/{W}",
            "https://api.prefect.cloud/api",
            (A, W),
        ),
        (f"https://api.prefect.cloud/accounts/{A}/workspaces/{W}/", "https://api.prefect.cloud/api", (A, W)),
        (f"http://onprem:80/api/accounts/{A.upper()}/workspaces/{W}/", "http://onprem:80/api", (A, W)),
        (f"https://api.prefect.cloud/api/accounts/{A}", "https://api.prefect.cloud/api", (A, None)),
    ],
)
def test_forms(text: str, url: str, ids: tuple[str | None, str | None]) -> None:
    """Slashes, the /api suffix and ids may be written or left out."""
    endpoint = parse_endpoint(text, "here")

    assert endpoint.url == url
    assert (endpoint.account_id, endpoint.workspace_id) == ids


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("localhost:4200", "http or https URL"),
        ("127.0.0.1:4200/api", "http or https URL"),
        ("ftp://host/api", "http or https URL"),
        ("https:///api", "http or https URL"),
        ("http://host:99999/api", "not a URL"),
        ("http://ho st/api", "not a web address"),
        ("http://host/api?key=hunter2", "query or fragment"),
        ("http://host/#/runs", "query or fragment"),
        ("https://user:hunter2@host/api", "PREFECT_API_AUTH_STRING"),
        ("http://api.prefect.cloud/api", "unencrypted"),
        ("https://api.prefect.cloud/api/accounts/acme/workspaces/dev", "not a UUID"),
    ],
)
def test_refused(text: str, shown: str) -> None:
    """What cannot be an API's address is refused with its source, and without what may be a secret in it."""
    with pytest.raises(ConfigurationError) as caught:
        parse_endpoint(text, "PREFECT_API_URL")

    assert caught.value.attribute == "endpoint"
    assert shown in str(caught.value)
    assert "from PREFECT_API_URL" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "https://user:hunter2@host/api",
        "https://user:hunter2@host:port/api",
        "https://user:hunt#er2@host/api",
        "https://user:hunt?er2@host/api",
        "https://user:hunt/er2@host/api",
        "https://user/hunter2@host/api",
        "https://user:hunter2@[host/api",
        "https://user:hunter2@h@st/api#x",
        "https://us er:hunter2@host/api",
        "http:user:hunter2@host",
        "ftp://user:hunter2@host",
        "user:hunter2@host:4200",
        "user:hunter2",
        "//user:hunter2@host/api",
        "http://host:4200:hunter2/api",
        "http://host/api?apikey=hunter2",
        "http://host/api;x:hunter2@y",
        "https://app.prefect.cloud:hunter2@x/api",
        "https://u:hunter2@app.prefect.cloud/account/x",
    ],
)
def test_passwords_are_not_shown(text: str) -> None:
    """However wrong an address is, no part of a password is shown, and its line is marked as not to be shown."""
    with pytest.raises(ConfigurationError) as caught:
        parse_endpoint(text, "the provider block")

    assert caught.value.holds_secret
    shown = f"{caught.value} {caught.value.__cause__!r} {caught.value.got}"
    assert not [part for part in ("hunt", "er2") if part in shown]


@pytest.mark.parametrize(
    "text",
    [
        "localhost:4200",
        "ftp://host/api",
        "http://h st/api",
        "http:/host",
        "https://app.prefect.cloud/account/x",
    ],
)
def test_harmless_addresses_are_shown(text: str) -> None:
    """A wrong address that has no place for a password is shown."""
    with pytest.raises(ConfigurationError) as caught:
        parse_endpoint(text, "the provider block")

    assert f'"{text}"' in str(caught.value)
    assert not caught.value.holds_secret


def test_path_is_taken_as_it_is() -> None:
    """Behind a proxy the API may be anywhere; if nothing is found there, the error says what else to try."""

    async def scenario() -> None:
        transport = FakeTransport(script(answer(200, "3.8.8"), answer(200, {"id": "1"})))
        made = client(transport, endpoint="https://host/prefect")
        assert await made.check() == "3.8.8"
        await made.get("/flows/1")
        assert transport.sent[1].url == "https://host/prefect/flows/1"

        elsewhere = client(
            FakeTransport(script(answer(404, {"detail": "Not Found"}))), endpoint="https://host/prefect"
        )
        with pytest.raises(
            UnexpectedAnswer, match=r"if the API is below that path, write https://host/prefect/api;"
        ):
            await elsewhere.check()

    asyncio.run(scenario())


def test_host_alone_is_looked_through() -> None:
    """Of a host without a path, the API is looked for below /api, and then at the root."""
    page = Answer(200, {"content-type": "text/html"}, b"<title>Prefect</title>")

    async def paths(*steps: Answer) -> list[str]:
        transport = FakeTransport(script(*steps))
        made = client(transport, endpoint="https://host")
        with suppress(UnexpectedAnswer):
            await made.check()
            await made.get("/flows/1")
        return [sent.url.removeprefix("https://host") for sent in transport.sent]

    async def scenario() -> None:
        version, flow, missing = (
            answer(200, "3.8.8"),
            answer(200, {"id": "1"}),
            answer(404, {"detail": "Not Found"}),
        )
        assert await paths(version, flow) == ["/api/admin/version", "/api/flows/1"]
        at_root = ["/api/admin/version", "/admin/version", "/admin/version", "/flows/1"]
        assert await paths(missing, version, version, flow) == at_root
        assert await paths(page, page) == at_root[:2]

    asyncio.run(scenario())


def test_page_of_the_user_interface() -> None:
    """An address copied from the browser is answered with the address of the API."""
    with pytest.raises(ConfigurationError) as caught:
        parse_endpoint(f"https://app.prefect.cloud/account/{A}/workspace/{W}/dashboard?tab=1", "here")

    assert f"https://api.prefect.cloud/api/accounts/{A}/workspaces/{W}" in str(caught.value)


def test_cloud_hosts() -> None:
    """Cloud is judged by the host alone, and not by a name that only contains it."""
    hosts = (
        "api.prefect.cloud",
        "API.prefect.dev",
        "private.prefect.cloud",
        "prefect.cloud.evil.com",
        "localhost",
    )

    assert [is_cloud_host(host) for host in hosts] == [True, True, True, False, False]
