"""A plugin process under test, and the gRPC client of it that Terraform would be."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import os
import ssl
import subprocess
import sys
import tempfile
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from grpclib.client import Channel, UnaryStreamMethod, UnaryUnaryMethod
from grpclib.config import Configuration

from prefect_provider.plugin.wire.protocol import tfplugin6_pb2 as pb
from prefect_provider.plugin.wire.protocol.go_plugin_pb2 import Empty

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

ROOT = Path(__file__).resolve().parents[2]
TOY_PLUGIN = Path(__file__).with_name("toy_plugin.py")
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
WINDOW = 16 * 1024 * 1024


class Identity:
    """A self-signed client certificate and its key, as Terraform makes one for each plugin."""

    def __init__(self, curve: ec.EllipticCurve | None = None) -> None:
        key = ec.generate_private_key(curve or ec.SECP521R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(minutes=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .sign(key, hashes.SHA512())
        )
        self.pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
        self._key = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def load_into(self, context: ssl.SSLContext) -> None:
        """Show this certificate when the server asks for one."""
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(self._key + self.pem)
            file.flush()
            context.load_cert_chain(file.name)


def plugin_environment(identity: Identity | None, **more: str) -> dict[str, str]:
    """What Terraform puts into the environment of a plugin."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "PLUGIN_"))}
    environ |= {"PYTHONPATH": str(ROOT / "provider_client")}
    environ |= {"TF_PLUGIN_MAGIC_COOKIE": COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "5,6"}
    if identity is not None:
        environ["PLUGIN_CLIENT_CERT"] = identity.pem
    return environ | more


class Plugin:
    """A running plugin and the parts of its handshake line."""

    def __init__(self, process: subprocess.Popen[str], line: str) -> None:
        self.process = process
        self.line = line
        self.parts = line.split("|")

    @property
    def path(self) -> str:
        """The path of its socket."""
        return self.parts[3]

    def tls(self, identity: Identity | None) -> ssl.SSLContext:
        """The client's side of the connection, which trusts the certificate on the line and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        encoded = self.parts[5]
        context.load_verify_locations(cadata=base64.b64decode(encoded + "=" * (-len(encoded) % 4)))
        context.set_alpn_protocols(["h2"])
        if identity is not None:
            identity.load_into(context)
        return context


@contextmanager
def running_plugin(identity: Identity | None, *arguments: str, **environ: str) -> Iterator[Plugin]:
    """The toy plugin, started as Terraform starts one, and ended if it did not end by itself."""
    process = subprocess.Popen(
        [sys.executable, str(TOY_PLUGIN), *arguments],
        env=plugin_environment(identity, **environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield Plugin(process, process.stdout.readline().rstrip("\n"))
    finally:
        process.terminate()
        try:
            process.communicate(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


class Client:
    """The calls that the tests make."""

    def __init__(self, channel: Channel) -> None:
        read = "/tfplugin6.Provider/ReadResource"
        list_ = "/tfplugin6.Provider/ListResource"
        self._read = UnaryUnaryMethod(channel, read, pb.ReadResource.Request, pb.ReadResource.Response)
        self._list = UnaryStreamMethod(channel, list_, pb.ListResource.Request, pb.ListResource.Event)
        self._streams = UnaryStreamMethod(channel, "/plugin.GRPCStdio/StreamStdio", Empty, Empty)
        self._shutdown = UnaryUnaryMethod(channel, "/plugin.GRPCController/Shutdown", Empty, Empty)

    async def read(self, what: str, argument: str = "", state: bytes = b"") -> Any:
        """Ask the toy to do something; the answer has the state that was sent."""
        value = pb.DynamicValue(msgpack=state)
        return await self._read(
            pb.ReadResource.Request(type_name=what, private=argument.encode(), current_state=value)
        )

    async def list(self, what: str, limit: int) -> Any:
        """Ask for a stream of events."""
        return await self._list(pb.ListResource.Request(type_name=what, limit=limit))

    async def standard_streams(self) -> None:
        """Ask, as go-plugin does, for a service that may be missing."""
        await self._streams(Empty())

    async def shut_down(self) -> None:
        """End the process as Terraform does."""
        await self._shutdown(Empty())


@asynccontextmanager
async def connected(path: str, context: ssl.SSLContext | None) -> AsyncIterator[Client]:
    """A client on the plugin's socket."""
    config = Configuration(
        ssl_target_name_override="localhost" if context else None,
        http2_connection_window_size=WINDOW,
        http2_stream_window_size=WINDOW,
    )
    channel = Channel(path=path, ssl=context, config=config)
    try:
        yield Client(channel)
    finally:
        channel.close()
        await asyncio.sleep(0.05)  # the TLS farewell
