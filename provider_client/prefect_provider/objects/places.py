"""Where each type is declared, so that a call loads only the module of the type that it concerns.

Made from the declarations by scripts/generate_schema.py. Do not edit.
"""

from __future__ import annotations

from typing import Final, TypeAlias

__all__ = ["ACTIONS", "DATA_SOURCES", "EPHEMERAL_RESOURCES", "RESOURCES"]

Places: TypeAlias = "dict[str, tuple[str, str]]"

RESOURCES: Final[Places] = {
    "prefect_account": ("prefect_provider.objects.cloud.account", "Account"),
    "prefect_account_member": ("prefect_provider.objects.cloud.account_member", "AccountMember"),
    "prefect_automation": ("prefect_provider.objects.server.automation.resource", "Automation"),
    "prefect_block": ("prefect_provider.objects.server.block", "Block"),
    "prefect_block_access": ("prefect_provider.objects.cloud.block_access", "BlockAccess"),
    "prefect_block_schema": ("prefect_provider.objects.server.block_schema", "BlockSchema"),
    "prefect_block_type": ("prefect_provider.objects.server.block_type", "BlockType"),
    "prefect_deployment": ("prefect_provider.objects.server.deployment.resource", "Deployment"),
    "prefect_deployment_access": ("prefect_provider.objects.cloud.deployment_access", "DeploymentAccess"),
    "prefect_deployment_schedule": (
        "prefect_provider.objects.server.deployment_schedule",
        "DeploymentSchedule",
    ),
    "prefect_flow": ("prefect_provider.objects.server.flow", "Flow"),
    "prefect_global_concurrency_limit": (
        "prefect_provider.objects.server.global_concurrency_limit",
        "GlobalConcurrencyLimit",
    ),
    "prefect_resource_sla": ("prefect_provider.objects.cloud.resource_sla", "ResourceSla"),
    "prefect_service_account": ("prefect_provider.objects.cloud.service_account", "ServiceAccount"),
    "prefect_task_run_concurrency_limit": (
        "prefect_provider.objects.server.task_run_concurrency_limit",
        "TaskRunConcurrencyLimit",
    ),
    "prefect_team": ("prefect_provider.objects.cloud.team", "Team"),
    "prefect_team_access": ("prefect_provider.objects.cloud.team_access", "TeamAccess"),
    "prefect_user": ("prefect_provider.objects.cloud.user", "User"),
    "prefect_user_api_key": ("prefect_provider.objects.cloud.user_api_key", "UserApiKey"),
    "prefect_variable": ("prefect_provider.objects.server.variable", "Variable"),
    "prefect_webhook": ("prefect_provider.objects.cloud.webhook", "Webhook"),
    "prefect_work_pool": ("prefect_provider.objects.server.work_pool", "WorkPool"),
    "prefect_work_pool_access": ("prefect_provider.objects.cloud.work_pool_access", "WorkPoolAccess"),
    "prefect_work_queue": ("prefect_provider.objects.server.work_queue", "WorkQueue"),
    "prefect_workspace": ("prefect_provider.objects.cloud.workspace", "Workspace"),
    "prefect_workspace_access": ("prefect_provider.objects.cloud.workspace_access", "WorkspaceAccess"),
    "prefect_workspace_role": ("prefect_provider.objects.cloud.workspace_role", "WorkspaceRole"),
}
"""Module and class of each resource, by its type."""

