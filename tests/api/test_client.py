"""The client against a fake network: what is repeated, what is not, and what the errors say."""

from __future__ import annotations

import asyncio
import json
import logging
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from prefect_provider.api import (
    Answer,
    ApiError,
    Client,
    Complaint,
    ConfigurationError,
    Conflict,
    ConnectionFailed,
    Forbidden,
    Interrupted,
    Invalid,
    NotFound,
    Outgoing,
    RateLimited,
    Reply,
    Request,
    RetryPolicy,
    Scope,
    ServerFault,
    TimedOut,
    Unauthorized,
    Unavailable,
    UnexpectedAnswer,
    join_path,
    resolve,
)
from tests.api.fake_transport import FakeTransport, answer, broken, client, refused, script

if TYPE_CHECKING:
    from collections.abc import Callable

OK = answer(200, {"id": "1"})
BUSY = answer(503, {"exception_message": "Service Unavailable"})
HELLO = answer(200, "hello")
A = "11111111-2222-3333-4444-555555555555"
W = "66666666-7777-8888-9999-aaaaaaaaaaaa"
W2 = "bbbbbbbb-cccc-dddd-eeee-ffffffffffff"
HTML = Answer(
    200, {"content-type": "text/html; charset=utf-8"}, b"<html><title>Prefect\n Server</title></html>"
)


async def warm(*steps: Answer | Exception, **explicit: Any) -> tuple[Client, FakeTransport]:
    """A client whose server has answered once before these steps."""
    transport = FakeTransport(script(HELLO, *steps))
    made = client(transport, **explicit)
    await made.get("/hello")
    transport.sent.clear()
    return made, transport


def cloud(transport: FakeTransport, **explicit: Any) -> Client:
    """A client of the fake as Prefect Cloud."""
    settings = resolve({"endpoint": "https://api.prefect.cloud", "api_key": "pnu_k", **explicit}, {})
    return Client(settings, transport=transport, policy=RetryPolicy(first_wait=0.001))


def test_what_is_sent() -> None:
    """Method, URL, query and body arrive as given, with the API version and the client's own user agent."""

    async def scenario() -> None:
        transport = FakeTransport(script(OK))
        made = client(transport, api_key="pnu_key", custom_headers='{"X-Team": "data"}')
        params: dict[str, str | bool | None] = {"full": True, "q": "a b", "none": None}
        reply = await made.send(
            Request("post", "/flows/", {"n": Decimal("1.5"), "m": Decimal(3)}, params=params)
        )

        assert (reply.status, reply.data) == (200, {"id": "1"})
        (sent,) = transport.sent
        assert (sent.method, sent.url) == ("POST", "http://prefect.test/api/flows/?full=true&q=a+b")
        assert sent.body is not None
        assert json.loads(sent.body) == {"n": 1.5, "m": 3}
        assert sent.headers["authorization"] == "Bearer pnu_key"
        assert sent.headers["x-prefect-api-version"] == "0.8.4"
        assert sent.headers["content-type"] == "application/json"
        assert sent.headers["x-team"] == "data"
        assert sent.headers["user-agent"].startswith("prefect-iac/")

    asyncio.run(scenario())


def test_basic_auth_wins() -> None:
    """The auth string beats the key, as in Prefect; a custom Authorization beats both."""

    async def scenario() -> None:
        cases: tuple[tuple[dict[str, Any], str], ...] = (
            ({}, "Basic YWRtaW46cGE6c3M="),
            ({"custom_headers": '{"Authorization": "Negotiate x"}'}, "Negotiate x"),
        )
        for extra, expected in cases:
            transport = FakeTransport(script(OK))
            await client(transport, api_key="k", basic_auth_key="admin:pa:ss", **extra).get("/x")

            assert transport.sent[0].headers["authorization"] == expected

    asyncio.run(scenario())


