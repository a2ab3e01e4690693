"""The construct of resource prefect_resource_sla.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.resource_sla``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, Required, TypedDict, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    JsonObject,
    MetaArguments,
    Number,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.resource_sla import ResourceSla as _Declaration

__all__ = [
    "PrefectResourceSla",
    "ResourceSla",
    "ResourceSlaSla",
]


class ResourceSlaSla(TypedDict, total=False):
    """One agreement, of exactly one kind.

    Time to completion has `duration`, frequency `stale_after`, lateness `within`, and freshness `within`,
    `expected_event` and `resource_match`.
    """

    name: Required[str]
    """Name of the SLA, unique among those of the resource."""

    severity: Literal["minor", "low", "moderate", "high", "critical"] | IResolvable
    """How bad a violation is; `high` when left out. One of `minor`, `low`, `moderate`, `high`, `critical`."""

    enabled: Flag
    """Whether the SLA is watched."""

    owner_resource: str
    """The resource that owns the SLA, if not the one that it is applied to."""

    duration: Number
    """Time to completion: the most seconds that a flow run may take."""

    stale_after: Number
    """Frequency: the most seconds between one completed flow run and the next."""

    within: Number
    """Lateness: the most seconds after its scheduled time in which a flow run has to begin. Freshness: those in
    which the expected event has to come.
    """

    expected_event: str
    """Freshness: the event that is expected."""

    resource_match: JsonObject
    """Freshness: the labels of the resource of which it is expected, as JSON."""


class ResourceSla(PrefectResource):
    """The service level agreements (SLAs) of a resource, usually a deployment.

    When one is violated, Prefect Cloud emits the event `prefect.sla.violation`, which an automation can
    answer. These are all that the resource has: others are deleted. Destroying it deletes them all.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        resource_id: What the SLAs are of: `prefect.deployment.<deployment id>`. Changing it makes a new
            object.
        slas: The SLAs. Their order is of no account to Prefect.
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
        resource_id: str,
        slas: Sequence[ResourceSlaSla] | IResolvable,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "resource_id": resource_id,
            "slas": slas,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def id(self) -> str:
        """The same as `resource_id`."""
        return self.get_string_attribute("id")

    @property
    def resource_id(self) -> str:
        """What the SLAs are of: `prefect.deployment.<deployment id>`."""
        return self.get_string_attribute("resource_id")

    @property
    def slas(self) -> IResolvable:
        """The SLAs. Their order is of no account to Prefect."""
        return self.interpolation_for_attribute("slas")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")


PrefectResourceSla = ResourceSla
