"""The Python that has Prefect installed, to compare with what Prefect itself does."""

import os
from pathlib import Path
from typing import Final

__all__ = ["PREFECT_PYTHON"]

_ENVIRONMENT = Path(__file__).resolve().parents[2] / ".venv-prefect" / "bin" / "python"

PREFECT_PYTHON: Final = os.environ.get("PREFECT_PYTHON") or (
    str(_ENVIRONMENT) if _ENVIRONMENT.exists() else ""
)
"""Named by the variable PREFECT_PYTHON, otherwise that of `.venv-prefect`; empty if there is none."""
