"""Where a Prefect API lives: what people write as its URL, reduced to one form.

Accepted: ``https://host``, ``https://host/api``, ``https://host/prefix/api``, each with trailing slashes, and
with ``/accounts/<uuid>/workspaces/<uuid>`` behind it (the form of ``PREFECT_API_URL`` for Prefect Cloud).
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from prefect_provider.api.errors import ConfigurationError

__all__ = ["Endpoint", "is_cloud_host", "parse_endpoint"]

_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_SCOPE = re.compile(rf"/accounts/({_UUID})(?:/workspaces/({_UUID}))?$")
_UI_SCOPE = re.compile(rf"^/account/({_UUID})/workspace/({_UUID})(?:/|$)")
_CLOUD_DOMAINS = (".prefect.cloud", ".prefect.dev")

_EXAMPLES = (
    "an http or https URL such as http://127.0.0.1:4200/api or "
    "https://api.prefect.cloud/api/accounts/<account id>/workspaces/<workspace id>"
)


class Endpoint:
    """A Prefect API's base URL (ends with ``/api``) and the account and workspace that it named, if any."""

    __slots__ = ("account_id", "host", "is_cloud", "secure", "url", "workspace_id")

    def __init__(self, url: str, host: str, account_id: str | None, workspace_id: str | None) -> None:
        self.url = url
        self.host = host
        self.account_id = account_id
        self.workspace_id = workspace_id
        self.secure = url.startswith("https:")
        self.is_cloud = is_cloud_host(host)


def is_cloud_host(host: str) -> bool:
    """Whether Prefect Cloud answers there: ``api.prefect.cloud``, ``private.prefect.cloud``, others."""
    return host.lower().endswith(_CLOUD_DOMAINS)


def parse_endpoint(text: str, source: str) -> Endpoint:
    """Read an endpoint; ``source`` says where it was written, for the error.

    Raises:
        ConfigurationError: not a URL, not http(s), a page of the user interface, or with credentials in it.
    """
    parts = _split(text.strip(), source)
    host = parts.hostname or ""
    cloud = is_cloud_host(host)
    if host.lower().startswith("app.") and cloud:
        raise _user_interface(parts, source)
    if parts.username is not None or parts.password is not None:
        msg = "The endpoint contains a user name or password"
        raise ConfigurationError(
            msg,
            attribute="endpoint",
            source=source,
            remedy="Move them to basic_auth_key (PREFECT_API_AUTH_STRING) as user:password",
        )
    if parts.query or parts.fragment:
        raise _invalid(text, source, "The endpoint has a query or fragment", f"{_EXAMPLES}, without ? or #")
    if cloud and parts.scheme == "http":
        raise _invalid(
            text, source, "The endpoint would send the API key unencrypted", "https for Prefect Cloud"
        )

    path = re.sub("/{2,}", "/", parts.path).rstrip("/")
    account_id = workspace_id = None
    if found := _SCOPE.search(path):
        account_id, workspace_id = found[1].lower(), found[2].lower() if found[2] else None
        path = path[: found.start()]
    elif "/accounts/" in path:
        raise _invalid(text, source, "The endpoint's account or workspace is not a UUID", _EXAMPLES)
    if not path.endswith("/api"):
        path += "/api"
    return Endpoint(f"{parts.scheme}://{parts.netloc}{path}", host, account_id, workspace_id)


def _split(text: str, source: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises ValueError when it is not a number in range
    except ValueError as exc:
        raise _invalid(text, source, f"The endpoint is not a URL: {exc}", _EXAMPLES) from exc
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x1f]", text):
        raise _invalid(text, source, "The endpoint is not a web address", _EXAMPLES)
    return parts


def _invalid(text: str, source: str, what: str, expected: str) -> ConfigurationError:
    # What stands before an @ or after a ? may be a secret, and is never what is wrong with the rest.
    shown = re.sub(r"//[^/@]*@", "//…@", re.split(r"[?#]", text)[0])
    return ConfigurationError(what, attribute="endpoint", source=source, got=repr(shown), expected=expected)


def _user_interface(parts: SplitResult, source: str) -> ConfigurationError:
    domain = (parts.hostname or "").partition(".")[2]
    found = _UI_SCOPE.search(parts.path)
    account, workspace = (found[1], found[2]) if found else ("<account id>", "<workspace id>")
    return ConfigurationError(
        "The endpoint is a page of Prefect Cloud's user interface",
        attribute="endpoint",
        source=source,
        got=repr(f"{parts.scheme}://{parts.netloc}{parts.path}"),
        expected=f"https://api.{domain}/api/accounts/{account}/workspaces/{workspace}",
    )
