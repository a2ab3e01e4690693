"""The proxy does to a request what each of its faults says, and the same again with the same seed."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.environment.fault_proxy import FAULTS, Fault, FaultProxy
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from tests.environment.prefect_server import PrefectServer


class Got(NamedTuple):
    """What came of a request."""

    status: int
    """0 where there was no whole answer."""
    kind: str
    body: bytes
    retry_after: str | None


def _ask(proxy: FaultProxy, method: str, path: str, body: Any = None) -> Got:
    host = proxy.api_url.removeprefix("http://").removesuffix("/api")
    connection = http.client.HTTPConnection(host, timeout=10)
    try:
        content = None if body is None else json.dumps(body)
        connection.request(method, f"/api{path}", content, {"content-type": "application/json"})
        answer = connection.getresponse()
        headers = answer.headers
        return Got(answer.status, headers.get("content-type", ""), answer.read(), headers.get("retry-after"))
    except (OSError, http.client.HTTPException):
        return Got(0, "", b"", None)
    finally:
        connection.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_fault_does(prefect_server: PrefectServer, fault: Fault) -> None:
    """A creation is answered as the fault says, and the server has made the object exactly if it says so."""
    name = unique("proxy")
    with FaultProxy(prefect_server.url, rate=1.0, faults=[fault]) as proxy:
        got = _ask(proxy, "POST", "/flows/", {"name": name})
        proxy.calm = True
        assert _ask(proxy, "GET", "/health").status == 200
        assert proxy.seen[0].fault == fault

    begin = fault.partition("-")[0]
    assert got.status == (
        int(begin)
        if begin.isdigit()
        else 0
        if begin in ("reset", "refused", "truncated")
        else 200
        if begin in ("html", "empty")
        else 201
    )
    assert got.retry_after == ("0.1" if fault == "429-retry-after" else None)
    assert got.kind.startswith("text/plain") == (fault == "content-type")
    assert (b"<html>" in got.body) == (
        fault == "html-after" or (begin in ("502", "503", "504") and b"<" in got.body)
    )
    acts = fault in ("csrf", "content-type", "drip") or (fault.endswith("-after") and begin != "429")
    assert prefect_server.exists(f"/flows/name/{name}") == acts


def test_token_that_is_no_longer_valid(guarded_server: PrefectServer) -> None:
    """The server itself refuses the token, because its client has been given another one."""
    with FaultProxy(guarded_server.url, rate=1.0, faults=["csrf"], most=1) as proxy:
        host = proxy.api_url.removeprefix("http://").removesuffix("/api")
        credentials = guarded_server._credentials("POST")
        connection = http.client.HTTPConnection(host, timeout=10)
        body, headers = json.dumps({"name": unique("proxy")}), {"content-type": "application/json"}
        statuses = []
        for _ in range(2):
            connection.request("POST", "/api/flows/", body, credentials | headers)
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()

    # Refused by the fault, and then because the token of before is gone for good.
    assert statuses == [403, 403]


def test_key_that_is_revoked_and_restored(prefect_server: PrefectServer) -> None:
    """From a given request on everything is answered 401, and not once the proxy is calm."""
    with FaultProxy(prefect_server.url, revoked_after=2) as proxy:
        statuses = [_ask(proxy, "GET", "/health").status for _ in range(4)]
        proxy.calm = True
        statuses.append(_ask(proxy, "GET", "/health").status)

    assert statuses == [200, 200, 401, 401, 200]


def test_same_seed() -> None:
    """The faults follow from the seed and from what is asked, whatever ids and other chance there are in it."""

    def drawn(seed: int, chance: str) -> list[Fault | None]:
        with FaultProxy("http://127.0.0.1:1", seed=seed, rate=0.5) as proxy:
            return [proxy.choose("GET", f"/api/flows/{chance}") for _ in range(50)]

    first, second = "0198f3a4-1111-4222-8333-944455556666", "ffffffff-1111-4222-8333-944455556666"
    assert drawn(1, first) == drawn(1, second)
    assert drawn(1, f"name/x-{first[-12:]}") == drawn(1, f"name/x-{second[:8]}0000")
    assert drawn(1, first) != drawn(2, first)


def test_patience_is_rewarded() -> None:
    """No more than ``most`` faults come in a row for one request."""
    with FaultProxy("http://127.0.0.1:1", rate=1.0, most=2) as proxy:
        struck = [proxy.choose("GET", "/api/flows/x") is not None for _ in range(6)]

    assert struck == [True, True, False, True, True, False]
