"""Prefect as code: constructs for CDK Terrain and CDK for Terraform.

What people write are :class:`Deployment` and :class:`Automation` with triggers, actions and schedules, and
the resources that are no more than their attributes: :class:`WorkPool`, :class:`WorkQueue`, :class:`Flow`,
:class:`Variable`, :class:`Block`, :class:`GlobalConcurrencyLimit` and others. ``PrefectDeployment`` and
``PrefectAutomation`` mirror the provider's resources one to one, and the typed dictionaries are the objects inside of
them. All are resources of the CDK itself, so that ``depends_on``, overrides, moves and imports work as they do
everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

# Without a CDK, or without Node, there is nothing to be had: said by the import of the package, not by a later one.
from prefect_constructs import _runtime  # noqa: F401
from prefect_constructs._generated import HOMES
from prefect_constructs.lazy import lazily

if TYPE_CHECKING:
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
        Block,
        CallWebhook,
        CancelFlowRun,
        ChangeFlowRunState,
        DataPrefectDeployment,
        DeclareIncident,
        DeleteFlowRun,
        DeploymentConcurrencyOptions,
        DeploymentPullStep,
        DeploymentSchedule,
        DeploymentVersionInfo,
        DoNothing,
        Flow,
        GlobalConcurrencyLimit,
        PauseAutomation,
        PauseDeployment,
        PauseScheduleForFlowRun,
        PauseWorkPool,
        PauseWorkQueue,
        Posture,
        PrefectAutomation,
        PrefectBlock,
        PrefectDeployment,
        PrefectFlow,
        PrefectGlobalConcurrencyLimit,
        PrefectProvider,
        PrefectVariable,
        PrefectWorkPool,
        PrefectWorkQueue,
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
        Variable,
        WorkPool,
        WorkPoolStorageConfiguration,
        WorkQueue,
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
        MetricTriggerQuery,
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
    "GlobalConcurrencyLimit",
    "Interval",
    "MetricTrigger",
    "MetricTriggerQuery",
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
    "PrefectGlobalConcurrencyLimit",
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

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(
        __name__,
        {
            **{name: f"_generated.{home}" for name, home in HOMES.items()},
            "Automation": "automation",
            "CompoundTrigger": "triggers",
            "Cron": "schedules",
            "Deployment": "deployment",
            "EventTrigger": "triggers",
            "ExistingDeployment": "deployment",
            "Interval": "schedules",
            "MetricTrigger": "triggers",
            "MetricTriggerQuery": "triggers",
            "PrefectConstructError": "errors",
            "RRule": "schedules",
            "SequenceTrigger": "triggers",
            "literal": "tokens",
        },
    )
