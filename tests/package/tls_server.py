"""A server of files, and of whatever else a test gives it, on localhost over TLS with an authority of its own."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["TlsServer"]


class TlsServer:
    """Serves a directory. `authority` is the file that clients have to trust, `asked` the paths that they asked for."""

    def __init__(self, directory: Path, own: Path) -> None:
        """Make the certificate in the directory `own`, and start."""
        self.directory = directory
        self.asked: list[str] = []
        self.authority = own / "authority.pem"
        pair = own / "server.pem"
        _write_certificate(pair, self.authority)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair)
        server = self

        class Handler(SimpleHTTPRequestHandler):
            def __init__(self, *args: object) -> None:
                super().__init__(*args, directory=str(server.directory))  # type: ignore[arg-type]

            def do_GET(self) -> None:
                server.asked.append(self.path)
                super().do_GET()

            def guess_type(self, path: object) -> str:
                # A registry's answers have no extension; Terraform takes JSON only when it is called so.
                guessed = super().guess_type(str(path))
                return "application/json" if guessed == "application/octet-stream" else guessed

            def log_message(self, *_: object) -> None:
                """Say nothing: pytest shows what a test prints."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._http.server_address[1]
        return port

    @property
    def url(self) -> str:
        """Its address, with a slash at the end, as Terraform wants that of a mirror."""
        return f"https://localhost:{self.port}/"

    def stop(self) -> None:
        """End it."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


def _write_certificate(pair: Path, authority: Path) -> None:
    """Write a certificate for localhost with its key, and that of the authority that signed it."""
    now = dt.datetime.now(dt.UTC)

    def builder(name: str, key: ec.EllipticCurvePublicKey, issuer: str) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(days=1))
        )

    root, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    above = (
        builder("Authority of a test", root.public_key(), "Authority of a test")
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root, hashes.SHA256())
    )
    names: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    below = (
        builder("localhost", own.public_key(), "Authority of a test")
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(root, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    authority.write_bytes(above.public_bytes(pem))
    key = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pair.write_bytes(key + below.public_bytes(pem))
