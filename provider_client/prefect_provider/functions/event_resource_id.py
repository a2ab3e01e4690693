"""``event_resource_id``: how an object is called in events."""

from __future__ import annotations

from prefect_provider.plugin.language.function import ArgumentError, Function, Parameter
from prefect_provider.plugin.language.types import STRING
from prefect_provider.text.identifier import is_uuid
from prefect_provider.text.problem import say
from prefect_provider.text.spelling import closest, names, show

__all__ = ["EventResourceId"]


class EventResourceId(Function):
    """The id that an object has in events: `prefect.deployment.<id>`, for `match` of a trigger.

    Resource types of Terraform may be given as well: `prefect_work_pool` is `work-pool`, `prefect_block` is
    `block-document`.
    """

    name = "event_resource_id"
    summary = "Id of an object in events"
    parameters = (
        Parameter("kind", STRING, "The kind of object, such as `deployment`, `flow-run` or `work-pool`."),
        Parameter(
            "id", STRING, "The object's id, such as `prefect_deployment.etl.id`; `*` for all of the kind."
        ),
    )
    returns = STRING

    async def call(self, kind: str, id_: str) -> str:
        """Put together, once kind and id are what Prefect has."""
        from prefect_provider.rules.event_catalogue import OSS, RESOURCE_KINDS, UUID_KINDS, kind_in_events

        meant = kind_in_events(kind)
        if meant not in RESOURCE_KINDS:
            near = closest(meant, sorted(RESOURCE_KINDS))
            expected = f"one of {names(sorted(RESOURCE_KINDS))}"
            remedy = f'Write "{near}"' if near else ""
            raise ArgumentError(say(expected=expected, got=show(kind), remedy=remedy), 0)
        if not id_ or (meant in UUID_KINDS and id_ != "*" and not is_uuid(id_)):
            expected = "a UUID, or `*` for all" if meant in UUID_KINDS else "an id, or `*` for all"
            remedy = "Use the object's `id`, not its name" if meant in UUID_KINDS else ""
            raise ArgumentError(say(expected=expected, got=show(id_), remedy=remedy), 1)
        return f"{OSS}.{meant}.{id_}"
