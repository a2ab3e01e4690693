"""Endpoints: every form that people write, and those that cannot work."""

from __future__ import annotations

import pytest

from prefect_provider.api import ConfigurationError
from prefect_provider.api.settings.endpoint import is_cloud_host, parse_endpoint

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
