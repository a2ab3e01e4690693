"""Prefect's objects as Terraform resources, one file each."""

from __future__ import annotations

from typing import Final

from prefect_provider.objects.remote import RemoteObject
from prefect_provider.objects.server.automation.resource import Automation
from prefect_provider.objects.server.block import Block
from prefect_provider.objects.server.deployment.resource import Deployment
from prefect_provider.objects.server.flow import Flow
from prefect_provider.objects.server.variable import Variable
from prefect_provider.objects.server.work_pool import WorkPool
from prefect_provider.objects.server.work_queue import WorkQueue

__all__ = [
    "RESOURCES",
    "Automation",
    "Block",
    "Deployment",
    "Flow",
    "RemoteObject",
    "Variable",
    "WorkPool",
    "WorkQueue",
]

RESOURCES: Final[tuple[type[RemoteObject], ...]] = (
    Automation,
    Block,
    Deployment,
    Flow,
    Variable,
    WorkPool,
    WorkQueue,
)
"""All resource types, by name."""