DATA_SOURCES: Final[Places] = {
    "prefect_account": ("prefect_provider.objects.cloud.account", "AccountLookup"),
    "prefect_account_member": ("prefect_provider.objects.cloud.account_member", "AccountMemberLookup"),
    "prefect_account_members": ("prefect_provider.objects.cloud.account_member", "AccountMembers"),
    "prefect_account_role": ("prefect_provider.objects.cloud.account_role", "AccountRoleLookup"),
    "prefect_account_roles": ("prefect_provider.objects.cloud.account_role", "AccountRoles"),
    "prefect_automation": ("prefect_provider.objects.server.automation.lookup", "AutomationLookup"),
    "prefect_automations": ("prefect_provider.objects.server.automation.lookup", "Automations"),
    "prefect_block": ("prefect_provider.objects.server.block", "BlockLookup"),
    "prefect_block_schema": ("prefect_provider.objects.server.block_schema", "BlockSchemaLookup"),
    "prefect_block_type": ("prefect_provider.objects.server.block_type", "BlockTypeLookup"),
    "prefect_blocks": ("prefect_provider.objects.server.block", "Blocks"),
    "prefect_deployment": ("prefect_provider.objects.server.deployment.lookup", "DeploymentLookup"),
    "prefect_deployment_schedules": (
        "prefect_provider.objects.server.deployment_schedules",
        "DeploymentSchedules",
    ),
    "prefect_deployments": ("prefect_provider.objects.server.deployment.lookup", "Deployments"),
    "prefect_flow": ("prefect_provider.objects.server.flow", "FlowLookup"),
    "prefect_flows": ("prefect_provider.objects.server.flow", "Flows"),
    "prefect_global_concurrency_limit": (
        "prefect_provider.objects.server.global_concurrency_limit",
        "GlobalConcurrencyLimitLookup",
    ),
    "prefect_service_account": ("prefect_provider.objects.cloud.service_account", "ServiceAccountLookup"),
    "prefect_service_accounts": ("prefect_provider.objects.cloud.service_account", "ServiceAccounts"),
    "prefect_task_run_concurrency_limit": (
        "prefect_provider.objects.server.task_run_concurrency_limit",
        "TaskRunConcurrencyLimitLookup",
    ),
    "prefect_team": ("prefect_provider.objects.cloud.team", "TeamLookup"),
    "prefect_teams": ("prefect_provider.objects.cloud.team", "Teams"),
    "prefect_user": ("prefect_provider.objects.cloud.user", "UserLookup"),
    "prefect_variable": ("prefect_provider.objects.server.variable", "VariableLookup"),
    "prefect_variables": ("prefect_provider.objects.server.variable", "Variables"),
    "prefect_webhook": ("prefect_provider.objects.cloud.webhook", "WebhookLookup"),
    "prefect_webhooks": ("prefect_provider.objects.cloud.webhook", "Webhooks"),
    "prefect_work_pool": ("prefect_provider.objects.server.work_pool", "WorkPoolLookup"),
    "prefect_work_pools": ("prefect_provider.objects.server.work_pool", "WorkPools"),
    "prefect_work_queue": ("prefect_provider.objects.server.work_queue", "WorkQueueLookup"),
    "prefect_work_queues": ("prefect_provider.objects.server.work_queue", "WorkQueues"),
    "prefect_worker_metadata": ("prefect_provider.objects.server.worker_metadata", "WorkerMetadata"),
    "prefect_workspace": ("prefect_provider.objects.cloud.workspace", "WorkspaceLookup"),
    "prefect_workspace_role": ("prefect_provider.objects.cloud.workspace_role", "WorkspaceRoleLookup"),
    "prefect_workspace_roles": ("prefect_provider.objects.cloud.workspace_role", "WorkspaceRoles"),
    "prefect_workspaces": ("prefect_provider.objects.cloud.workspace", "Workspaces"),
}
"""The same for data sources."""

EPHEMERAL_RESOURCES: Final[Places] = {
    "prefect_block": ("prefect_provider.objects.server.ephemeral.block", "BlockReading"),
    "prefect_user_api_key": ("prefect_provider.objects.cloud.ephemeral.user_api_key", "UserApiKeyForARun"),
    "prefect_variable": ("prefect_provider.objects.server.ephemeral.variable", "VariableReading"),
}
"""The same for ephemeral resources."""

ACTIONS: Final[Places] = {
    "prefect_cancel_flow_runs": (
        "prefect_provider.objects.server.actions.cancel_flow_runs",
        "CancelFlowRuns",
    ),
    "prefect_change_flow_run_state": (
        "prefect_provider.objects.server.actions.change_flow_run_state",
        "ChangeFlowRunState",
    ),
    "prefect_emit_event": ("prefect_provider.objects.server.actions.emit_event", "EmitEvent"),
    "prefect_pause_deployment": (
        "prefect_provider.objects.server.actions.pause_deployment",
        "PauseDeployment",
    ),
    "prefect_resume_deployment": (
        "prefect_provider.objects.server.actions.resume_deployment",
        "ResumeDeployment",
    ),
    "prefect_run_deployment": ("prefect_provider.objects.server.actions.run_deployment", "RunDeployment"),
}
"""The same for actions."""
