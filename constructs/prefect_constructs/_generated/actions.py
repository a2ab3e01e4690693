"""What an automation does, one class for each type of action.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.rules.actions``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, ClassVar

from prefect_constructs.actions import TypedAction

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyAutomation,
        AnyBlock,
        AnyDeployment,
        AnyWorkPool,
        AnyWorkQueue,
    )
    from prefect_constructs._generated.vocabulary import ActionSource, StateType
    from prefect_constructs.argument_types import Flag, Identifier, JsonObject, JsonValue
    from prefect_constructs.durations import Duration

__all__ = [
    "CallWebhook",
    "CancelFlowRun",
    "ChangeFlowRunState",
    "DeclareIncident",
    "DeleteFlowRun",
    "DoNothing",
    "PauseAutomation",
    "PauseDeployment",
    "PauseScheduleForFlowRun",
    "PauseWorkPool",
    "PauseWorkQueue",
    "ResumeAutomation",
    "ResumeDeployment",
    "ResumeFlowRun",
    "ResumeScheduleForFlowRun",
    "ResumeWorkPool",
    "ResumeWorkQueue",
    "RunDeployment",
    "SendEmailNotification",
    "SendNotification",
    "SuspendFlowRun",
]


@dataclass(frozen=True, slots=True)
class DoNothing(TypedAction):
    """Does nothing; the automation's firing is still recorded."""

    type: ClassVar[str] = "do-nothing"


@dataclass(frozen=True, slots=True)
class RunDeployment(TypedAction):
    """Starts a flow run of a deployment.

    Args:
        deployment: The deployment, or its id (UUID).
        source: Whether the object to act on is `selected` by its id (the default), or `inferred` from the
            event. Default: `selected`.
        parameters: Parameters of the flow run, as a JSON object. Texts with `{{ }}` are templates that are
            rendered when the automation fires; one such as `{{ event }}` that is nothing else keeps the type
            of its value.
        job_variables: Job variables of the flow run, as a JSON object.
        schedule_after: How long to wait before the flow run starts. Default: `0`.
        deployment_id: The same as `deployment`.
    """

    type: ClassVar[str] = "run-deployment"
    aliases: ClassVar[Mapping[str, str]] = {"deployment": "deployment_id"}

    deployment: AnyDeployment | Identifier | None = None
    _: KW_ONLY
    source: ActionSource | None = None
    parameters: JsonObject | None = None
    job_variables: JsonObject | None = None
    schedule_after: Duration | None = None
    deployment_id: AnyDeployment | Identifier | None = None


@dataclass(frozen=True, slots=True)
class PauseDeployment(TypedAction):
    """Pauses a deployment: its schedules make no runs.

    Args:
        deployment: The deployment, or its id (UUID).
        source: Whether the object to act on is `selected` by its id (the default), or `inferred` from the
            event. Default: `selected`.
        deployment_id: The same as `deployment`.
    """

    type: ClassVar[str] = "pause-deployment"
    aliases: ClassVar[Mapping[str, str]] = {"deployment": "deployment_id"}

    deployment: AnyDeployment | Identifier | None = None
    _: KW_ONLY
    source: ActionSource | None = None
    deployment_id: AnyDeployment | Identifier | None = None


@dataclass(frozen=True, slots=True)
class ResumeDeployment(TypedAction):
    """Resumes a deployment.

    Args:
        deployment: The deployment, or its id (UUID).
        source: Whether the object to act on is `selected` by its id (the default), or `inferred` from the
            event. Default: `selected`.
        deployment_id: The same as `deployment`.
    """

    type: ClassVar[str] = "resume-deployment"
    aliases: ClassVar[Mapping[str, str]] = {"deployment": "deployment_id"}

    deployment: AnyDeployment | Identifier | None = None
    _: KW_ONLY
    source: ActionSource | None = None
    deployment_id: AnyDeployment | Identifier | None = None