def test_scopes() -> None:
    """Ids of a resource beat the provider's; a self-hosted server has no prefix."""
    transport = FakeTransport(script())
    plain, full = client(transport), cloud(transport, account_id=A, workspace_id=W)

    assert plain.workspace().prefix == ""
    assert full.workspace().prefix == f"/accounts/{A}/workspaces/{W}"
    assert full.workspace(workspace_id=W2).prefix == f"/accounts/{A}/workspaces/{W2}"
    assert full.account().prefix == f"/accounts/{A}"


def test_scopes_that_lack_an_id() -> None:
    """What is missing is named; a workspace of another account is never combined."""
    transport = FakeTransport(script())
    full, bare = cloud(transport, account_id=A, workspace_id=W), cloud(transport)
    cases: tuple[tuple[str, Callable[[], Scope]], ...] = (
        ("account_id", bare.workspace),
        ("account_id", bare.account),
        ("workspace_id", lambda: full.workspace(account_id=W2)),
        ("account_id", lambda: client(transport).workspace(workspace_id=W)),
    )
    for missing, call in cases:
        with pytest.raises(ConfigurationError) as caught:
            call()

        assert caught.value.attribute == missing


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        (("work_pools", "my pool"), "/work_pools/my%20pool"),
        (("a/b", "ü?#"), "/a%2Fb/%C3%BC%3F%23"),
        (("x", ".."), "/x/%2E%2E"),
    ],
)
def test_join_path(parts: tuple[str, ...], path: str) -> None:
    """Names with spaces, slashes and letters of any alphabet stay one step of the path."""
    assert join_path(*parts) == path


def test_join_path_refuses_nothing() -> None:
    """An empty id must not address the whole collection."""
    with pytest.raises(ValueError, match="empty part"):
        join_path("flows", "")


def test_collection_reads_by_id() -> None:
    """A missing object is None, one that is there a dictionary."""

    async def scenario() -> None:
        gone = answer(404, {"detail": "Flow not found"})
        made, transport = await warm(OK, gone, answer(200, []))
        flows = made.workspace().collection("/flows/")

        assert await flows.read("a b") == {"id": "1"}
        assert await flows.read("x") is None
        with pytest.raises(UnexpectedAnswer, match="expected an object, got list"):
            await flows.read("y")
        assert transport.sent[0].url == "http://prefect.test/api/flows/a%20b"

    asyncio.run(scenario())


ECHO = {
    "exception_message": "Invalid request received.",
    "exception_detail": [
        {"type": "x", "loc": ["body", "name"], "msg": "Input should be a string", "input": "hunter2"},
        {
            "type": "x",
            "loc": ["body", "triggers", 0, "within"],
            "msg": "bad key pnu_key",
            "input": {"a": "hunter2"},
        },
    ],
    "request_body": {"secret": "hunter2"},
}


@pytest.mark.parametrize(
    ("status", "body", "kind", "reason"),
    [
        (400, {"detail": "no"}, ApiError, "no"),
        (401, {"exception_message": "Unauthorized"}, Unauthorized, "Unauthorized"),
        (403, {"detail": "no"}, Forbidden, "no"),
        (404, {"exception_message": "Automation not found"}, NotFound, "Automation not found"),
        (409, {"detail": "Data integrity conflict"}, Conflict, "Data integrity conflict"),
        (422, ECHO, Invalid, "name: Input should be a string; triggers[0].within: bad key (sensitive)"),
        (422, {"detail": [{"loc": ["path", "id"], "msg": "not a UUID"}]}, Invalid, "path.id: not a UUID"),
        (422, {"detail": "CSRF protection is disabled."}, Invalid, "CSRF protection is disabled."),
        (500, {"exception_message": "Internal Server Error"}, ServerFault, "Internal Server Error"),
    ],
)
def test_errors_by_status(status: int, body: Any, kind: type[ApiError], reason: str) -> None:
    """Each status has its error, sent once, with the server's reason and nothing of what was sent."""

    async def scenario() -> None:
        made, transport = await warm(answer(status, body), api_key="pnu_key")
        with pytest.raises(kind) as caught:
            await made.post("/automations/?x=1", {"secret": "hunter2"}, retry="safe")

        assert type(caught.value) is kind
        assert caught.value.reason == reason
        assert (caught.value.status, caught.value.method) == (status, "POST")
        assert "hunter2" not in str(caught.value)
        assert len(transport.sent) == 1

    asyncio.run(scenario())


