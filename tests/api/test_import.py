"""What importing the client costs."""

from __future__ import annotations

import subprocess
import sys


def test_httpx_is_not_imported_with_the_package() -> None:
    """Neither importing the API nor making a client imports httpx, which takes as long as the handshake."""
    code = (
        "import sys; from prefect_provider.api import Client, resolve; "
        "Client(resolve({'endpoint': 'http://x'}, {})); "
        "print(sorted({'h11', 'httpx', 'httpcore'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
