"""The simulator of Prefect Cloud keeps to what docs/cloud-contract.md says."""

from __future__ import annotations

from typing import Any

import httpx

from tests.environment.prefect_cloud import PrefectCloud


def asked(cloud: PrefectCloud, method: str, path: str, **more: Any) -> httpx.Response:
    """An answer to the owner's request, for a path below the account."""
    headers = {"Authorization": f"Bearer {more.pop('key', cloud.key)}"}
    url = f"{cloud.url}/accounts/{cloud.account_id}{path}"
    return httpx.request(method, url, headers=headers, **more)


def test_an_account_needs_its_key() -> None:
    """The owner's key reads the account; another is answered 401."""
    with PrefectCloud() as cloud:
        assert asked(cloud, "GET", "").json()["handle"] == "example"
        assert asked(cloud, "GET", "", key="other").status_code == 401
        assert [status for *_, status in cloud.seen] == [200, 401]