def test_problems_have_places() -> None:
    """A 422 keeps the place of each problem, for the resource to point to its attribute."""

    async def scenario() -> None:
        made, _ = await warm(answer(422, ECHO))
        with pytest.raises(Invalid) as caught:
            await made.post("/automations/", {})

        assert caught.value.problems == (
            Complaint(("name",), "Input should be a string"),
            Complaint(("triggers", 0, "within"), "bad key pnu_key"),
        )

    asyncio.run(scenario())


def test_concealed_values() -> None:
    """A value that the caller names as secret is removed from the server's words."""

    async def scenario() -> None:
        made, _ = await warm(answer(409, {"detail": "no block with hunter2 in it"}))
        with pytest.raises(Conflict, match=r"no block with \(sensitive\) in it"):
            await made.post("/block_documents/", {"data": "hunter2"}, conceal=("hunter2",))

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("reply", "texts"),
    [
        (
            HTML,
            [
                "status 200, text/html",
                "'Prefect Server'",
                "http://prefect.test/api (from the provider block)",
            ],
        ),
        (
            Answer(404, {"content-type": "text/html"}, b"<h1>nginx"),
            ["status 404, text/html", "Check the endpoint"],
        ),
        (answer(404), ["has nothing at GET /api/flows/1", "Check the endpoint"]),
        (answer(404, {"detail": "Not Found"}), ["has nothing at GET /api/flows/1", "Check the endpoint"]),
        (
            Answer(307, {"location": "https://u:p@new.test/api?k=1"}, b""),
            ["redirects", "https://new.test/api", "final"],
        ),
    ],
)
def test_not_a_prefect_api(reply: Answer, texts: list[str]) -> None:
    """A web page, a redirect or an unknown route is the wrong address, and no missing object."""

    async def scenario() -> None:
        with pytest.raises(UnexpectedAnswer) as caught:
            await client(FakeTransport(script(reply))).workspace().collection("/flows").read("1")

        for text in texts:
            assert text in str(caught.value)
        assert "k=1" not in str(caught.value)

    asyncio.run(scenario())


def test_nameless_404_of_cloud() -> None:
    """On Cloud, a 404 without a reason is believed once the workspace is known to be there."""

    async def scenario() -> None:
        nameless, listed = answer(404, {"detail": "Not Found"}), answer(200, [])
        real = FakeTransport(script(nameless, listed, nameless))
        flows = cloud(real, account_id=A, workspace_id=W).workspace().collection("/flows")

        assert [await flows.read("1"), await flows.read("2")] == [None, None]
        assert [sent.method for sent in real.sent] == ["GET", "POST", "GET"]

        empty = FakeTransport(script(nameless, nameless))
        made = cloud(empty, account_id=A, workspace_id=W)
        with pytest.raises(UnexpectedAnswer, match="account_id from the provider block"):
            await made.workspace().collection("/flows").read("1")

    asyncio.run(scenario())


def test_unauthorized_names_the_setting() -> None:
    """The remedy of a 401 names the credential that was used, and where it was written."""

    async def scenario() -> None:
        refusal = answer(401, {"exception_message": "Unauthorized"})
        cases: tuple[tuple[dict[str, Any], str], ...] = (
            ({}, "none are set"),
            ({"api_key": "k"}, "Correct api_key (from the provider block)"),
            ({"api_key": "k", "basic_auth_key": "a:b"}, "Correct basic_auth_key"),
        )
        for explicit, text in cases:
            with pytest.raises(Unauthorized) as caught:
                await client(FakeTransport(script(refusal)), **explicit).get("/x")

            assert text in str(caught.value)

    asyncio.run(scenario())


