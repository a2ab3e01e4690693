"""The network, against small servers on this machine: TLS, broken connections, wrong addresses."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import ipaddress
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from prefect_provider.api import (
    ApiError,
    Client,
    ConfigurationError,
    ConnectionFailed,
    TimedOut,
    Unavailable,
    UnexpectedAnswer,
    resolve,
)
from prefect_provider.api.exchange.network import LARGEST_ANSWER
from prefect_provider.api.exchange.routes import open_transport
from prefect_provider.api.exchange.transport import Answer, Outgoing, Transport, TransportFault

if TYPE_CHECKING:
    from pathlib import Path

OK = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\n\r\n{"id": "1a"}'
BUSY = b"HTTP/1.1 503 Busy\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
HTML = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 19\r\n\r\n<title>Shop</title>"


@pytest.fixture(autouse=True, params=["direct", "httpx"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each way to the network: with a proxy for others in the environment, it is httpx."""
    if request.param == "httpx":
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("NO_PROXY", "*")
    return str(request.param)


Reply = Callable[[int, int], bytes | None]
"""What to answer to the n-th request of the m-th connection, both from 0; None closes the connection."""


def always(text: bytes) -> Reply:
    """The same answer to every request."""
    return lambda *_: text


@asynccontextmanager
async def listening(
    reply: Reply, tls: ssl.SSLContext | None = None, heads: list[bytes] | None = None
) -> AsyncIterator[int]:
    """A server on a free port of this machine; adds the head of each request to ``heads``."""
    connections = 0
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        connection, request = connections, 0
        connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if heads is not None:
                    heads.append(head)
                text = reply(connection, request)
                if text is None:
                    break
                writer.write(text)
                await writer.drain()
                request += 1
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.gather(*serving)


def at(port: int) -> Client:
    """A client of the server on this port."""
    return Client(resolve({"endpoint": f"http://127.0.0.1:{port}"}, {}))


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    """Run a scenario, which must take less than the 5 s in which a wrong address has to show."""

    async def bounded() -> None:
        async with asyncio.timeout(5.0):
            await scenario()

    asyncio.run(bounded())


async def error_at(endpoint: str, **explicit: str | bool | float | None) -> ApiError:
    """The error of the first request to this endpoint."""
    async with Client(resolve({"endpoint": endpoint, **explicit}, {})) as client:
        with pytest.raises(ApiError) as caught:
            await client.get("/flows/1")
    return caught.value


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a self-signed certificate for 127.0.0.1 and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def server_side(certificate: Path) -> ssl.SSLContext:
    """The server's half of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_nobody_listens() -> None:
    """A closed port is reported at once, with the address and what to check."""

    async def scenario() -> None:
        async with listening(always(OK)) as port:
            pass
        error = await error_at(f"http://127.0.0.1:{port}")

        assert type(error) is ConnectionFailed
        assert f"http://127.0.0.1:{port}/api (from the provider block): connection refused" in str(error)

    run(scenario)


def test_unknown_host() -> None:
    """A name that does not exist is told apart from a server that does not run."""

    async def scenario() -> None:
        error = await error_at("http://no-such-host.invalid:4200")

        assert type(error) in (ConnectionFailed, TimedOut)
        assert "no-such-host.invalid" in str(error)

    run(scenario)


def test_untrusted_certificate(certificate: Path) -> None:
    """A certificate of an unknown authority is refused, with the settings that would accept it."""

    async def scenario() -> None:
        async with listening(always(OK), server_side(certificate)) as port:
            error = await error_at(f"https://127.0.0.1:{port}")

        assert type(error) is ConnectionFailed
        for text in ("self-signed", "PREFECT_API_SSL_CERT_FILE", "tls_insecure_skip_verify"):
            assert text in str(error)

    run(scenario)


def test_trusted_by_settings(certificate: Path) -> None:
    """The authority's file makes the certificate trusted; so does leaving out the check."""

    async def scenario() -> None:
        for explicit in ({"ssl_cert_file": str(certificate)}, {"tls_insecure_skip_verify": True}):
            async with listening(always(OK), server_side(certificate)) as port:
                settings = resolve({"endpoint": f"https://127.0.0.1:{port}", **explicit}, {})
                async with Client(settings) as client:
                    assert (await client.get("/flows/1")).status == 200

    run(scenario)


