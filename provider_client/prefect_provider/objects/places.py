"""Where each type is declared, so that a call loads only the module of the type that it concerns.

Made from the declarations by scripts/generate_schema.py. Do not edit.
"""

from __future__ import annotations

from typing import Final

__all__ = ["DATA_SOURCES", "RESOURCES"]

RESOURCES: Final = {
    "prefect_automation": ("prefect_provider.objects.server.automation.resource", "Automation"),
    "prefect_block": ("prefect_provider.objects.server.block", "Block"),
    "prefect_block_schema": ("prefect_provider.objects.server.block_schema", "BlockSchema"),
    "prefect_block_type": ("prefect_provider.objects.server.block_type", "BlockType"),
    "prefect_deployment": ("prefect_provider.objects.server.deployment.resource", "Deployment"),
    "prefect_flow": ("prefect_provider.objects.server.flow", "Flow"),
    "prefect_global_concurrency_limit": (
        "prefect_provider.objects.server.global_concurrency_limit",
        "GlobalConcurrencyLimit",
    ),
    "prefect_task_run_concurrency_limit": (
        "prefect_provider.objects.server.task_run_concurrency_limit",
        "TaskRunConcurrencyLimit",
    ),
    "prefect_variable": ("prefect_provider.objects.server.variable", "Variable"),
    "prefect_work_pool": ("prefect_provider.objects.server.work_pool", "WorkPool"),
    "prefect_work_queue": ("prefect_provider.objects.server.work_queue", "WorkQueue"),
}
"""Module and class of each resource, by its type."""

DATA_SOURCES: Final = {
    "prefect_deployment": ("prefect_provider.objects.server.deployment.lookup", "DeploymentLookup"),
}
"""The same for data sources."""
