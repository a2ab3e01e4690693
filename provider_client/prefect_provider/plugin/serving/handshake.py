"""How Terraform and a provider process meet: environment in, one line on stdout out.

Terraform starts the program with a magic cookie, the protocol versions that it speaks and its one-off
certificate in the environment. The program listens on a Unix socket and prints where; Terraform
connects. Only the standard library's cheapest modules are used here: this runs at every start, and
Terraform waits for the line.
"""

# pathlib takes longer to import than all this takes to run.
# ruff: noqa: PTH100, PTH102, PTH108, PTH118, PTH123

from __future__ import annotations

import binascii
import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Handshake",
    "HandshakeError",
    "PrivateSocket",
    "handshake_line",
    "read_handshake",
    "reroute_standard_streams",
]

PROTOCOL_VERSION = 6

_CORE_VERSION = 1  # of go-plugin's own line format
_COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE"
_COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"

_MAX_SOCKET_PATH = 103 if sys.platform == "darwin" else 107
"""Bytes that a socket's path may have: the size of ``sun_path`` without its final zero."""


class HandshakeError(Exception):
    """The program was not started by a Terraform that it can talk to; the text is for people."""


class Handshake:
    """What Terraform said when it started the program.

    ``client_certificate`` is in PEM; it is empty when Terraform was told to do without TLS
    (``TF_DISABLE_PLUGIN_TLS``). ``socket_directory`` is where the socket must be made, or empty.
    """

    __slots__ = ("client_certificate", "socket_directory")

    def __init__(self, client_certificate: str, socket_directory: str) -> None:
        self.client_certificate = client_certificate
        self.socket_directory = socket_directory


def read_handshake(environ: Mapping[str, str], *, address: str) -> Handshake:
    """What the environment says; ``address`` is the provider's, for messages.

    Raises :class:`HandshakeError` when a person started the program, or a Terraform that does not
    speak protocol 6.
    """
    if environ.get(_COOKIE_NAME) != _COOKIE:
        msg = (
            f"This program is the Terraform provider {address}. "
            "It is not run by hand: Terraform starts it.\n\n"
            f"Put the provider into a configuration and run `terraform init`:\n\n"
            f"    terraform {{\n"
            f"      required_providers {{\n"
            f'        {address.rpartition("/")[2]} = {{ source = "{address}" }}\n'
            f"      }}\n"
            f"    }}\n\n"
            f"To run it under a debugger, start it with --debug and follow what it prints."
        )
        raise HandshakeError(msg)
    offered = environ.get("PLUGIN_PROTOCOL_VERSIONS", "")
    if offered and str(PROTOCOL_VERSION) not in [version.strip() for version in offered.split(",")]:
        msg = (
            f"Terraform offers plugin protocol {offered}, and the provider {address} speaks "
            f"{PROTOCOL_VERSION}. "
            f"Use Terraform 1.0 or later."
        )
        raise HandshakeError(msg)
    return Handshake(environ.get("PLUGIN_CLIENT_CERT", ""), environ.get("PLUGIN_UNIX_SOCKET_DIR", ""))


def handshake_line(path: str, certificate_der: bytes | None) -> str:
    """The line that tells Terraform where to connect, and by which certificate it knows the other end."""
    line = f"{_CORE_VERSION}|{PROTOCOL_VERSION}|unix|{path}|grpc"
    if certificate_der is None:
        return line
    encoded = binascii.b2a_base64(certificate_der, newline=False).decode().rstrip("=")
    return f"{line}|{encoded}"


class PrivateSocket:
    """A Unix socket that listens in a directory of its own, which only this user may enter.

    Connections made before anyone serves them wait in the kernel, so it may be announced at once.
    Raises :class:`HandshakeError` when no directory will do.
    """

    def __init__(self, directory: str = "") -> None:
        if not hasattr(socket, "AF_UNIX"):
            msg = (
                "This provider talks to Terraform through a Unix socket, and this system has none. "
                "Use Linux or macOS."
            )
            raise HandshakeError(msg)
        self.directory = _make_directory(directory)
        self.path = f"{self.directory}/s"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.socket.bind(self.path)
            self.socket.listen(100)
        except BaseException:
            self.remove()
            raise
        self.socket.setblocking(False)

    def remove(self) -> None:
        """Stop listening, and leave nothing behind."""
        self.socket.close()
        for remove, path in ((os.unlink, self.path), (os.rmdir, self.directory)):
            with suppress(FileNotFoundError):  # someone cleaned up before us
                remove(path)

    def write_briefly(self, data: bytes) -> _BriefFile:
        """A context manager: the path of a file with this content, for the ``with`` block only."""
        return _BriefFile(f"{self.directory}/k", data)


class _BriefFile:
    def __init__(self, path: str, data: bytes) -> None:
        self._path = path
        self._data = data

    def __enter__(self) -> str:
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "wb") as file:
            file.write(self._data)
        return self._path

    def __exit__(self, *_: object) -> None:
        os.unlink(self._path)


def _make_directory(parent: str) -> str:
    """A new directory for the socket; in the system's places for temporary files when no parent is given."""
    # ``tempfile`` does this too, and takes as long to import as the interpreter takes to start.
    parents = [parent] if parent else [os.environ.get("TMPDIR", ""), "/tmp", "/var/tmp"]  # noqa: S108
    refusals = []
    for candidate in filter(None, parents):
        path = os.path.join(os.path.abspath(candidate), f"tf-{os.getpid()}-{os.urandom(4).hex()}")
        if len(os.fsencode(path)) + 2 > _MAX_SOCKET_PATH:
            refusals.append(f"{candidate}: too long, a socket's path has at most {_MAX_SOCKET_PATH} bytes")
            continue
        try:
            os.mkdir(path, 0o700)
        except OSError as error:
            refusals.append(f"{candidate}: {error.strerror}")
            continue
        return path
    tried = "\n".join(f"  {refusal}" for refusal in refusals)
    variable = "PLUGIN_UNIX_SOCKET_DIR" if parent else "TMPDIR"
    msg = (
        f"No directory will do for the socket on which Terraform reaches the provider. "
        f"Tried:\n{tried}\n"
        f"Set {variable} to a directory with a short path that can be written to."
    )
    raise HandshakeError(msg)


def reroute_standard_streams() -> None:
    """Send what is printed from now on to stderr, where Terraform logs it.

    Nothing reads standard output after the line. Standard input becomes empty: it is the terminal of
    the person who runs Terraform.
    """
    sys.stdout.flush()
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
