"""What can go wrong between this process and a Prefect API.

::

    ApiError
    ├── ConfigurationError   the settings are wrong; nothing was sent
    ├── Interrupted          the client was stopped while a request waited
    ├── ConnectionFailed     no answer: refused, unknown host, TLS, or broken half-way
    ├── TimedOut             no answer in time
    ├── UnexpectedAnswer     an answer, but not one of a Prefect API
    ├── Unauthorized         401
    ├── Forbidden            403
    ├── NotFound             404: the object does not exist
    ├── Conflict             409
    ├── Invalid              422, and a 409 that complains of a value
    ├── RateLimited          429, after waiting as long as allowed
    ├── Unavailable          408, 502, 503 or 504, after trying as long as allowed
    └── ServerFault          500 and the rest of 5xx

A status that is not listed (400, 405, 413) is a plain `ApiError`. No message repeats a request body, a
header or a query; see `prefect_provider.api.exchange.diagnosis`.
"""

# ruff: noqa: N818 - named for what happened, as a person would say it

from __future__ import annotations

from typing import ClassVar

from prefect_provider.text.path import show_path
from prefect_provider.text.problem import expectation, sentence

__all__ = [
    "ApiError",
    "Complaint",
    "ConfigurationError",
    "Conflict",
    "ConnectionFailed",
    "Forbidden",
    "Interrupted",
    "Invalid",
    "NotFound",
    "RateLimited",
    "ServerFault",
    "TimedOut",
    "Unauthorized",
    "Unavailable",
    "UnexpectedAnswer",
]


class Complaint:
    """One thing that is wrong with a request: where in the body, and what.

    ``loc`` is the path inside the request body (``("triggers", 0, "expect")``), without the leading
    ``"body"`` that Prefect 3 puts in front of it.
    """

    __slots__ = ("loc", "msg")

    def __init__(self, loc: tuple[str | int, ...], msg: str) -> None:
        self.loc = loc
        self.msg = msg

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Complaint):
            return NotImplemented
        return (self.loc, self.msg) == (other.loc, other.msg)

    def __hash__(self) -> int:
        return hash((self.loc, self.msg))

    def __repr__(self) -> str:
        return f"Complaint({self.loc!r}, {self.msg!r})"

    def __str__(self) -> str:
        where = show_path(self.loc)
        return f"{where}: {self.msg}" if where else self.msg


class ApiError(Exception):
    """A request that did not succeed; ``str()`` says what happened, where and how to fix it.

    ``title`` is a short heading for the kind of error. ``reason`` is the server's or the system's own
    explanation, with secrets removed. ``ambiguous`` is true when the request may have taken effect although
    no success was answered: look before sending it again. ``problems`` say which places of the body are
    wrong, where the server names them, whatever its status.
    """

    title: ClassVar[str] = "Prefect refused the request"

    def __init__(
        self,
        what: str,
        *,
        reason: str = "",
        remedy: str = "",
        method: str = "",
        path: str = "",
        status: int | None = None,
        ambiguous: bool = False,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.reason = reason
        self.remedy = remedy
        self.method = method
        self.path = path
        self.status = status
        self.ambiguous = ambiguous
        self.given_up = False
        """Whether the server answers nothing for so long that nothing further need be asked of it."""
        self.problems: tuple[Complaint, ...] = ()
        self.note = ""
        """How long the client tried and what it found out, in sentences."""

    def __str__(self) -> str:
        what = self.what.rstrip(".")
        parts = [f"{what}: {self.reason}" if self.reason else what, self.note]
        if self.ambiguous:
            parts.append("The request may have taken effect all the same")
        parts.append(self.remedy)
        return " ".join(sentence(part) for part in parts if part)


class ConfigurationError(ApiError):
    """A setting is missing or wrong; ``attribute`` names the provider attribute that would set it right.

    ``holds_secret`` warns that what is written there may hold a secret, so that its line must not be shown.
    """

    title = "Invalid provider configuration"

    def __init__(
        self,
        what: str,
        *,
        attribute: str = "",
        source: str = "",
        got: str = "",
        expected: str = "",
        remedy: str = "",
        holds_secret: bool = False,
    ) -> None:
        reason = expectation(expected, got)
        super().__init__(f"{what} (from {source})" if source else what, reason=reason, remedy=remedy)
        self.attribute = attribute
        self.source = source
        self.got = got
        self.expected = expected
        self.holds_secret = holds_secret


class Interrupted(ApiError):
    """The client was stopped while the request waited for its turn or for another attempt."""

    title = "Interrupted"


class ConnectionFailed(ApiError):
    """There was no connection, or it broke before the answer was complete."""

    title = "No connection to Prefect"


class TimedOut(ApiError):
    """The server did not answer in time."""

    title = "Prefect did not answer in time"


class UnexpectedAnswer(ApiError):
    """Something answered, but not as a Prefect API does: a web page, a redirect, a missing route."""

    title = "Not an answer of a Prefect API"


class Unauthorized(ApiError):
    """401: credentials are missing or wrong."""

    title = "Prefect does not accept the credentials"


class Forbidden(ApiError):
    """403: the credentials are valid but do not allow this."""

    title = "Prefect does not allow this"


class NotFound(ApiError):
    """404: the server says that the object does not exist."""

    title = "Not found"


class Conflict(ApiError):
    """409: another object has this name, or the object refers to one that does not exist."""

    title = "Conflict with another object"


class Invalid(ApiError):
    """422, or a 409 for values that fail a schema: the server does not accept the request's content."""

    title = "Prefect does not accept the values"


class RateLimited(ApiError):
    """429: too many requests, also after waiting as long as the client may wait."""

    title = "Too many requests"


class Unavailable(ApiError):
    """408, 502, 503 or 504: the server could not take the request, also after trying for a while."""

    title = "Prefect is not available"


class ServerFault(ApiError):
    """500 and other 5xx: the server failed on the request."""

    title = "Prefect failed on the request"
