"""The construct of action prefect_emit_event.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.actions.emit_event``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Required, TypedDict

from prefect_constructs._runtime import IResolvable, Scope, TerraformProvider
from prefect_constructs.argument_types import (
    Identifier,
    Instant,
    JsonObject,
    TextMap,
)
from prefect_constructs.stateless import PrefectAction
from prefect_provider.objects.server.actions.emit_event import EmitEvent as _Declaration

__all__ = [
    "EmitEventAction",
    "EmitEventActionRelatedResource",
]


class EmitEventActionRelatedResource(TypedDict, total=False):
    """A resource that an event concerns besides its own."""

    id: Required[str]
    """The resource's id in events, such as `prefect.deployment.<id>`."""

    role: Required[str]
    """What it has to do with the event, such as `deployment`."""

    labels: TextMap
    """Further labels."""


class EmitEventAction(PrefectAction):
    """Emits an event, which automations may wait for.

    The function `event_resource_id` makes the ids of Prefect's own objects.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform knows it by it.
        event: Name of the event, such as `infrastructure.replaced`.
        resource_id: Id of the resource that the event is about, such as `my.bucket`.
        resource_labels: Further labels of the resource.
        related: Resources that the event concerns besides.
        payload: What else there is to say, as a JSON object.
        occurred: When it happened (RFC 3339); now when left out.
        follows: The event (UUID) that this one follows.
        account_id: The Prefect Cloud account (UUID), if not the provider's.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's.
        provider: The provider that it uses, if not the one without an alias.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        event: str,
        resource_id: str,
        resource_labels: TextMap | None = None,
        related: Sequence[EmitEventActionRelatedResource] | IResolvable | None = None,
        payload: JsonObject | None = None,
        occurred: Instant | None = None,
        follows: Identifier | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        provider: TerraformProvider | None = None,
    ) -> None:
        arguments = {
            "event": event,
            "resource_id": resource_id,
            "resource_labels": resource_labels,
            "related": related,
            "payload": payload,
            "occurred": occurred,
            "follows": follows,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, provider)
