"""How to reach Prefect: what is written in several places, resolved to one set of settings.

Each setting is taken from the first place that has it, in the order in which Prefect itself looks: the provider
block, an environment variable, ``.env``, ``prefect.toml``, ``pyproject.toml``, Prefect's active profile, a
default. An empty text counts as absent everywhere, so that ``api_key = var.key`` with an empty default falls
through to the environment. Each remembers its place, for error messages.

==========================  =================================================================================
attribute                   environment variable and profile key
==========================  =================================================================================
endpoint                    PREFECT_API_URL
api_key                     PREFECT_API_KEY
basic_auth_key              PREFECT_API_AUTH_STRING, PREFECT_BASIC_AUTH_KEY
csrf_enabled                PREFECT_CSRF_ENABLED
custom_headers              PREFECT_CLIENT_CUSTOM_HEADERS
account_id, workspace_id    PREFECT_CLOUD_ACCOUNT_ID, PREFECT_CLOUD_WORKSPACE_ID
tls_insecure_skip_verify    PREFECT_API_TLS_INSECURE_SKIP_VERIFY
ssl_cert_file               PREFECT_API_SSL_CERT_FILE
request_timeout             PREFECT_API_REQUEST_TIMEOUT (seconds for one attempt)
max_retries                 PREFECT_CLIENT_MAX_RETRIES (which never lowers the default)
(none)                      PREFECT_CLIENT_RETRY_EXTRA_CODES (comma-separated status codes)
bulk_reads                  (none)
write_concurrency           (none)
requests_per_minute         (none)
patience                    (none)
profile, profile_file       PREFECT_PROFILE (environment only), PREFECT_PROFILES_PATH, PREFECT_HOME
==========================  =================================================================================
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from prefect_provider.api.errors import ConfigurationError
from prefect_provider.api.settings.endpoint import Endpoint, parse_endpoint
from prefect_provider.api.settings.places import Block, Explicit, Files, Profiled, Variables
from prefect_provider.api.settings.profiles import load_profile
from prefect_provider.api.settings.sources import DEFAULT, Sources, read_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.api.settings.places import Place

__all__ = ["Explicit", "Settings", "resolve"]

_DEFAULT_ENDPOINT = "https://api.prefect.cloud"
_MAX_RETRIES = 30
_PATIENCE = 80.0


class Settings:
    """Resolved settings of one client; make them with `resolve`.

    ``endpoint.url`` is the base URL without account and workspace. ``warnings`` are sentences for the user:
    settings that are ignored. ``origin(attribute)`` says where a setting was written.
    """

    __slots__ = (
        "_origins",
        "account_id",
        "api_key",
        "basic_auth_key",
        "bulk_reads",
        "csrf_enabled",
        "custom_headers",
        "endpoint",
        "max_retries",
        "patience",
        "profile",
        "request_timeout",
        "requests_per_minute",
        "retry_extra_codes",
        "ssl_cert_file",
        "tls_insecure_skip_verify",
        "warnings",
        "workspace_id",
        "write_concurrency",
    )

    def __init__(self, sources: Sources, profile: str | None) -> None:
        self.warnings: list[str] = sources.warnings
        self.profile = profile
        self.endpoint: Endpoint = parse_endpoint(
            sources.text("endpoint") or _DEFAULT_ENDPOINT, sources.origin("endpoint")
        )
        self.api_key: str | None = _header_text(sources, "api_key")
        self.basic_auth_key: str | None = sources.text("basic_auth_key")
        self.csrf_enabled: bool = sources.flag("csrf_enabled")
        self.custom_headers: dict[str, str] = sources.headers("custom_headers")
        self.tls_insecure_skip_verify: bool = sources.flag("tls_insecure_skip_verify")
        self.ssl_cert_file: str | None = sources.file("ssl_cert_file")
        # Prefect on SQLite waits up to 60 s for its database and then answers 503, which says that nothing was
        # written; giving up earlier would leave that open.
        self.request_timeout: float = sources.number("request_timeout", 75.0, at_least=0.1, at_most=3600)
        self.patience: float = sources.number(
            "patience", max(_PATIENCE, self.request_timeout + 5), at_least=1, at_most=3600
        )
        per_minute = sources.number("requests_per_minute", 0, at_least=1, at_most=1_000_000, whole=True)
        self.requests_per_minute: int | None = int(per_minute) or None
        self.max_retries: int = _max_retries(sources)
        self.bulk_reads: bool = sources.text("bulk_reads") is None or sources.flag("bulk_reads")
        # None: as many as the server is seen to take.
        self.write_concurrency: int | None = (
            int(sources.number("write_concurrency", 0, at_least=1, at_most=32, whole=True)) or None
        )
        self.retry_extra_codes: frozenset[int] = sources.codes("retry_extra_codes")
        self.account_id, self.workspace_id = self._account_and_workspace(sources)
        self._require_credentials()

    @property
    def is_cloud(self) -> bool:
        """Whether the endpoint is Prefect Cloud, judged by its host."""
        return self.endpoint.is_cloud

    @property
    def has_credentials(self) -> bool:
        """Whether requests carry any ``Authorization``."""
        return bool(self.api_key or self.basic_auth_key or "authorization" in self.custom_headers)

    def origin(self, attribute: str) -> str:
        """Where a setting was written, such as ``PREFECT_API_URL`` or ``the default``."""
        return self._origins.get(attribute, DEFAULT)

    def confidential(self) -> list[str]:
        """What must not appear in a message or in the log."""
        values = [part for value in self.custom_headers.values() for part in {value, value.split(" ")[-1]}]
        values += [self.api_key] if self.api_key else []
        values += _of_basic_auth(self.basic_auth_key) if self.basic_auth_key else []
        return values

    def __repr__(self) -> str:
        return f"Settings({self.endpoint.url!r} from {self.origin('endpoint')})"

    def _account_and_workspace(self, sources: Sources) -> tuple[str | None, str | None]:
        account, workspace = sources.uuid("account_id"), sources.uuid("workspace_id")
        self._origins: dict[str, str] = sources.origins()
        url = self.endpoint
        if url.account_id:
            # The provider block and the environment beat the URL; the URL beats the profile.
            if account is None or sources.from_profile("account_id"):
                account = url.account_id
                self._origins["account_id"] = self.origin("endpoint")
            # A workspace belongs to its account: the URL's is of no use in another one.
            if (workspace is None or sources.from_profile("workspace_id")) and account == url.account_id:
                workspace = url.workspace_id or workspace
                self._origins["workspace_id"] = self.origin("endpoint")
        if workspace and not account:
            msg = "A workspace is set without its account"
            raise ConfigurationError(
                msg,
                attribute="account_id",
                source=self.origin("workspace_id"),
                remedy="Set account_id (PREFECT_CLOUD_ACCOUNT_ID) too, or leave workspace_id out: "
                "a self-hosted server has neither",
            )
        return account, workspace

    def _require_credentials(self) -> None:
        if self.is_cloud and not self.has_credentials:
            place = f"{self.endpoint.url}, from {self.origin('endpoint')}"
            msg = f"Prefect Cloud ({place}) needs an API key, and none is set"
            raise ConfigurationError(
                msg,
                attribute="api_key",
                remedy="Set api_key in the provider block, or PREFECT_API_KEY in the environment, or run "
                "`prefect cloud login` to store it in a profile. For a self-hosted server, set endpoint or "
                "PREFECT_API_URL to its URL, such as http://127.0.0.1:4200/api",
            )


def resolve(explicit: Explicit, environ: Mapping[str, str], directory: str = ".") -> Settings:
    """Settings from the provider block's attributes, an environment, and the files of a directory.

    Raises:
        ConfigurationError: a setting is invalid; its ``attribute`` is the one to point at.
    """
    files = Files(directory)
    profile = load_profile(
        read_text(explicit.get("profile")), read_text(explicit.get("profile_file")), environ, files
    )
    places: list[Place] = [Block(explicit), Variables(environ), files.dotenv, *files.tables]
    places += [Profiled(profile)] if profile else []
    return Settings(Sources(places, environ), profile.name if profile else None)


def _max_retries(sources: Sources) -> int:
    """How often a request is tried again.

    Prefect's own client, with its longer waits, makes do with five, and that is often written in its settings.
    Here it would end the patience with a busy SQLite server within two seconds, so only the provider block can
    ask for less than the default.
    """
    found = int(sources.number("max_retries", _MAX_RETRIES, at_least=0, at_most=1000, whole=True))
    return found if sources.from_block("max_retries") else max(found, _MAX_RETRIES)


def _header_text(sources: Sources, attribute: str) -> str | None:
    text = sources.text(attribute)
    if text and not re.fullmatch(r"[\x21-\x7e]+", text):
        msg = f"{attribute} has a character that no key has: a space, a line break or a letter outside ASCII"
        raise ConfigurationError(
            msg,
            attribute=attribute,
            source=sources.origin(attribute),
            remedy="Copy the key again",
        )
    return text


def _of_basic_auth(auth: str) -> list[str]:
    """What is secret in ``user:password``: the whole, its base64 form and the password."""
    return [auth, base64.b64encode(auth.encode()).decode(), auth.partition(":")[2]]
