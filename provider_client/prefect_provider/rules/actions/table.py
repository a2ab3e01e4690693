"""The table of actions: what each field is, and which fields each type of action has.

Terraform's object for an action, the classes of the constructs, the checks and the JSON bodies are all made from
it: a new type, or a new field, is a line here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ACTIONS",
    "ACTION_FIELDS",
    "ACTION_LISTS",
    "FIELDS",
    "SOURCES",
    "STATES",
    "ActionField",
    "ActionSpec",
    "FieldKind",
]

ACTION_LISTS: Final = ("actions", "actions_on_trigger", "actions_on_resolve")
"""The fields of an automation that hold actions."""

SOURCES: Final = ("selected", "inferred")
"""Whether an action applies to the object that it names, or to the one that the event is about."""

STATES: Final = (
    *("SCHEDULED", "PENDING", "RUNNING", "COMPLETED", "FAILED"),
    *("CANCELLED", "CRASHED", "PAUSED", "CANCELLING"),
)
"""The types of states that a flow run can be in."""

FieldKind: TypeAlias = Literal[
    "choice", "identifier", "object", "seconds", "text", "template", "payload", "flag", "addresses"
]
"""What a field holds.

A ``template`` is text with ``{{ }}`` in it. A ``payload`` is a template too, or a JSON object or list with
templates in it. ``addresses`` are those of email.
"""


class ActionField(NamedTuple):
    """One field, which means the same in every type of action that has it.

    ``default`` is what the API makes of it where it is optional and left out. ``object`` says what an identifier is
    the id of, as in the types of Terraform's resources: ``work_pool``.
    """

    name: str
    kind: FieldKind
    description: str
    default: Any = None
    choices: tuple[str, ...] = ()
    object: str = ""


class ActionSpec(NamedTuple):
    """One type of action.

    ``defaults`` holds the optional fields, each with what the API makes of it when it is left out.
    ``target`` is the id that ``source`` selected requires and inferred forbids. ``cloud_fields`` are
    optional fields that only Prefect Cloud knows. ``computed`` are fields that the server fills in.
    """

    type: str
    summary: str
    required: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = MappingProxyType({})
    target: str | None = None
    templates: tuple[str, ...] = ()
    cloud_only: bool = False
    oss_only: bool = False
    cloud_fields: frozenset[str] = frozenset()
    computed: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    """The fields that a user can write, most important first."""

    @property
    def fields(self) -> frozenset[str]:
        """Every field that this type may have, without ``type``."""
        return self.required | self.defaults.keys() | self.cloud_fields | self.computed


def _field(name: str, kind: FieldKind, description: str, **rest: Any) -> ActionField:
    return ActionField(name, kind, description, **rest)


ACTION_FIELDS: Final[Mapping[str, ActionField]] = MappingProxyType(
    {
        field.name: field
        for field in (
            _field(
                "source",
                "choice",
                "Whether the object to act on is `selected` by its id (the default), or `inferred` from the event.",
                default="selected",
                choices=SOURCES,
            ),
            _field(
                "deployment_id", "identifier", "The deployment to run, pause or resume.", object="deployment"
            ),
            _field("work_pool_id", "identifier", "The work pool to pause or resume.", object="work_pool"),
            _field("work_queue_id", "identifier", "The work queue to pause or resume.", object="work_queue"),
            _field("automation_id", "identifier", "The automation to pause or resume.", object="automation"),
            _field("schedule_id", "identifier", "The schedule to pause or resume.", object="schedule"),
            _field(
                "block_document_id",
                "identifier",
                "The block to send a notification through, or of the webhook to call.",
                object="block",
            ),
            _field(
                "parameters",
                "object",
                "Parameters of the flow run, as a JSON object. Texts with `{{ }}` are templates that are rendered "
                "when the automation fires; one such as `{{ event }}` that is nothing else keeps the type of its "
                "value.",
            ),
            _field("job_variables", "object", "Job variables of the flow run, as a JSON object."),
            _field("schedule_after", "seconds", "Seconds to wait before the flow run starts.", default=0.0),
            _field("name", "text", "Name of the new state."),
            _field("state", "choice", "Type of the new state.", choices=STATES),
            _field("message", "text", "Message of the new state."),
            _field(
                "force", "flag", "Whether to change the state even where that is not allowed.", default=False
            ),
            _field(
                "subject",
                "template",
                "The subject, a template.",
                default="Prefect automated notification",
            ),
            _field("body", "template", "The text, a template."),
            _field("payload", "payload", "What to send, a template.", default=""),
            _field("emails", "addresses", "The addresses to send to."),
        )
    }
)
"""Every field of any type of action, without ``type``."""

FIELDS: Final = frozenset(ACTION_FIELDS)
"""The names of the fields."""


def _spec(
    type_: str,
    summary: str,
    *required: str,
    target: str | None = None,
    optional: tuple[str, ...] = (),
    cloud_fields: tuple[str, ...] = (),
    computed: tuple[str, ...] = (),
    **rest: bool,
) -> ActionSpec:
    selected = () if target is None else (target, "source")
    left_out = (*selected, *optional)
    order = (*required, *left_out, *cloud_fields)
    return ActionSpec(
        type_,
        summary,
        required=frozenset(required),
        defaults=MappingProxyType({name: ACTION_FIELDS[name].default for name in left_out}),
        target=target,
        templates=tuple(name for name in order if ACTION_FIELDS[name].kind in ("template", "payload")),
        cloud_fields=frozenset(cloud_fields),
        computed=frozenset(computed),
        order=order,
        **rest,
    )


ACTIONS: Final[Mapping[str, ActionSpec]] = MappingProxyType(
    {
        spec.type: spec
        for spec in (
            _spec("do-nothing", "Does nothing; the automation's firing is still recorded."),
            _spec(
                "run-deployment",
                "Starts a flow run of a deployment.",
                target="deployment_id",
                optional=("parameters", "job_variables", "schedule_after"),
            ),
            _spec(
                "pause-deployment",
                "Pauses a deployment: its schedules make no runs.",
                target="deployment_id",
            ),
            _spec("resume-deployment", "Resumes a deployment.", target="deployment_id"),
            _spec("pause-work-queue", "Pauses a work queue.", target="work_queue_id"),
            _spec("resume-work-queue", "Resumes a work queue.", target="work_queue_id"),
            _spec("pause-work-pool", "Pauses a work pool.", target="work_pool_id"),
            _spec("resume-work-pool", "Resumes a work pool.", target="work_pool_id"),
            _spec("pause-automation", "Pauses an automation.", target="automation_id"),
            _spec("resume-automation", "Resumes an automation.", target="automation_id"),
            _spec("cancel-flow-run", "Cancels the flow run of the event.", cloud_fields=("force",)),
            _spec("suspend-flow-run", "Suspends the flow run of the event.", cloud_fields=("force",)),
            _spec("resume-flow-run", "Resumes the flow run of the event."),
            _spec("delete-flow-run", "Deletes the flow run of the event.", oss_only=True),
            _spec(
                "change-flow-run-state",
                "Moves the flow run of the event to another state.",
                "state",
                optional=("name", "message", "force"),
            ),
            _spec(
                "send-notification",
                "Sends a message through a notification block.",
                *("block_document_id", "body"),
                optional=("subject",),
            ),
            _spec(
                "call-webhook",
                "Calls the URL of a webhook block.",
                "block_document_id",
                optional=("payload",),
            ),
            _spec("declare-incident", "Declares an incident.", cloud_only=True),
            _spec(
                "pause-schedule-for-flow-run",
                "Pauses the schedule that the flow run of the event came from.",
                optional=("deployment_id", "schedule_id"),
                cloud_only=True,
            ),
            _spec(
                "resume-schedule-for-flow-run",
                "Resumes a schedule of a deployment.",
                *("deployment_id", "schedule_id"),
                cloud_only=True,
            ),
            _spec(
                "send-email-notification",
                "Sends an email.",
                *("emails", "subject", "body"),
                cloud_only=True,
                computed=("block_document_id",),
            ),
        )
    }
)
"""Every type of action that a user can write, by its ``type``."""