@dataclass(frozen=True, slots=True)
class PauseWorkQueue(TypedAction):
    """Pauses a work queue.

    Args:
        work_queue: The work queue, or its id (UUID).
        source: Whether the object to act on is `selected` by its id (the default), or `inferred` from the
            event. Default: `selected`.
        work_queue_id: The same as `work_queue`.
    """

    type: ClassVar[str] = "pause-work-queue"
    aliases: ClassVar[Mapping[str, str]] = {"work_queue": "work_queue_id"}

    work_queue: AnyWorkQueue | Identifier | None = None
    _: KW_ONLY
    source: ActionSource | None = None
    work_queue_id: AnyWorkQueue | Identifier | None = None


@dataclass(frozen=True, slots=True)
class ResumeWorkQueue(TypedAction):
    """Resumes a work queue.

    Args:
        work_queue: The work queue, or its id (UUID).
        source: Whether the object to act on is `selected` by its id (the default), or `inferred` from the
            event. Default: `selected`.
        work_queue_id: The same as `work_queue`.
    """

    type: ClassVar[str] = "resume-work-queue"
    aliases: ClassVar[Mapping[str, str]] = {"work_queue": "work_queue_id"}

    work_queue: AnyWorkQueue | Identifier | None = None
    _: KW_ONLY
    source: ActionSource | None = None
    work_queue_id: AnyWorkQueue | Identifier | None = None


@dataclass(frozen=True, slots=True)
class PauseWorkPool(TypedAction):
    """Pauses a work pool.

    Args:
        work_pool: The work pool, or its id (UUID).
        source: Whether the object to act on is `selected` by its id (the default), or `inferred` from the
            event. Default: `selected`.
        work_pool_id: The same as `work_pool`.
    """

    type: ClassVar[str] = "pause-work-pool"
    aliases: ClassVar[Mapping[str, str]] = {"work_pool": "work_pool_id"}

    work_pool: AnyWorkPool | Identifier | None = None
    _: KW_ONLY
    source: ActionSource | None = None
    work_pool_id: AnyWorkPool | Identifier | None = None


@dataclass(frozen=True, slots=True)
class ResumeWorkPool(TypedAction):
    """Resumes a work pool.

    Args:
        work_pool: The work pool, or its id (UUID).
        source: Whether the object to act on is `selected` by its id (the default), or `inferred` from the
            event. Default: `selected`.
        work_pool_id: The same as `work_pool`.
    """

    type: ClassVar[str] = "resume-work-pool"
    aliases: ClassVar[Mapping[str, str]] = {"work_pool": "work_pool_id"}

    work_pool: AnyWorkPool | Identifier | None = None
    _: KW_ONLY
    source: ActionSource | None = None
    work_pool_id: AnyWorkPool | Identifier | None = None


@dataclass(frozen=True, slots=True)
class PauseAutomation(TypedAction):
    """Pauses an automation.

    Args:
        automation: The automation, or its id (UUID).
        source: Whether the object to act on is `selected` by its id (the default), or `inferred` from the
            event. Default: `selected`.
        automation_id: The same as `automation`.
    """

    type: ClassVar[str] = "pause-automation"
    aliases: ClassVar[Mapping[str, str]] = {"automation": "automation_id"}

    automation: AnyAutomation | Identifier | None = None
    _: KW_ONLY
    source: ActionSource | None = None
    automation_id: AnyAutomation | Identifier | None = None


@dataclass(frozen=True, slots=True)
class ResumeAutomation(TypedAction):
    """Resumes an automation.

    Args:
        automation: The automation, or its id (UUID).
        source: Whether the object to act on is `selected` by its id (the default), or `inferred` from the
            event. Default: `selected`.
        automation_id: The same as `automation`.
    """

    type: ClassVar[str] = "resume-automation"
    aliases: ClassVar[Mapping[str, str]] = {"automation": "automation_id"}

    automation: AnyAutomation | Identifier | None = None
    _: KW_ONLY
    source: ActionSource | None = None
    automation_id: AnyAutomation | Identifier | None = None


@dataclass(frozen=True, slots=True)
class CancelFlowRun(TypedAction):
    """Cancels the flow run of the event.

    Args:
        force: Whether to change the state even where that is not allowed. On Prefect Cloud only.
    """

    type: ClassVar[str] = "cancel-flow-run"

    _: KW_ONLY
    force: Flag | None = None


