"""Where a Prefect API lives: what people write as its URL, reduced to one form.

Accepted: ``https://host``, which means ``https://host/api``; ``https://host/any/path``, which is taken as it is,
since a proxy may serve the API anywhere; each with trailing slashes, and with
``/accounts/<uuid>/workspaces/<uuid>`` behind it (the form of ``PREFECT_API_URL`` for Prefect Cloud). No message
shows what of a URL may be a secret.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from prefect_provider.api.errors import ConfigurationError
from prefect_provider.text.spelling import show

__all__ = ["Endpoint", "is_cloud_host", "parse_endpoint"]

_UUID = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_SCOPE = re.compile(rf"/accounts/({_UUID})(?:/workspaces/({_UUID}))?$")
_UI_SCOPE = re.compile(rf"^/account/({_UUID})/workspace/({_UUID})(?:/|$)")
_CLOUD_DOMAINS = (".prefect.cloud", ".prefect.dev")

_SHOWABLE = re.compile(
    r"(?:[A-Za-z]+:/{1,3})?[\w .%-]*(?:\[[0-9a-fA-F:]*\])?(?::[0-9]*)?(?:/[^@?#:]*)?", re.ASCII
)
"""What has no place for a password: no user, no query, nothing but digits behind a colon."""

_EXAMPLES = (
    "an http or https URL such as http://127.0.0.1:4200/api or "
    "https://api.prefect.cloud/api/accounts/<account id>/workspaces/<workspace id>"
)


class Endpoint:
    """A Prefect API's base URL and the account and workspace that it named, if any.

    ``is_bare`` tells that the URL was written without a path, so that ``/api`` is a guess.
    """

    __slots__ = ("account_id", "host", "is_bare", "is_cloud", "secure", "url", "workspace_id")

    def __init__(
        self, url: str, host: str, account_id: str | None, workspace_id: str | None, *, is_bare: bool = False
    ) -> None:
        self.url = url
        self.is_bare = is_bare
        self.host = host
        self.account_id = account_id
        self.workspace_id = workspace_id
        self.secure = url.startswith("https:")
        # Nothing else has accounts: a host of its own is where Prefect runs Cloud for one customer.
        self.is_cloud = is_cloud_host(host) or account_id is not None


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
        raise _user_interface(text, parts, source)
    # An unquoted slash in a password makes a path of what follows it.
    if parts.username is not None or parts.password is not None or "@" in parts.path:
        msg = "The endpoint contains a user name or password"
        raise ConfigurationError(
            msg,
            attribute="endpoint",
            source=source,
            remedy="Move them to basic_auth_key (PREFECT_API_AUTH_STRING) as user:password",
            holds_secret=True,
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
    is_bare = not path and not cloud
    # Prefect Cloud is nowhere else; a self-hosted server is where the user says.
    if is_bare or (cloud and not path.endswith("/api")):
        path += "/api"
    url = f"{parts.scheme}://{parts.netloc}{path}"
    return Endpoint(url, host, account_id, workspace_id, is_bare=is_bare)


def _split(text: str, source: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises ValueError when it is not a number in range
    except ValueError:
        # The exception quotes a part of the text.
        raise _invalid(text, source, "The endpoint is not a URL", _EXAMPLES) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x1f]", text):
        raise _invalid(text, source, "The endpoint is not a web address", _EXAMPLES)
    return parts


def _invalid(text: str, source: str, what: str, expected: str) -> ConfigurationError:
    showable = _SHOWABLE.fullmatch(text) is not None
    return ConfigurationError(
        what,
        attribute="endpoint",
        source=source,
        got=show(text) if showable else "",
        expected=expected,
        holds_secret=not showable,
    )


def _user_interface(text: str, parts: SplitResult, source: str) -> ConfigurationError:
    domain = (parts.hostname or "").partition(".")[2]
    found = _UI_SCOPE.search(parts.path)
    account, workspace = (found[1], found[2]) if found else ("<account id>", "<workspace id>")
    return _invalid(
        text,
        source,
        "The endpoint is a page of Prefect Cloud's user interface",
        f"https://api.{domain}/api/accounts/{account}/workspaces/{workspace}",
    )
