"""The construct of provider prefect.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.provider``.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    JsonObject,
    Number,
)
from prefect_constructs.cdk_elements import PrefectProviderElement
from prefect_provider.provider import PrefectProvider as _Declaration

__all__ = [
    "PrefectProvider",
]


class PrefectProvider(PrefectProviderElement):
    """Manages the objects of a [Prefect](https://prefect.io) server or of Prefect Cloud.

    What is left out is taken from the environment (`PREFECT_API_URL`, `PREFECT_API_KEY`, ...), then from
    `.env`, `prefect.toml` and `pyproject.toml` of the directory in which Terraform runs, and then from the
    active profile in `profiles.toml`, as Prefect's own command line does.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        endpoint: The API's URL, such as `http://127.0.0.1:4200/api`, or for Prefect Cloud
            `https://api.prefect.cloud/api/accounts/<account id>/workspaces/<workspace id>`. A path is taken
            as it is; a host without one means `/api`. From `PREFECT_API_URL`.
        api_key: API key of Prefect Cloud. From `PREFECT_API_KEY`. Sensitive: what is written here is readable
            in the synthesized configuration.
        basic_auth_key: User and password of a self-hosted server, as `user:password`. From
            `PREFECT_API_AUTH_STRING` or `PREFECT_BASIC_AUTH_KEY`. Sensitive: what is written here is readable
            in the synthesized configuration.
        csrf_enabled: Whether the server wants CSRF tokens. Found out by itself when left out. From
            `PREFECT_CSRF_ENABLED`.
        custom_headers: Headers to send with every request, as a JSON object of strings. From
            `PREFECT_CLIENT_CUSTOM_HEADERS`. Sensitive: what is written here is readable in the synthesized
            configuration.
        account_id: Prefect Cloud account (UUID). From `PREFECT_CLOUD_ACCOUNT_ID` or the endpoint.
        workspace_id: Prefect Cloud workspace (UUID). From `PREFECT_CLOUD_WORKSPACE_ID` or the endpoint.
        profile: Profile to use instead of the active one. From `PREFECT_PROFILE`.
        profile_file: File of the profiles. From `PREFECT_PROFILES_PATH`, `PREFECT_HOME`, or
            `~/.prefect/profiles.toml`.
        tls_insecure_skip_verify: Whether to accept any TLS certificate; for tests only. From
            `PREFECT_API_TLS_INSECURE_SKIP_VERIFY`.
        ssl_cert_file: File of the certificate authorities to trust. From `PREFECT_API_SSL_CERT_FILE`.
        request_timeout: Seconds until a request is given up. From `PREFECT_API_REQUEST_TIMEOUT`.
        max_retries: How often a request is tried again; 30 when left out. `PREFECT_CLIENT_MAX_RETRIES`, which
            is meant for Prefect's own client, raises that and does not lower it.
        bulk_reads: Whether objects that Terraform asks for at once are read in one request (the default).
            Without, each object is a request of its own.
        write_concurrency: How many writes may be under way at once. Left out, it is found out: one by one on
            SQLite, which refuses most others with 503, up to 10 on PostgreSQL and on Prefect Cloud.
        requests_per_minute: How many requests may go out in a minute; they are spread over it. No limit when
            left out, but what a server says of its own (`RateLimit` headers, `Retry-After`) is kept to.
        patience: Seconds that requests wait while the server answers none of them, before all are given up;
            80 when left out. A slow server that works is waited for, however long all of it takes.
        on_existing: What happens to an object that is to be created and exists already, made by somebody
            else: `error` (the default) refuses it in the plan and prints the `import` block that takes it
            over; `adopt` warns in the plan, and takes it over when it is applied. One of `error`, `adopt`.
        audit_events: Whether each object that is created, changed or deleted leaves an event
            `prefect-iac.object.applied`, with the names of the attributes that changed and never their
            values, by which `prefect-iac drift --who` knows a change for one of Terraform's. One request more
            for each object; without, none.
        alias: Name it where a stack has several, and pass it on as `provider`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        endpoint: str | None = None,
        api_key: str | None = None,
        basic_auth_key: str | None = None,
        csrf_enabled: Flag | None = None,
        custom_headers: JsonObject | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        profile: str | None = None,
        profile_file: str | None = None,
        tls_insecure_skip_verify: Flag | None = None,
        ssl_cert_file: str | None = None,
        request_timeout: Number | None = None,
        max_retries: Number | None = None,
        bulk_reads: Flag | None = None,
        write_concurrency: Number | None = None,
        requests_per_minute: Number | None = None,
        patience: Number | None = None,
        on_existing: Literal["error", "adopt"] | IResolvable | None = None,
        audit_events: Flag | None = None,
        alias: str | None = None,
    ) -> None:
        arguments = {
            "endpoint": endpoint,
            "api_key": api_key,
            "basic_auth_key": basic_auth_key,
            "csrf_enabled": csrf_enabled,
            "custom_headers": custom_headers,
            "account_id": account_id,
            "workspace_id": workspace_id,
            "profile": profile,
            "profile_file": profile_file,
            "tls_insecure_skip_verify": tls_insecure_skip_verify,
            "ssl_cert_file": ssl_cert_file,
            "request_timeout": request_timeout,
            "max_retries": max_retries,
            "bulk_reads": bulk_reads,
            "write_concurrency": write_concurrency,
            "requests_per_minute": requests_per_minute,
            "patience": patience,
            "on_existing": on_existing,
            "audit_events": audit_events,
        }
        super().__init__(scope, id_, arguments, alias)
