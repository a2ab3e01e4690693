"""``python -m prefect_iac``."""

from __future__ import annotations

import sys

from prefect_iac.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
