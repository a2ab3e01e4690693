"""The construct of resource prefect_deployment_schedule.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.server.deployment_schedule``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Unpack

from prefect_constructs._runtime import IResolvable, Scope
from prefect_constructs.argument_types import (
    Flag,
    Identifier,
    Instant,
    JsonObject,
    MetaArguments,
    Number,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.server.deployment_schedule import DeploymentSchedule as _Declaration

if TYPE_CHECKING:
    from prefect_constructs._generated.references import (
        AnyDeployment,
    )

__all__ = [
    "PrefectDeploymentSchedule",
]


class PrefectDeploymentSchedule(PrefectResource):
    """A schedule of a deployment: when runs are made, by exactly one of `cron`, `interval` and `rrule`.

    For schedules that are declared apart from their deployment. A deployment whose `schedules` are configured
    has those and no others, so leave `schedules` out of it.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        deployment: The deployment, or its id. Changing it makes a new object.
        deployment_id: The same as `deployment`.
        slug: Name of the schedule within its deployment. By it a schedule is known when its deployment is
            posted anew, which gives all schedules new ids.
        cron: Cron expression, such as `0 3 * * *`.
        interval: Seconds between runs.
        rrule: iCalendar recurrence rule, such as `FREQ=WEEKLY;BYDAY=MO`.
        timezone: IANA time zone, such as `Europe/Berlin`.
        day_or: For `cron` with both a day of the month and a day of the week: whether either is enough.
        anchor_date: For `interval`: an instant at which a run falls (RFC 3339). Left out, it is when the
            schedule is made.
        active: Whether the schedule makes runs. Left out, a new one does, and one that others pause stays
            paused.
        max_scheduled_runs: How many runs are scheduled ahead; `None`, or 0, leaves it to the server.
        parameters: Parameters of the runs, over the deployment's, as a JSON object. Default: `{}`.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
        workspace_id: The Prefect Cloud workspace (UUID), if not the provider's. Changing it makes a new
            object.
        **meta: Terraform's meta-arguments, such as `depends_on` and `lifecycle`.

    Raises:
        PrefectConstructError: Terraform or Prefect would refuse the arguments.
    """

    declaration: ClassVar[type[_Declaration]] = _Declaration
    aliases: ClassVar[Mapping[str, str]] = {"deployment": "deployment_id"}

    def __init__(
        self,
        scope: Scope,
        id_: str,
        *,
        deployment: AnyDeployment | Identifier | None = None,
        deployment_id: AnyDeployment | Identifier | None = None,
        slug: str | None = None,
        cron: str | None = None,
        interval: Number | None = None,
        rrule: str | None = None,
        timezone: str | None = None,
        day_or: Flag | None = None,
        anchor_date: Instant | None = None,
        active: Flag | None = None,
        max_scheduled_runs: Number | None = None,
        parameters: JsonObject | None = None,
        account_id: Identifier | None = None,
        workspace_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "deployment": deployment,
            "deployment_id": deployment_id,
            "slug": slug,
            "cron": cron,
            "interval": interval,
            "rrule": rrule,
            "timezone": timezone,
            "day_or": day_or,
            "anchor_date": anchor_date,
            "active": active,
            "max_scheduled_runs": max_scheduled_runs,
            "parameters": parameters,
            "account_id": account_id,
            "workspace_id": workspace_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def deployment_id(self) -> str:
        """The deployment (UUID)."""
        return self.get_string_attribute("deployment_id")

    @property
    def slug(self) -> str:
        """Name of the schedule within its deployment. By it a schedule is known when its deployment is posted
        anew, which gives all schedules new ids.
        """
        return self.get_string_attribute("slug")

    @property
    def cron(self) -> str:
        """Cron expression, such as `0 3 * * *`."""
        return self.get_string_attribute("cron")

    @property
    def interval(self) -> float:
        """Seconds between runs."""
        return self.get_number_attribute("interval")

    @property
    def rrule(self) -> str:
        """iCalendar recurrence rule, such as `FREQ=WEEKLY;BYDAY=MO`."""
        return self.get_string_attribute("rrule")

    @property
    def timezone(self) -> str:
        """IANA time zone, such as `Europe/Berlin`."""
        return self.get_string_attribute("timezone")

    @property
    def day_or(self) -> IResolvable:
        """For `cron` with both a day of the month and a day of the week: whether either is enough."""
        return self.get_boolean_attribute("day_or")

    @property
    def anchor_date(self) -> str:
        """For `interval`: an instant at which a run falls (RFC 3339). Left out, it is when the schedule is made.
        """
        return self.get_string_attribute("anchor_date")

    @property
    def active(self) -> IResolvable:
        """Whether the schedule makes runs. Left out, a new one does, and one that others pause stays paused.
        """
        return self.get_boolean_attribute("active")

    @property
    def max_scheduled_runs(self) -> float:
        """How many runs are scheduled ahead; `None`, or 0, leaves it to the server."""
        return self.get_number_attribute("max_scheduled_runs")

    @property
    def parameters(self) -> str:
        """Parameters of the runs, over the deployment's, as a JSON object."""
        return self.get_string_attribute("parameters")

    @property
    def id(self) -> str:
        """The object's id (UUID)."""
        return self.get_string_attribute("id")

    @property
    def created(self) -> str:
        """When the object was created (RFC 3339)."""
        return self.get_string_attribute("created")

    @property
    def updated(self) -> str:
        """When the object was last changed (RFC 3339). Kept as it is while nothing else of the object differs.
        """
        return self.get_string_attribute("updated")

    @property
    def account_id(self) -> str:
        """The Prefect Cloud account (UUID), if not the provider's."""
        return self.get_string_attribute("account_id")

    @property
    def workspace_id(self) -> str:
        """The Prefect Cloud workspace (UUID), if not the provider's."""
        return self.get_string_attribute("workspace_id")
