"""What an automation does, one class for each type of action.

An action on an object takes the construct itself or the object's id: ``RunDeployment(nightly)``. With
``source="inferred"`` it takes none: then it acts on the object that the event is about. As with triggers, the
automation checks its actions when it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeAlias

from prefect_constructs.argument_types import HasId
from prefect_constructs.documents import json_text, plain
from prefect_constructs.errors import PrefectConstructError
from prefect_constructs.triggers import Duration, HasApiForm, seconds
from prefect_provider.plugin.language.diagnostics import Diagnostic
from prefect_provider.text.spelling import show

if TYPE_CHECKING:
    from prefect_provider.text.path import Path

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
    "action_arguments",
]

Source: TypeAlias = Literal["selected", "inferred"]
"""Whether an action applies to the object that it names, or to the one that the event is about."""

StateType: TypeAlias = Literal[
    "SCHEDULED", "PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "CRASHED", "PAUSED", "CANCELLING"
]
"""The types of states that a flow run can be in."""

Target: TypeAlias = HasId | str
"""A construct with an ``id``, or an id."""

_TARGETS: Final[Mapping[str, str]] = {
    "deployment": "deployment_id",
    "work_pool": "work_pool_id",
    "work_queue": "work_queue_id",
    "automation": "automation_id",
    "block": "block_document_id",
}
"""The fields that take a construct or an id, and how Terraform calls them."""


@dataclass(frozen=True, slots=True)
class _Action:
    type: ClassVar[str]

    def arguments(self) -> dict[str, Any]:
        """As arguments of ``PrefectAutomation``."""
        given: dict[str, Any] = {"type": self.type}
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name in _TARGETS:
                value = getattr(value, "id", value)
            if one.name == "schedule_after":
                value = seconds(value)
            if one.name == "payload" and isinstance(value, Mapping | list):
                value = json_text(plain(value))
            if value is not None:
                given[_TARGETS.get(one.name, one.name)] = value
        return given


@dataclass(frozen=True, slots=True)
class DoNothing(_Action):
    """Does nothing; that the automation fired is still recorded."""

    type: ClassVar[str] = "do-nothing"


@dataclass(frozen=True, slots=True)
class RunDeployment(_Action):
    """Starts a flow run of a deployment, ``schedule_after`` the automation fires.

    Texts in ``parameters`` with ``{{ }}`` are templates; one such as ``"{{ event }}"`` that is nothing else
    keeps the type of its value.
    """

    type: ClassVar[str] = "run-deployment"

    deployment: Target | None = None
    _: KW_ONLY
    source: Source | None = None
    parameters: Mapping[str, Any] | str | None = None
    job_variables: Mapping[str, Any] | str | None = None
    schedule_after: Duration | None = None


@dataclass(frozen=True, slots=True)
class PauseDeployment(_Action):
    """Pauses a deployment: its schedules make no runs."""

    type: ClassVar[str] = "pause-deployment"

    deployment: Target | None = None
    _: KW_ONLY
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class ResumeDeployment(_Action):
    """Resumes a deployment."""

    type: ClassVar[str] = "resume-deployment"

    deployment: Target | None = None
    _: KW_ONLY
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class PauseWorkPool(_Action):
    """Pauses a work pool."""

    type: ClassVar[str] = "pause-work-pool"

    work_pool: Target | None = None
    _: KW_ONLY
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class ResumeWorkPool(_Action):
    """Resumes a work pool."""

    type: ClassVar[str] = "resume-work-pool"

    work_pool: Target | None = None
    _: KW_ONLY
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class PauseWorkQueue(_Action):
    """Pauses a work queue."""

    type: ClassVar[str] = "pause-work-queue"

    work_queue: Target | None = None
    _: KW_ONLY
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class ResumeWorkQueue(_Action):
    """Resumes a work queue."""

    type: ClassVar[str] = "resume-work-queue"

    work_queue: Target | None = None
    _: KW_ONLY
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class PauseAutomation(_Action):
    """Pauses an automation."""

    type: ClassVar[str] = "pause-automation"

    automation: Target | None = None
    _: KW_ONLY
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class ResumeAutomation(_Action):
    """Resumes an automation."""

    type: ClassVar[str] = "resume-automation"

    automation: Target | None = None
    _: KW_ONLY
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelFlowRun(_Action):
    """Cancels the flow run of the event; ``force`` is for Prefect Cloud only."""

    type: ClassVar[str] = "cancel-flow-run"

    force: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendFlowRun(_Action):
    """Suspends the flow run of the event; ``force`` is for Prefect Cloud only."""

    type: ClassVar[str] = "suspend-flow-run"

    force: bool | None = None


@dataclass(frozen=True, slots=True)
class ResumeFlowRun(_Action):
    """Resumes the flow run of the event."""

    type: ClassVar[str] = "resume-flow-run"


@dataclass(frozen=True, slots=True)
class DeleteFlowRun(_Action):
    """Deletes the flow run of the event; not on Prefect Cloud."""

    type: ClassVar[str] = "delete-flow-run"


@dataclass(frozen=True, slots=True)
class ChangeFlowRunState(_Action):
    """Moves the flow run of the event to another state; ``force`` also where that is not allowed."""

    type: ClassVar[str] = "change-flow-run-state"

    state: StateType
    _: KW_ONLY
    name: str | None = None
    message: str | None = None
    force: bool | None = None


@dataclass(frozen=True, slots=True)
class SendNotification(_Action):
    """Sends a message through a notification block; ``subject`` and ``body`` are templates."""

    type: ClassVar[str] = "send-notification"

    block: Target
    _: KW_ONLY
    body: str
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class CallWebhook(_Action):
    """Calls the URL of a webhook block; ``payload`` is a template, or a mapping or list that becomes JSON."""

    type: ClassVar[str] = "call-webhook"

    block: Target
    _: KW_ONLY
    payload: str | Mapping[str, Any] | list[Any] | None = None


@dataclass(frozen=True, slots=True)
class DeclareIncident(_Action):
    """Declares an incident; on Prefect Cloud only."""

    type: ClassVar[str] = "declare-incident"


@dataclass(frozen=True, slots=True)
class PauseScheduleForFlowRun(_Action):
    """Pauses the schedule that the flow run of the event came from; on Prefect Cloud only."""

    type: ClassVar[str] = "pause-schedule-for-flow-run"

    deployment: Target | None = None
    _: KW_ONLY
    schedule_id: str | None = None


@dataclass(frozen=True, slots=True)
class ResumeScheduleForFlowRun(_Action):
    """Resumes a schedule of a deployment; on Prefect Cloud only."""

    type: ClassVar[str] = "resume-schedule-for-flow-run"

    deployment: Target
    _: KW_ONLY
    schedule_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendEmailNotification(_Action):
    """Sends an email; ``subject`` and ``body`` are templates; on Prefect Cloud only."""

    type: ClassVar[str] = "send-email-notification"

    emails: Sequence[str]
    subject: str
    body: str


Action: TypeAlias = (
    DoNothing
    | RunDeployment
    | PauseDeployment
    | ResumeDeployment
    | PauseWorkPool
    | ResumeWorkPool
    | PauseWorkQueue
    | ResumeWorkQueue
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
    | SendEmailNotification
    | HasApiForm
    | Mapping[str, Any]
)
"""Any action; a mapping is one as Prefect's API has it: ``{"type": "cancel-flow-run"}``."""


def action_arguments(action: Action, where: Callable[[], str], path: Path) -> dict[str, Any]:
    """An action as an argument of ``PrefectAutomation``.

    :raises PrefectConstructError: it is none; the error names the construct ``where()``.
    """
    if isinstance(action, _Action):
        return action.arguments()
    if isinstance(action, Mapping):
        return dict(action)
    if hasattr(action, "to_api"):
        return action.to_api()
    detail = f"Expected an action, such as `RunDeployment(...)`, got {show(action)}."
    raise PrefectConstructError(where(), [Diagnostic("error", "", detail, path)])
