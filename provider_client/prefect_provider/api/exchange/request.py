"""One request to Prefect, as it stays through all its attempts."""

from __future__ import annotations

import json as jsonlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from prefect_provider.api.sender import Params, Recover, RetryRule

__all__ = ["Call"]

_READING_POSTS = ("/count", "/filter", "/paginate")


class Call:
    """A request: its path below ``…/api``, its encoded body and query, and whether it may be sent twice.

    ``is_write`` tells whether it can change anything on the server; ``safe`` whether a second one does no
    harm when the first took effect. Raises ValueError or TypeError when the body is nothing that JSON can
    say.
    """

    __slots__ = ("body", "conceal", "is_write", "method", "path", "query", "recover", "safe")

    def __init__(
        self,
        method: str,
        path: str,
        json: Any = None,
        params: Params | None = None,
        *,
        retry: RetryRule | None = None,
        recover: Recover | None = None,
        conceal: tuple[str, ...] = (),
    ) -> None:
        self.method = method.upper()
        self.path = path
        self.query = _query(params)
        self.body = None if json is None else jsonlib.dumps(json, allow_nan=False, default=_number).encode()
        reading_post = self.method == "POST" and path.rstrip("/").endswith(_READING_POSTS)
        self.is_write = not (self.method in ("GET", "HEAD") or reading_post)
        # Prefect's PATCH, PUT and DELETE set a state: a second one finds it set.
        self.safe = retry == "safe" if retry else self.method != "POST" or reading_post
        self.recover = recover
        self.conceal = conceal


def _query(params: Params | None) -> str:
    pairs = [
        (name, str(value).lower() if isinstance(value, bool) else str(value))
        for name, value in (params or {}).items()
        if value is not None
    ]
    return f"?{urlencode(pairs)}" if pairs else ""


def _number(value: object) -> int | float:
    """Terraform's numbers that are not whole arrive as Decimal."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    msg = f"{type(value).__name__} cannot be sent as JSON"
    raise TypeError(msg)
