"""The few requests that the function sends to Prefect's API."""

from __future__ import annotations

import http.client
import json
import random
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

from .problems import RefusedError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .credentials import Credentials

__all__ = ["PrefectApi"]

_T = TypeVar("_T")

_LATER = frozenset({401, 403, 404, 408, 425, 429})
"""What is not said of the object: a key that is being changed, a deployment that is being made, too many requests."""

_SOON = frozenset({408, 425, 429, 500, 502, 503, 504})
"""What may be otherwise in a second; a server on SQLite answers 503 to writes that meet."""

_ATTEMPTS = 6
_FIRST_WAIT = 0.2
_LONGEST_WAIT = 10.0


class PrefectApi:
    """The API at an address; ``seconds_left`` tells how long the call of the function may still take.

    Requests are repeated, so they must be such that it does not matter: runs have an idempotency key, and events an id.
    """

    def __init__(self, url: str, credentials: Credentials, seconds_left: Callable[[], float]) -> None:
        self._url = url
        self._credentials = credentials
        self._seconds_left = seconds_left
        self._csrf: dict[str, str] = {}

    def object(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The object that is the answer.

        :raises RefusedError: the API says that the request is wrong; says what it says.
        :raises UnavailableError: it does not answer, cannot now, does not take the key, or does not know the object.
        """
        return self._ask(method, path, body, _object)

    def tell(self, path: str, body: Any) -> None:
        """Post what has no answer; raises what ``object`` raises."""
        self._ask("POST", path, body, lambda _: None)

    def _ask(self, method: str, path: str, body: Any, read: Callable[[bytes], _T]) -> _T:
        renewed = False
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return read(self._send(method, path, body))
            except urllib.error.HTTPError as error:
                status, said = error.code, _said(error)
                problem = f"{method} {path}: status {status}: {said}"
                if not renewed and self._renew(status, said):
                    renewed = True
                    continue
                if status not in _LATER and status < 500:
                    raise RefusedError(problem) from None
                if status not in _SOON:
                    raise UnavailableError(problem) from None
                asked = error.headers.get("Retry-After", "")
            except (OSError, ValueError, http.client.HTTPException) as error:
                problem, asked = f"{method} {path}: {type(error).__name__}: {error}", ""
            wait = _wait(attempt, asked)
            # A second for the attempt itself, and to tell how it ended.
            if attempt == _ATTEMPTS or wait + 1.0 > self._seconds_left():
                break
            time.sleep(wait)
        raise UnavailableError(problem)

    def _send(self, method: str, path: str, body: Any) -> bytes:
        request = urllib.request.Request(  # noqa: S310 - the address is the function's own setting
            self._url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json", **self._csrf},
            method=method,
        )
        if header := self._credentials.header():
            request.add_header("Authorization", header)
        seconds = max(1.0, min(30.0, self._seconds_left() - 0.5))
        with urllib.request.urlopen(request, timeout=seconds) as answer:  # noqa: S310 - as above
            content: bytes = answer.read()
        return content

    def _renew(self, status: int, said: str) -> bool:
        """Get anew what a request has to have, and return whether there is anything to get."""
        if status == 401:
            return self._credentials.forget()
        if status != 403 or "CSRF" not in said:
            return False
        client = str(uuid4())
        self._csrf = {}
        try:
            token = _object(self._send("GET", f"/csrf-token?client={client}", None)).get("token")
        except (OSError, ValueError, http.client.HTTPException) as error:
            msg = f"GET /csrf-token: {error}"
            raise UnavailableError(msg) from error
        self._csrf = {"Prefect-Csrf-Token": str(token), "Prefect-Csrf-Client": client}
        return True


def _said(error: urllib.error.HTTPError) -> str:
    """What the API says of an error, as far as it comes to say it."""
    try:
        with error:
            return error.read().decode(errors="replace")[:500]
    except (OSError, http.client.HTTPException):
        return error.reason


def _object(content: bytes) -> dict[str, Any]:
    """:raises ValueError: it is something else, such as the page of a gateway."""
    read = json.loads(content)
    if not isinstance(read, dict) or ("id" not in read and "token" not in read):
        msg = f"the answer is no object of Prefect: {content[:200]!r}"
        raise ValueError(msg)
    return read


def _wait(attempt: int, asked: str) -> float:
    """Seconds until the next attempt: what the API asks for, or ever longer, never the same for two."""
    try:
        return min(float(asked), _LONGEST_WAIT)
    except ValueError:
        return min(_FIRST_WAIT * 2.0**attempt * random.uniform(0.5, 1.0), _LONGEST_WAIT)  # noqa: S311 - no secret
