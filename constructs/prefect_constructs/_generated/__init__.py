"""The constructs that mirror the provider one to one.

Written by ``scripts/generate_constructs.py``.
"""

from __future__ import annotations

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
    PrefectFlow,
)
from prefect_constructs._generated.prefect_provider import (
    PrefectProvider,
)
from prefect_constructs._generated.prefect_variable import (
    PrefectVariable,
)
from prefect_constructs._generated.prefect_work_pool import (
    PrefectWorkPool,
    WorkPoolStorageConfiguration,
)
from prefect_constructs._generated.prefect_work_queue import (
    PrefectWorkQueue,
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
    "DataPrefectDeployment",
    "DeploymentConcurrencyOptions",
    "DeploymentPullStep",
    "DeploymentSchedule",
    "DeploymentVersionInfo",
    "PrefectAutomation",
    "PrefectBlock",
    "PrefectDeployment",
    "PrefectFlow",
    "PrefectProvider",
    "PrefectVariable",
    "PrefectWorkPool",
    "PrefectWorkQueue",
    "WorkPoolStorageConfiguration",
]