def test_check_asks_once() -> None:
    """The check is one request that needs the credentials and, on Cloud, the workspace."""

    async def scenario() -> None:
        server = FakeTransport(script(answer(200, "3.8.8")))
        full, bare = FakeTransport(script(answer(200, []))), FakeTransport(script(answer(200, {})))

        assert await client(server).check() == "3.8.8"
        assert await cloud(full, account_id=A, workspace_id=W).check() is None
        assert await cloud(bare).check() is None
        assert [sent.url.partition("/api/")[2] for fake in (server, full, bare) for sent in fake.sent] == [
            "admin/version",
            f"accounts/{A}/workspaces/{W}/variables/filter",
            "me/",
        ]

    asyncio.run(scenario())


def test_check_of_another_api() -> None:
    """Another JSON API is not taken for Prefect's."""

    async def scenario() -> None:
        with pytest.raises(UnexpectedAnswer, match="Check the endpoint"):
            await client(FakeTransport(script(answer(200, {"version": 1})))).check()

    asyncio.run(scenario())


def test_stop_ends_the_pause_of_a_rate_limit() -> None:
    """Requests that are held back by another's Retry-After end at once too."""

    async def scenario() -> None:
        made, _ = await warm(answer(429, retry_after="60"))
        waiting = [asyncio.create_task(made.get("/a"))]
        await asyncio.sleep(0.02)
        waiting.append(asyncio.create_task(made.get("/b")))
        await asyncio.sleep(0.02)
        made.stop()
        results = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 1.0)

        assert [type(result) for result in results] == [Interrupted, Interrupted]

    asyncio.run(scenario())


def test_first_contact_is_not_repeated() -> None:
    """As long as the server has never answered, a connection is tried once: the address may be wrong."""

    async def scenario() -> None:
        transport = FakeTransport(script(refused()))
        with pytest.raises(
            ConnectionFailed, match=r"Cannot connect.*prefect\.test/api \(from the provider block\)"
        ):
            await client(transport).get("/flows/1")

        assert transport.sent[0].connect_timeout <= 4.0

    asyncio.run(scenario())


@pytest.mark.parametrize("fault", [answer(503), answer(502), answer(408), answer(429), broken(), refused()])
@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_idempotent_requests_are_repeated(method: str, fault: Answer | Exception) -> None:
    """What may be sent twice is sent again after every temporary fault."""

    async def scenario() -> None:
        made, transport = await warm(fault, OK)
        assert (await made.send(Request(method, "/x", {}))).data == {"id": "1"}
        assert len(transport.sent) == 2

    asyncio.run(scenario())


@pytest.mark.parametrize("fault", [BUSY, answer(408), answer(429), refused()])
def test_rejected_create_is_repeated(fault: Answer | Exception) -> None:
    """A create that certainly had no effect is sent again."""

    async def scenario() -> None:
        made, transport = await warm(fault, OK)
        assert (await made.post("/automations/", {})).status == 200
        assert len(transport.sent) == 2

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "fault",
    [answer(502), answer(504), answer(503), answer(503, {"message": "no healthy upstream"}), broken()],
)
def test_doubtful_create_is_not_repeated(fault: Answer | Exception) -> None:
    """A create that may have taken effect is not sent again unless the caller says that it is safe."""

    async def scenario() -> None:
        made, transport = await warm(fault, fault, OK)
        with pytest.raises(ApiError) as caught:
            await made.post("/automations/", {})

        assert caught.value.ambiguous
        assert "may have taken effect" in str(caught.value)
        assert len(transport.sent) == 1
        assert (await made.post("/deployments/", {}, retry="safe")).status == 200

    asyncio.run(scenario())


def test_reading_posts_are_safe() -> None:
    """A filter reads, whatever its method: it is repeated, and does not wait for writes."""

    async def scenario() -> None:
        made, _ = await warm(broken(), answer(200, []))
        async with made._server.turns.turn(inserts=False):
            assert (await made.post("/flows/filter", {})).status == 200

    asyncio.run(scenario())


