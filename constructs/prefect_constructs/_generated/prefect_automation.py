"""The construct of resource prefect_automation.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.automation.resource``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, Required, TypedDict, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    JsonObject,
    JsonValue,
    MetaArguments,
    Number,
    Texts,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.server.automation.resource import Automation as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyAutomation,
        AnyBlock,
        AnyDeployment,
        AnyWorkPool,
        AnyWorkQueue,
    )

__all__ = [
    "AutomationAction",
    "AutomationCompoundTrigger",
    "AutomationEventTrigger",
    "AutomationInnerCompoundTrigger",
    "AutomationInnerSequenceTrigger",
    "AutomationInnerTrigger",
    "AutomationInnermostCompoundTrigger",
    "AutomationInnermostSequenceTrigger",
    "AutomationInnermostTrigger",
    "AutomationMetricQuery",
    "AutomationMetricTrigger",
    "AutomationSequenceTrigger",
    "AutomationSimpleTrigger",
    "AutomationTrigger",
    "PrefectAutomation",
]


class AutomationEventTrigger(TypedDict, total=False):
    """Fires on the presence or the absence of events within a time."""

    posture: Required[Literal["Reactive", "Proactive"] | IResolvable]
    """`Reactive` fires when the expected events are seen, `Proactive` when they are not seen in time. One of
    `Reactive`, `Proactive`.
    """

    match: JsonObject
    """Labels that the event's resource must have, as a JSON object of labels to values or lists of them; `*`
    stands for any text and a leading `!` negates. Default: `{}`.
    """

    match_related: JsonValue
    """Labels that a related resource must have, as `match`; of an array of objects each must be met by one of
    the related resources. Default: `{}`.
    """

    after: Texts
    """Events that must have been seen first; empty: none needs to be. Default: `[]`."""

    expect: Texts
    """Events that count; empty: every event does. Default: `[]`."""

    for_each: Texts
    """Labels whose every distinct combination of values is counted on its own, such as `prefect.resource.id` or
    `related:flow:prefect.resource.id`. Default: `[]`.
    """

    threshold: Number
    """How many events make the trigger fire (Reactive), or keep it from firing (Proactive). Default: `1`."""

    within: Number
    """Seconds in which the events count. Left out, it is 0 for a Reactive trigger, which fires on every
    `threshold`th event, and 10 for a Proactive one, the least it can be.
    """


class AutomationMetricQuery(TypedDict, total=False):
    """What a metric trigger watches."""

    name: Required[Literal["lateness", "duration", "successes", "volume", "sla_violations", "sla_violations_by_severity"] | IResolvable]
    """The metric. One of `lateness`, `duration`, `successes`, `volume`, `sla_violations`,
    `sla_violations_by_severity`.
    """

    operator: Required[Literal["<", "<=", ">", ">="] | IResolvable]
    """How the metric is compared with the threshold. One of `<`, `<=`, `>`, `>=`."""

    threshold: Required[Number]
    """The value to compare with."""

    range: Required[Number]
    """Seconds to look back over when the metric is worked out."""

    firing_for: Required[Number]
    """Seconds for which the metric must breach, or keep to, the threshold before actions are run."""


class AutomationMetricTrigger(TypedDict, total=False):
    """Fires on the result of a metric; on Prefect Cloud only."""

    match: JsonObject
    """Labels that the watched resources must have, as for an event. Default: `{}`."""

    match_related: JsonValue
    """Labels that related resources must have, as for an event. Default: `{}`."""

    metric: Required[AutomationMetricQuery | IResolvable]
    """The metric and when it is too high or too low."""


class AutomationSimpleTrigger(TypedDict, total=False):
    """A trigger that combines no others."""

    event: AutomationEventTrigger | IResolvable
    """Fires on the presence or the absence of events within a time."""

    metric: AutomationMetricTrigger | IResolvable
    """Fires on the result of a metric; on Prefect Cloud only."""


class AutomationInnermostCompoundTrigger(TypedDict, total=False):
    """Fires when enough of its triggers have fired within a time, in any order."""

    triggers: Required[Sequence[AutomationSimpleTrigger] | IResolvable]
    """The triggers to combine."""

    require: Required[str]
    """How many of them have to fire: `any`, `all` or a number."""

    within: Number
    """Seconds in which they have to fire; `None` means no limit."""


class AutomationInnermostSequenceTrigger(TypedDict, total=False):
    """Fires when its triggers have fired one after the other within a time."""

    triggers: Required[Sequence[AutomationSimpleTrigger] | IResolvable]
    """The triggers, in the order in which they have to fire."""

    within: Number
    """Seconds in which they have to fire; `None` means no limit."""


class AutomationInnermostTrigger(TypedDict, total=False):
    """When an automation acts: exactly one kind of trigger."""

    compound: AutomationInnermostCompoundTrigger | IResolvable
    """Fires when enough of its triggers have fired within a time, in any order."""

    sequence: AutomationInnermostSequenceTrigger | IResolvable
    """Fires when its triggers have fired one after the other within a time."""

    event: AutomationEventTrigger | IResolvable
    """Fires on the presence or the absence of events within a time."""

    metric: AutomationMetricTrigger | IResolvable
    """Fires on the result of a metric; on Prefect Cloud only."""


class AutomationInnerCompoundTrigger(TypedDict, total=False):
    """Fires when enough of its triggers have fired within a time, in any order."""

    triggers: Required[Sequence[AutomationInnermostTrigger] | IResolvable]
    """The triggers to combine."""

    require: Required[str]
    """How many of them have to fire: `any`, `all` or a number."""

    within: Number
    """Seconds in which they have to fire; `None` means no limit."""


class AutomationInnerSequenceTrigger(TypedDict, total=False):
    """Fires when its triggers have fired one after the other within a time."""

    triggers: Required[Sequence[AutomationInnermostTrigger] | IResolvable]
    """The triggers, in the order in which they have to fire."""

    within: Number
    """Seconds in which they have to fire; `None` means no limit."""


class AutomationInnerTrigger(TypedDict, total=False):
    """When an automation acts: exactly one kind of trigger."""

    compound: AutomationInnerCompoundTrigger | IResolvable
    """Fires when enough of its triggers have fired within a time, in any order."""

    sequence: AutomationInnerSequenceTrigger | IResolvable
    """Fires when its triggers have fired one after the other within a time."""

    event: AutomationEventTrigger | IResolvable
    """Fires on the presence or the absence of events within a time."""

    metric: AutomationMetricTrigger | IResolvable
    """Fires on the result of a metric; on Prefect Cloud only."""


class AutomationCompoundTrigger(TypedDict, total=False):
    """Fires when enough of its triggers have fired within a time, in any order."""

    triggers: Required[Sequence[AutomationInnerTrigger] | IResolvable]
    """The triggers to combine."""

    require: Required[JsonValue]
    """How many of them have to fire: `any`, `all` or a number."""

    within: Number
    """Seconds in which they have to fire; `None` means no limit."""


class AutomationSequenceTrigger(TypedDict, total=False):
    """Fires when its triggers have fired one after the other within a time."""

    triggers: Required[Sequence[AutomationInnerTrigger] | IResolvable]
    """The triggers, in the order in which they have to fire."""

    within: Number
    """Seconds in which they have to fire; `None` means no limit."""


class AutomationTrigger(TypedDict, total=False):
    """When an automation acts: exactly one kind of trigger."""

    compound: AutomationCompoundTrigger | IResolvable
    """Fires when enough of its triggers have fired within a time, in any order."""

    sequence: AutomationSequenceTrigger | IResolvable
    """Fires when its triggers have fired one after the other within a time."""

    event: AutomationEventTrigger | IResolvable
    """Fires on the presence or the absence of events within a time."""

    metric: AutomationMetricTrigger | IResolvable
    """Fires on the result of a metric; on Prefect Cloud only."""


class AutomationAction(TypedDict, total=False):
    """What an automation does; which fields it has depends on `type`."""

    type: Required[Literal["do-nothing", "run-deployment", "pause-deployment", "resume-deployment", "pause-work-queue", "resume-work-queue", "pause-work-pool", "resume-work-pool", "pause-automation", "resume-automation", "cancel-flow-run", "suspend-flow-run", "resume-flow-run", "delete-flow-run", "change-flow-run-state", "send-notification", "call-webhook", "declare-incident", "pause-schedule-for-flow-run", "resume-schedule-for-flow-run", "send-email-notification"] | IResolvable]
    """The type of action. One of `do-nothing`, `run-deployment`, `pause-deployment`, `resume-deployment`,
    `pause-work-queue`, `resume-work-queue`, `pause-work-pool`, `resume-work-pool`, `pause-automation`,
    `resume-automation`, `cancel-flow-run`, `suspend-flow-run`, `resume-flow-run`, `delete-flow-run`,
    `change-flow-run-state`, `send-notification`, `call-webhook`, `declare-incident`,
    `pause-schedule-for-flow-run`, `resume-schedule-for-flow-run`, `send-email-notification`.
    """

    source: Literal["selected", "inferred"] | IResolvable
    """Whether the object to act on is `selected` by its id (the default), or `inferred` from the event. One of
    `selected`, `inferred`.
    """

    deployment_id: AnyDeployment | Identifier
    """The deployment (UUID) to run, pause or resume."""

    work_pool_id: AnyWorkPool | Identifier
    """The work pool (UUID) to pause or resume."""

    work_queue_id: AnyWorkQueue | Identifier
    """The work queue (UUID) to pause or resume."""

    automation_id: AnyAutomation | Identifier
    """The automation (UUID) to pause or resume."""

    schedule_id: Identifier
    """The schedule (UUID) to pause or resume. On Prefect Cloud only."""

    block_document_id: AnyBlock | Identifier
    """The block (UUID) to send a notification through, or of the webhook to call. Prefect makes the one of
    `send-email-notification`. Left out, the server decides.
    """

    parameters: JsonObject
    """`run-deployment`: parameters of the flow run, as a JSON object. Texts with `{{ }}` are templates that are
    rendered when the automation fires; one such as `{{ event }}` that is nothing else keeps the type of its
    value.
    """

    job_variables: JsonObject
    """`run-deployment`: job variables of the flow run, as a JSON object."""

    schedule_after: Number
    """`run-deployment`: seconds to wait before the flow run starts."""

    name: str
    """`change-flow-run-state`: name of the new state."""

    state: Literal["SCHEDULED", "PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED", "CRASHED", "PAUSED", "CANCELLING"] | IResolvable
    """`change-flow-run-state`: type of the new state. One of `SCHEDULED`, `PENDING`, `RUNNING`, `COMPLETED`,
    `FAILED`, `CANCELLED`, `CRASHED`, `PAUSED`, `CANCELLING`.
    """

    message: str
    """`change-flow-run-state`: message of the new state."""

    force: Flag
    """`change-flow-run-state`: whether to change the state even where that is not allowed. On Prefect Cloud also
    for `cancel-flow-run` and `suspend-flow-run`.
    """

    subject: str
    """`send-notification`, `send-email-notification`: the subject, a template."""

    body: str
    """`send-notification`, `send-email-notification`: the text, a template."""

    payload: str
    """`call-webhook`: what to send, a template."""

    emails: Texts
    """`send-email-notification`: the addresses to send to. On Prefect Cloud only."""


class PrefectAutomation(PrefectResource):
    """An automation: when its trigger fires, Prefect performs its actions.

    What is made here has no owner, because `prefect deploy` deletes the automations that a deployment owns.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        trigger: When the automation acts: exactly one kind of trigger.
        name: Name of the automation; several automations may share one. Default: `id_`.
        description: What the automation is for. Default: empty.
        enabled: Whether the automation acts at all. Default: `True`.
        tags: Tags of the automation. Left out, those that it has are kept.
        actions: What to do whenever the automation's trigger fires. Default: `[]`.
        actions_on_trigger: What to do, besides `actions`, when the trigger starts to hold. Default: `[]`.
        actions_on_resolve: What to do, besides `actions`, when the trigger no longer holds. Default: `[]`.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        trigger: AutomationTrigger | IResolvable,
        name: str | None = None,
        description: str | None = None,
        enabled: Flag | None = None,
        tags: Texts | None = None,
        actions: Sequence[AutomationAction] | IResolvable | None = None,
        actions_on_trigger: Sequence[AutomationAction] | IResolvable | None = None,
        actions_on_resolve: Sequence[AutomationAction] | IResolvable | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "trigger": trigger,
            "name": name,
            "description": description,
            "enabled": enabled,
            "tags": tags,
            "actions": actions,
            "actions_on_trigger": actions_on_trigger,
            "actions_on_resolve": actions_on_resolve,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def name(self) -> str:
        """Name of the automation; several automations may share one."""
        return self.get_string_attribute("name")

    @property
    def description(self) -> str:
        """What the automation is for."""
        return self.get_string_attribute("description")

    @property
    def enabled(self) -> IResolvable:
        """Whether the automation acts at all."""
        return self.get_boolean_attribute("enabled")

    @property
    def tags(self) -> list[str]:
        """Tags of the automation. Left out, those that it has are kept."""
        return self.get_list_attribute("tags")

    @property
    def trigger(self) -> IResolvable:
        """When the automation acts: exactly one kind of trigger."""
        return self.interpolation_for_attribute("trigger")

    @property
    def actions(self) -> IResolvable:
        """What to do whenever the automation's trigger fires."""
        return self.interpolation_for_attribute("actions")

    @property
    def actions_on_trigger(self) -> IResolvable:
        """What to do, besides `actions`, when the trigger starts to hold."""
        return self.interpolation_for_attribute("actions_on_trigger")

    @property
    def actions_on_resolve(self) -> IResolvable:
        """What to do, besides `actions`, when the trigger no longer holds."""
        return self.interpolation_for_attribute("actions_on_resolve")

    @property
    def id(self) -> str:
        """The object's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def created(self) -> str:
        """When the object was created (RFC 3339)."""
        return self.get_string_attribute("created")

    @property
    def updated(self) -> str:
        """When the object was last changed (RFC 3339). Kept as it is while nothing else of the object differs.
        """
        return self.get_string_attribute("updated")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")
