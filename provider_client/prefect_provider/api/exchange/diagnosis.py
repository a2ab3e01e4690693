"""From a bad answer or a broken connection to the error that explains it.

Prefect reports errors in three shapes: ``{"detail": ...}``, ``{"exception_message": ...}``, and for 422
``{"exception_message", "exception_detail": [{loc, msg, type, input}], "request_body"}``. ``input`` and
``request_body`` repeat what was sent, secrets included, and are never read. What a server says is shown
without the request's confidential values and without control characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypedDict
from urllib.parse import unquote, urlsplit

from prefect_provider.api.errors import (
    ApiError,
    Complaint,
    Conflict,
    ConnectionFailed,
    Forbidden,
    Interrupted,
    Invalid,
    NotFound,
    RateLimited,
    ServerFault,
    TimedOut,
    Unauthorized,
    Unavailable,
    UnexpectedAnswer,
)
from prefect_provider.api.exchange.answers import NO_ROUTE, names_an_object, read_json
from prefect_provider.api.exchange.complaints import complaints_of, is_failed_validation
from prefect_provider.text.masking import SENSITIVE, Secrets
from prefect_provider.text.printing import printable

if TYPE_CHECKING:
    from prefect_provider.api.exchange.standstill import Wait
    from prefect_provider.api.exchange.transport import Answer, TransportFault
    from prefect_provider.api.request import Request
    from prefect_provider.api.settings.resolution import Settings

__all__ = ["Diagnosis"]

_CLASSES: Final[dict[int, type[ApiError]]] = {
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
_CONNECT_REMEDIES: Final[dict[str, str]] = {
    "proxy": "The proxy of the environment (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY) refuses the connection: correct "
    "it, or name the server's host in NO_PROXY",
    "refused": "Check that the server runs there, and that the endpoint is right",
    "timed_out": "The host does not respond: check the endpoint, and firewalls or proxies on the way",
    "tls": "Check that the endpoint's host and port are those of an https server",
    "tls_plain": "The server speaks no TLS there: write http:// instead of https://, or correct the port",
    "tls_untrusted": "Set ssl_cert_file (PREFECT_API_SSL_CERT_FILE) to the file of the authority that signed "
    "the server's certificate. For a test server only: tls_insecure_skip_verify",
    "unknown_host": "That host name is not known: check the endpoint's spelling and the DNS",
}
_LONGEST_REASON: Final = 2000
_QUOTED_INPUT: Final = re.compile(r"(\binput_value=).*?(?=, input_type=|\Z)", re.DOTALL)


class Diagnosis:
    """Explains failures in terms of the settings that led to them."""

    __slots__ = ("_secrets", "_settings")

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._secrets = Secrets(settings.confidential())

    def path_of(self, request: Request) -> str:
        """The path of a request below the server's root, as messages show it."""
        return urlsplit(self._settings.endpoint.url).path + request.path

    def of_answer(self, request: Request, answer: Answer) -> ApiError:
        """The error for an answer that is not a success."""
        status = answer.status
        data, flaw = read_json(answer)
        if 300 <= status < 400:
            return self._redirect(request, answer)
        if flaw and (status not in _CLASSES or status in (404, 422)) and status < 500:
            return self.not_prefect(request, answer, flaw)
        said, problems = complaints_of(data, request, status)
        hidden = self._secrets.also(request.confidential())
        reason = _clean(said or _page_title(answer), hidden)
        if status == 404 and not names_an_object(answer):
            return self.no_route(request, reason if said != NO_ROUTE else "")
        kind = _CLASSES.get(status, ServerFault if status >= 500 else ApiError)
        if kind is Conflict and is_failed_validation(said):
            kind = Invalid
        what = f"Prefect answered {status} to {self.call_of(request)}"
        error = kind(
            what, reason=reason, remedy=self._remedy(status, request), **self._place(request), status=status
        )
        error.problems = tuple(Complaint(problem.loc, _clean(problem.msg, hidden)) for problem in problems)
        return error

    def of_fault(self, request: Request, fault: TransportFault) -> ApiError:
        """The error for a request without an answer."""
        settings, place = self._settings, self._place(request)
        reason = _clean(fault.text, self._secrets)
        if fault.kind == "too_large":
            what = f"The answer to {self.call_of(request)} is too large"
            return UnexpectedAnswer(what, reason=reason, remedy=self._check_endpoint(), **place)
        if fault.kind == "timed_out" and fault.reached:
            return TimedOut(
                f"Prefect did not answer {self.call_of(request)} within {settings.request_timeout:g} s",
                remedy="Check the server's load, or raise request_timeout (PREFECT_API_REQUEST_TIMEOUT)",
                **place,
            )
        if fault.kind == "broken":
            what = f"The connection broke during {self.call_of(request)}"
            return ConnectionFailed(what, reason=reason, **place)
        kind = TimedOut if fault.kind == "timed_out" else ConnectionFailed
        what = f"Cannot connect to Prefect at {settings.endpoint.url} (from {settings.origin('endpoint')})"
        return kind(what, reason=reason, remedy=_CONNECT_REMEDIES[fault.kind], **place)

    def interrupted(self, request: Request, when: str, last: ApiError | None = None) -> Interrupted:
        """The error for a request that a stop met ``when``; ``last`` is how its last attempt failed."""
        reason = f"the last attempt failed, {last.what}" if last else ""
        return Interrupted(
            f"Stopped while {self.call_of(request)} {when}", reason=reason, **self._place(request)
        )

    def at_a_standstill(self, request: Request, wait: Wait, *, sent: bool = True) -> TimedOut:
        """The error for a request that is given up because nothing is answered."""
        call = self.call_of(request)
        if sent:
            what = f"Prefect did not answer {call} within {wait.seconds:.0f} s"
        else:
            what = f"{call} was not sent, for Prefect does not answer"
        alone = wait.is_alone
        error = TimedOut(
            what,
            reason="" if alone else f"nothing was answered while requests waited for {wait.standstill:.0f} s",
            remedy="Check whether the server works, and apply again when it does; patience, in the provider block, "
            "sets how long is waited",
            **self._place(request),
        )
        error.given_up = not alone
        return error

    def not_prefect(self, request: Request, answer: Answer, flaw: str) -> UnexpectedAnswer:
        """The error for an answer that no Prefect API gives."""
        kind = answer.headers.get("content-type", "").partition(";")[0] or "no content type"
        title = _page_title(answer)
        reason = f"status {answer.status}, {kind}, " + (f"titled {title!r}" if title else flaw)
        what = f"The answer to {self.call_of(request)} is not one of a Prefect API"
        return self._unexpected(what, reason, request, answer.status)

    def no_route(self, request: Request, reason: str = "") -> UnexpectedAnswer:
        """The error for a path that the server does not have."""
        return self._unexpected(f"The server has nothing at {self.call_of(request)}", reason, request, 404)

    def not_deleted(self, request: Request, status: int) -> UnexpectedAnswer:
        """The error for an object that is still there after its deletion."""
        what = f"The server answered {status} to {self.call_of(request)}, and the object is still there"
        return self._unexpected(what, "", request, status)

    def call_of(self, request: Request) -> str:
        """What people call a request: its method and path."""
        return f"{request.method} {self.path_of(request)}"

    def _place(self, request: Request) -> _Place:
        return {"method": request.method, "path": self.path_of(request)}

    def _check_endpoint(self) -> str:
        settings = self._settings
        url = settings.endpoint.url
        remedy = f"Check the endpoint, {url} (from {settings.origin('endpoint')})"
        # The path was written by the user, and is used as it is.
        return remedy if url.endswith("/api") else f"{remedy}; if the API is below that path, write {url}/api"

    def _unexpected(self, what: str, reason: str, request: Request, status: int) -> UnexpectedAnswer:
        settings = self._settings
        remedy = self._check_endpoint()
        if "/accounts/" in request.path:
            remedy += (
                f", and the account and workspace (account_id from {settings.origin('account_id')}): "
                "only Prefect Cloud has them, a self-hosted server does not"
            )
        elif status == 404:
            remedy += "; or the server's Prefect is too old to know this route"
        reason = _clean(reason, self._secrets)
        return UnexpectedAnswer(what, reason=reason, remedy=remedy, **self._place(request), status=status)

    def _redirect(self, request: Request, answer: Answer) -> UnexpectedAnswer:
        settings = self._settings
        reason = _clean(_target(answer, self.path_of(request)), self._secrets)
        remedy = (
            "Set the endpoint to the final address: redirects are not followed, to keep the key from others "
            f"(the endpoint is {settings.endpoint.url}, from {settings.origin('endpoint')})"
        )
        what = f"The server redirects {self.call_of(request)}"
        return UnexpectedAnswer(
            what, reason=reason, remedy=remedy, **self._place(request), status=answer.status
        )

    def _remedy(self, status: int, request: Request) -> str:
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
            from prefect_provider.api.exchange.roles import remedy_of_refusal

            return remedy_of_refusal(request.method, request.path)
        if status == 500:
            return "The server's log says why"
        return ""


