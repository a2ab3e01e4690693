"""The actions of automations as typed objects, one class for each type.

They take what :mod:`action_rules` allows and refuse the rest with ``pydantic.ValidationError`` (a
``ValueError``). ``to_api`` gives the complete JSON body; ``from_api`` reads the server's answer, and takes
there what the rules would refuse of a new action.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import Field, TypeAdapter, ValidationInfo, model_validator

from prefect_provider.models import action_rules
from prefect_provider.models.action_rules import ACTIONS, ActionSpec
from prefect_provider.models.base import STORED, Identifier, Model, Seconds, refuse
from prefect_provider.models.problems import is_reference

__all__ = [
    "Action",
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
    "Source",
    "StateType",
    "SuspendFlowRun",
    "action_from_api",
    "parse_action",
    "warnings",
]

Source: TypeAlias = Literal["selected", "inferred"]
"""Whether an action applies to the object with the given id, or to the one that the event is about."""


class StateType(StrEnum):
    """The types of states that a flow run can be in."""

    SCHEDULED = "SCHEDULED"
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    CRASHED = "CRASHED"
    PAUSED = "PAUSED"
    CANCELLING = "CANCELLING"


class _Action(Model):
    @property
    def spec(self) -> ActionSpec:
        """What the table of actions says of this type."""
        return ACTIONS[type(self).model_fields["type"].default]

    @property
    def cloud_only(self) -> bool:
        """Whether the action exists on Prefect Cloud only."""
        return self.spec.cloud_only

    def to_api(self) -> dict[str, Any]:
        """The complete JSON body: this type's fields only, each optional one explicit."""
        return action_rules.to_api(self.model_dump())

    @classmethod
    def from_api(cls, data: Mapping[str, Any]) -> Self:
        """Read the server's answer, without the fields of a newer server.

        :raises pydantic.ValidationError: the answer is of another type.
        """
        return cls.model_validate(_of_known_fields(data), context=dict(STORED))

    @model_validator(mode="before")
    @classmethod
    def _follow_the_rules(cls, data: Any, info: ValidationInfo) -> Any:
        if not isinstance(data, Mapping):
            return data
        type_ = cls.model_fields["type"].default
        fields = {name: value for name, value in data.items() if value is not None}
        if info.context != STORED:
            refuse(action_rules.problems({"type": type_, **fields}, is_unknown=is_reference))
        return fields


class DoNothing(_Action):
    """Does nothing; the automation's firing is still recorded."""

    type: Literal["do-nothing"] = "do-nothing"


class _DeploymentAction(_Action):
    source: Source = "selected"
    deployment_id: Identifier | None = None


class RunDeployment(_DeploymentAction):
    """Starts a flow run of a deployment, ``schedule_after`` seconds from when the automation fires.

    Text in ``parameters`` that contains ``{{`` is a template; a single expression keeps its type.
    """

    type: Literal["run-deployment"] = "run-deployment"
    parameters: Mapping[str, Any] | None = None
    job_variables: Mapping[str, Any] | None = None
    schedule_after: Seconds = 0.0


class PauseDeployment(_DeploymentAction):
    """Pauses a deployment."""

    type: Literal["pause-deployment"] = "pause-deployment"


class ResumeDeployment(_DeploymentAction):
    """Resumes a deployment."""

    type: Literal["resume-deployment"] = "resume-deployment"


class _WorkQueueAction(_Action):
    source: Source = "selected"
    work_queue_id: Identifier | None = None


class PauseWorkQueue(_WorkQueueAction):
    """Pauses a work queue."""

    type: Literal["pause-work-queue"] = "pause-work-queue"


class ResumeWorkQueue(_WorkQueueAction):
    """Resumes a work queue."""

    type: Literal["resume-work-queue"] = "resume-work-queue"


class _WorkPoolAction(_Action):
    source: Source = "selected"
    work_pool_id: Identifier | None = None


class PauseWorkPool(_WorkPoolAction):
    """Pauses a work pool."""

    type: Literal["pause-work-pool"] = "pause-work-pool"


class ResumeWorkPool(_WorkPoolAction):
    """Resumes a work pool."""

    type: Literal["resume-work-pool"] = "resume-work-pool"


class _AutomationAction(_Action):
    source: Source = "selected"
    automation_id: Identifier | None = None


class PauseAutomation(_AutomationAction):
    """Pauses an automation."""

    type: Literal["pause-automation"] = "pause-automation"


class ResumeAutomation(_AutomationAction):
    """Resumes an automation."""

    type: Literal["resume-automation"] = "resume-automation"


class CancelFlowRun(_Action):
    """Cancels the flow run of the event. ``force`` exists on Prefect Cloud only."""

    type: Literal["cancel-flow-run"] = "cancel-flow-run"
    force: bool | None = None