@pytest.mark.parametrize(("found", "posts"), [(Reply(201, {"id": "9"}), 1), (None, 2)])
def test_recover_looks_before_posting_again(found: Reply | None, posts: int) -> None:
    """After a broken connection, what the caller finds is the reply; else it is sent again."""

    async def scenario() -> None:
        made, transport = await warm(broken(), OK)
        looked = []

        async def recover() -> Reply | None:
            looked.append(True)
            return found

        reply = await made.post("/automations/", {}, recover=recover)

        assert reply.data == ({"id": "9"} if found else {"id": "1"})
        assert (len(looked), len(transport.sent)) == (1, posts)

    asyncio.run(scenario())


def test_recover_is_not_asked_after_a_rejection() -> None:
    """A 503 was rolled back, so there is nothing to look for."""

    async def scenario() -> None:
        made, _ = await warm(BUSY, OK)

        async def recover() -> Reply | None:
            raise AssertionError

        assert (await made.post("/automations/", {}, recover=recover)).status == 200

    asyncio.run(scenario())


def test_gives_up_with_the_last_error() -> None:
    """When patience ends, the error is the server's, with the number of attempts."""

    async def scenario() -> None:
        made, transport = await warm(*[answer(503, {"exception_message": "Service Unavailable"})] * 4, OK)
        made._server.policy.max_retries = 3
        with pytest.raises(
            Unavailable, match=r"503 to PATCH /api/x: Service Unavailable\. Gave up after 4 attempts"
        ):
            await made.patch("/x", {})

        assert len(transport.sent) == 4

    asyncio.run(scenario())


def test_rate_limit_holds_for_all() -> None:
    """After a 429 with Retry-After, requests that begin meanwhile wait too."""

    async def scenario() -> None:
        made, transport = await warm(answer(429, retry_after="0.2"), OK, OK)
        loop = asyncio.get_running_loop()
        started = loop.time()
        first = asyncio.create_task(made.get("/a"))
        await asyncio.sleep(0.05)
        await made.get("/b")

        assert loop.time() - started >= 0.2
        assert (await first).status == 200
        assert len(transport.sent) == 3

    asyncio.run(scenario())


def test_retry_after_beyond_patience() -> None:
    """A server that asks to wait an hour gets no more requests, and the user its words."""

    async def scenario() -> None:
        made, _ = await warm(answer(429, {"detail": "slow down"}, retry_after="3600"))
        with pytest.raises(RateLimited, match=r"slow down.*wait 3600 s"):
            await made.get("/a")

    asyncio.run(scenario())


def test_attempt_is_bounded() -> None:
    """A server that never answers ends in TimedOut after request_timeout."""

    async def scenario() -> None:
        async def hang(_: Outgoing) -> Answer:
            await asyncio.Event().wait()
            raise AssertionError

        with pytest.raises(
            TimedOut, match=r"within 0\.1 s.*may have taken effect.*PREFECT_API_REQUEST_TIMEOUT"
        ):
            await client(FakeTransport(hang), request_timeout=0.1).post("/automations/", {})

    asyncio.run(scenario())


def test_writes_take_turns() -> None:
    """No two writes are under way together, also while one waits to be repeated; reads are."""

    async def scenario() -> None:
        under_way = {"GET": 0, "PATCH": 0}
        most = dict(under_way)
        refusals = 3

        async def handler(outgoing: Outgoing) -> Answer:
            nonlocal refusals
            under_way[outgoing.method] += 1
            most[outgoing.method] = max(most[outgoing.method], under_way[outgoing.method])
            await asyncio.sleep(0.002)
            under_way[outgoing.method] -= 1
            if outgoing.method == "PATCH" and refusals:
                refusals -= 1
                return answer(503)
            return OK

        made = client(FakeTransport(handler))
        await asyncio.gather(*(made.patch("/x", {}) for _ in range(5)), *(made.get("/x") for _ in range(5)))

        assert most == {"GET": 5, "PATCH": 1}

    asyncio.run(scenario())


