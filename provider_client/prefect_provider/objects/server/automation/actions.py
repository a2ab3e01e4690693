"""The actions of ``prefect_automation``: one object with the fields of every type of action.

It is made from the table of :mod:`prefect_provider.rules.actions`. A field that the configuration leaves out is
null, and means what Prefect makes of it.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final

from prefect_provider.plugin.language.declaration import UNSET, Attribute, Nested, optional, required
from prefect_provider.plugin.language.kinds import Bool, Json, Kind, ListOf, Seconds, String, Uuid, freeze
from prefect_provider.plugin.language.values import UNKNOWN, Unknown, Value
from prefect_provider.rules.actions import ACTION_FIELDS, ACTIONS, ActionField, FieldKind
from prefect_provider.text.spelling import names

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


_NO_DEFAULT: Final[Mapping[FieldKind, Value]] = {"object": "{}"}
"""What leaving a field out means where the API makes nothing of it."""


def _kind(field: ActionField) -> Kind:
    match field.kind:
        case "choice":
            return String(choices=field.choices)
        case "identifier":
            return Uuid()
        case "object":
            return Json("object")
        case "seconds":
            return Seconds(minimum=0)
        case "flag":
            return Bool()
        case "payload":
            return JsonText()
        case "addresses":
            return ListOf(String())
    return String()


def _attribute(field: ActionField) -> Attribute:
    null_is = _NO_DEFAULT.get(field.kind, UNSET) if field.default is None else field.default
    return optional(
        _kind(field),
        _description(field),
        null_is=int(null_is) if isinstance(null_is, float) else null_is,
        server_default=any(field.name in spec.computed for spec in ACTIONS.values()),
    )


def _description(field: ActionField) -> str:
    """What the field is, and which types of action have it where that does not go without saying."""
    having = [spec for spec in ACTIONS.values() if field.name in spec.required | spec.defaults.keys()]
    text = field.description
    if field.kind == "identifier":
        text = text.replace(f" {_words(field)} ", f" {_words(field)} (UUID) ", 1)
    elif field.name != "source":
        text = f"{names(spec.type for spec in having)}: {text[:1].lower()}{text[1:]}"
    if field.kind == "object":
        text += " Use `jsonencode()`."
    on_cloud = [spec.type for spec in ACTIONS.values() if field.name in spec.cloud_fields]
    computed = [spec.type for spec in ACTIONS.values() if field.name in spec.computed]
    if all(spec.cloud_only for spec in having):
        text += " On Prefect Cloud only."
    if on_cloud:
        text += f" On Prefect Cloud also for {names(on_cloud, last='and')}."
    if computed:
        text += f" Prefect makes the one of {names(computed, last='and')}."
    return text


def _words(field: ActionField) -> str:
    return field.object.replace("_", " ")


Action: Final[type[Nested]] = type(
    "Action",
    (Nested,),
    {
        "__doc__": "What an automation does; which fields it has depends on `type`.",
        "__module__": __name__,
        "type": required(String(choices=tuple(ACTIONS)), "The type of action."),
        **{field.name: _attribute(field) for field in ACTION_FIELDS.values()},
    },
)
"""The declaration of one action: every field of every type."""


def without_defaults(action: Mapping[str, Any]) -> dict[str, Any]:
    """The action without fields that say no more than leaving them out would.

    A module that passes on every field of every type, empty where not used, gets no complaint about them.
    """
    spec = ACTIONS.get(action["type"]) if isinstance(action.get("type"), str) else None
    needed = spec.required if spec else frozenset()
    return {
        name: None if value is None or (name not in needed and _is_default(name, value)) else value
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
