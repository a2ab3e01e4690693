"""What importing the client costs."""

from __future__ import annotations

import subprocess
import sys


def test_httpx_is_not_imported_with_the_package() -> None:
    """Importing the API and making a client does not import httpx, which takes longer than the handshake may."""
    code = (
        "import sys; from prefect_provider.api import Client, resolve; "
        "Client(resolve({'endpoint': 'http://x'}, {})); "
        "print(sorted({'httpx', 'httpcore', 'tomllib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