def test_stop_ends_waits() -> None:
    """A request that waits to be repeated and one that waits for its turn end at once, and say so."""

    async def scenario() -> None:
        made, transport = await warm(*[answer(503)] * 3)
        made._server.policy.first_wait = made._server.policy.longest_wait = 30.0
        waiting = [asyncio.create_task(made.patch(f"/{n}", {})) for n in range(2)]
        await asyncio.sleep(0.02)
        made.stop()
        first, second = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 1.0)

        assert isinstance(first, Interrupted)
        assert "PATCH /api/0 waited to be tried again" in str(first)
        assert "503" in str(first)
        assert isinstance(second, Interrupted)
        assert "it was not sent" in str(second)
        assert len(transport.sent) == 1

    asyncio.run(scenario())


def test_after_stop() -> None:
    """After a stop no write begins, while a read that need not wait still completes."""

    async def scenario() -> None:
        made, transport = await warm(OK)
        made.stop()
        with pytest.raises(Interrupted):
            await made.post("/flows/", {})

        assert (await made.get("/flows/1")).status == 200
        assert len(transport.sent) == 1

    asyncio.run(scenario())


def test_nothing_is_written_for_nobody() -> None:
    """Once nobody is left who asked, no write goes out, nor is one sent again; and the client is stopped."""

    async def scenario() -> None:
        made, transport = await warm(OK, answer(503, {"exception_message": "Service Unavailable"}))
        alone = False
        made.stop_when(lambda: alone)
        await made.patch("/a", {})
        retried = asyncio.create_task(made.patch("/b", {}))
        await asyncio.sleep(0)
        assert len(transport.sent) == 2
        alone = True
        with pytest.raises(Interrupted):
            await retried
        with pytest.raises(Interrupted, match="it was not sent"):
            await made.patch("/c", {})

        assert [sent.url.rpartition("/")[2] for sent in transport.sent] == ["a", "b"]
        assert made._server.stop.is_set

    asyncio.run(scenario())


def test_cancelled_write_frees_its_turn() -> None:
    """A write that is cancelled, under way or waiting, does not keep the others from theirs."""

    async def scenario() -> None:
        hold = asyncio.Event()

        async def handler(outgoing: Outgoing) -> Answer:
            if outgoing.url.endswith("/held"):
                await hold.wait()
            return OK

        made = client(FakeTransport(handler))
        held, waiting, last = (asyncio.create_task(made.patch(path, {})) for path in ("/held", "/b", "/c"))
        await asyncio.sleep(0.01)
        waiting.cancel()
        held.cancel()

        assert (await asyncio.wait_for(last, 1.0)).status == 200

    asyncio.run(scenario())


def test_log_records(caplog: pytest.LogCaptureFixture) -> None:
    """One record per attempt and one per retry, with fields, and no query, header or body."""

    async def scenario() -> None:
        made, _ = await warm(answer(503), OK, api_key="pnu_hidden")
        caplog.clear()
        await made.send(Request("PATCH", "/x", {"body": "hidden"}, params={"query": "hidden"}))

    with caplog.at_level(logging.DEBUG, "prefect_provider.api"):
        asyncio.run(scenario())

    records = [record.__dict__ for record in caplog.records if record.name == "prefect_provider.api"]
    fields = ("levelname", "http_method", "http_path", "http_status", "attempt")
    assert [tuple(record[field] for field in fields) for record in records] == [
        ("DEBUG", "PATCH", "/api/x", 503, 1),
        ("WARNING", "PATCH", "/api/x", 503, 1),
        ("DEBUG", "PATCH", "/api/x", 200, 2),
    ]
    assert records[0]["duration_ms"] >= 0
    assert "hidden" not in caplog.text


def test_body_that_is_no_json() -> None:
    """A value that JSON cannot say is refused before anything is sent."""

    async def scenario() -> None:
        transport = FakeTransport(script())
        for body, error in (({"x": float("nan")}, ValueError), ({"x": {1}}, TypeError)):
            with pytest.raises(error):
                await client(transport).post("/x", body)

        assert transport.sent == []

    asyncio.run(scenario())


def test_closes_its_transport() -> None:
    """Leaving the context closes the connections."""

    async def scenario() -> None:
        transport = FakeTransport(script())
        async with client(transport):
            pass

        assert transport.closed

    asyncio.run(scenario())
