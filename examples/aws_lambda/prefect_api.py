"""The few requests that the function sends to Prefect's API."""

from __future__ import annotations

import http.client
import json
import random
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from .problems import RefusedError, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .credentials import Credentials

__all__ = ["PrefectApi"]

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

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The decoded answer.

        :raises RefusedError: the API says that the request is wrong; says what it says.
        :raises UnavailableError: it does not answer, cannot now, does not take the key, or does not know the object.
        """
        renewed = False
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._send(method, path, body)
            except urllib.error.HTTPError as error:
                with error:
                    status, said = error.code, error.read().decode(errors="replace")[:500]
                problem = f"{method} {path}: status {status}: {said}"
                if status == 403 and "CSRF" in said and not renewed:
                    renewed = self._renew_csrf_token()
                    continue
                if status == 401 and not renewed:
                    renewed = self._credentials.forget()
                    if renewed:
                        continue
                if status not in _LATER and status < 500:
                    raise RefusedError(problem) from None
                if status not in _SOON:
                    raise UnavailableError(problem) from None
                asked = error.headers.get("Retry-After", "")
            except (OSError, http.client.HTTPException) as error:
                problem, asked = f"{method} {path}: {error}", ""
            wait = _wait(attempt, asked)
            # A second for the attempt itself, and to tell how it ended.
            if attempt == _ATTEMPTS or wait + 1.0 > self._seconds_left():
                raise UnavailableError(problem)
            time.sleep(wait)
        raise UnavailableError(problem)

    def _send(self, method: str, path: str, body: object = None) -> Any:
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
            content = answer.read()
        return json.loads(content) if content else None

    def _renew_csrf_token(self) -> bool:
        """Get the token that a server of one's own may ask for."""
        client = str(uuid4())
        self._csrf = {}
        token = self._send("GET", f"/csrf-token?client={client}")["token"]
        self._csrf = {"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": client}
        return True


def _wait(attempt: int, asked: str) -> float:
    """Seconds until the next attempt: what the API asks for, or ever longer, never the same for two."""
    try:
        return min(float(asked), _LONGEST_WAIT)
    except ValueError:
        return min(_FIRST_WAIT * 2.0**attempt * random.uniform(0.5, 1.0), _LONGEST_WAIT)  # noqa: S311 - no secret
