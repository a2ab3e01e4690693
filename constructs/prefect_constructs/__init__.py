"""Prefect as code: constructs for CDK Terrain and CDK for Terraform.

What people write are :class:`Deployment` and :class:`Automation` with triggers, actions and schedules, and
the resources that are no more than their attributes: :class:`WorkPool`, :class:`WorkQueue`, :class:`Flow`,
:class:`Variable` and :class:`Block`. The classes that start with ``Prefect`` mirror the provider's resources
one to one, and the typed dictionaries are the objects inside of them. All are resources of the CDK itself, so
that ``depends_on``, overrides, moves and imports work as they do everywhere.
"""

from __future__ import annotations

from prefect_constructs._generated import (
    AutomationAction,
    AutomationCompoundTrigger,
    AutomationEventTrigger,
    AutomationInnerCompoundTrigger,
    AutomationInnermostCompoundTrigger,
    AutomationInnermostSequenceTrigger,
    AutomationInnermostTrigger,
    AutomationInnerSequenceTrigger,
    AutomationInnerTrigger,
    AutomationMetricQuery,
    AutomationMetricTrigger,
    AutomationSequenceTrigger,
    AutomationSimpleTrigger,
    AutomationTrigger,
    DataPrefectDeployment,
    DeploymentConcurrencyOptions,
    DeploymentPullStep,
    DeploymentSchedule,
    DeploymentVersionInfo,
    PrefectAutomation,
    PrefectBlock,
    PrefectDeployment,
    PrefectFlow,
    PrefectProvider,
    PrefectVariable,
    PrefectWorkPool,
    PrefectWorkQueue,
    WorkPoolStorageConfiguration,
)
from prefect_constructs.actions import (
    CallWebhook,
    CancelFlowRun,
    ChangeFlowRunState,
    DeclareIncident,
    DeleteFlowRun,
    DoNothing,
    PauseAutomation,
    PauseDeployment,
    PauseScheduleForFlowRun,
    PauseWorkPool,
    PauseWorkQueue,
    ResumeAutomation,
    ResumeDeployment,
    ResumeFlowRun,
    ResumeScheduleForFlowRun,
    ResumeWorkPool,
    ResumeWorkQueue,
    RunDeployment,
    SendEmailNotification,
    SendNotification,
    SuspendFlowRun,
)
from prefect_constructs.automation import (
    Automation,
)
from prefect_constructs.deployment import (
    Deployment,
    ExistingDeployment,
)
from prefect_constructs.errors import (
    PrefectConstructError,
)
from prefect_constructs.schedules import (
    Cron,
    Interval,
    RRule,
)
from prefect_constructs.tokens import (
    literal,
)
from prefect_constructs.triggers import (
    CompoundTrigger,
    EventTrigger,
    MetricTrigger,
    Posture,
    SequenceTrigger,
)

__all__ = [
    "Automation",
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
    "Block",
    "CallWebhook",
    "CancelFlowRun",
    "ChangeFlowRunState",
    "CompoundTrigger",
    "Cron",
    "DataPrefectDeployment",
    "DeclareIncident",
    "DeleteFlowRun",
    "Deployment",
    "DeploymentConcurrencyOptions",
    "DeploymentPullStep",
    "DeploymentSchedule",
    "DeploymentVersionInfo",
    "DoNothing",
    "EventTrigger",
    "ExistingDeployment",
    "Flow",
    "Interval",
    "MetricTrigger",
    "PauseAutomation",
    "PauseDeployment",
    "PauseScheduleForFlowRun",
    "PauseWorkPool",
    "PauseWorkQueue",
    "Posture",
    "PrefectAutomation",
    "PrefectBlock",
    "PrefectConstructError",
    "PrefectDeployment",
    "PrefectFlow",
    "PrefectProvider",
    "PrefectVariable",
    "PrefectWorkPool",
    "PrefectWorkQueue",
    "RRule",
    "ResumeAutomation",
    "ResumeDeployment",
    "ResumeFlowRun",
    "ResumeScheduleForFlowRun",
    "ResumeWorkPool",
    "ResumeWorkQueue",
    "RunDeployment",
    "SendEmailNotification",
    "SendNotification",
    "SequenceTrigger",
    "SuspendFlowRun",
    "Variable",
    "WorkPool",
    "WorkPoolStorageConfiguration",
    "WorkQueue",
    "literal",
]

Block = PrefectBlock
Flow = PrefectFlow
Variable = PrefectVariable
WorkPool = PrefectWorkPool
WorkQueue = PrefectWorkQueue
