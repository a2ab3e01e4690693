"""All schemas, as they go to Terraform: made from the declarations by ``scripts/generate_schema.py``.

They are two files, because Terraform asks for them one after the other.
"""

from __future__ import annotations

import os

__all__ = ["IDENTITIES", "PATH", "stored_identities", "stored_schema"]

PATH = os.path.join(os.path.dirname(__file__), "schema.bin")  # noqa: PTH118, PTH120  see the handshake
"""The file with a ``GetProviderSchema.Response`` of the plugin protocol."""

IDENTITIES = os.path.join(os.path.dirname(__file__), "identities.bin")  # noqa: PTH118, PTH120
"""The file with a ``GetResourceIdentitySchemas.Response``."""


def stored_schema() -> bytes:
    """The bytes of the answer to ``GetProviderSchema``."""
    with open(PATH, "rb") as file:  # noqa: PTH123
        return file.read()


def stored_identities() -> bytes:
    """The bytes of the answer to ``GetResourceIdentitySchemas``."""
    with open(IDENTITIES, "rb") as file:  # noqa: PTH123
        return file.read()
