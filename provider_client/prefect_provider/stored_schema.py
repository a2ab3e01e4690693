"""All schemas, as they go to Terraform: made from the declarations by ``scripts/generate_schema.py``."""

from __future__ import annotations

import os

__all__ = ["PATH", "stored_schema"]

PATH = os.path.join(os.path.dirname(__file__), "schema.bin")  # noqa: PTH118, PTH120  see the handshake
"""The file with a ``GetProviderSchema.Response`` of the plugin protocol."""


def stored_schema() -> bytes:
    """The bytes of the answer to ``GetProviderSchema``."""
    with open(PATH, "rb") as file:  # noqa: PTH123
        return file.read()
