"""A request to Prefect, as it stays through all its attempts, and the reply to it."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, Literal, Self, TypeAlias, TypedDict, Unpack
from urllib.parse import quote, unquote, urlencode

from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.masking import texts_of

__all__ = ["Options", "Params", "Recover", "Reply", "Request", "RetryRule", "join_path"]

Params: TypeAlias = Mapping[str, str | int | float | bool | None]
"""The query; None leaves a parameter out."""

RetryRule: TypeAlias = Literal["rejected-only", "safe"]
"""After a failure that leaves open whether the request took effect: ``safe`` sends it again,
``rejected-only`` does not."""

_READING_POSTS: Final = ("/count", "/count-by/event", "/filter", "/paginate")

_CONFIDENTIAL: Final = frozenset({"data", "job_variables", "parameters"})
"""Fields of Prefect's objects whose values may be secrets: of blocks, deployments, schedules and actions."""


class Reply:
    """A success: its status, and its JSON body (None when it has none)."""

    __slots__ = ("data", "status")

    def __init__(self, status: int, data: Any) -> None:
        self.status = status
        self.data = data

    def __repr__(self) -> str:
        return f"Reply({self.status})"


Recover: TypeAlias = Callable[[], Awaitable[Reply | None]]
"""Looks whether a write took effect: returns what the write would have answered, or None when it did not.

It runs in the write's own turn, so it may only read.
"""


class Options(TypedDict, total=False):
    """What else can be said of a request.

    ``retry`` says what to do when it is not known whether the request took effect (a broken connection, a
    time-out, a gateway's error): by default every method but POST is ``safe`` to repeat, and so are the POSTs
    that only read (``/filter``, ``/count``, ``/paginate``); other POSTs are ``rejected-only``.

    ``recover`` looks whether the request took effect. Whenever that is not known it is asked, before the
    request is repeated and before it is given up, and what it finds is the reply. A POST with it creates an
    object: an answer without that object's ``id`` counts as one that leaves the outcome open.

    ``inserts`` says of a POST that it only inserts rows: it may be under way beside others of its kind on any server.

    ``conceal`` are values, or documents with values, that no message may show. Those of a body's ``data``,
    ``parameters`` and ``job_variables``, wherever in it, are concealed anyway.
    """

    params: Params | None
    retry: RetryRule | None
    recover: Recover | None
    inserts: bool
    conceal: Iterable[Any]


class Request:
    """One request: its path, its encoded body and query, and whether it may be sent twice.

    ``path`` starts with ``/`` and is quoted (`join_path`). ``json`` is the body; None sends none. ``is_write``
    tells whether it can change anything on the server; ``safe`` whether a second one does no harm when the
    first took effect. Raises ValueError or TypeError when the body is nothing that JSON can say.
    """

    __slots__ = (
        "_conceal",
        "body",
        "inserts",
        "is_write",
        "json",
        "method",
        "path",
        "query",
        "recover",
        "safe",
    )

    def __init__(self, method: str, path: str, json: Any = None, **options: Unpack[Options]) -> None:
        self.method = method.upper()
        self.path = path
        self.query = _query(options.get("params"))
        self.json = json
        self.body = None if json is None else jsonlib.dumps(json, allow_nan=False, default=_number).encode()
        reading_post = self.method == "POST" and path.rstrip("/").endswith(_READING_POSTS)
        self.is_write = not (self.method in ("GET", "HEAD") or reading_post)
        # Prefect's PATCH, PUT and DELETE set a state: a second one finds it set.
        retry = options.get("retry")
        self.safe = retry == "safe" if retry else self.method != "POST" or reading_post
        self.recover = options.get("recover")
        self.inserts = options.get("inserts", False)
        self._conceal = tuple(options.get("conceal", ()))

    @property
    def creates(self) -> bool:
        """Whether the answer has to be an object that this request made."""
        return self.method == "POST" and self.recover is not None

    def below(self, prefix: str) -> Self:
        """The same request to the path below a prefix."""
        other = object.__new__(type(self))
        for name in self.__slots__:
            setattr(other, name, getattr(self, name))
        other.path = prefix + self.path
        return other

    def confidential(self) -> list[str]:
        """The texts that no message may show."""
        return texts_of(self._conceal) + _confidential(self.json)

    def path_after_rename(self) -> str | None:
        """Where the object is once this request has renamed it; None when its path does not change."""
        parent, _, last = self.path.rpartition("/")
        name = self.json.get("name") if isinstance(self.json, Mapping) else None
        if self.method != "PATCH" or not isinstance(name, str) or not name:
            return None
        return None if is_uuid(last) or unquote(last) == name else parent + join_path(name)

    def __repr__(self) -> str:
        return f"Request({self.method} {self.path})"


def join_path(*parts: str) -> str:
    """A path of names and ids, each quoted.

    ``join_path("work_pools", "my pool")`` is ``/work_pools/my%20pool``.

    Raises:
        ValueError: a part is empty, which would turn the path of an object into that of its collection.
    """
    quoted: list[str] = []
    for part in parts:
        if not part:
            msg = f"empty part in the path {'/'.join(parts)!r}"
            raise ValueError(msg)
        # "." and ".." must not be taken for steps in the path.
        quoted.append(part.replace(".", "%2E") if part in (".", "..") else quote(part, safe=""))
    return "/" + "/".join(quoted)


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


def _confidential(document: Any) -> list[str]:
    if isinstance(document, Mapping):
        return [
            text
            for name, value in document.items()
            for text in (texts_of(value) if name in _CONFIDENTIAL else _confidential(value))
        ]
    if isinstance(document, list | tuple):
        return [text for item in document for text in _confidential(item)]
    return []
