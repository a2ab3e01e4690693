"""A key to sign with that exists for one test."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ThrowAwayKey", "throw_away_key"]


class ThrowAwayKey(NamedTuple):
    """An RSA key with a passphrase, and the keyring that it is in."""

    home: str
    secret: str
    public: str
    """Both ASCII-armoured."""

    passphrase: str

    def verify(self, signature: Path, signed: Path) -> bool:
        """Ask gpg whether the signature is this key's."""
        return not _gpg(self.home, "--verify", str(signature), str(signed), check=False).returncode

    @property
    def key_id(self) -> str:
        """The last sixteen digits of the fingerprint, by which registries name a key."""
        listed = _gpg(self.home, "--with-colons", "--list-keys").stdout.splitlines()
        return next(line.split(":")[4] for line in listed if line.startswith("pub:"))


def _gpg(home: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = ["gpg", "--homedir", home, "--batch", "--no-tty", "--pinentry-mode", "loopback", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=check, stdin=subprocess.DEVNULL)


@contextmanager
def throw_away_key() -> Iterator[ThrowAwayKey]:
    """Make a key, and forget it afterwards; skips where there is no gpg."""
    if shutil.which("gpg") is None:
        pytest.skip("there is no gpg on PATH")
    # Below /tmp: the path of the agent's socket has to be short.
    passphrase = "of a test"
    with tempfile.TemporaryDirectory(prefix="key-", ignore_cleanup_errors=True) as home:
        given = ["--passphrase", passphrase]
        _gpg(home, *given, "--quick-generate-key", "Nobody <nobody@example.org>", "rsa2048", "sign", "1d")
        secret = _gpg(home, *given, "--armor", "--export-secret-keys").stdout
        public = _gpg(home, "--armor", "--export").stdout
        try:
            yield ThrowAwayKey(home, secret, public, passphrase)
        finally:
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "gpg-agent"], check=False)
