"""The Prefect provider: its configuration block, its objects, and how its errors read."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.language.declaration import optional
from prefect_provider.plugin.language.diagnostics import Diagnostic, Diagnostics
from prefect_provider.plugin.language.kinds import Bool, Integer, Json, Number, String, Uuid
from prefect_provider.plugin.language.provider import Provider
from prefect_provider.plugin.language.values import Values, has_unknown
from prefect_provider.text.masking import secret
from prefect_provider.text.problem import say
from prefect_provider.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prefect_provider.api import Client, Transport
    from prefect_provider.objects.unrecorded import Unrecorded
    from prefect_provider.plugin.language.action import Action
    from prefect_provider.plugin.language.function import Function
    from prefect_provider.plugin.language.resource import (
        DataSource,
        EphemeralResource,
        ListResource,
        Resource,
    )

__all__ = ["ADDRESS", "PrefectProvider"]

ADDRESS: Final = "registry.terraform.io/prefect-iac/prefect"
"""Under which Terraform knows the provider."""

_NO_SETTINGS: Final = frozenset({"audit_events", "on_existing"})
"""What the provider block says of objects, and not of the connection."""


class PrefectProvider(Provider):
    """Manages the objects of a [Prefect](https://prefect.io) server or of Prefect Cloud.

    What is left out is taken from the environment (`PREFECT_API_URL`, `PREFECT_API_KEY`, ...), then from `.env`,
    `prefect.toml` and `pyproject.toml` of the directory in which Terraform runs, and then from the active profile in
    `profiles.toml`, as Prefect's own command line does.
    """

    name = "prefect"
    version = VERSION

    endpoint = optional(
        String(),
        "The API's URL, such as `http://127.0.0.1:4200/api`, or for Prefect Cloud "
        "`https://api.prefect.cloud/api/accounts/<account id>/workspaces/<workspace id>`. A path is taken as it is; "
        "a host without one means `/api`. From `PREFECT_API_URL`.",
    )
    api_key = optional(String(), "API key of Prefect Cloud. From `PREFECT_API_KEY`.", sensitive=True)
    basic_auth_key = optional(
        String(),
        "User and password of a self-hosted server, as `user:password`. From `PREFECT_API_AUTH_STRING` or "
        "`PREFECT_BASIC_AUTH_KEY`.",
        sensitive=True,
    )
    csrf_enabled = optional(
        Bool(),
        "Whether the server wants CSRF tokens. Found out by itself when left out. From `PREFECT_CSRF_ENABLED`.",
    )
    custom_headers = optional(
        Json("object"),
        "Headers to send with every request, as a JSON object of strings. From `PREFECT_CLIENT_CUSTOM_HEADERS`.",
        sensitive=True,
    )
    account_id = optional(
        Uuid(), "Prefect Cloud account (UUID). From `PREFECT_CLOUD_ACCOUNT_ID` or the endpoint."
    )
    workspace_id = optional(
        Uuid(), "Prefect Cloud workspace (UUID). From `PREFECT_CLOUD_WORKSPACE_ID` or the endpoint."
    )
    profile = optional(String(), "Profile to use instead of the active one. From `PREFECT_PROFILE`.")
    profile_file = optional(
        String(),
        "File of the profiles. From `PREFECT_PROFILES_PATH`, `PREFECT_HOME`, or `~/.prefect/profiles.toml`.",
    )
    tls_insecure_skip_verify = optional(
        Bool(),
        "Whether to accept any TLS certificate; for tests only. From `PREFECT_API_TLS_INSECURE_SKIP_VERIFY`.",
    )
    ssl_cert_file = optional(
        String(), "File of the certificate authorities to trust. From `PREFECT_API_SSL_CERT_FILE`."
    )
    request_timeout = optional(
        Number(minimum=0), "Seconds until a request is given up. From `PREFECT_API_REQUEST_TIMEOUT`."
    )
    max_retries = optional(
        Integer(minimum=0),
        "How often a request is tried again; 30 when left out. `PREFECT_CLIENT_MAX_RETRIES`, which is meant for "
        "Prefect's own client, raises that and does not lower it.",
    )
    bulk_reads = optional(
        Bool(),
        "Whether objects that Terraform asks for at once are read in one request (the default). Without, each object "
        "is a request of its own.",
    )
    write_concurrency = optional(
        Integer(minimum=1),
        "How many writes may be under way at once. Left out, it is found out: one by one on SQLite, which refuses most "
        "others with 503, up to 10 on PostgreSQL and on Prefect Cloud.",
    )
    requests_per_minute = optional(
        Integer(minimum=1),
        "How many requests may go out in a minute; they are spread over it. No limit when left out, but what a server "
        "says of its own (`RateLimit` headers, `Retry-After`) is kept to.",
    )
    patience = optional(
        Number(minimum=1),
        "Seconds that requests wait while the server answers none of them, before all are given up; 80 when left out. "
        "A slow server that works is waited for, however long all of it takes.",
    )

    on_existing = optional(
        String(choices=("error", "adopt")),
        "What happens to an object that is to be created and exists already, made by somebody else: `error` (the "
        "default) refuses it in the plan and prints the `import` block that takes it over; `adopt` warns in the plan, "
        "and takes it over when it is applied.",
    )

    audit_events = optional(
        Bool(),
        "Whether each object that is created, changed or deleted leaves an event `prefect-iac.object.applied`, with "
        "the names of the attributes that changed and never their values, by which `prefect-iac drift --who` knows a "
        "change for one of Terraform's. One request more for each object; without, none.",
    )

    def __init__(self, transport: Transport | None = None) -> None:
        """``transport`` stands in for the network, in tests."""
        self._transport = transport
        self._clients: list[Client] = []
        self._parent = os.getppid()
        self._notes: list[Unrecorded] = []
        self._in_peace = self._stopped = False

    def resources(self) -> Sequence[type[Resource]]:
        """Prefect's objects."""
        from prefect_provider.objects.catalogue import RESOURCES

        return RESOURCES

    def list_resources(self) -> Sequence[type[ListResource]]:
        """The same, to list."""
        from prefect_provider.objects.catalogue import RESOURCES
        from prefect_provider.objects.listing import has_listing, listing_of

        return [listing_of(kind) for kind in RESOURCES if has_listing(kind)]

    def data_sources(self) -> Sequence[type[DataSource]]:
        """Prefect's objects, to look up."""
        from prefect_provider.objects.catalogue import DATA_SOURCES

        return DATA_SOURCES

    def ephemeral_resources(self) -> Sequence[type[EphemeralResource]]:
        """Values of Prefect that are read at use."""
        from prefect_provider.objects.catalogue import EPHEMERAL_RESOURCES

        return EPHEMERAL_RESOURCES

    def actions(self) -> Sequence[type[Action]]:
        """What is done once."""
        from prefect_provider.objects.catalogue import ACTIONS

        return ACTIONS

    def functions(self) -> Sequence[type[Function]]:
        """What expressions call."""
        from prefect_provider.functions import functions

        return functions()

    def find(self, of: str, name: str) -> Any:
        """One of them, without loading the others."""
        if of == "functions":
            from prefect_provider import functions

            return functions.find(name)
        from importlib import import_module

        from prefect_provider.objects import places

        if of == "list_resources":
            from prefect_provider.objects.listing import has_listing, listing_of

            kind = self.find("resources", name)
            return listing_of(kind) if kind is not None and has_listing(kind) else None
        table = {
            "resources": places.RESOURCES,
            "data_sources": places.DATA_SOURCES,
            "ephemeral_resources": places.EPHEMERAL_RESOURCES,
            "actions": places.ACTIONS,
        }.get(of, {})
        if name not in table:
            return super().find(of, name)
        module, class_name = table[name]
        return getattr(import_module(module), class_name)

    async def configure(self, config: Values, terraform_version: str, diagnostics: Diagnostics) -> Any:
        """A client for the settings; ``None`` while they are not known."""
        if has_unknown(config):
            return None
        from prefect_provider.api import Client, resolve
        from prefect_provider.objects.existing import keep_notes, set_on_existing
        from prefect_provider.objects.unrecorded import Unrecorded, notes_directory

        explicit = {name: _plain(value) for name, value in config.items() if name not in _NO_SETTINGS}
        _refuse_workspace(explicit, os.environ)
        settings = resolve(explicit, os.environ)
        secret(settings.confidential())
        for warning in settings.warnings:
            diagnostics.warning("Provider configuration", str(warning))
        client = Client(
            settings, transport=self._transport, user_agent_suffix=f"Terraform/{terraform_version}"
        )
        set_on_existing(client, "adopt" if config.get("on_existing") == "adopt" else "error")
        if config.get("audit_events"):
            from prefect_provider.objects.auditing import audit

            audit(client)
        client.stop_when(lambda: os.getppid() != self._parent)
        notes = Unrecorded(notes_directory(os.environ), lambda: client.clock_ahead)
        keep_notes(client, notes)
        self._notes.append(notes)
        self._clients.append(client)
        if self._stopped:
            client.stop()
        await self._check(client, diagnostics)
        return client

    @staticmethod
    async def _check(client: Client, diagnostics: Diagnostics) -> None:
        """Ask once, so that a wrong address or key shows in the plan, also in one that only creates.

        A server that cannot be reached is a warning: this very configuration may be about to start it.
        """
        from prefect_provider.api import (
            ApiError,
            ConfigurationError,
            ConnectionFailed,
            Forbidden,
            TimedOut,
            Unauthorized,
            UnexpectedAnswer,
        )

        try:
            version = await client.check()
        except (ConnectionFailed, TimedOut) as error:
            diagnostics.warning(error.title, str(error), ("endpoint",))
        except (Unauthorized, Forbidden) as error:
            # Not at the attribute: Terraform would print its line, with the secret in it.
            diagnostics.error(error.title, str(error))
        except UnexpectedAnswer as error:
            diagnostics.error(error.title, str(error), ("endpoint",))
        except ConfigurationError:
            raise
        except ApiError as error:
            # Busy, or out of order for a moment; whoever needs an answer will ask again.
            diagnostics.warning(error.title, str(error))
        else:
            if version is not None:
                _heed_version(client, version, diagnostics)

    def explain(self, error: Exception) -> Diagnostic | None:
        """Errors of the API and of its configuration say what happened; anything else is a defect."""
        from prefect_provider.api import ApiError, ConfigurationError, Conflict

        if isinstance(error, ConfigurationError):
            attribute = self.attributes.get(error.attribute)
            # Terraform prints the line that a path leads to, so not one that may hold a secret.
            hidden = error.holds_secret or (attribute is not None and attribute.sensitive and error.source)
            printable = attribute is not None and not hidden
            path = (error.attribute,) if printable else ()
            return Diagnostic("error", error.title, str(error), path)
        if isinstance(error, Conflict) and error.method == "POST":
            remedy = (
                "If the object exists already, take it over with an `import` block instead of creating it."
            )
            return Diagnostic("error", error.title, f"{error} {remedy}")
        if isinstance(error, ApiError):
            return Diagnostic("error", error.title, str(error))
        return None

    def stop(self) -> None:
        """End waits, also those of a provider that is about to be configured; what is under way is answered."""
        self._stopped = True
        for client in self._clients:
            client.stop()

    def leave(self, asked: bool) -> None:
        """Nothing begins any more; what Terraform cannot have recorded stays noted."""
        self.stop()
        self._in_peace = asked

    async def close(self) -> None:
        """Close connections."""
        for notes in self._notes:
            notes.leave(in_peace=self._in_peace)
        for client in self._clients:
            await client.aclose()


def _refuse_workspace(explicit: Mapping[str, Any], environ: Mapping[str, str]) -> None:
    """Raise ConfigurationError for an account or workspace in the provider block of a self-hosted server."""
    from prefect_provider.api import ConfigurationError, resolve

    given = [name for name in ("workspace_id", "account_id") if explicit.get(name)]
    if not given:
        return
    # What else is set is read without them: whether they are right depends on the server.
    ids = ("PREFECT_CLOUD_ACCOUNT_ID", "PREFECT_CLOUD_WORKSPACE_ID")
    others = {key: value for key, value in environ.items() if key not in ids}
    endpoint = resolve({**explicit, "workspace_id": None, "account_id": None}, others).endpoint
    if not endpoint.is_cloud and not endpoint.account_id:
        msg = f"Only Prefect Cloud has accounts and workspaces; this server, {endpoint.url}, has none"
        raise ConfigurationError(msg, attribute=given[0], remedy=f"Remove {given[0]}")


def _plain(value: Any) -> Any:
    from prefect_provider.objects.mapping import plain

    return plain(value)


def _heed_version(client: Client, version: str, diagnostics: Diagnostics) -> None:
    """Keep the server's version for whoever needs it, and warn of one that is older than what is supported."""
    from prefect_provider.objects.server_version import note_server_version
    from prefect_provider.rules.server_versions import OLDEST, shown_version, version_of

    note_server_version(client, version)
    known = version_of(version)
    if known is not None and known < OLDEST:
        detail = say(
            "the server is older than those that the provider knows",
            expected=f"Prefect {shown_version(OLDEST)} or newer",
            got=version,
            remedy="Upgrade the server: what is planned may be refused, or dropped without a word",
        )
        diagnostics.warning("The server is too old", detail, ("endpoint",))
