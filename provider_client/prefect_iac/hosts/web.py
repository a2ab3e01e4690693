"""The way to the API of a code host; the only module of the command that imports httpx, none of which leaves it."""

from __future__ import annotations

import ssl
import time
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self
from urllib.parse import urljoin, urlsplit

import httpx

from prefect_iac.hosts.errors import HostError
from prefect_provider.text.masking import mask, secret
from prefect_provider.text.problem import say
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

__all__ = ["Answer", "Web"]

_SECONDS: Final = 30.0
_ATTEMPTS: Final = 4
_LONGEST_WAIT: Final = 30.0
_SHOWN: Final = 200
_LIMITED: Final = "rate limit"
"""How a refusal speaks that is not about rights."""
_PAGES: Final = 100


class Answer(NamedTuple):
    """What a host answered: header values by lower-case name, and the JSON of the body, or None."""

    status: int
    headers: Mapping[str, str]
    json: Any


class Web:
    """Requests to one host, with the headers that say who asks.

    A request is repeated only where the host says that it did nothing (429, and 403 with a time to wait), and one that
    reads also after a fault. A redirect is not followed, and no other host is ever asked: the token would go along.
    """

    def __init__(
        self, base_url: str, headers: Mapping[str, str], *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Speak to the API at `base_url`; values of `headers` are secrets."""
        for value in headers.values():
            secret(value)
            secret(value.rpartition(" ")[2])
        self.base_url: Final = base_url.rstrip("/")
        self._sleep: Final = sleep
        self._http: Final = httpx.Client(
            timeout=_SECONDS,
            verify=_trusted(),
            follow_redirects=False,
            headers={"user-agent": f"prefect-iac/{VERSION}", "accept": "application/json", **headers},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, path: str, *, absent: bool = False) -> Answer:
        """GET; `absent`: 403 and 404 are answers and not faults. Raises HostError."""
        return self.send("GET", path, absent=absent)

    def send(self, method: str, path: str, json: Any = None, *, absent: bool = False) -> Answer:
        """Send a request; `path` is relative to the API, or a whole address on the same host. Raises HostError."""
        url = self._address(path)
        for attempt in range(_ATTEMPTS):
            answer, wait = self._once(method, url, json, attempt)
            if answer is None:
                self._sleep(wait)
                continue
            if answer.status < 300 or (absent and answer.status in {403, 404}):
                return answer
            raise HostError(_refusal(method, url, answer))
        raise AssertionError  # the last attempt answers or raises

    def _address(self, path: str) -> str:
        url = path if "://" in path else f"{self.base_url}{path}"
        if _origin(url) != _origin(self.base_url):
            what = "the code host names a page on another host, where the token must not go"
            raise HostError(say(what, expected=_origin(self.base_url), got=_origin(url)))
        return urljoin(self.base_url, url)

    def _once(self, method: str, url: str, json: Any, attempt: int) -> tuple[Answer | None, float]:
        """An answer, or how many seconds to wait before the next attempt."""
        last = attempt + 1 == _ATTEMPTS
        try:
            response = self._http.request(method, url, json=json)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if method == "GET" and not last:
                return None, 2.0**attempt
            what = f"cannot reach the code host: {method} {url}: {mask(str(error) or type(error).__name__)}"
            raise HostError(say(what)) from None
        wait = _wait(response)
        unharmed = response.status_code == 429 or (response.status_code == 403 and wait is not None)
        if not last and (unharmed or (method == "GET" and response.status_code >= 500)):
            return None, min(wait if wait is not None else 2.0**attempt, _LONGEST_WAIT)
        return _answer(response), 0.0


def _answer(response: httpx.Response) -> Answer:
    try:
        document = response.json() if response.content else None
    except ValueError:
        document = None
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, document)


def _wait(response: httpx.Response) -> float | None:
    """Seconds that the host asks to wait, or None."""
    asked = response.headers.get("retry-after", "")
    if asked.isdecimal():
        return float(asked)
    ends = response.headers.get("x-ratelimit-reset", "")
    if response.headers.get("x-ratelimit-remaining") == "0" and ends.isdecimal():
        return max(0.0, float(ends) - time.time())
    if response.status_code == 403 and _LIMITED in response.text[:_SHOWN].lower():
        # GitHub's limit on how fast one may write often names no time; it asks for a minute.
        return _LONGEST_WAIT
    return None


def _refusal(method: str, url: str, answer: Answer) -> str:
    said = ""
    if isinstance(answer.json, dict):
        found = answer.json.get("message") or answer.json.get("error") or answer.json.get("errors") or ""
        said = mask(str(found["message"] if isinstance(found, dict) and "message" in found else found))
    remedies = {
        301: "Name the API's address as it is now",
        401: "Check the token: it is wrong, or over",
        403: "Give the token the right to write comments (in GitHub Actions `permissions: pull-requests: write`)",
        404: "Check the names of the project and the pull request; hosts also answer so when a token may not see them",
    }
    if url.endswith("/check-runs"):
        remedies[403] = (
            "Give the token the right to make check runs (in GitHub Actions `permissions: checks: write`)"
        )
    if answer.headers.get("x-ratelimit-remaining") == "0" or _LIMITED in said.lower():
        remedies[403] = "The limit on requests of this token is used up: wait, or use another"
    return say(
        f"the code host refused {method} {url}",
        got=f"{answer.status}{f' {said[:_SHOWN]}' if said else ''}",
        remedy=remedies.get(answer.status, ""),
    )


def _trusted() -> ssl.SSLContext:
    """Whom the operating system trusts, with the authorities of the company; where it has no list, the usual ones."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not paths.cafile and not paths.capath:
        import certifi

        context.load_verify_locations(cafile=certifi.where())
    return context


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
