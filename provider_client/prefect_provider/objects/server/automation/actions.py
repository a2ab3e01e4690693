"""The actions of ``prefect_automation``: one object with the fields of every type of action.

Which fields a type has, needs and defaults to is known to the models'
:data:`~prefect_provider.rules.actions.ACTIONS`; here is how Terraform shows them. A field that the
configuration leaves out is null, and means what Prefect makes of it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.language.declaration import UNSET, Nested, optional, required
from prefect_provider.plugin.language.kinds import Bool, Json, ListOf, Number, String, Uuid, freeze
from prefect_provider.plugin.language.values import UNKNOWN, Unknown, Value
from prefect_provider.rules.actions import ACTIONS, SOURCES, STATES

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

__all__ = ["INSTEAD", "Action", "JsonText", "plan_blocks", "without_defaults"]

INSTEAD: Final[Mapping[str, str]] = {
    "declare-incident": "Use `send-notification` to tell people, or `call-webhook` to tell an incident tool.",
    "pause-schedule-for-flow-run": "Use `pause-deployment`, which stops all schedules of the deployment.",
    "resume-schedule-for-flow-run": "Use `resume-deployment`, which resumes all schedules of the deployment.",
    "send-email-notification": "Use `send-notification` with a block that sends email.",
    "delete-flow-run": "Use `cancel-flow-run`.",
}
"""What to use where a type of action does not exist on this kind of server."""


class JsonText(String):
    """A text that may be a JSON object or array, which is then compared as a document.

    Prefect indents a webhook's payload that it is given as an object.
    """

    def canonical(self, value: Value) -> Hashable:
        """Equal for two spellings of one JSON object or array, and for equal texts."""
        if value[:1] in ("{", "["):
            # A template that is JSON only when rendered is just text.
            with contextlib.suppress(ValueError):
                return ("json", freeze(Json.load(value)))
        return freeze(value)


class Action(Nested):
    """What an automation does; which fields it has depends on `type`."""

    type = required(String(choices=tuple(ACTIONS)), "The type of action.")
    source = optional(
        String(choices=SOURCES),
        "Whether the object to act on is `selected` by its id (the default), or `inferred` from the event.",
        null_is="selected",
    )
    deployment_id = optional(Uuid(), "The deployment (UUID) to run, pause or resume.")
    work_pool_id = optional(Uuid(), "The work pool (UUID) to pause or resume.")
    work_queue_id = optional(Uuid(), "The work queue (UUID) to pause or resume.")
    automation_id = optional(Uuid(), "The automation (UUID) to pause or resume.")
    schedule_id = optional(Uuid(), "The schedule (UUID) to pause or resume; on Prefect Cloud only.")
    block_document_id = optional(
        Uuid(),
        "The block (UUID) to send a notification through, or of the webhook to call. Prefect makes the one "
        "of `send-email-notification`.",
        server_default=True,
    )
    parameters = optional(
        Json("object"),
        "`run-deployment`: parameters of the flow run, as a JSON object. Texts with `{{ }}` are templates "
        "that are rendered when the automation fires. Use `jsonencode()`.",
        null_is="{}",
    )
    job_variables = optional(
        Json("object"),
        "`run-deployment`: job variables of the flow run, as a JSON object. Use `jsonencode()`.",
        null_is="{}",
    )
    schedule_after = optional(
        Number(minimum=0), "`run-deployment`: seconds to wait before the flow run starts.", null_is=0
    )
    name = optional(String(), "`change-flow-run-state`: name of the new state.")
    state = optional(String(choices=STATES), "`change-flow-run-state`: type of the new state.")
    message = optional(String(), "`change-flow-run-state`: message of the new state.")
    force = optional(
        Bool(),
        "`change-flow-run-state`: whether to change the state even where that is not allowed. On Prefect "
        "Cloud also for `cancel-flow-run` and `suspend-flow-run`.",
        null_is=False,
    )
    subject = optional(
        String(),
        "Notifications: the subject, a template. Left out, it is `Prefect automated notification`.",
        null_is="Prefect automated notification",
    )
    body = optional(String(), "Notifications: the text, a template.")
    payload = optional(JsonText(), "`call-webhook`: what to send, a template.", null_is="")
    emails = optional(
        ListOf(String()), "`send-email-notification`: the addresses to send to; on Prefect Cloud only."
    )


def without_defaults(action: Mapping[str, Any]) -> dict[str, Any]:
    """The action without fields that say no more than leaving them out would.

    A module that passes on every field of every type, empty where not used, gets no complaint about them.
    """
    spec = ACTIONS.get(action["type"]) if isinstance(action.get("type"), str) else None
    needed = spec.required if spec else frozenset()
    return {
        name: None if name not in needed and _is_default(name, value) else value
        for name, value in action.items()
    }


def _is_default(name: str, value: Any) -> bool:
    null_is = Action.attributes[name].null_is
    if null_is is UNSET or isinstance(value, Unknown):
        return False
    return bool(value == ({} if isinstance(Action.attributes[name].kind, Json) else null_is))


def plan_blocks(planned: Value, prior: Value, config: Value) -> None:
    """Plan the block of each action that leaves it out: Prefect makes one for some types, none for others."""
    if not isinstance(planned, list) or not isinstance(config, list):
        return
    before = prior if isinstance(prior, list) else []
    for index, (action, given) in enumerate(zip(planned, config, strict=True)):
        if not isinstance(given, dict) or given.get("block_document_id") is not None:
            continue
        type_ = action["type"]
        if isinstance(type_, Unknown):
            action["block_document_id"] = UNKNOWN
        elif type_ not in ACTIONS or "block_document_id" not in ACTIONS[type_].computed:
            action["block_document_id"] = None
        elif index >= len(before) or before[index]["type"] != type_:
            action["block_document_id"] = UNKNOWN
