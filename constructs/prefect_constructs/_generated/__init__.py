"""The constructs that mirror the provider one to one, and the classes that are made from the rules.

Written by ``scripts/generate_constructs.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prefect_constructs.lazy import lazily

if TYPE_CHECKING:
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
    from prefect_constructs._generated.data_prefect_account import (
        DataPrefectAccount,
        DataPrefectAccountSettings,
    )
    from prefect_constructs._generated.data_prefect_account_member import (
        DataPrefectAccountMember,
    )
    from prefect_constructs._generated.data_prefect_account_members import (
        DataPrefectAccountMembers,
    )
    from prefect_constructs._generated.data_prefect_account_role import (
        DataPrefectAccountRole,
    )
    from prefect_constructs._generated.data_prefect_account_roles import (
        DataPrefectAccountRoles,
    )
    from prefect_constructs._generated.data_prefect_automation import (
        DataPrefectAutomation,
    )
    from prefect_constructs._generated.data_prefect_automations import (
        DataPrefectAutomations,
    )
    from prefect_constructs._generated.data_prefect_block import (
        DataPrefectBlock,
    )
    from prefect_constructs._generated.data_prefect_block_schema import (
        DataPrefectBlockSchema,
    )
    from prefect_constructs._generated.data_prefect_block_type import (
        DataPrefectBlockType,
    )
    from prefect_constructs._generated.data_prefect_blocks import (
        DataPrefectBlocks,
    )
    from prefect_constructs._generated.data_prefect_deployment import (
        DataPrefectDeployment,
    )
    from prefect_constructs._generated.data_prefect_deployment_schedules import (
        DataPrefectDeploymentSchedules,
    )
    from prefect_constructs._generated.data_prefect_deployments import (
        DataPrefectDeployments,
    )
    from prefect_constructs._generated.data_prefect_flow import (
        DataPrefectFlow,
    )
    from prefect_constructs._generated.data_prefect_flows import (
        DataPrefectFlows,
    )
    from prefect_constructs._generated.data_prefect_global_concurrency_limit import (
        DataPrefectGlobalConcurrencyLimit,
    )
    from prefect_constructs._generated.data_prefect_service_account import (
        DataPrefectServiceAccount,
    )
    from prefect_constructs._generated.data_prefect_service_accounts import (
        DataPrefectServiceAccounts,
    )
    from prefect_constructs._generated.data_prefect_task_run_concurrency_limit import (
        DataPrefectTaskRunConcurrencyLimit,
    )
    from prefect_constructs._generated.data_prefect_team import (
        DataPrefectTeam,
    )
    from prefect_constructs._generated.data_prefect_teams import (
        DataPrefectTeams,
    )
    from prefect_constructs._generated.data_prefect_user import (
        DataPrefectUser,
    )
    from prefect_constructs._generated.data_prefect_variable import (
        DataPrefectVariable,
    )
    from prefect_constructs._generated.data_prefect_variables import (
        DataPrefectVariables,
    )
    from prefect_constructs._generated.data_prefect_webhook import (
        DataPrefectWebhook,
    )
    from prefect_constructs._generated.data_prefect_webhooks import (
        DataPrefectWebhooks,
    )
    from prefect_constructs._generated.data_prefect_work_pool import (
        DataPrefectWorkPool,
    )
    from prefect_constructs._generated.data_prefect_work_pools import (
        DataPrefectWorkPools,
    )
    from prefect_constructs._generated.data_prefect_work_queue import (
        DataPrefectWorkQueue,
    )
    from prefect_constructs._generated.data_prefect_work_queues import (
        DataPrefectWorkQueues,
    )
    from prefect_constructs._generated.data_prefect_worker_metadata import (
        DataPrefectWorkerMetadata,
    )
    from prefect_constructs._generated.data_prefect_workspace import (
        DataPrefectWorkspace,
    )
    from prefect_constructs._generated.data_prefect_workspace_role import (
        DataPrefectWorkspaceRole,
    )
    from prefect_constructs._generated.data_prefect_workspace_roles import (
        DataPrefectWorkspaceRoles,
    )
    from prefect_constructs._generated.data_prefect_workspaces import (
        DataPrefectWorkspaces,
    )
    from prefect_constructs._generated.ephemeral_prefect_block import (
        EphemeralPrefectBlock,
    )
    from prefect_constructs._generated.ephemeral_prefect_user_api_key import (
        EphemeralPrefectUserApiKey,
    )
    from prefect_constructs._generated.ephemeral_prefect_variable import (
        EphemeralPrefectVariable,
    )
    from prefect_constructs._generated.functions import (
        PrefectFn,
    )
    from prefect_constructs._generated.prefect_account import (
        Account,
        AccountSettings,
        PrefectAccount,
    )
    from prefect_constructs._generated.prefect_account_member import (
        AccountMember,
        PrefectAccountMember,
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
    from prefect_constructs._generated.prefect_block_access import (
        BlockAccess,
        PrefectBlockAccess,
    )
    from prefect_constructs._generated.prefect_block_schema import (
        BlockSchema,
        PrefectBlockSchema,
    )
    from prefect_constructs._generated.prefect_block_type import (
        BlockType,
        PrefectBlockType,
    )
    from prefect_constructs._generated.prefect_cancel_flow_runs_action import (
        CancelFlowRunsAction,
    )
    from prefect_constructs._generated.prefect_change_flow_run_state_action import (
        ChangeFlowRunStateAction,
    )
    from prefect_constructs._generated.prefect_deployment import (
        DeploymentConcurrencyOptions,
        DeploymentPullStep,
        DeploymentSchedule,
        DeploymentVersionInfo,
        PrefectDeployment,
    )
    from prefect_constructs._generated.prefect_deployment_access import (
        DeploymentAccess,
        PrefectDeploymentAccess,
    )
    from prefect_constructs._generated.prefect_deployment_schedule import (
        PrefectDeploymentSchedule,
    )
    from prefect_constructs._generated.prefect_emit_event_action import (
        EmitEventAction,
        EmitEventActionRelatedResource,
    )
    from prefect_constructs._generated.prefect_flow import (
        Flow,
        PrefectFlow,
    )
    from prefect_constructs._generated.prefect_global_concurrency_limit import (
        GlobalConcurrencyLimit,
        PrefectGlobalConcurrencyLimit,
    )
    from prefect_constructs._generated.prefect_pause_deployment_action import (
        PauseDeploymentAction,
    )
    from prefect_constructs._generated.prefect_provider import (
        PrefectProvider,
    )
    from prefect_constructs._generated.prefect_resource_sla import (
        PrefectResourceSla,
        ResourceSla,
        ResourceSlaSla,
    )
    from prefect_constructs._generated.prefect_resume_deployment_action import (
        ResumeDeploymentAction,
    )
    from prefect_constructs._generated.prefect_run_deployment_action import (
        RunDeploymentAction,
    )
    from prefect_constructs._generated.prefect_service_account import (
        PrefectServiceAccount,
        ServiceAccount,
    )
    from prefect_constructs._generated.prefect_task_run_concurrency_limit import (
        PrefectTaskRunConcurrencyLimit,
        TaskRunConcurrencyLimit,
    )
    from prefect_constructs._generated.prefect_team import (
        PrefectTeam,
        Team,
    )
    from prefect_constructs._generated.prefect_team_access import (
        PrefectTeamAccess,
        TeamAccess,
    )
    from prefect_constructs._generated.prefect_user import (
        PrefectUser,
        User,
    )
    from prefect_constructs._generated.prefect_user_api_key import (
        PrefectUserApiKey,
        UserApiKey,
    )
    from prefect_constructs._generated.prefect_variable import (
        PrefectVariable,
        Variable,
    )
    from prefect_constructs._generated.prefect_webhook import (
        PrefectWebhook,
        Webhook,
    )
    from prefect_constructs._generated.prefect_work_pool import (
        PrefectWorkPool,
        WorkPool,
        WorkPoolStorageConfiguration,
    )
    from prefect_constructs._generated.prefect_work_pool_access import (
        PrefectWorkPoolAccess,
        WorkPoolAccess,
    )
    from prefect_constructs._generated.prefect_work_queue import (
        PrefectWorkQueue,
        WorkQueue,
    )
    from prefect_constructs._generated.prefect_workspace import (
        PrefectWorkspace,
        Workspace,
    )
    from prefect_constructs._generated.prefect_workspace_access import (
        PrefectWorkspaceAccess,
        WorkspaceAccess,
    )
    from prefect_constructs._generated.prefect_workspace_role import (
        PrefectWorkspaceRole,
        WorkspaceRole,
    )
    from prefect_constructs._generated.vocabulary import (
        Posture,
    )

__all__ = [
    "Account",
    "AccountMember",
    "AccountSettings",
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
    "BlockAccess",
    "BlockSchema",
    "BlockType",
    "CallWebhook",
    "CancelFlowRun",
    "CancelFlowRunsAction",
    "ChangeFlowRunState",
    "ChangeFlowRunStateAction",
    "DataPrefectAccount",
    "DataPrefectAccountMember",
    "DataPrefectAccountMembers",
    "DataPrefectAccountRole",
    "DataPrefectAccountRoles",
    "DataPrefectAccountSettings",
    "DataPrefectAutomation",
    "DataPrefectAutomations",
    "DataPrefectBlock",
    "DataPrefectBlockSchema",
    "DataPrefectBlockType",
    "DataPrefectBlocks",
    "DataPrefectDeployment",
    "DataPrefectDeploymentSchedules",
    "DataPrefectDeployments",
    "DataPrefectFlow",
    "DataPrefectFlows",
    "DataPrefectGlobalConcurrencyLimit",
    "DataPrefectServiceAccount",
    "DataPrefectServiceAccounts",
    "DataPrefectTaskRunConcurrencyLimit",
    "DataPrefectTeam",
    "DataPrefectTeams",
    "DataPrefectUser",
    "DataPrefectVariable",
    "DataPrefectVariables",
    "DataPrefectWebhook",
    "DataPrefectWebhooks",
    "DataPrefectWorkPool",
    "DataPrefectWorkPools",
    "DataPrefectWorkQueue",
    "DataPrefectWorkQueues",
    "DataPrefectWorkerMetadata",
    "DataPrefectWorkspace",
    "DataPrefectWorkspaceRole",
    "DataPrefectWorkspaceRoles",
    "DataPrefectWorkspaces",
    "DeclareIncident",
    "DeleteFlowRun",
    "DeploymentAccess",
    "DeploymentConcurrencyOptions",
    "DeploymentPullStep",
    "DeploymentSchedule",
    "DeploymentVersionInfo",
    "DoNothing",
    "EmitEventAction",
    "EmitEventActionRelatedResource",
    "EphemeralPrefectBlock",
    "EphemeralPrefectUserApiKey",
    "EphemeralPrefectVariable",
    "Flow",
    "GlobalConcurrencyLimit",
    "PauseAutomation",
    "PauseDeployment",
    "PauseDeploymentAction",
    "PauseScheduleForFlowRun",
    "PauseWorkPool",
    "PauseWorkQueue",
    "Posture",
    "PrefectAccount",
    "PrefectAccountMember",
    "PrefectAutomation",
    "PrefectBlock",
    "PrefectBlockAccess",
    "PrefectBlockSchema",
    "PrefectBlockType",
    "PrefectDeployment",
    "PrefectDeploymentAccess",
    "PrefectDeploymentSchedule",
    "PrefectFlow",
    "PrefectFn",
    "PrefectGlobalConcurrencyLimit",
    "PrefectProvider",
    "PrefectResourceSla",
    "PrefectServiceAccount",
    "PrefectTaskRunConcurrencyLimit",
    "PrefectTeam",
    "PrefectTeamAccess",
    "PrefectUser",
    "PrefectUserApiKey",
    "PrefectVariable",
    "PrefectWebhook",
    "PrefectWorkPool",
    "PrefectWorkPoolAccess",
    "PrefectWorkQueue",
    "PrefectWorkspace",
    "PrefectWorkspaceAccess",
    "PrefectWorkspaceRole",
    "ResourceSla",
    "ResourceSlaSla",
    "ResumeAutomation",
    "ResumeDeployment",
    "ResumeDeploymentAction",
    "ResumeFlowRun",
    "ResumeScheduleForFlowRun",
    "ResumeWorkPool",
    "ResumeWorkQueue",
    "RunDeployment",
    "RunDeploymentAction",
    "SendEmailNotification",
    "SendNotification",
    "ServiceAccount",
    "SuspendFlowRun",
    "TaskRunConcurrencyLimit",
    "Team",
    "TeamAccess",
    "User",
    "UserApiKey",
    "Variable",
    "Webhook",
    "WorkPool",
    "WorkPoolAccess",
    "WorkPoolStorageConfiguration",
    "WorkQueue",
    "Workspace",
    "WorkspaceAccess",
    "WorkspaceRole",
]

HOMES: Final = {
    "Account": "prefect_account",
    "AccountMember": "prefect_account_member",
    "AccountSettings": "prefect_account",
    "AutomationAction": "prefect_automation",
    "AutomationCompoundTrigger": "prefect_automation",
    "AutomationEventTrigger": "prefect_automation",
    "AutomationInnerCompoundTrigger": "prefect_automation",
    "AutomationInnerSequenceTrigger": "prefect_automation",
    "AutomationInnerTrigger": "prefect_automation",
    "AutomationInnermostCompoundTrigger": "prefect_automation",
    "AutomationInnermostSequenceTrigger": "prefect_automation",
    "AutomationInnermostTrigger": "prefect_automation",
    "AutomationMetricQuery": "prefect_automation",
    "AutomationMetricTrigger": "prefect_automation",
    "AutomationSequenceTrigger": "prefect_automation",
    "AutomationSimpleTrigger": "prefect_automation",
    "AutomationTrigger": "prefect_automation",
    "Block": "prefect_block",
    "BlockAccess": "prefect_block_access",
    "BlockSchema": "prefect_block_schema",
    "BlockType": "prefect_block_type",
    "CallWebhook": "actions",
    "CancelFlowRun": "actions",
    "CancelFlowRunsAction": "prefect_cancel_flow_runs_action",
    "ChangeFlowRunState": "actions",
    "ChangeFlowRunStateAction": "prefect_change_flow_run_state_action",
    "DataPrefectAccount": "data_prefect_account",
    "DataPrefectAccountMember": "data_prefect_account_member",
    "DataPrefectAccountMembers": "data_prefect_account_members",
    "DataPrefectAccountRole": "data_prefect_account_role",
    "DataPrefectAccountRoles": "data_prefect_account_roles",
    "DataPrefectAccountSettings": "data_prefect_account",
    "DataPrefectAutomation": "data_prefect_automation",
    "DataPrefectAutomations": "data_prefect_automations",
    "DataPrefectBlock": "data_prefect_block",
    "DataPrefectBlockSchema": "data_prefect_block_schema",
    "DataPrefectBlockType": "data_prefect_block_type",
    "DataPrefectBlocks": "data_prefect_blocks",
    "DataPrefectDeployment": "data_prefect_deployment",
    "DataPrefectDeploymentSchedules": "data_prefect_deployment_schedules",
    "DataPrefectDeployments": "data_prefect_deployments",
    "DataPrefectFlow": "data_prefect_flow",
    "DataPrefectFlows": "data_prefect_flows",
    "DataPrefectGlobalConcurrencyLimit": "data_prefect_global_concurrency_limit",
    "DataPrefectServiceAccount": "data_prefect_service_account",
    "DataPrefectServiceAccounts": "data_prefect_service_accounts",
    "DataPrefectTaskRunConcurrencyLimit": "data_prefect_task_run_concurrency_limit",
    "DataPrefectTeam": "data_prefect_team",
    "DataPrefectTeams": "data_prefect_teams",
    "DataPrefectUser": "data_prefect_user",
    "DataPrefectVariable": "data_prefect_variable",
    "DataPrefectVariables": "data_prefect_variables",
    "DataPrefectWebhook": "data_prefect_webhook",
    "DataPrefectWebhooks": "data_prefect_webhooks",
    "DataPrefectWorkPool": "data_prefect_work_pool",
    "DataPrefectWorkPools": "data_prefect_work_pools",
    "DataPrefectWorkQueue": "data_prefect_work_queue",
    "DataPrefectWorkQueues": "data_prefect_work_queues",
    "DataPrefectWorkerMetadata": "data_prefect_worker_metadata",
    "DataPrefectWorkspace": "data_prefect_workspace",
    "DataPrefectWorkspaceRole": "data_prefect_workspace_role",
    "DataPrefectWorkspaceRoles": "data_prefect_workspace_roles",
    "DataPrefectWorkspaces": "data_prefect_workspaces",
    "DeclareIncident": "actions",
    "DeleteFlowRun": "actions",
    "DeploymentAccess": "prefect_deployment_access",
    "DeploymentConcurrencyOptions": "prefect_deployment",
    "DeploymentPullStep": "prefect_deployment",
    "DeploymentSchedule": "prefect_deployment",
    "DeploymentVersionInfo": "prefect_deployment",
    "DoNothing": "actions",
    "EmitEventAction": "prefect_emit_event_action",
    "EmitEventActionRelatedResource": "prefect_emit_event_action",
    "EphemeralPrefectBlock": "ephemeral_prefect_block",
    "EphemeralPrefectUserApiKey": "ephemeral_prefect_user_api_key",
    "EphemeralPrefectVariable": "ephemeral_prefect_variable",
    "Flow": "prefect_flow",
    "GlobalConcurrencyLimit": "prefect_global_concurrency_limit",
    "PauseAutomation": "actions",
    "PauseDeployment": "actions",
    "PauseDeploymentAction": "prefect_pause_deployment_action",
    "PauseScheduleForFlowRun": "actions",
    "PauseWorkPool": "actions",
    "PauseWorkQueue": "actions",
    "Posture": "vocabulary",
    "PrefectAccount": "prefect_account",
    "PrefectAccountMember": "prefect_account_member",
    "PrefectAutomation": "prefect_automation",
    "PrefectBlock": "prefect_block",
    "PrefectBlockAccess": "prefect_block_access",
    "PrefectBlockSchema": "prefect_block_schema",
    "PrefectBlockType": "prefect_block_type",
    "PrefectDeployment": "prefect_deployment",
    "PrefectDeploymentAccess": "prefect_deployment_access",
    "PrefectDeploymentSchedule": "prefect_deployment_schedule",
    "PrefectFlow": "prefect_flow",
    "PrefectFn": "functions",
    "PrefectGlobalConcurrencyLimit": "prefect_global_concurrency_limit",
    "PrefectProvider": "prefect_provider",
    "PrefectResourceSla": "prefect_resource_sla",
    "PrefectServiceAccount": "prefect_service_account",
    "PrefectTaskRunConcurrencyLimit": "prefect_task_run_concurrency_limit",
    "PrefectTeam": "prefect_team",
    "PrefectTeamAccess": "prefect_team_access",
    "PrefectUser": "prefect_user",
    "PrefectUserApiKey": "prefect_user_api_key",
    "PrefectVariable": "prefect_variable",
    "PrefectWebhook": "prefect_webhook",
    "PrefectWorkPool": "prefect_work_pool",
    "PrefectWorkPoolAccess": "prefect_work_pool_access",
    "PrefectWorkQueue": "prefect_work_queue",
    "PrefectWorkspace": "prefect_workspace",
    "PrefectWorkspaceAccess": "prefect_workspace_access",
    "PrefectWorkspaceRole": "prefect_workspace_role",
    "ResourceSla": "prefect_resource_sla",
    "ResourceSlaSla": "prefect_resource_sla",
    "ResumeAutomation": "actions",
    "ResumeDeployment": "actions",
    "ResumeDeploymentAction": "prefect_resume_deployment_action",
    "ResumeFlowRun": "actions",
    "ResumeScheduleForFlowRun": "actions",
    "ResumeWorkPool": "actions",
    "ResumeWorkQueue": "actions",
    "RunDeployment": "actions",
    "RunDeploymentAction": "prefect_run_deployment_action",
    "SendEmailNotification": "actions",
    "SendNotification": "actions",
    "ServiceAccount": "prefect_service_account",
    "SuspendFlowRun": "actions",
    "TaskRunConcurrencyLimit": "prefect_task_run_concurrency_limit",
    "Team": "prefect_team",
    "TeamAccess": "prefect_team_access",
    "User": "prefect_user",
    "UserApiKey": "prefect_user_api_key",
    "Variable": "prefect_variable",
    "Webhook": "prefect_webhook",
    "WorkPool": "prefect_work_pool",
    "WorkPoolAccess": "prefect_work_pool_access",
    "WorkPoolStorageConfiguration": "prefect_work_pool",
    "WorkQueue": "prefect_work_queue",
    "Workspace": "prefect_workspace",
    "WorkspaceAccess": "prefect_workspace_access",
    "WorkspaceRole": "prefect_workspace_role",
}
"""The module of each name."""

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(__name__, HOMES)
