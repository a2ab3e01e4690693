"""The construct of resource prefect_team.

Written by ``scripts/generate_constructs.py`` from ``prefect_provider.objects.cloud.team``.
"""

from __future__ import annotations

from typing import ClassVar, Unpack

from prefect_constructs._runtime import Scope
from prefect_constructs.argument_types import (
    Identifier,
    MetaArguments,
)
from prefect_constructs.cdk_elements import PrefectResource
from prefect_provider.objects.cloud.team import Team as _Declaration

__all__ = [
    "PrefectTeam",
    "Team",
]


class Team(PrefectResource):
    """A team of an account on Prefect Cloud: users and service accounts that are given access together.

    Who is in it say `prefect_team_access` resources. Deleting a team takes from its members what they had as
    such.

    Args:
        scope: The construct that it is part of, such as the stack.
        id_: Its name in `scope`. Terraform's state knows it by this name: keep it.
        name: Name of the team; no two of an account have the same. Default: `id_`.
        description: What the team is for. Left out, what the team has is kept.
        account_id: The Prefect Cloud account (UUID), if not the provider's. Changing it makes a new object.
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
        name: str | None = None,
        description: str | None = None,
        account_id: Identifier | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        arguments = {
            "name": name,
            "description": description,
            "account_id": account_id,
        }
        super().__init__(scope, id_, arguments, meta)

    @property
    def name(self) -> str:
        """Name of the team; no two of an account have the same."""
        return self.get_string_attribute("name")

    @property
    def description(self) -> str:
        """What the team is for. Left out, what the team has is kept."""
        return self.get_string_attribute("description")

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


PrefectTeam = Team