def test_certificate_for_another_name(certificate: Path) -> None:
    """A trusted certificate does not help a server with another name."""

    async def scenario() -> None:
        async with listening(always(OK), server_side(certificate)) as port:
            error = await error_at(f"https://localhost:{port}", ssl_cert_file=str(certificate))

        assert "localhost" in error.reason

    run(scenario)


def test_https_to_a_plain_server() -> None:
    """TLS with a server that speaks plain HTTP is answered with the right scheme."""

    async def scenario() -> None:
        server = await asyncio.start_server(_refuse_in_plain_text, "127.0.0.1", 0)
        error = await error_at(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        server.close()

        assert "write http:// instead of https://" in str(error)

    run(scenario)


async def _refuse_in_plain_text(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(1000)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    writer.close()
    await writer.wait_closed()


def test_file_without_certificates(tmp_path: Path) -> None:
    """An ssl_cert_file that holds none is a configuration error with its attribute."""
    path = tmp_path / "empty.pem"
    path.write_text("nothing")

    async def scenario() -> None:
        error = await error_at("https://127.0.0.1:1", ssl_cert_file=str(path))

        assert isinstance(error, ConfigurationError)
        assert error.attribute == "ssl_cert_file"

    run(scenario)


def test_web_page() -> None:
    """Another web server is told from a Prefect API by its answer."""

    async def scenario() -> None:
        async with listening(always(HTML)) as port:
            error = await error_at(f"http://127.0.0.1:{port}")

        assert type(error) is UnexpectedAnswer
        assert "titled 'Shop'" in str(error)

    run(scenario)


def test_silence() -> None:
    """A server that accepts and never answers ends in TimedOut after request_timeout."""

    async def scenario() -> None:
        async with listening(always(b"")) as port:
            started = time.monotonic()
            error = await error_at(f"http://127.0.0.1:{port}", request_timeout=0.3)

        assert type(error) is TimedOut
        assert 0.3 <= time.monotonic() - started < 20.0

    run(scenario)


def test_connection_that_breaks() -> None:
    """A connection that closes without an answer is repeated for a read, and is doubtful for a create."""

    async def scenario() -> None:
        async with listening(lambda _, request: OK if request == 0 else None) as port, at(port) as client:
            await client.get("/a")
            assert (await client.get("/b")).status == 200
            with pytest.raises(ConnectionFailed) as caught:
                await client.post("/automations/", {})

        assert caught.value.ambiguous
        assert "The connection broke during POST /api/automations/" in str(caught.value)

    run(scenario)


@pytest.mark.parametrize(("first", "same_connection"), [(OK, True), (BUSY, False)])
def test_connection_after_a_server_fault(first: bytes, same_connection: bool) -> None:
    """Prefect's server closes the connection behind a 503, so it is not used again; others are."""
    seen: list[tuple[int, int]] = []

    def reply(connection: int, request: int) -> bytes:
        seen.append((connection, request))
        return first if len(seen) == 1 else OK

    async def scenario() -> None:
        async with listening(reply) as port:
            settings = resolve({"endpoint": f"http://127.0.0.1:{port}", "max_retries": 0}, {})
            async with Client(settings) as client:
                try:
                    await client.get("/a")
                except Unavailable:
                    assert first is BUSY
                await client.get("/b")

    run(scenario)

    assert seen == ([(0, 0), (0, 1)] if same_connection else [(0, 0), (1, 0)])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_to_another_host(status: int) -> None:
    """Nothing is sent to where a redirect leads, the key least of all, and the error says where that is."""

    async def scenario() -> None:
        heard: list[bytes] = []
        async with listening(always(OK), heads=heard) as other:
            location = b"location: http://127.0.0.1:%d/api/flows/1\r\n" % other
            away = b"HTTP/1.1 %d Moved\r\n" % status + location + b"content-length: 0\r\n\r\n"
            async with listening(always(away)) as port:
                error = await error_at(f"http://127.0.0.1:{port}", basic_auth_key="admin:hunter2")
            assert isinstance(error, UnexpectedAnswer)
            assert f"to http://127.0.0.1:{other}/api/flows/1" in str(error)
            assert "GET /api/flows/1" in str(error)
        assert heard == []

    run(scenario)


@pytest.mark.parametrize("kind", ["announced", "in parts", "packed", "packed twice"])
def test_answer_that_is_too_large(kind: str) -> None:
    """An answer beyond the limit is refused, whether its length is announced, hidden or packed, and not repeated."""
    start = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
    why = "compressed more than once" if kind == "packed twice" else "more than 64 MiB"
    requests = 0

    def reply(_: int, __: int) -> bytes:
        nonlocal requests
        requests += 1
        if requests == 1:
            return OK
        if kind == "announced":
            return start + b"content-length: %d\r\n\r\n" % (LARGEST_ANSWER + 1)
        if kind == "in parts":
            chunk = b"100000\r\n" + b"x" * 2**20 + b"\r\n"
            return start + b"transfer-encoding: chunked\r\n\r\n" + chunk * (LARGEST_ANSWER // 2**20 + 1)
        packed = gzip.compress(b"x" * (LARGEST_ANSWER + 1), 1)
        if kind == "packed twice":
            packed = gzip.compress(packed)
            start_ = start + b"content-encoding: gzip, gzip\r\n"
            return start_ + b"content-length: %d\r\n\r\n" % len(packed) + packed
        return start + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed) + packed

    async def scenario() -> None:
        async with listening(reply) as port, at(port) as client:
            await client.get("/a")
            with pytest.raises(UnexpectedAnswer, match=f"GET /api/flows/1 is too large: {why}"):
                await client.get("/flows/1")

    run(scenario)

    assert requests == 2


@pytest.mark.parametrize(
    ("proxy", "text"),
    [("gopher://u:hunter2@proxy", "begins with http://"), ("socks5://u:hunter2@proxy", "socksio")],
)
def test_unusable_proxy(monkeypatch: pytest.MonkeyPatch, proxy: str, text: str) -> None:
    """A proxy that cannot be used is reported with its variable and what to write, and not with its password."""
    monkeypatch.setenv("HTTP_PROXY", proxy)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    async def scenario() -> None:
        error = await error_at("http://prefect.invalid")

        assert isinstance(error, ConfigurationError)
        for part in ("HTTP_PROXY", "NO_PROXY", text):
            assert part in str(error)
        assert "hunter2" not in f"{error} {error.__cause__!r}"

    run(scenario)


def test_proxy_that_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that does not connect is told from a server that does not run."""

    async def scenario() -> None:
        forbidden = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n"
        async with listening(always(forbidden)) as port:
            monkeypatch.delenv("NO_PROXY", raising=False)
            monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
            error = await error_at("https://prefect.invalid")

        assert type(error) is ConnectionFailed
        assert "HTTPS_PROXY" in str(error)

    run(scenario)


def test_dots_stay_in_the_path() -> None:
    """A name of two dots reaches the server as a name, and not as a step up to the collection."""
    heads: list[bytes] = []

    async def scenario() -> None:
        async with listening(always(OK), heads=heads) as port, at(port) as client:
            await client.workspace().collection("/work_pools").read("..")

    run(scenario)

    assert heads[0].startswith(b"GET /api/work_pools/%2E%2E HTTP/1.1\r\n")


@asynccontextmanager
async def transport_to(port: int) -> AsyncIterator[Transport]:
    """The transport that a client of this server would use."""
    transport = open_transport(resolve({"endpoint": f"http://127.0.0.1:{port}"}, {}))
    try:
        yield transport
    finally:
        await transport.aclose()


async def ask(transport: Transport, port: int, path: str = "/x", body: bytes | None = None) -> Answer:
    """One request, a POST if it has a body."""
    url = f"http://127.0.0.1:{port}{path}"
    return await transport.send(Outgoing("GET" if body is None else "POST", url, {"x-own": "a"}, body, 2.0))


def test_the_way_is_what_the_environment_says(way: str) -> None:
    """A proxy in the environment is a matter for httpx; a list of hosts without one is not a proxy."""
    settings = resolve({"endpoint": "http://127.0.0.1:9"}, {})
    assert (
        type(open_transport(settings)).__name__
        == {"direct": "DirectTransport", "httpx": "HttpxTransport"}[way]
    )


def test_a_list_of_hosts_is_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_PROXY alone, or a proxy that is empty, leaves the way straight."""
    monkeypatch.setenv("HTTP_PROXY", "")
    monkeypatch.setenv("no_proxy", "localhost")
    settings = resolve({"endpoint": "http://127.0.0.1:9"}, {})
    assert type(open_transport(settings)).__name__ == "DirectTransport"


@pytest.mark.parametrize(
    "text",
    [
        OK,
        b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + OK,
        b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"\r\n7\r\n: "1a"}\r\n0\r\n\r\n',
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n%b"
        % (len(gzip.compress(b'{"id": "1a"}')), gzip.compress(b'{"id": "1a"}')),
    ],
    ids=["plain", "after hints", "in parts", "packed"],
)
def test_forms_of_an_answer(text: bytes) -> None:
    """The body is the same in whatever form it comes, and the connection is used again."""
    seen: list[tuple[int, int]] = []

    def reply(connection: int, request: int) -> bytes:
        seen.append((connection, request))
        return text

    async def scenario() -> None:
        async with listening(reply) as port, transport_to(port) as transport:
            for _ in range(3):
                answer = await ask(transport, port)
                assert (answer.status, answer.body) == (200, b'{"id": "1a"}')

    run(scenario)

    assert seen == [(0, 0), (0, 1), (0, 2)]


@pytest.mark.parametrize(
    "text",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nplain",
        b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-le",
    ],
    ids=["a part", "wrongly packed", "no HTTP", "a part of the head"],
)
def test_answers_that_are_none(text: bytes) -> None:
    """What is no whole answer is a fault of a request that may have reached the server."""

    async def scenario() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(text)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with transport_to(port) as transport:
            with pytest.raises(TransportFault) as caught:
                await ask(transport, port, body=b"{}")
        server.close()
        assert (caught.value.kind, caught.value.reached) == ("broken", True)

    run(scenario)


def test_a_request_as_it_goes_out() -> None:
    """The request line, the host with its port, headers and length are as a server expects them."""
    heads: list[bytes] = []

    async def scenario() -> None:
        async with listening(always(OK), heads=heads) as port, transport_to(port) as transport:
            await ask(transport, port, "/a%2Fb/c?limit=2&name=%C3%A4")
            await ask(transport, port, "/a", b"")
            first, second = heads
            assert first.startswith(b"GET /a%2Fb/c?limit=2&name=%C3%A4 HTTP/1.1\r\n")
            lines = [line.lower() for line in first.split(b"\r\n")]
            assert b"host: 127.0.0.1:%d" % port in lines
            assert b"x-own: a" in lines
            assert b"content-length: 0" in second.lower()

    run(scenario)


def test_a_connection_that_the_server_closed_is_not_used() -> None:
    """A create goes over a new connection when the server has closed the idle one, rather than into nothing."""
    closed = asyncio.Event()

    async def scenario() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(OK)
            await writer.drain()
            writer.close()
            closed.set()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with transport_to(port) as transport:
            for _ in range(3):
                closed.clear()
                assert (await ask(transport, port, body=b"")).status == 200
                await closed.wait()
                await asyncio.sleep(0.02)
        server.close()

    run(scenario)


def test_a_request_that_is_given_up_takes_its_connection_along() -> None:
    """The answer that comes late is not taken for the answer to the next request."""
    seen: list[int] = []

    async def scenario() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            seen.append(len(seen))
            number = seen[-1]
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                await reader.readuntil(b"\r\n\r\n")
                await asyncio.sleep(0 if number else 0.3)
                writer.write(OK.replace(b"1a", b"%02d" % number))
                await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with transport_to(port) as transport:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await ask(transport, port)
            assert (await ask(transport, port)).body == b'{"id": "01"}'
        await asyncio.sleep(0.3)
        server.close()

    run(scenario)


def test_requests_at_once_have_connections_of_their_own() -> None:
    """Twenty requests that wait do not wait for each other, and their connections serve the next twenty."""
    connections = set()

    async def scenario() -> None:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            connections.add(writer)
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    await reader.readuntil(b"\r\n\r\n")
                    await asyncio.sleep(0.1)
                    writer.write(OK)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with transport_to(port) as transport:
            started = time.monotonic()
            for _ in range(2):
                await asyncio.gather(*(ask(transport, port) for _ in range(20)))
            assert time.monotonic() - started < 3.5  # of 4 one after the other
            assert len(connections) == 20
        await asyncio.sleep(0.05)
        server.close()

    run(scenario)
