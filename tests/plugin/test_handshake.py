"""The handshake: what the environment must say, the line, and the private socket."""

from __future__ import annotations

import base64
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from prefect_provider.plugin.serving.handshake import (
    HandshakeError,
    PrivateSocket,
    handshake_line,
    read_handshake,
)
from tests.plugin.plugin_process import COOKIE, TOY_PLUGIN, Identity, plugin_environment, running_plugin

GOOD = {"TF_PLUGIN_MAGIC_COOKIE": COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "5,6", "PLUGIN_CLIENT_CERT": "pem"}


def test_terraform_is_recognized() -> None:
    """The certificate and the wished directory are taken from the environment."""
    handshake = read_handshake(GOOD | {"PLUGIN_UNIX_SOCKET_DIR": "/run/x"}, address="example/toy")

    assert (handshake.client_certificate, handshake.socket_directory) == ("pem", "/run/x")


@pytest.mark.parametrize("cookie", ["", "something else"])
def test_a_person_is_told_what_the_program_is(cookie: str) -> None:
    """Without Terraform's cookie the message says how the provider is used."""
    with pytest.raises(HandshakeError, match=r"(?s)provider example/toy.*source = \"example/toy\".*--debug"):
        read_handshake(GOOD | {"TF_PLUGIN_MAGIC_COOKIE": cookie}, address="example/toy")


@pytest.mark.parametrize("versions", ["5", "4,5", "16"])
def test_an_old_terraform_is_refused(versions: str) -> None:
    """A Terraform that does not speak protocol 6 is named with what it offers."""
    with pytest.raises(
        HandshakeError, match=f"offers plugin protocol {versions}, .* speaks 6.*Terraform 1.0"
    ):
        read_handshake(GOOD | {"PLUGIN_PROTOCOL_VERSIONS": versions}, address="example/toy")


def test_the_line() -> None:
    """The line has the path, and the certificate in base64 without padding."""
    der = b"\x00" * 10

    line = handshake_line("/tmp/x/s", der)

    assert line == "1|6|unix|/tmp/x/s|grpc|" + base64.b64encode(der).decode().rstrip("=")
    assert "=" not in line
    assert handshake_line("/tmp/x/s", None) == "1|6|unix|/tmp/x/s|grpc"


def test_only_this_user_can_reach_the_socket(tmp_path: Path) -> None:
    """The socket lies in a directory of mode 0700, made where it was asked for, and leaves nothing."""
    listening = PrivateSocket(str(tmp_path))

    directory = Path(listening.directory)
    assert directory.parent == tmp_path
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert stat.S_ISSOCK(Path(listening.path).stat().st_mode)
    listening.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_brief_file_is_private_and_brief(tmp_path: Path) -> None:
    """The private key is on the disk for a moment, for this user only."""
    listening = PrivateSocket(str(tmp_path))
    try:
        with listening.write_briefly(b"key") as path:
            assert stat.S_IMODE(Path(path).stat().st_mode) == 0o600
            assert Path(path).read_bytes() == b"key"
        assert not Path(path).exists()
    finally:
        listening.remove()


def test_a_directory_that_will_not_do_is_named(tmp_path: Path) -> None:
    """A missing directory, and one whose path is too long, are refused with the reason."""
    with pytest.raises(HandshakeError, match=r"missing: No such file.*\n.*PLUGIN_UNIX_SOCKET_DIR"):
        PrivateSocket(str(tmp_path / "missing"))
    long = tmp_path / ("x" * 100)
    long.mkdir()
    with pytest.raises(HandshakeError, match="too long, a socket's path has at most"):
        PrivateSocket(str(long))


def test_by_hand_the_program_says_what_it_is_and_fails() -> None:
    """Started in a shell, the program explains itself on stderr and exits with 1."""
    environ = plugin_environment(None)
    del environ["TF_PLUGIN_MAGIC_COOKIE"]

    done = subprocess.run(
        [sys.executable, str(TOY_PLUGIN)],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("This program is the Terraform provider example/toy.")


def test_the_wished_socket_directory_is_used(tmp_path: Path) -> None:
    """PLUGIN_UNIX_SOCKET_DIR decides where the socket of a real process is."""
    with running_plugin(Identity(), PLUGIN_UNIX_SOCKET_DIR=str(tmp_path)) as plugin:
        assert plugin.parts[:3] == ["1", "6", "unix"]
        assert Path(plugin.path).parent.parent == tmp_path
        assert plugin.parts[4] == "grpc"


def test_a_temporary_directory_with_a_long_path_is_passed_over(tmp_path: Path) -> None:
    """Where the usual temporary directory has too long a path, another is taken."""
    long = tmp_path / ("x" * 100)
    long.mkdir()
    with running_plugin(Identity(), TMPDIR=str(long)) as plugin:
        assert Path(plugin.path).parent.parent == Path("/tmp")
        assert list(long.iterdir()) == []
