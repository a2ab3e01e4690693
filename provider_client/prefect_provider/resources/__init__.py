"""Prefect's objects as Terraform resources, one file each."""

from __future__ import annotations

from typing import Final

from prefect_provider.resources.automation import Automation
from prefect_provider.resources.block import Block
from prefect_provider.resources.deployment import Deployment
from prefect_provider.resources.flow import Flow
from prefect_provider.resources.remote import RemoteObject
from prefect_provider.resources.variable import Variable
from prefect_provider.resources.work_pool import WorkPool
from prefect_provider.resources.work_queue import WorkQueue

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
