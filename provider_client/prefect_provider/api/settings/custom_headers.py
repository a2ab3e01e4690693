"""Headers that the user adds to every request, as proxies in front of a Prefect server ask for.

They are written as one JSON object in a string (Prefect's form of ``PREFECT_CLIENT_CUSTOM_HEADERS``). Their
values may be secrets, so no error shows one.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from prefect_provider.api.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PROTECTED", "parse_custom_headers"]

PROTECTED = frozenset({"user-agent", "prefect-csrf-token", "prefect-csrf-client"})
"""Headers that stay the client's own, as in Prefect's client: the server decides by them."""

# A wrong value of one of these would break the framing of requests.
_FRAMING = frozenset({"connection", "content-length", "host", "transfer-encoding"})

_EXAMPLE = '{"CF-Access-Client-Id": "..."}'


def parse_custom_headers(
    written: str | Mapping[str, Any] | None, source: str, warnings: list[str]
) -> dict[str, str]:
    """Header values by lower-case name; adds a warning for each protected header, which is left out.

    They are ``written`` as a JSON object, or in TOML as a table.

    Raises:
        ConfigurationError: not a JSON object of strings, or something that cannot be a header.
    """
    if written is None:
        return {}
    document = _document(written, source) if isinstance(written, str) else written
    headers: dict[str, str] = {}
    for name, value in document.items():
        lower = name.lower()
        if lower in PROTECTED:
            warnings.append(
                f"custom_headers (from {source}) cannot replace the header {name}; it is ignored."
            )
        elif lower in _FRAMING or not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            msg = f"custom_headers cannot set the header {name!r}"
            raise _invalid(msg, source, "another header name")
        elif not isinstance(value, str):
            msg = f"custom_headers has no text for the header {name}"
            raise _invalid(msg, source, "a string in quotes", type(value).__name__)
        elif not re.fullmatch(r"[\t\x20-\x7e]*", value):
            msg = f"custom_headers has a character in {name} that a header cannot carry"
            raise _invalid(msg, source, "printable ASCII on one line")
        else:
            headers[lower] = value
    return headers


def _document(text: str, source: str) -> Mapping[str, Any]:
    expected = f"a JSON object of strings, such as {_EXAMPLE}"
    try:
        document = json.loads(text)
    except json.JSONDecodeError as exc:
        # `exc.doc` holds the secrets; only its position is told, and the cause is cut off.
        msg = f"custom_headers is not JSON: {exc.msg} at column {exc.pos + 1}"
        raise _invalid(msg, source, expected) from None
    except RecursionError:
        msg = "custom_headers is nested too deeply"
        raise _invalid(msg, source, expected) from None
    if not isinstance(document, dict):
        msg = "custom_headers is not a JSON object"
        raise _invalid(msg, source, expected, type(document).__name__)
    return document


def _invalid(msg: str, source: str, expected: str, got: str = "") -> ConfigurationError:
    return ConfigurationError(msg, attribute="custom_headers", source=source, got=got, expected=expected)