@dataclass(frozen=True, slots=True)
class SuspendFlowRun(TypedAction):
    """Suspends the flow run of the event.

    Args:
        force: Whether to change the state even where that is not allowed. On Prefect Cloud only.
    """

    type: ClassVar[str] = "suspend-flow-run"

    _: KW_ONLY
    force: Flag | None = None


@dataclass(frozen=True, slots=True)
class ResumeFlowRun(TypedAction):
    """Resumes the flow run of the event."""

    type: ClassVar[str] = "resume-flow-run"


@dataclass(frozen=True, slots=True)
class DeleteFlowRun(TypedAction):
    """Deletes the flow run of the event. Not on Prefect Cloud."""

    type: ClassVar[str] = "delete-flow-run"


@dataclass(frozen=True, slots=True)
class ChangeFlowRunState(TypedAction):
    """Moves the flow run of the event to another state.

    Args:
        state: Type of the new state.
        name: Name of the new state.
        message: Message of the new state.
        force: Whether to change the state even where that is not allowed. Default: `False`.
    """

    type: ClassVar[str] = "change-flow-run-state"

    state: StateType
    _: KW_ONLY
    name: str | None = None
    message: str | None = None
    force: Flag | None = None


@dataclass(frozen=True, slots=True)
class SendNotification(TypedAction):
    """Sends a message through a notification block.

    Args:
        block: The block, or its id (UUID).
        body: The text, a template.
        subject: The subject, a template. Default: `Prefect automated notification`.
        block_document_id: The same as `block`.
    """

    type: ClassVar[str] = "send-notification"
    aliases: ClassVar[Mapping[str, str]] = {"block": "block_document_id"}

    block: AnyBlock | Identifier | None = None
    _: KW_ONLY
    body: str
    subject: str | None = None
    block_document_id: AnyBlock | Identifier | None = None


@dataclass(frozen=True, slots=True)
class CallWebhook(TypedAction):
    """Calls the URL of a webhook block.

    Args:
        block: The block, or its id (UUID).
        payload: What to send, a template. Default: empty.
        block_document_id: The same as `block`.
    """

    type: ClassVar[str] = "call-webhook"
    aliases: ClassVar[Mapping[str, str]] = {"block": "block_document_id"}

    block: AnyBlock | Identifier | None = None
    _: KW_ONLY
    payload: JsonValue | None = None
    block_document_id: AnyBlock | Identifier | None = None


@dataclass(frozen=True, slots=True)
class DeclareIncident(TypedAction):
    """Declares an incident. On Prefect Cloud only."""

    type: ClassVar[str] = "declare-incident"


@dataclass(frozen=True, slots=True)
class PauseScheduleForFlowRun(TypedAction):
    """Pauses the schedule that the flow run of the event came from. On Prefect Cloud only.

    Args:
        deployment: The deployment, or its id (UUID).
        schedule_id: The schedule to pause or resume.
        deployment_id: The same as `deployment`.
    """

    type: ClassVar[str] = "pause-schedule-for-flow-run"
    aliases: ClassVar[Mapping[str, str]] = {"deployment": "deployment_id"}

    deployment: AnyDeployment | Identifier | None = None
    _: KW_ONLY
    schedule_id: Identifier | None = None
    deployment_id: AnyDeployment | Identifier | None = None


@dataclass(frozen=True, slots=True)
class ResumeScheduleForFlowRun(TypedAction):
    """Resumes a schedule of a deployment. On Prefect Cloud only.

    Args:
        deployment: The deployment, or its id (UUID).
        schedule_id: The schedule to pause or resume.
        deployment_id: The same as `deployment`.
    """

    type: ClassVar[str] = "resume-schedule-for-flow-run"
    aliases: ClassVar[Mapping[str, str]] = {"deployment": "deployment_id"}

    deployment: AnyDeployment | Identifier | None = None
    _: KW_ONLY
    schedule_id: Identifier
    deployment_id: AnyDeployment | Identifier | None = None


@dataclass(frozen=True, slots=True)
class SendEmailNotification(TypedAction):
    """Sends an email. On Prefect Cloud only.

    Args:
        emails: The addresses to send to.
        subject: The subject, a template.
        body: The text, a template.
    """

    type: ClassVar[str] = "send-email-notification"

    _: KW_ONLY
    emails: Sequence[str]
    subject: str
    body: str