class _Place(TypedDict):
    method: str
    path: str


def _clean(text: str, hidden: Secrets) -> str:
    # Of a long value pydantic quotes the beginning and the end, which are no form of the whole.
    text = _QUOTED_INPUT.sub(rf"\1{SENSITIVE}", hidden.mask(text))
    return printable(text)[:_LONGEST_REASON]


def _target(answer: Answer, path: str) -> str:
    """Where a redirect leads, without what may be a secret: its path only as far as it was the request's."""
    location = answer.headers.get("location", "")
    if not location:
        return f"status {answer.status}, to nowhere"
    try:
        parts = urlsplit(location)
        port = f":{parts.port}" if parts.port else ""
        host = parts.hostname or ""
    except ValueError:
        return f"status {answer.status}, to no address"
    known = {*unquote(parts.path).split("/")} <= {*unquote(path).split("/"), "api"}
    rest = parts.path if known else "/…"
    return f"to {parts.scheme}://{host}{port}{rest}" if host and "@" not in host else f"to {rest or '/'}"


def _page_title(answer: Answer) -> str:
    if b"<title" not in answer.body[:20_000].lower():
        return ""
    found = re.search(
        r"<title[^>]*>(.*?)</title>", answer.body[:20_000].decode(errors="replace"), re.IGNORECASE | re.DOTALL
    )
    return " ".join(found[1].split())[:80] if found else ""
