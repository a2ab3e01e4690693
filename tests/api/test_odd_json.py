"""JSON that programs read in different ways, listings that are none, and gateways' errors that look like Prefect's."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from prefect_provider.api import Answer, ApiError, NotFound, Request, RetryPolicy, UnexpectedAnswer
from tests.api.fake_transport import FakeTransport, answer, client, script

JSON = {"content-type": "application/json"}
PROBLEM = {"content-type": "application/problem+json; charset=utf-8"}
ID = "0198f3a4-1111-4222-8333-944455556666"


def _error(reply: Answer, method: str = "GET", path: str = "/flows/1") -> ApiError:
    """The error that a request ends with when it is always answered so."""

    async def scenario() -> ApiError:
        made = client(FakeTransport(lambda _: reply), policy=RetryPolicy(max_retries=0))
        with pytest.raises(ApiError) as caught:
            await made.send(Request(method, path, None if method == "GET" else {}))
        return caught.value

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("body", "flaw"),
    [
        (b'{"id": "a", "id": "b"}', "one name twice"),
        (b'[{"a": {"b": 1, "b": 1}}]', "one name twice"),
        (b'{"a": NaN}', "NaN, which is no number"),
        (b'{"a": [-Infinity]}', "-Infinity, which is no number"),
        (b'{"a": 1e999}', "a number that is too large"),
        (b'{"a": -1e999}', "a number that is too large"),
        (b'{"a": ' + b"9" * 310 + b"}", "a number that is too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number that is too large"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "nested too deeply"),
        (b"[" * 900 + b"]" * 900, "nested too deeply"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a": "\xff"}', "no JSON"),
        (b"{'a': 1}", "no JSON"),
    ],
    ids=lambda value: value[:24] if isinstance(value, bytes) else "",
)
def test_json_that_is_refused(body: bytes, flaw: str) -> None:
    """Each is an error that names the request and what is wrong with the answer, as a success and as an error."""
    for status in (200, 404, 422):
        error = _error(Answer(status, JSON, body))
        assert isinstance(error, UnexpectedAnswer)
        assert "GET /api/flows/1" in str(error)
        assert flaw in str(error)


@pytest.mark.parametrize(
    "data",
    [
        {"a": {"b": [1, 2.5, -(10**300), "\N{GRINNING FACE}", None, True]}},
        [[[[{"a": []}]]]] * 3,
        json.loads('{"a":' * 200 + "1" + "}" * 200),
        1.7976931348623157e308,
    ],
    ids=str,
)
def test_json_that_is_read(data: Any) -> None:
    """What a document of use may hold arrives as it is."""

    async def scenario() -> None:
        made = client(FakeTransport(script(answer(200, data))))
        assert (await made.get("/flows/1")).data == data

    asyncio.run(scenario())


@pytest.mark.parametrize("data", [{}, {"results": []}, "x", 7, [7], [None], [{}, "x"], [[]]], ids=repr)
def test_listing_of_something_else(data: Any) -> None:
    """A filter is answered with a list of objects, or with nothing that could be taken for one."""
    error = _error(answer(200, data), "POST", "/flows/filter")

    assert isinstance(error, UnexpectedAnswer)
    assert "POST /api/flows/filter" in str(error)
    assert "it is no list of objects" in str(error)


@pytest.mark.parametrize("data", [{}, [], "3", True, -1, 1.5], ids=repr)
def test_count_of_something_else(data: Any) -> None:
    """A count is answered with a number of objects."""
    assert "it is no number of objects" in str(_error(answer(200, data), "POST", "/deployments/count"))


@pytest.mark.parametrize("data", [[], {"results": {}}, {"count": 1}], ids=repr)
def test_page_of_something_else(data: Any) -> None:
    """A page is answered with its objects in a list."""
    assert "it is no page of objects" in str(_error(answer(200, data), "POST", "/flows/paginate"))


@pytest.mark.parametrize(
    "reply",
    [
        Answer(404, PROBLEM, b'{"detail":"no route matched"}'),
        answer(404, {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no such route"}),
        answer(404, {"detail": "no route", "request_id": "5"}),
        answer(404, {"detail": ""}),
        answer(404, {"detail": {"message": "no route"}}),
    ],
    ids=lambda reply: reply.body.decode(),
)
def test_route_that_a_gateway_does_not_have(reply: Answer) -> None:
    """A gateway's 404 with a detail of its own says nothing of the object."""
    error = _error(reply)

    assert not isinstance(error, NotFound)
    assert isinstance(error, UnexpectedAnswer)


@pytest.mark.parametrize(
    "data", [{"detail": "Flow not found"}, {"exception_message": "Automation not found"}], ids=repr
)
def test_object_that_prefect_does_not_have(data: Any) -> None:
    """Prefect's own word that an object is not there counts."""
    assert isinstance(_error(answer(404, data)), NotFound)


def test_route_that_a_gateway_has_soon() -> None:
    """While a gateway loads its routes, reads and writes are tried again; nothing was done by those that it refused."""

    async def scenario() -> None:
        no_route = answer(404, {"message": "no Route matched with those values"})
        replies = [answer(200, "3.8.8"), no_route, answer(200, {"id": ID}), no_route, answer(201, {"id": ID})]
        made = client(FakeTransport(script(*replies)))
        await made.check()
        assert (await made.get("/flows/1")).data == {"id": ID}
        assert (await made.post("/flows/", {})).data == {"id": ID}

    asyncio.run(scenario())


def test_route_that_a_gateway_has_soon_after_other_faults() -> None:
    """That a gateway is loading its routes is waited for as well where the request has met other faults before."""

    async def scenario() -> None:
        no_route = answer(404, {"message": "no Route matched with those values"})
        busy = [answer(502, {}) for _ in range(5)]
        replies = [answer(200, "3.8.8"), *busy, no_route, no_route, answer(200, {"id": ID})]
        made = client(FakeTransport(script(*replies)))
        await made.check()
        assert (await made.get("/flows/1")).data == {"id": ID}

    asyncio.run(scenario())


@pytest.mark.parametrize("token", ["", "a b", "a\r\nx-evil: 1", "é", 7, None, ["a"], {"a": 1}], ids=repr)
def test_token_that_is_none(token: Any) -> None:
    """What could not be sent in a header is no token, and the error names the request that asked for it."""

    async def scenario() -> None:
        transport = FakeTransport(
            lambda _: answer(200, {"token": token, "expiration": "2099-01-01T00:00:00Z"})
        )
        made = client(transport, policy=RetryPolicy(max_retries=0), csrf_enabled=True)
        with pytest.raises(UnexpectedAnswer, match="GET /csrf-token has no token"):
            await made.post("/flows/", {})
        assert all("/csrf-token" in sent.url for sent in transport.sent)

    asyncio.run(scenario())


def test_deletion_that_is_answered_with_something() -> None:
    """A deletion is answered with 204; anything else is believed once the object is gone."""

    async def scenario(*after: Answer) -> None:
        made = client(FakeTransport(script(answer(200, "3.8.8"), *after)), policy=RetryPolicy(max_retries=0))
        await made.check()
        await made.delete("/flows/1")

    answers: tuple[Any, ...] = ({}, [], "deleted", 0)
    for data in answers:
        asyncio.run(scenario(answer(200, data), answer(404, {"detail": "Flow not found"})))
        with pytest.raises(UnexpectedAnswer, match="the object is still there"):
            asyncio.run(scenario(answer(200, data), answer(200, {"id": ID})))