class SuspendFlowRun(_Action):
    """Suspends the flow run of the event. ``force`` exists on Prefect Cloud only."""

    type: Literal["suspend-flow-run"] = "suspend-flow-run"
    force: bool | None = None


class ResumeFlowRun(_Action):
    """Resumes the flow run of the event."""

    type: Literal["resume-flow-run"] = "resume-flow-run"


class DeleteFlowRun(_Action):
    """Deletes the flow run of the event; not on Prefect Cloud."""

    type: Literal["delete-flow-run"] = "delete-flow-run"


class ChangeFlowRunState(_Action):
    """Moves the flow run of the event to another state; ``force`` overrides the rules of transition."""

    type: Literal["change-flow-run-state"] = "change-flow-run-state"
    state: (
        StateType
        | Literal[
            "SCHEDULED",
            "PENDING",
            "RUNNING",
            "COMPLETED",
            "FAILED",
            "CANCELLED",
            "CRASHED",
            "PAUSED",
            "CANCELLING",
        ]
    )
    name: str | None = None
    message: str | None = None
    force: bool = False


class SendNotification(_Action):
    """Sends a message through a notification block; ``subject`` and ``body`` are templates."""

    type: Literal["send-notification"] = "send-notification"
    block_document_id: Identifier
    subject: str = ACTIONS["send-notification"].defaults["subject"]
    body: str


class CallWebhook(_Action):
    """Calls the URL of a webhook block; ``payload`` is a template, or an object that becomes JSON."""

    type: Literal["call-webhook"] = "call-webhook"
    block_document_id: Identifier
    payload: str | Mapping[str, Any] | Sequence[Any] = ""


class DeclareIncident(_Action):
    """Declares an incident; Prefect Cloud only."""

    type: Literal["declare-incident"] = "declare-incident"


class PauseScheduleForFlowRun(_Action):
    """Pauses the schedule that the flow run of the event came from; Prefect Cloud only."""

    type: Literal["pause-schedule-for-flow-run"] = "pause-schedule-for-flow-run"
    deployment_id: Identifier | None = None
    schedule_id: Identifier | None = None


class ResumeScheduleForFlowRun(_Action):
    """Resumes a schedule of a deployment; Prefect Cloud only."""

    type: Literal["resume-schedule-for-flow-run"] = "resume-schedule-for-flow-run"
    deployment_id: Identifier
    schedule_id: Identifier


class SendEmailNotification(_Action):
    """Sends an email; ``subject`` and ``body`` are templates; Prefect Cloud only.

    ``block_document_id`` is the server's own and not to be given.
    """

    type: Literal["send-email-notification"] = "send-email-notification"
    emails: Sequence[str]
    subject: str
    body: str
    block_document_id: Identifier | None = None


Action: TypeAlias = Annotated[
    DoNothing
    | RunDeployment
    | PauseDeployment
    | ResumeDeployment
    | PauseWorkQueue
    | ResumeWorkQueue
    | PauseWorkPool
    | ResumeWorkPool
    | PauseAutomation
    | ResumeAutomation
    | CancelFlowRun
    | SuspendFlowRun
    | ResumeFlowRun
    | DeleteFlowRun
    | ChangeFlowRunState
    | SendNotification
    | CallWebhook
    | DeclareIncident
    | PauseScheduleForFlowRun
    | ResumeScheduleForFlowRun
    | SendEmailNotification,
    Field(discriminator="type"),
]
"""Any action."""

_ADAPTER: TypeAdapter[Any] = TypeAdapter(Action)


def parse_action(data: Mapping[str, Any]) -> Action:
    """Read an action that a user wrote, for example in YAML.

    :raises ValueError: it breaks a rule; ``pydantic.ValidationError`` is one.
    """
    if data.get("type") not in ACTIONS:
        refuse(action_rules.problems(data))
    action: Action = _ADAPTER.validate_python(data)
    return action


def action_from_api(data: Mapping[str, Any]) -> Action:
    """Read an action of any type from the server's answer, without the fields of a newer server.

    :raises pydantic.ValidationError: its ``type`` is not known here.
    """
    action: Action = _ADAPTER.validate_python(_of_known_fields(data), context=dict(STORED))
    return action


def warnings(action: Action) -> list[str]:
    """What is allowed in an action and works otherwise than it reads, one line each."""
    found = action_rules.problems(action.to_api(), is_unknown=is_reference)
    return [str(problem) for problem in found if problem.severity == "warning"]


def _of_known_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    spec = ACTIONS.get(data.get("type", ""))
    return {
        name: value for name, value in data.items() if spec is None or name == "type" or name in spec.fields
    }
