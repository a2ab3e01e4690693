"""``action "prefect_emit_event"``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from prefect_provider.objects.acting import WorkspaceAction
from prefect_provider.objects.mapping import plain
from prefect_provider.plugin.language.declaration import Nested, optional, required
from prefect_provider.plugin.language.kinds import Json, MapOf, String, Timestamp, Uuid
from prefect_provider.plugin.language.nested import NestedList
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prefect_provider.plugin.language.values import Values

__all__ = ["EmitEvent", "RelatedResource"]

_ID: Final = "prefect.resource.id"
_ROLE: Final = "prefect.resource.role"


class RelatedResource(Nested):
    """A resource that an event concerns besides its own."""

    id = required(String(), "The resource's id in events, such as `prefect.deployment.<id>`.")
    role = required(String(), "What it has to do with the event, such as `deployment`.")
    labels = optional(MapOf(String()), "Further labels.")


class EmitEvent(WorkspaceAction):
    """Emits an event, which automations may wait for.

    The function `event_resource_id` makes the ids of Prefect's own objects.
    """

    type_name = "prefect_emit_event"

    event = required(String(), "Name of the event, such as `infrastructure.replaced`.")
    resource_id = required(
        String(), "Id of the resource that the event is about, such as `my.bucket`.", source=None
    )
    resource_labels = optional(MapOf(String()), "Further labels of the resource.", source=None)
    related = optional(NestedList(RelatedResource), "Resources that the event concerns besides.")
    payload = optional(Json("object"), "What else there is to say, as a JSON object. Use `jsonencode()`.")
    occurred = optional(Timestamp(), "When it happened (RFC 3339); now when left out.")
    follows = optional(Uuid(), "The event (UUID) that this one follows.")

    async def validate(self, config: Values) -> None:
        """Names and ids are not empty, and labels do not say otherwise."""
        for name in ("event", "resource_id"):
            if config.get(name) == "":
                self.diagnostics.error("Empty text", f"`{name}` has to be one character or more.", (name,))
        labels = config.get("resource_labels")
        if isinstance(labels, dict) and _ID in labels:
            what = f"`{_ID}` is what `resource_id` says; leave it out."
            self.diagnostics.error("Id given twice", what, ("resource_labels",))

    async def invoke(self, config: Values) -> AsyncGenerator[str, None]:
        """POST it."""
        event_id = str(uuid4())
        body: dict[str, Any] = {
            "id": event_id,
            "occurred": config["occurred"] or datetime.now(UTC).isoformat(),
            "event": config["event"],
            "resource": {**(config["resource_labels"] or {}), _ID: config["resource_id"]},
            "related": [
                {**(one["labels"] or {}), _ID: one["id"], _ROLE: one["role"]}
                for one in config["related"] or []
            ],
            "payload": plain(Json.load(config["payload"] or "{}")),
        }
        if config["follows"] is not None:
            body["follows"] = config["follows"]
        # An event is known by its id, which the server has once.
        await self.scope(config).post("/events", [body], retry="safe", conceal=(body["payload"],))
        yield f"Event {show(config['event'])} of {show(config['resource_id'])} emitted: {event_id}"
