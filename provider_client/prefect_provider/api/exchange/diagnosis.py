"""From a bad answer or a broken connection to the error that explains it.

Prefect reports errors in three shapes: ``{"detail": ...}``, ``{"exception_message": ...}``, and for 422
``{"exception_message", "exception_detail": [{loc, msg, type, input}], "request_body"}``. ``input`` and
``request_body`` repeat what was sent, secrets included, and are never read.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from prefect_provider.api.errors import (
    ApiError,
    Conflict,
    ConnectionFailed,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    RateLimited,
    ServerFault,
    TimedOut,
    Unauthorized,
    Unavailable,
    UnexpectedAnswer,
)

if TYPE_CHECKING:
    from prefect_provider.api.exchange.transport import Answer, TransportFault
    from prefect_provider.api.settings.resolution import Settings

__all__ = ["Diagnosis", "read_json"]

_CLASSES: dict[int, type[ApiError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    408: Unavailable,
    409: Conflict,
    422: Invalid,
    429: RateLimited,
    502: Unavailable,
    503: Unavailable,
    504: Unavailable,
}
_CONNECT_REMEDIES: dict[str, str] = {
    "refused": "Check that the server runs there, and that the endpoint is right",
    "timed_out": "The host does not respond: check the endpoint, and firewalls or proxies on the way",
    "tls": "Check that the endpoint's host and port are those of an https server",
    "tls_plain": "The server speaks no TLS there: write http:// instead of https://, or correct the port",
    "tls_untrusted": "Set ssl_cert_file (PREFECT_API_SSL_CERT_FILE) to the file of the authority that signed "
    "the server's certificate. For a test server only: tls_insecure_skip_verify",
    "unknown_host": "That host name is not known: check the endpoint's spelling and the DNS",
}
_LONGEST_REASON = 2000
_NO_ROUTE = "Not Found"
"""What the web framework says for an unknown path. Prefect names the object: "Flow not found" (3.8, all
objects)."""


class Diagnosis:
    """Explains failures in terms of the settings that led to them."""

    __slots__ = ("_secrets", "_settings")

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._secrets = settings.secrets()

    def of_answer(self, method: str, path: str, answer: Answer, conceal: tuple[str, ...] = ()) -> ApiError:
        """The error for an answer that is not a success."""
        status = answer.status
        data, is_json = read_json(answer)
        what = f"Prefect answered {status} to {method} {path}"
        if 300 <= status < 400:
            return self._redirect(method, path, answer)
        if not is_json and (status not in _CLASSES or status in (404, 422)) and status < 500:
            return self.not_prefect(method, path, answer)
        found, problems = _reason(data) if is_json else (_page_title(answer), ())
        hidden = self._secrets.also(conceal)
        reason = hidden.mask(found)[:_LONGEST_REASON]
        if status == 404 and found in ("", _NO_ROUTE):
            return self.no_route(method, path)
        kind = _CLASSES.get(status, ServerFault if status >= 500 else ApiError)
        error = kind(
            what, reason=reason, remedy=self._remedy(status), method=method, path=path, status=status
        )
        if isinstance(error, Invalid):
            error.problems = tuple(Problem(problem.loc, hidden.mask(problem.msg)) for problem in problems)
        return error

    def of_fault(self, method: str, path: str, fault: TransportFault, *, ambiguous: bool) -> ApiError:
        """The error for a request without an answer."""
        settings = self._settings
        reason = self._secrets.mask(fault.text)
        if fault.kind == "timed_out" and fault.reached:
            return TimedOut(
                f"Prefect did not answer {method} {path} within {settings.request_timeout:g} s",
                remedy="Check the server's load, or raise request_timeout (PREFECT_API_REQUEST_TIMEOUT)",
                method=method,
                path=path,
                ambiguous=ambiguous,
            )
        if fault.kind == "broken":
            what, remedy = f"The connection broke during {method} {path}", ""
        else:
            what = (
                f"Cannot connect to Prefect at {settings.endpoint.url} (from {settings.origin('endpoint')})"
            )
            remedy = _CONNECT_REMEDIES[fault.kind]
        kind = TimedOut if fault.kind == "timed_out" else ConnectionFailed
        return kind(what, reason=reason, remedy=remedy, method=method, path=path, ambiguous=ambiguous)

    def not_prefect(self, method: str, path: str, answer: Answer) -> UnexpectedAnswer:
        """The error for an answer that no Prefect API gives: not JSON."""
        kind = answer.headers.get("content-type", "").partition(";")[0] or "no content type"
        title = _page_title(answer)
        reason = f"status {answer.status}, {kind}" + (f", titled {title!r}" if title else "")
        return self._unexpected(
            f"The answer to {method} {path} is not one of a Prefect API", reason, method, path, answer.status
        )

    def no_route(self, method: str, path: str) -> UnexpectedAnswer:
        """The error for a path that the server does not have."""
        what = f"The server has nothing at {method} {path}"
        return self._unexpected(what, "", method, path, 404)

    def _unexpected(self, what: str, reason: str, method: str, path: str, status: int) -> UnexpectedAnswer:
        settings = self._settings
        remedy = f"Check the endpoint, {settings.endpoint.url} (from {settings.origin('endpoint')})"
        if "/accounts/" in path:
            remedy += (
                f", and the account and workspace (account_id from {settings.origin('account_id')}): "
                "only Prefect Cloud has them, a self-hosted server does not"
            )
        elif status == 404:
            remedy += "; or the server's Prefect is too old to know this route"
        reason = self._secrets.mask(reason)
        return UnexpectedAnswer(what, reason=reason, remedy=remedy, method=method, path=path, status=status)

    def _redirect(self, method: str, path: str, answer: Answer) -> UnexpectedAnswer:
        target = re.split(r"[?#]", answer.headers.get("location", ""))[0]
        target = re.sub(r"//[^/@]*@", "//", target)
        what = f"The server redirects {method} {path}"
        reason = self._secrets.mask(f"to {target}" if target else f"status {answer.status}, to nowhere")
        settings = self._settings
        remedy = (
            "Set the endpoint to the final address: redirects are not followed, to keep the key from others"
        )
        remedy += f" (the endpoint is {settings.endpoint.url}, from {settings.origin('endpoint')})"
        return UnexpectedAnswer(
            what, reason=reason, remedy=remedy, method=method, path=path, status=answer.status
        )

    def _remedy(self, status: int) -> str:
        settings = self._settings
        if status == 401:
            if not settings.has_credentials:
                return (
                    "The server asks for credentials, and none are set: set basic_auth_key "
                    "(PREFECT_API_AUTH_STRING) for a self-hosted server, api_key (PREFECT_API_KEY) for "
                    "Prefect Cloud"
                )
            used = (
                "basic_auth_key"
                if settings.basic_auth_key
                else "api_key"
                if settings.api_key
                else "custom_headers"
            )
            return f"Correct {used} (from {settings.origin(used)}); the endpoint is {settings.endpoint.url}"
        if status == 403 and settings.is_cloud:
            return "Check that the API key's owner has the role for this in the account and workspace"
        if status == 500:
            return "The server's log says why"
        return ""


def read_json(answer: Answer) -> tuple[Any, bool]:
    """The body as JSON, and whether it is JSON; an empty body is the JSON null."""
    if not answer.body:
        return None, True
    try:
        return json.loads(answer.body), True
    except ValueError:
        return None, False


def _reason(data: Any) -> tuple[str, tuple[Problem, ...]]:
    if isinstance(data, str):
        return data, ()
    if not isinstance(data, dict):
        return "", ()
    for key in ("exception_detail", "detail"):
        if isinstance(data.get(key), list):
            problems = tuple(problem for item in data[key] if (problem := _problem(item)) is not None)
            if problems:
                return "; ".join(str(problem) for problem in problems), problems
    for key in ("detail", "exception_message", "message", "error"):
        value = data.get(key)
        if isinstance(value, dict):
            value = value.get("message") or value.get("msg")
        if isinstance(value, str) and value:
            return value, ()
    return "", ()


def _problem(item: Any) -> Problem | None:
    if not isinstance(item, dict) or not isinstance(item.get("msg"), str):
        return None
    loc = item.get("loc")
    steps = [step for step in loc if isinstance(step, str | int)] if isinstance(loc, list) else []
    if steps and steps[0] == "body":
        steps = steps[1:]
    return Problem(tuple(steps), item["msg"])


def _page_title(answer: Answer) -> str:
    if b"<title" not in answer.body[:20_000].lower():
        return ""
    found = re.search(
        r"<title[^>]*>(.*?)</title>", answer.body[:20_000].decode(errors="replace"), re.IGNORECASE | re.DOTALL
    )
    return " ".join(found[1].split())[:80] if found else ""
