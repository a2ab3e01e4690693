"""The signature that registries ask for: GPG's, detached and binary, of the SHA256SUMS."""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import TYPE_CHECKING

from environment import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["KEY", "PASSPHRASE", "sign"]

KEY = "GPG_PRIVATE_KEY"
"""The variable with the secret key, ASCII-armoured; RSA, for registries take no elliptic curves."""

PASSPHRASE = "GPG_PASSPHRASE"  # noqa: S105  the name of a variable
"""The variable with its passphrase, if it has one."""


def sign(file: Path, environ: Mapping[str, str]) -> Path | None:
    """Write FILE.sig with the key of the environment; return None where there is no key.

    The key is in a directory of its own while that lasts, never in the user's keyring, and not on a command line.
    Raises CommandError where gpg refuses.
    """
    key = environ.get(KEY, "").strip()
    if not key:
        return None
    signature = file.with_name(f"{file.name}.sig")
    signature.unlink(missing_ok=True)
    # A socket of gpg-agent lies in there, so the path must be short.
    with tempfile.TemporaryDirectory(prefix="gpg-", ignore_cleanup_errors=True) as home:
        try:
            _gpg(home, ["--import"], f"{key}\n".encode())
            options = ["--pinentry-mode", "loopback", "--passphrase-fd", "0"]
            passphrase = environ.get(PASSPHRASE, "") + "\n"
            _gpg(
                home, [*options, "--output", str(signature), "--detach-sign", str(file)], passphrase.encode()
            )
            # The agent ends with its directory, but only after a while.
        finally:
            subprocess.run(
                ["gpgconf", "--homedir", home, "--kill", "gpg-agent"], check=False, capture_output=True
            )
    return signature


def _gpg(home: str, arguments: list[str], given: bytes) -> None:
    command = ["gpg", "--homedir", home, "--batch", "--no-tty", *arguments]
    environment = {name: value for name, value in os.environ.items() if name not in (KEY, PASSPHRASE)}
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False, env=environment)
    except FileNotFoundError as error:
        msg = f"{KEY} is set, but there is no gpg on PATH to sign with"
        raise CommandError(msg) from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        msg = f"gpg ended with status {done.returncode}: {said}"
        raise CommandError(msg)
