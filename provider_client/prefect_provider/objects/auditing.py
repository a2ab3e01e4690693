"""A mark in the server's events for each object that was applied, for those who ask later who it was.

Prefect's own events say that an object was changed, and not by whom. The mark says that it was this provider, in which
run of which pipeline, and which attributes were changed; never what they are.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

from prefect_provider.plugin.language.diagnostics import ProviderError
from prefect_provider.text.problem import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect_provider.objects.remote import RemoteObject
    from prefect_provider.plugin.language.values import Values

__all__ = ["ACTOR", "MARK", "audit", "leave_mark"]

MARK: Final = "prefect-iac.object.applied"
"""The event's name; names that begin with ``prefect.`` are Prefect's own."""

ACTOR: Final = "prefect-iac.actor."
"""What the id of the related resource begins with that has the role ``actor``."""

_AUDITED: Final[WeakSet[Any]] = WeakSet()

_ACTORS: Final = (
    "GITHUB_ACTOR",
    "GITLAB_USER_LOGIN",
    "BITBUCKET_STEP_TRIGGERER_UUID",
    "BUILD_REQUESTEDFOR",
    "USER",
    "USERNAME",
)
_COMMITS: Final = ("GITHUB_SHA", "CI_COMMIT_SHA", "BITBUCKET_COMMIT", "BUILD_SOURCEVERSION")
_RUNS: Final = ("TFC_RUN_ID", "CI_JOB_URL", "BUILD_URL")


def audit(client: Any) -> None:
    """Have all objects of this client leave marks."""
    _AUDITED.add(client)


async def leave_mark(resource: RemoteObject, prior: Values | None, values: Values | None) -> None:
    """Emit the event, if this is wanted; raises ProviderError if it cannot be."""
    if resource.client not in _AUDITED:
        return
    from prefect_provider.api import ApiError

    scope = resource.scope(values or prior or {})
    if scope.prefix and scope.workspace_id is None:
        # What belongs to an account is no workspace's; that of the provider has the events.
        if not resource.client.settings.workspace_id:
            return
        scope = resource.client.workspace()
    body = _event(resource, prior, values, os.environ)
    try:
        # An event is known by its id, which the server has once.
        await scope.post("/events", [body], retry="safe")
    except ApiError as error:
        msg = "The apply left no mark in the events"
        detail = say(
            f"the {resource.noun()} was applied all the same. {error}",
            remedy="`prefect-iac drift --who` will not know this change for one of Terraform's",
        )
        raise ProviderError(msg, detail) from error


def _event(
    resource: RemoteObject, prior: Values | None, values: Values | None, environ: Mapping[str, str]
) -> dict[str, Any]:
    from datetime import UTC, datetime
    from uuid import uuid4

    from prefect_provider.rules.event_catalogue import CLOUD, OSS, kind_in_events

    held = values or prior or {}
    named = held.get("name")
    payload = {
        "action": "created" if prior is None else "deleted" if values is None else "updated",
        "type": resource.type_name,
        "changed": _changed(resource, prior, values),
        "commit": _first(environ, _COMMITS),
        "run": _run_of(environ),
    }
    of = CLOUD if resource.cloud_only else OSS
    subject = {"prefect.resource.id": f"{of}.{kind_in_events(resource.type_name)}.{held['id']}"}
    actor = _first(environ, _ACTORS)
    related = [{"prefect.resource.id": f"{ACTOR}{actor}", "prefect.resource.role": "actor"}] if actor else []
    return {
        "id": str(uuid4()),
        "occurred": datetime.now(UTC).isoformat(),
        "event": MARK,
        "resource": subject | ({"prefect.resource.name": named} if isinstance(named, str) and named else {}),
        "related": related,
        "payload": {name: value for name, value in payload.items() if value is not None},
    }


def _changed(resource: RemoteObject, prior: Values | None, values: Values | None) -> list[str]:
    """The names of the attributes that somebody can set and that are different now."""
    if values is None:
        return []
    return sorted(
        name
        for name, attribute in resource.attributes.items()
        if attribute.configurable and not attribute.same((prior or {}).get(name), values.get(name))
    )


def _first(environ: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((environ[name] for name in names if environ.get(name)), None)


def _run_of(environ: Mapping[str, str]) -> str | None:
    """Where the run of the pipeline can be looked at."""
    server, repository, run = (
        environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")
    )
    if server and repository and run:
        return f"{server}/{repository}/actions/runs/{run}"
    return _first(environ, _RUNS)
