"""The constructs that mirror the provider one to one, and the classes that are made from the rules.

Written by ``scripts/generate_constructs.py``.
"""

from __future__ import annotations

from prefect_constructs._generated.actions import (
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
from prefect_constructs._generated.data_prefect_deployment import (
    DataPrefectDeployment,
)
from prefect_constructs._generated.prefect_automation import (
    AutomationAction,
    AutomationCompoundTrigger,
    AutomationEventTrigger,
    AutomationInnerCompoundTrigger,
    AutomationInnerSequenceTrigger,
    AutomationInnerTrigger,
    AutomationInnermostCompoundTrigger,
    AutomationInnermostSequenceTrigger,
    AutomationInnermostTrigger,
    AutomationMetricQuery,
    AutomationMetricTrigger,
    AutomationSequenceTrigger,
    AutomationSimpleTrigger,
    AutomationTrigger,
    PrefectAutomation,
)
from prefect_constructs._generated.prefect_block import (
    Block,
    PrefectBlock,
)
from prefect_constructs._generated.prefect_deployment import (
    DeploymentConcurrencyOptions,
    DeploymentPullStep,
    DeploymentSchedule,
    DeploymentVersionInfo,
    PrefectDeployment,
)
from prefect_constructs._generated.prefect_flow import (
    Flow,
    PrefectFlow,
)
from prefect_constructs._generated.prefect_provider import (
    PrefectProvider,
)
from prefect_constructs._generated.prefect_variable import (
    PrefectVariable,
    Variable,
)
from prefect_constructs._generated.prefect_work_pool import (
    PrefectWorkPool,
    WorkPool,
    WorkPoolStorageConfiguration,
)
from prefect_constructs._generated.prefect_work_queue import (
    PrefectWorkQueue,
    WorkQueue,
)
from prefect_constructs._generated.vocabulary import (
    Posture,
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
    "Block",
    "CallWebhook",
    "CancelFlowRun",
    "ChangeFlowRunState",
    "DataPrefectDeployment",
    "DeclareIncident",
    "DeleteFlowRun",
    "DeploymentConcurrencyOptions",
    "DeploymentPullStep",
    "DeploymentSchedule",
    "DeploymentVersionInfo",
    "DoNothing",
    "Flow",
    "PauseAutomation",
    "PauseDeployment",
    "PauseScheduleForFlowRun",
    "PauseWorkPool",
    "PauseWorkQueue",
    "Posture",
    "PrefectAutomation",
    "PrefectBlock",
    "PrefectDeployment",
    "PrefectFlow",
    "PrefectProvider",
    "PrefectVariable",
    "PrefectWorkPool",
    "PrefectWorkQueue",
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
    "Variable",
    "WorkPool",
    "WorkPoolStorageConfiguration",
    "WorkQueue",
]
